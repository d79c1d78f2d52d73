// The keys of adjudication: each stands for a button or link that carries it in `data-key`.

const KEYS_OFF = "hearsay-keys-off";
const typing = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select");

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(target) || event.key.length !== 1 || localStorage.getItem(KEYS_OFF)) return;
  const scope = document.querySelector("dialog[open]") ?? document;
  const element = [...scope.querySelectorAll(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)]
    .find((candidate) => candidate.checkVisibility() && !candidate.disabled);
  if (!element) return;
  event.preventDefault();
  element.click();
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, dialog");
  if (!target) return;
  if (target.dataset.opens) document.getElementById(target.dataset.opens).showModal();
  else if ("closes" in target.dataset) target.closest("dialog").close();
  else if (target.matches("dialog") && event.target === target) target.close();
});

document.documentElement.dataset.adjudicating = "ready";
