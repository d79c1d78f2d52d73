// The dialog that has a claim decided sooner or later stands outside of what is swapped, and is filled when it is opened.

const dialog = () => document.getElementById("weigh");

// Enter in the field for the reason goes on to the choice; it does not choose the first.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "weigh-reason") return;
  event.preventDefault();
  dialog().querySelector("[aria-pressed=true], .choices button").focus();
}, true);

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "workbench" || event.detail.target?.id === "workbench") dialog()?.close();
});
