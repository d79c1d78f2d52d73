// Between the browser's text positions (UTF-16 units) and the database's (code points).

export function codePoints(string) {
  let count = 0;
  for (const _ of string) count += 1;
  return count;
}

// How many code points of `root`'s text stand before a place in the document tree.
export function offsetOf(root, node, offset) {
  const range = document.createRange();
  range.setStart(root, 0);
  range.setEnd(node, offset);
  return codePoints(range.toString());
}

// The selected words inside `root` as [start, end] in code points, white space at the edges left out; or null.
export function selectedPiece(root, selection) {
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  if (!root.contains(range.startContainer) || !root.contains(range.endContainer)) return null;
  const words = range.toString();
  if (!words.trim()) return null;
  const start = offsetOf(root, range.startContainer, range.startOffset);
  const lead = codePoints(words) - codePoints(words.trimStart());
  return [start + lead, start + lead + codePoints(words.trim())];
}

// One Range of the document tree for each [start, end] in code points.
export function rangesOf(root, pieces) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const wanted = pieces.flatMap(([start, end], index) => [[start, index, "setStart"], [end, index, "setEnd"]]);
  wanted.sort((a, b) => a[0] - b[0]);
  const ranges = pieces.map(() => document.createRange());
  let before = 0;
  let next = 0;
  while (next < wanted.length && walker.nextNode()) {
    const node = walker.currentNode;
    const length = codePoints(node.data);
    while (next < wanted.length && wanted[next][0] <= before + length) {
      const [offset, index, edge] = wanted[next];
      const units = Array.from(node.data).slice(0, offset - before).join("").length;
      ranges[index][edge](node, units);
      next += 1;
    }
    before += length;
  }
  return ranges;
}

// The words of a text as [start, end] in code points; marks of punctuation are words of their own.
export function wordsOf(characters) {
  const words = [];
  const kind = (c) => (/\s/u.test(c) ? "" : /[\p{L}\p{N}\p{M}'’-]/u.test(c) ? "word" : "mark");
  let start = 0;
  for (let i = 1; i <= characters.length; i += 1) {
    if (i === characters.length || kind(characters[i]) !== kind(characters[start])) {
      if (kind(characters[start])) words.push([start, i]);
      start = i;
    }
  }
  return words;
}

// What is left of [start, end] outside the furniture of the page (banners, margin codes), unless nothing is.
export function withoutFurniture([start, end], furniture) {
  let pieces = [[start, end]];
  for (const [from, to] of furniture) {
    pieces = pieces.flatMap(([a, b]) => (to <= a || from >= b ? [[a, b]] : [[a, from], [to, b]])).filter(([a, b]) => a < b);
  }
  return pieces.length ? pieces : [[start, end]];
}

// Pieces in text order, white space at their edges and empty ones left out, touching ones joined.
export function tidy(pieces, characters) {
  const trimmed = [];
  for (let [start, end] of [...pieces].sort((a, b) => a[0] - b[0])) {
    while (start < end && /\s/u.test(characters[start])) start += 1;
    while (end > start && /\s/u.test(characters[end - 1])) end -= 1;
    const last = trimmed.at(-1);
    if (start < end && last && start <= last[1]) last[1] = Math.max(last[1], end);
    else if (start < end) trimmed.push([start, end]);
  }
  return trimmed;
}

export function quote(pieces, characters) {
  return pieces.map(([start, end]) => characters.slice(start, end).join("")).join(" ");
}
