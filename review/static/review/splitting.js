// Cutting one claim in two: a slider moves the cut from word to word, and both halves are shown as they will be.

import { quote, wordsOf } from "./spans.js";

const BETWEEN = /^(?:[,;:.–—-]|and|but|or|while)$/iu; // words that belong to neither half when the cut is beside them

export function prepareSplitting(bench) {
  const dialog = bench.querySelector("#split");
  if (!dialog) return;
  const text = bench.querySelector("#text");
  const form = dialog.querySelector("form");
  const slider = dialog.querySelector("[data-cut]");
  const halves = [...dialog.querySelectorAll("[data-half]")];
  const pieces = JSON.parse(form.dataset.pieces);
  let characters;
  let words;

  const wordsIn = () => {
    characters = Array.from(text.textContent);
    return pieces.flatMap(([start, end]) => wordsOf(characters.slice(start, end)).map(([a, b]) => [start + a, start + b]));
  };
  const said = ([start, end]) => characters.slice(start, end).join("");

  // What is left of the content between two words, in its own pieces.
  function within(first, last) {
    if (first > last) return [];
    const [from, to] = [words[first][0], words[last][1]];
    return pieces.map(([start, end]) => [Math.max(start, from), Math.min(end, to)]).filter(([a, b]) => a < b);
  }

  // Both halves when the second begins at word `cut`.
  function cutAt(cut) {
    let last = cut - 1;
    let first = cut;
    while (last > 0 && BETWEEN.test(said(words[last]))) last -= 1;
    while (first < words.length - 1 && BETWEEN.test(said(words[first]))) first += 1;
    return [within(0, last), within(first, words.length - 1)];
  }

  // After a full stop or semicolon, else before "and" or "but", else the middle; of several the one nearest the middle.
  function likelyCut() {
    const middle = words.length / 2;
    const nearest = (test) => {
      const found = words.map((word, i) => i).filter((i) => i > 0 && i < words.length - 1 && test(i));
      return found.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
    };
    return nearest((i) => /^[.;]$/u.test(said(words[i - 1]))) ?? nearest((i) => /^(?:and|but|while)$/iu.test(said(words[i])))
      ?? Math.max(1, Math.round(middle));
  }

  function show() {
    const parts = cutAt(Number(slider.value));
    form.elements.contents.value = JSON.stringify(parts);
    const quotes = parts.map((part) => quote(part, characters).replace(/\s+/gu, " "));
    halves.forEach((half, i) => { half.textContent = quotes[i]; });
    slider.setAttribute("aria-valuetext", quotes.join(" | "));
  }

  dialog.addEventListener("hearsay:opened", () => {
    words = wordsIn();
    const enough = words.length > 1;
    for (const button of form.querySelectorAll("[type=submit], [data-cut]")) button.disabled = !enough;
    slider.max = String(words.length - 1);
    if (!enough) return;
    slider.value = String(likelyCut());
    show();
    slider.focus();
  });
  slider.addEventListener("input", show);
  slider.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
