// The source chooser: a text field with a list under it, which the server fills for the words typed.

export function prepareChooser(bench, editing, say) {
  const dialog = bench.querySelector("#who");
  if (!dialog) return;
  const field = dialog.querySelector("#who-words");
  const list = dialog.querySelector("#who-options");
  const form = bench.querySelector("#edit-form");

  const choices = () => [...list.querySelectorAll("[role=option]")];
  const active = () => choices().find((option) => option.getAttribute("aria-selected") === "true");

  function point(option) {
    for (const other of choices()) other.setAttribute("aria-selected", String(other === option));
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    form.elements.who.value = option.dataset.value;
    form.querySelector("[data-who-label]").textContent = option.dataset.label;
    dialog.close();
    if (editing.open) say(`${option.dataset.label}, ${list.dataset.chosenNote}`);
    else form.requestSubmit();
  }

  field.addEventListener("keydown", (event) => {
    const all = choices();
    const at = all.indexOf(active());
    if (event.key === "ArrowDown") point(all[Math.min(at + 1, all.length - 1)]);
    else if (event.key === "ArrowUp") point(all[Math.max(at - 1, 0)]);
    else if (event.key === "Enter" && !event.isComposing) {
      // While the list for the last letters is on its way, what it points at is not what was typed.
      if (active() && !list.classList.contains("htmx-request")) choose(active());
    } else return;
    event.preventDefault();
  });
  field.addEventListener("input", () => list.classList.add("htmx-request"));
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  list.addEventListener("htmx:afterSwap", () => {
    list.classList.remove("htmx-request");
    point(choices()[0]);
  });
  dialog.addEventListener("hearsay:opened", () => {
    field.value = "";
    htmx.trigger(field, "opened");
  });
}
