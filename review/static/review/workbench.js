// The workbench's keys, dialogs and focus. Every key stands for a button or link that carries it in `data-key`.

import { lookAhead } from "./ahead.js";
import { prepareChooser } from "./choosing.js";
import { isUnderway, isWaiting, prepareDeciding } from "./deciding.js";
import { Editing } from "./editing.js";
import { prepareFolding, unfoldAround } from "./folding.js";
import { prepareSplitting } from "./splitting.js";

const KEYS_OFF = "hearsay-keys-off";
const LAYOUT = "hearsay-layout";
let editing = null;
let busy = false;
let seen = 0;
let shownAt = performance.now();
let before = null;

const bench = () => document.getElementById("workbench");
const say = (text) => document.dispatchEvent(new CustomEvent("hearsay:say", { detail: text }));

function prepare(current, { swapped }) {
  current.dataset.prepared = "1";
  editing = current.querySelector("#edit-form") ? new Editing(current, say) : null;
  prepareChooser(current, editing, say);
  prepareSplitting(current);
  prepareFolding(current);
  seen = 0;
  shownAt = performance.now();
  showLayout();
  showClaim(current);
  if (swapped) current.querySelector("#claim-heading").focus({ preventScroll: true });
  if (editing && (editing.form.hasAttribute("data-draft") || "adding" in editing.form.dataset)) editing.start();
}

// The page is there, and so is what was decided before it.
function settled(current, words = "") {
  if (words) say(words);
  lookAhead(current.querySelector("[data-ahead]")?.dataset.ahead);
}

// Bring the claim into view; in the same document the eye follows from where it was.
function showClaim(current) {
  const pane = current.querySelector(".scroll");
  const claim = current.querySelectorAll("#text .lit");
  const same = before && before.document === current.dataset.document;
  if (same) pane.scrollTop = before.top;
  if (!claim.length) return;
  const box = pane.getBoundingClientRect();
  const top = claim[0].getBoundingClientRect().top - box.top;
  const bottom = claim[claim.length - 1].getBoundingClientRect().bottom - box.top;
  const comfortable = top > box.height * 0.12 && bottom < box.height * 0.8;
  if (comfortable) return;
  pane.scrollTo({ top: pane.scrollTop + top - box.height * 0.28, behavior: same && !calm() ? "smooth" : "instant" });
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function secondsSeen() {
  return (seen + (document.hidden ? 0 : performance.now() - shownAt)) / 1000;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) seen += performance.now() - shownAt;
  else shownAt = performance.now();
});

// --- Layout of the text ---

function showLayout() {
  const reading = localStorage.getItem(LAYOUT) === "reading";
  document.documentElement.classList.toggle("reading", reading);
  for (const button of document.querySelectorAll("[data-layout-toggle]")) {
    button.querySelector("[data-layout-name]").textContent = reading ? button.dataset.reading : button.dataset.released;
    button.setAttribute("aria-pressed", String(reading));
  }
}

function toggleLayout() {
  localStorage.setItem(LAYOUT, localStorage.getItem(LAYOUT) === "reading" ? "released" : "reading");
  showLayout();
  before = null;
  showClaim(bench());
}

// --- Clicks ---

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.dispatchEvent(new CustomEvent("hearsay:opened"));
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("button, a, dialog");
  if (!target) return;
  const { opens, goto } = target.dataset;
  if (opens) openDialog(opens);
  else if ("closes" in target.dataset) target.closest("dialog").close();
  else if ("layoutToggle" in target.dataset) toggleLayout();
  else if ("edit" in target.dataset) editing?.start();
  else if ("cancel" in target.dataset) leaveEditing();
  else if (goto) {
    const place = document.getElementById(`at-${goto}`);
    if (!place) return;
    event.preventDefault();
    unfoldAround(place);
    const pane = place.closest(".scroll");
    const distance = place.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    pane.scrollTo({ top: pane.scrollTop + distance - pane.clientHeight * 0.4, behavior: calm() ? "instant" : "smooth" });
    place.classList.add("pointed");
    setTimeout(() => place.classList.remove("pointed"), 1600);
  } else if (target.matches("dialog") && event.target === target) target.close();
});

function leaveEditing() {
  editing.stop();
  editing = new Editing(bench(), say);
  bench().querySelector("#claim-heading").focus({ preventScroll: true });
}

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-on]")) return;
  if (event.target.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});

// --- Keys ---

const typing = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function press(element) {
  if (element.matches("textarea, input")) {
    element.focus();
    element.setSelectionRange(element.value.length, element.value.length);
  } else element.click();
}

function keyScope() {
  return document.querySelector("dialog[open]") ?? (editing?.open ? editing.form : bench());
}

function inField(event) {
  const field = event.target;
  if (event.key === "Enter" && event.ctrlKey && field.form) {
    event.preventDefault();
    field.form.requestSubmit();
  } else if (event.key === "Escape" && !field.closest("dialog")) {
    event.preventDefault();
    field.blur();
    bench().querySelector("#claim-heading").focus({ preventScroll: true });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.target instanceof Element && typing(event.target)) {
    inField(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (localStorage.getItem(KEYS_OFF) && event.key.length === 1) return;
  const onButton = event.target instanceof Element && event.target.closest("button, a, summary, label");
  if (event.key === "Enter" && onButton) return;
  const scope = keyScope();
  if (isWaiting() || (busy && !isUnderway())) return;
  if (scope === editing?.form && editing.key(event)) {
    event.preventDefault();
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const element = [...scope.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)]
    .find((candidate) => candidate.checkVisibility() && !candidate.disabled);
  if (!element) return;
  event.preventDefault();
  // Who holds a key down for long has not read what it would decide.
  if (!event.repeat || !element.form?.hasAttribute("data-decides")) press(element);
});

// --- Swaps ---

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb === "post") event.detail.parameters.seconds = secondsSeen().toFixed(2);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id !== "workbench") return;
  busy = true;
  event.detail.xhr.addEventListener("loadend", () => { busy = false; }); // htmx tells no page that is gone by then
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "workbench" || !event.detail.shouldSwap) return;
  leave(bench());
  empty(bench(), event.detail.requestConfig.elt);
});

// What brings it back.
function leave(current) {
  const kept = { editing, seen, shownAt };
  before = { document: current.dataset.document, top: current.querySelector(".scroll").scrollTop };
  for (const role of ["source", "cue", "content", "circumstance", "pick"]) CSS.highlights?.delete(`edit-${role}`);
  // Else the browser lays out the old page and the new one together to find out where the focus goes.
  if (current.contains(document.activeElement)) document.activeElement.blur();
  return () => {
    ({ editing, seen, shownAt } = kept);
    current.querySelector("dialog[open]")?.close(); // what was typed into it stays
    showClaim(current);
  };
}

// Of the parts with hundreds of elements: htmx would tell each of them that it goes. The one that asked must stay where
// it is, for htmx looks around it for what to do.
function empty(current, asking) {
  for (const part of current.querySelectorAll(".scroll, .pips")) if (!part.contains(asking)) part.replaceChildren();
}

document.addEventListener("htmx:afterSettle", () => {
  const current = bench();
  if (!current || current.dataset.prepared) return;
  prepare(current, { swapped: true });
  settled(current, current.dataset.announce);
});

prepareDeciding({
  leave,
  enter: (current) => prepare(current, { swapped: true }),
  back: (current) => {
    current.querySelector("#claim-heading").focus({ preventScroll: true });
    settled(current);
  },
  stored: (current, words) => settled(current, `${words} ${current.dataset.announce}`),
});
document.querySelector("[data-keys-on]").checked = !localStorage.getItem(KEYS_OFF);
prepare(bench(), { swapped: false });
settled(bench());
