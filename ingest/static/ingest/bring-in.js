// The upload field: drop files on it, see what was chosen, and be told of a file that is too large before sending it.

const form = document.getElementById("bring-in");
const input = form?.querySelector("[type=file]");
const drop = form?.querySelector("[data-drop]");
const chosen = form?.querySelector("[data-chosen]");

function show() {
  const files = [...input.files];
  const limit = Number(form.dataset.limit);
  const names = files.slice(0, 5).map((file) => (file.size > limit ? `${file.name} (${form.dataset.tooLarge})` : file.name));
  if (files.length > 5) names.push(`+ ${files.length - 5}`);
  chosen.textContent = names.join(", ");
  const tooLarge = files.find((file) => file.size > limit);
  input.setCustomValidity(tooLarge ? `${tooLarge.name}: ${form.dataset.tooLarge}` : "");
}

if (form) {
  input.addEventListener("change", show);
  show(); // files may have been chosen before this script was here
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      show();
    }
  });
  form.addEventListener("submit", () => {
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    button.textContent = form.dataset.sending;
  });
}
