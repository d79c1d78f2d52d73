// A decision shows the next claim at once, when its page is there, and is stored meanwhile. What the server answers
// counts: until then the page decided lies in a drawer, and comes back out when anything went wrong.

import { lookAhead, onItsWay, pageAhead, parsed } from "./ahead.js";

const PATIENCE = 100; // milliseconds a decision waits for a page ahead that is on its way
const SLOW = 1000; // milliseconds after which the page says that a decision is not stored yet
let bench = null; // what the workbench does with a page that goes, one that comes, one that is stored, one that is back
let waiting = false; // for the page ahead
let held = null; // what the analyst did on the page shown before the server had answered
let taken = null; // { page, form }: the page ahead that is told to the server
let underway = null; // { left, shown, title, restore } from the key until the answer

// Still of the document, so that htmx goes on with it, but nothing in it is drawn, found or has the same id.
const drawer = document.createElement("div").attachShadow({ mode: "closed" });
drawer.host.hidden = true;
document.body.append(drawer.host);

export function prepareDeciding(given) {
  bench = given;
}

export const isWaiting = () => waiting;
export const isUnderway = () => underway !== null;

const decides = (element) => element.closest("[data-decides]");

document.addEventListener("htmx:confirm", (event) => {
  const { elt, target } = event.detail;
  if (target?.id !== "workbench" || !(waiting || underway || (decides(elt) && onItsWay()))) return;
  event.preventDefault();
  if (underway) held ??= event.detail;
  else if (!waiting) send(event.detail);
});

async function send({ elt, issueRequest }) {
  if (decides(elt) && onItsWay()) {
    waiting = true;
    await Promise.race([onItsWay(), new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
    waiting = false;
  }
  issueRequest(true);
}

document.addEventListener("htmx:configRequest", (event) => {
  const { elt, parameters } = event.detail;
  const page = decides(elt) && pageAhead();
  taken = page ? { page, form: decides(elt) } : null;
  if (!page) return;
  parameters.ahead = page.claim;
  parameters.ahead_version = page.version;
});

document.addEventListener("htmx:beforeSend", (event) => {
  if (!taken) return;
  const { page, form } = taken;
  taken = null;
  event.detail.xhr.addEventListener("loadend", over);
  queueMicrotask(() => goOn(page, form)); // when it is sent
});

function goOn({ bench: shown, title }, form) {
  const left = document.getElementById("workbench");
  underway = { left, shown, title: document.title, restore: bench.leave(left) };
  shown.setAttribute("aria-busy", "true");
  shown.querySelector(".panel-body").prepend(noteOf(form));
  left.replaceWith(shown);
  drawer.append(left);
  document.title = title ?? document.title;
  lookAhead(); // nothing, for this page is used now
  htmx.process(shown);
  bench.enter(shown);
  setTimeout(() => { if (underway?.shown === shown) tellSlow(shown); }, SLOW);
}

function tellSlow(shown) {
  const words = document.createElement("p");
  words.textContent = shown.dataset.slow;
  const note = shown.querySelector(".note.saving");
  note.classList.replace("success", "warning");
  note.append(words);
  document.dispatchEvent(new CustomEvent("hearsay:say", { detail: shown.dataset.slow }));
}

// The words that the server will send, so that nothing moves when they come.
function noteOf(form) {
  const note = document.createElement("div");
  note.className = "note success saving";
  note.append(document.createElement("p"));
  note.firstChild.textContent = form.dataset.decides;
  return note;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { shouldSwap, target, xhr } = event.detail;
  if (target?.id !== "workbench" || !shouldSwap) return;
  if (underway && xhr.getResponseHeader("Hearsay-Ahead") === underway.shown.dataset.claim) {
    event.detail.shouldSwap = false;
    stored(xhr);
    return;
  }
  putBack(); // for the page that came instead
  // At once: the server makes the page after this one while the browser draws this one.
  const [, address] = /data-ahead="([^"]+)"/u.exec(event.detail.serverResponse) ?? [];
  lookAhead(address?.replaceAll("&amp;", "&"));
});

// The page ahead shows the claim just decided as accepted, and knows nothing of propositions that it may belong to.
function stored(xhr) {
  const { shown } = underway;
  underway = null;
  const said = parsed(xhr.responseText);
  const { decided, assumed, assumedName, state, stateName } = said.querySelector("template").dataset;
  for (const link of shown.querySelectorAll(`a[href="${decided}"].${assumed}`)) {
    link.classList.replace(assumed, state);
    for (const name of ["title", "aria-label"]) {
      if (link.hasAttribute(name)) link.setAttribute(name, link.getAttribute(name).replace(assumedName, stateName));
    }
  }
  said.querySelector("template").remove();
  const notes = [...said.children];
  shown.querySelector(".note.saving").replaceWith(...notes);
  for (const note of notes) htmx.process(note);
  shown.removeAttribute("aria-busy");
  history.pushState({ htmx: true }, "", xhr.getResponseHeader("HX-Push-Url"));
  bench.stored(shown, notes.map((note) => note.textContent.trim()).join(" "));
}

// The page of the claim decided, if its decision is not stored yet.
function putBack() {
  if (!underway) return null;
  const { left, shown, title, restore } = underway;
  underway = null;
  held = null;
  shown.replaceWith(left);
  document.title = title;
  restore();
  return left;
}

function over() {
  const left = putBack(); // nothing came, or an error
  if (left) bench.back(left);
  drawer.replaceChildren();
  const next = held;
  held = null;
  if (next) send(next);
}
