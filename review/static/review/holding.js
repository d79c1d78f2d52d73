// Tells the server that somebody is still at the claim on the screen, and that they left it.

const SIGN_OF_LIFE = 60_000; // milliseconds; the server waits ten minutes for the next one
let active = true;

const form = () => document.getElementById("accept-form");

// Same address as deciding, but for the last word of it: what = "hold" or "release".
function tell(what) {
  if (!form()) return Promise.resolve(null); // decided already, or only read
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form().elements.csrfmiddlewaretoken.value);
  return fetch(form().action.replace(/accept\/$/u, `${what}/`), { method: "POST", body, keepalive: true })
    .catch(() => null); // a later one gets through, or the time runs out
}

// 204: held. 200 with words: somebody else took it over.
async function hold() {
  const claim = form()?.action;
  const answer = await tell("hold");
  if (answer?.status !== 200 || form()?.action !== claim) return;
  const words = await answer.text();
  const panel = document.querySelector("#workbench .panel-body");
  if (!panel || panel.querySelector("[data-lost]")) return;
  const note = document.createElement("p");
  Object.assign(note, { className: "note warning", textContent: words });
  note.dataset.lost = "";
  panel.prepend(note);
  document.dispatchEvent(new CustomEvent("hearsay:say", { detail: words }));
}

for (const sign of ["keydown", "pointerdown", "wheel"]) {
  document.addEventListener(sign, () => { active = true; }, { passive: true });
}
setInterval(() => {
  if (active && !document.hidden) hold();
  active = false;
}, SIGN_OF_LIFE);

addEventListener("pagehide", () => tell("release"));
// What the page said when it was left may reach the server after the same page was made anew: then it gave back what
// the new one holds.
const again = () => ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type);

addEventListener("pageshow", (event) => {
  if (event.persisted || again()) hold();
});
