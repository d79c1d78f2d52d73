// Messages inside a document, folded and opened. What was folded stays so from claim to claim of the document.

const kept = (bench) => `hearsay-folded-${bench.dataset.document}`;
const messages = (bench) => [...bench.querySelectorAll("#text .message")];
const others = (bench) => messages(bench).filter((message) => !("holds" in message.dataset));

function folded(bench) {
  return new Set(JSON.parse(sessionStorage.getItem(kept(bench)) ?? "[]"));
}

function keep(bench) {
  const closed = others(bench).filter((message) => !message.open).map((message) => message.dataset.message);
  // The message that holds the present claim is open now, and folded again when another claim is looked at.
  const held = messages(bench).filter((message) => "holds" in message.dataset).map((message) => message.dataset.message);
  const before = folded(bench);
  sessionStorage.setItem(kept(bench), JSON.stringify([...closed, ...held.filter((id) => before.has(id))]));
}

function name(bench) {
  const button = bench.querySelector("[data-fold-toggle]");
  if (!button) return;
  const fold = others(bench).some((message) => message.open);
  button.disabled = !others(bench).length;
  button.querySelector("[data-fold-name]").textContent = fold ? button.dataset.fold : button.dataset.open;
}

// As they were left; the one that holds the claim is open.
export function prepareFolding(bench) {
  const closed = folded(bench);
  for (const message of others(bench)) message.open = !closed.has(message.dataset.message);
  name(bench);
}

export function unfoldAll(bench) {
  for (const message of messages(bench)) message.open = true;
}

export function unfoldAround(place) {
  for (let message = place.closest(".message"); message; message = message.parentElement.closest(".message")) message.open = true;
}

function foldOthers(bench) {
  const fold = others(bench).some((message) => message.open);
  for (const message of others(bench)) message.open = !fold;
  if (fold) {
    const held = messages(bench).filter((message) => "holds" in message.dataset).map((message) => message.dataset.message);
    const closed = others(bench).map((message) => message.dataset.message);
    sessionStorage.setItem(kept(bench), JSON.stringify([...closed, ...held]));
  } else sessionStorage.removeItem(kept(bench));
  name(bench);
}

document.addEventListener("click", (event) => {
  const bench = document.getElementById("workbench");
  if (!bench) return;
  if (event.target.closest("[data-fold-toggle]")) {
    foldOthers(bench);
    return;
  }
  const message = event.target.closest(".message > summary")?.parentElement;
  if (message && "holds" in message.dataset && message.open) {
    event.preventDefault();
    const { kept: why } = bench.querySelector("[data-fold-toggle]").dataset;
    document.dispatchEvent(new CustomEvent("hearsay:say", { detail: why }));
  }
});

// Does not bubble. While words are marked all stand open, and nothing is remembered.
document.addEventListener("toggle", (event) => {
  const bench = document.getElementById("workbench");
  if (!event.target.matches?.("#text .message") || !bench || !bench.dataset.prepared || bench.classList.contains("is-editing")) return;
  keep(bench);
  name(bench);
}, true);
