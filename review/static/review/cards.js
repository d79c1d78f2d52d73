// A page of cards that are decided one after the other by keys. Every key stands for a button or link that carries it
// in `data-key`; the keys act on the current card.

const KEYS_OFF = "hearsay-keys-off";
const decided = [];
const say = (text) => document.dispatchEvent(new CustomEvent("hearsay:say", { detail: text }));
const cards = () => [...document.querySelectorAll("[data-card]")];
const current = () => document.querySelector("[data-card][aria-current]");

function choose(card, { focus = true } = {}) {
  if (!card) return;
  current()?.removeAttribute("aria-current");
  card.setAttribute("aria-current", "true");
  if (!focus) return;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = cards();
  choose(all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + by))]);
}

function undo() {
  const id = decided.pop();
  const button = id && document.getElementById(id)?.querySelector("[data-undo]");
  if (button) button.click();
}

const typing = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(target) || event.key.length !== 1 || localStorage.getItem(KEYS_OFF)) return;
  const dialog = document.querySelector("dialog[open]");
  const key = event.key.toLowerCase();
  const keys = document.querySelector("[data-undo-key]")?.dataset ?? {};
  const moves = { [keys.next]: () => step(1), [keys.previous]: () => step(-1), [keys.undoKey]: undo };
  const scopes = dialog ? [dialog] : [current(), document.querySelector(".keys-line")].filter(Boolean);
  const element = scopes.flatMap((scope) => [...scope.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)])
    .find((candidate) => candidate.checkVisibility() && !candidate.disabled);
  if (!element && (dialog || !moves[key])) return;
  event.preventDefault();
  if (element) element.click();
  else moves[key]();
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, dialog, [data-card]");
  if (!target) return;
  if (target.dataset.opens) document.getElementById(target.dataset.opens).showModal();
  else if ("closes" in target.dataset) target.closest("dialog").close();
  else if (target.matches("dialog") && event.target === target) target.close();
  const card = event.target.closest("[data-card]");
  if (card && card !== current()) choose(card, { focus: false });
});

document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.("[data-card]");
  if (card && card !== current()) choose(card, { focus: false });
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-on]")) return;
  if (event.target.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});

// A decided card comes back changed; the one after it that still waits is next. Before it is settled, its buttons do not
// act through htmx yet.
document.addEventListener("htmx:afterSettle", (event) => {
  const card = document.getElementById(event.detail.elt?.id) ?? document.getElementById(event.detail.target?.id);
  if (!card?.matches("[data-card]")) return;
  say(card.dataset.announce ?? "");
  const all = cards();
  if (!("decided" in card.dataset)) {
    choose(card);
    return;
  }
  decided.push(card.id);
  const after = all.slice(all.indexOf(card) + 1);
  choose([...after, ...all].find((other) => !("decided" in other.dataset)) ?? card);
});

for (const box of document.querySelectorAll("[data-keys-on]")) box.checked = !localStorage.getItem(KEYS_OFF);
choose(cards()[0], { focus: false });
document.documentElement.dataset.cards = "ready";
