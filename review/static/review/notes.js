// The notes on a claim: the form that opens over the page, and where the keyboard is after it.

const thread = () => document.getElementById("notes");

function opened(dialog) {
  htmx.trigger(dialog.querySelector("[data-note-find]"), "opened");
}

document.addEventListener("hearsay:opened", (event) => {
  if (event.target.id === "note") opened(event.target);
}, true);

// Opened before this script was there.
const early = document.querySelector("#note[open]");
if (early) opened(early);

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "notes" && event.target.id !== "notes") return;
  const dialog = thread()?.querySelector("dialog[data-writing]");
  if (dialog) {
    dialog.showModal();
    opened(dialog);
    return;
  }
  thread().querySelector("#notes-heading").focus({ preventScroll: true });
  const { told } = thread().dataset;
  if (told) document.dispatchEvent(new CustomEvent("hearsay:say", { detail: told }));
});

// Enter in the field that finds colleagues chooses the first one; it does not send the note.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.isComposing || !event.target.matches?.("[data-note-find]")) return;
  event.preventDefault();
  const first = document.querySelector("#note-people input:not(:checked)");
  if (!first || !event.target.value.trim()) return;
  first.checked = true;
  event.target.value = "";
  htmx.trigger(event.target, "opened");
}, true);
