// Marking what is source, cue, content and circumstance: by selection, or by moving edges a word at a time.

import { prepareFolding, unfoldAll } from "./folding.js";
import { Picking } from "./picking.js";
import { quote, rangesOf, selectedPiece, tidy, withoutFurniture, wordsOf } from "./spans.js";

const ROLES = ["source", "cue", "content", "circumstance"];

export class Editing {
  constructor(bench, say) {
    this.bench = bench;
    this.say = say;
    this.form = bench.querySelector("#edit-form");
    this.text = bench.querySelector("#text");
    this.characters = Array.from(this.text.textContent);
    this.words = wordsOf(this.characters);
    this.furniture = JSON.parse(this.text.dataset.furniture || "[]");
    this.free = this.words.filter(([a, b]) => !this.furniture.some(([from, to]) => a >= from && b <= to));
    this.picking = new Picking(this.form, this.text, this.characters, this.free, say);
    this.before = { spans: this.form.elements.spans.value, who: this.form.elements.who.value };
    this.spans = JSON.parse(this.before.spans || "{}");
    for (const role of ROLES) this.spans[role] ??= [];
    this.form.addEventListener("click", (event) => this.clicked(event));
    // A press on a button must not take the selection in the text away before the click reads it.
    this.form.addEventListener("mousedown", (event) => {
      if (event.target.closest("button")) event.preventDefault();
    });
  }

  get open() {
    return !this.form.hidden;
  }

  start() {
    this.form.hidden = false;
    this.bench.classList.add("is-editing");
    unfoldAll(this.bench);
    this.choose("content", { quiet: true });
    this.show();
    this.form.querySelector("#edit-heading").focus({ preventScroll: true });
    this.form.closest(".panel-body").scrollTop = 0;
    if ("adding" in this.form.dataset) this.picking.toggle(true);
  }

  stop() {
    this.form.hidden = true;
    this.form.reset();
    Object.assign(this.form.elements.spans, { value: this.before.spans });
    Object.assign(this.form.elements.who, { value: this.before.who });
    this.form.querySelector("[data-who-label]").textContent = this.form.dataset.who;
    this.bench.classList.remove("is-editing");
    prepareFolding(this.bench);
    this.picking.stop();
    for (const role of ROLES) CSS.highlights?.delete(`edit-${role}`);
  }

  choose(role, { quiet = false } = {}) {
    this.role = role;
    for (const row of this.form.querySelectorAll("[data-role]")) {
      row.classList.toggle("chosen", row.dataset.role === role);
      row.querySelector("[data-pick]").setAttribute("aria-pressed", String(row.dataset.role === role));
    }
    if (!quiet) this.say(this.form.dataset.sayChosen.replace("%s", this.nameOf(role)));
  }

  nameOf(role) {
    return this.form.querySelector(`[data-pick=${role}]`).firstChild.textContent.trim();
  }

  // The selected words become the role, or a further piece of it; with nothing selected the role is only chosen.
  mark(role, { further = false } = {}) {
    const piece = selectedPiece(this.text, getSelection()) ?? this.picking.piece;
    this.choose(role, { quiet: Boolean(piece) });
    if (!piece) {
      if (further) this.say(this.form.dataset.sayOutside);
      return;
    }
    const pieces = withoutFurniture(piece, this.furniture);
    this.set(role, further ? [...this.spans[role], ...pieces] : pieces);
    getSelection().removeAllRanges();
    this.picking.clear();
  }

  set(role, pieces) {
    this.spans[role] = tidy(pieces, this.characters);
    this.show();
    const words = quote(this.spans[role], this.characters) || this.form.dataset.sayEmpty;
    this.say(`${this.nameOf(role)}: ${words}`);
  }

  // Move one edge of the role by a word. edge: "start" or "end"; by: -1 or 1.
  nudge(role, edge, by) {
    this.choose(role, { quiet: true });
    const pieces = this.spans[role].map((piece) => [...piece]);
    if (!pieces.length) return this.set(role, this.wordBeside(by));
    const moved = edge === "start" ? pieces[0] : pieces.at(-1);
    if (edge === "start") moved[0] = this.nextBorder(moved[0], 0, by) ?? moved[0];
    else moved[1] = this.nextBorder(moved[1], 1, by) ?? moved[1];
    if (moved[0] >= moved[1]) {
      if (pieces.length === 1) return undefined;
      pieces.splice(pieces.indexOf(moved), 1);
    }
    const grown = by === (edge === "start" ? -1 : 1);
    return this.set(role, grown ? pieces.flatMap((piece) => withoutFurniture(piece, this.furniture)) : pieces);
  }

  // The nearest border of a word before or after `place` that is not page furniture. side: 0 its start, 1 its end.
  nextBorder(place, side, by) {
    const borders = this.free.map((word) => word[side]);
    return by > 0 ? borders.find((border) => border > place) : borders.findLast((border) => border < place);
  }

  // For a role that has no words yet: the word before or after the cue.
  wordBeside(by) {
    const cue = this.spans.cue.length ? this.spans.cue : this.spans.content;
    if (!cue.length) return [];
    const word = by > 0
      ? this.words.find(([start]) => start >= cue.at(-1)[1])
      : this.words.findLast(([, end]) => end <= cue[0][0]);
    return word ? [word] : [];
  }

  clear(role) {
    if (role !== "content") this.set(role, []);
  }

  clicked(event) {
    const button = event.target.closest("button");
    const role = button?.closest("[data-role]")?.dataset.role;
    if (!role) return;
    if (button.dataset.pick) this.mark(role, { further: event.shiftKey });
    else if (button.dataset.nudge) {
      const [edge, by] = button.dataset.nudge.split(" ");
      this.nudge(role, edge, Number(by));
    } else if ("add" in button.dataset) this.mark(role, { further: true });
    else if ("clear" in button.dataset) this.clear(role);
  }

  // Keys that no button stands for. Returns whether the key was used.
  key(event) {
    if (this.picking.key(event)) return true;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      this.nudge(this.role, event.shiftKey ? "start" : "end", event.key === "ArrowRight" ? 1 : -1);
      return true;
    }
    if (event.key === "Delete" || event.key === "Backspace") {
      this.clear(this.role);
      return true;
    }
    const letter = event.key.toLowerCase();
    const pick = this.form.querySelector(`[data-pick][data-key="${CSS.escape(letter)}"]`);
    if (pick) this.mark(pick.dataset.pick, { further: event.shiftKey });
    return Boolean(pick);
  }

  show() {
    for (const role of ROLES) {
      const row = this.form.querySelector(`[data-role=${role}]`);
      const words = quote(this.spans[role], this.characters).replace(/\s+/gu, " ");
      const shown = row.querySelector("[data-quote]");
      shown.textContent = words || this.form.dataset.sayEmpty;
      shown.classList.toggle("none", !words);
      if (globalThis.Highlight) {
        CSS.highlights.set(`edit-${role}`, new Highlight(...rangesOf(this.text, this.spans[role])));
      }
    }
    this.form.elements.spans.value = JSON.stringify(this.spans);
  }
}
