// The admin's fields with type-ahead have no name for a screen reader: they get that of their label, once drawn.
function nameFields() {
  for (const field of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${field.id}"]`);
    const drawn = field.nextElementSibling;
    for (const part of drawn?.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]") ?? []) {
      if (part.hasAttribute("aria-label")) continue;
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", label?.textContent.replace(/:\s*$/, "") ?? field.name);
    }
  }
}

new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true });
nameFields();
