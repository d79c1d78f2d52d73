// Selecting words in the document without a mouse: a cursor that goes from word to word, and a field that finds words.

import { rangesOf } from "./spans.js";

const SIGHT = 0.8; // of the pane: how far Page Up and Page Down go

export class Picking {
  // words: [start, end] in code points of all that may be chosen; piece: what is selected, or null.
  constructor(form, text, characters, words, say) {
    Object.assign(this, { form, text, characters, words, say });
    this.pane = text.closest(".scroll");
    this.button = form.querySelector("[data-picking]");
    this.field = form.querySelector("[data-find]");
    this.hint = form.querySelector("[data-picking-hint]");
    this.usual = this.hint.textContent;
    this.at = null; // number of the word the cursor is on
    this.last = null; // where it was when the arrow keys were given back
    this.from = null; // number of the word where the selection began
    this.on = false;
    this.field.addEventListener("input", () => this.find(1, { again: false }));
    this.field.addEventListener("keydown", (event) => this.inField(event));
    this.button.addEventListener("click", () => this.toggle());
  }

  get piece() {
    if (this.at === null) return null;
    return [this.words[Math.min(this.at, this.from)][0], this.words[Math.max(this.at, this.from)][1]];
  }

  toggle(on = !this.on, { near = null } = {}) {
    this.on = on;
    this.button.setAttribute("aria-pressed", String(on));
    this.hint.textContent = on ? this.button.dataset.on : this.usual;
    if (!on) this.clear();
    else this.go(this.at ?? this.last ?? (near === null ? this.firstInSight() : this.wordAt(near)));
    this.say(on ? this.button.dataset.on : this.button.dataset.off);
  }

  stop() {
    this.on = false;
    this.at = null;
    this.button.setAttribute("aria-pressed", "false");
    this.hint.textContent = this.usual;
    CSS.highlights?.delete("edit-pick");
  }

  clear() {
    CSS.highlights?.delete("edit-pick");
    if (this.on && this.at !== null) this.from = this.at;
    else [this.last, this.at] = [this.at ?? this.last, null];
    this.show();
  }

  // Put the cursor on a word; extending keeps where the selection began.
  go(word, { extend = false } = {}) {
    if (!this.words.length) return;
    this.at = Math.min(this.words.length - 1, Math.max(0, word));
    if (!extend || this.from === null) this.from = this.at;
    this.show();
  }

  show() {
    const { piece } = this;
    if (!piece) return;
    if (globalThis.Highlight) CSS.highlights.set("edit-pick", new Highlight(...rangesOf(this.text, [piece])));
    const box = this.box(this.at);
    const pane = this.pane.getBoundingClientRect();
    if (box.top < pane.top + 40) this.pane.scrollTop -= pane.top + pane.height * 0.3 - box.top;
    else if (box.bottom > pane.bottom - 60) this.pane.scrollTop += box.bottom - pane.bottom + pane.height * 0.3;
    this.say(this.characters.slice(...piece).join("").replace(/\s+/gu, " "));
  }

  // Returns whether the key was used.
  key(event) {
    if (!this.on) return false;
    const moves = {
      ArrowLeft: () => this.at - 1,
      ArrowRight: () => this.at + 1,
      ArrowUp: () => this.lineFrom(-1),
      ArrowDown: () => this.lineFrom(1),
      Home: () => this.edgeOfLine(-1),
      End: () => this.edgeOfLine(1),
      PageUp: () => this.lineFrom(-1, this.pane.clientHeight * SIGHT),
      PageDown: () => this.lineFrom(1, this.pane.clientHeight * SIGHT),
    };
    const move = moves[event.key];
    if (!move) return false;
    this.go(move(), { extend: event.shiftKey });
    return true;
  }

  // --- Lines, as they stand on the screen ---

  box(word) {
    return rangesOf(this.text, [this.words[word]])[0].getBoundingClientRect();
  }

  // The word above or below, at least `distance` pixels away (one line without), nearest to where the cursor is.
  lineFrom(by, distance = 0) {
    const here = this.box(this.at);
    let best = this.at;
    let line = null;
    let nearest = Infinity;
    for (let word = this.at + by; word >= 0 && word < this.words.length; word += by) {
      const box = this.box(word);
      const away = Math.abs(box.top - here.top);
      if (away < Math.max(distance, here.height / 2)) continue;
      line ??= box.top;
      if (Math.abs(box.top - line) > here.height / 2) break;
      if (Math.abs(box.left - here.left) < nearest) [best, nearest] = [word, Math.abs(box.left - here.left)];
    }
    return best;
  }

  edgeOfLine(by) {
    const here = this.box(this.at);
    let word = this.at;
    while (this.words[word + by] && Math.abs(this.box(word + by).top - here.top) < here.height / 2) word += by;
    return word;
  }

  firstInSight() {
    const top = this.pane.getBoundingClientRect().top;
    let [low, high] = [0, this.words.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.box(middle).top < top) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  wordAt(place) {
    const found = this.words.findIndex(([, end]) => end > place);
    return found < 0 ? this.words.length - 1 : found;
  }

  // --- Finding ---

  inField(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (!this.field.value.trim() || this.field.getAttribute("aria-invalid") === "true") return;
      this.leaveField();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.find(event.key === "ArrowDown" ? 1 : -1, { again: true });
    }
  }

  leaveField() {
    const { at, from } = this;
    if (!this.on) this.toggle(true, { near: 0 });
    [this.at, this.from] = [at, from];
    this.field.value = "";
    this.form.querySelector("#edit-heading").focus({ preventScroll: true });
    this.show();
  }

  // Select the next (by 1) or previous (-1) place of the words in the field; the white space between them may be any.
  find(by, { again }) {
    const wanted = this.field.value.trim();
    if (!wanted) return;
    const pattern = wanted.split(/\s+/u).map((word) => word.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&")).join("\\s+");
    const places = [...this.characters.join("").matchAll(new RegExp(pattern, "giu"))];
    this.field.setAttribute("aria-invalid", String(!places.length));
    if (!places.length) {
      this.say(this.field.dataset.none);
      return;
    }
    const spots = places.map((match) => {
      const start = Array.from(match.input.slice(0, match.index)).length;
      return [start, start + Array.from(match[0]).length];
    });
    const here = this.at === null ? this.words[this.firstInSight()]?.[0] ?? 0 : this.words[Math.min(this.at, this.from)][0];
    const next = by > 0
      ? spots.find(([start]) => (again ? start > here : start >= here)) ?? spots[0]
      : spots.findLast(([start]) => start < here) ?? spots.at(-1);
    this.from = this.wordAt(next[0]);
    this.at = Math.max(this.from, this.wordAt(next[1] - 1));
    this.show();
  }
}
