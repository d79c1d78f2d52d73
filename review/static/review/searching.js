// The search page: keys that go through what was found, and facets that are folded where there is no room.

const KEYS_OFF = "hearsay-keys-off";
const list = document.querySelector("[data-hits]");

if (matchMedia("(max-width: 60rem)").matches) {
  for (const facets of document.querySelectorAll("[data-narrow-shut]")) facets.open = false;
}

function go(step) {
  const hits = [...list.querySelectorAll("[data-hit]")];
  const at = hits.findIndex((hit) => hit.closest(".hit").contains(document.activeElement));
  hits[Math.min(hits.length - 1, Math.max(0, at + step))]?.focus();
}

document.addEventListener("keydown", (event) => {
  if (!list || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select") || localStorage.getItem(KEYS_OFF)) return;
  const key = event.key.toLowerCase();
  if (key !== list.dataset.next && key !== list.dataset.previous) return;
  event.preventDefault();
  go(key === list.dataset.next ? 1 : -1);
});
