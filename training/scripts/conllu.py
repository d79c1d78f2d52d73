"""Reads CoNLL-U into documents of paragraphs of sentences, with words that spell the original text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True)
class Sentence:
    """One sentence, column by column. `heads` counts from 0; the root is its own head."""

    words: list[str]
    spaces: list[bool]
    lemmas: list[str]
    upos: list[str]
    xpos: list[str]
    feats: list[str]
    heads: list[int]
    labels: list[str]
    misc: list[str]

    def __len__(self) -> int:
        return len(self.words)

    def with_tree(self, heads: list[int], labels: list[str]) -> Sentence:
        return replace(self, heads=heads, labels=labels)


@dataclass
class Document:
    """A text of the treebank: paragraphs, each a list of sentences."""

    name: str
    paragraphs: list[list[Sentence]] = field(default_factory=list)


def read_documents(path: Path) -> list[Document]:
    """All documents of one file, in order."""
    documents: list[Document] = []
    with path.open(encoding="utf-8") as lines:
        for comments, rows in _blocks(lines):
            new_document = next((c for c in comments if c.startswith("# newdoc")), None)
            if new_document or not documents:
                documents.append(Document(name=(new_document or "?").rpartition("=")[2].strip()))
            paragraphs = documents[-1].paragraphs
            if not paragraphs or any(c == "# newpar" or c.startswith("# newpar ") for c in comments):
                paragraphs.append([])
            paragraphs[-1].append(sentence_from_rows(rows))
    return documents


def _blocks(lines: Iterable[str]) -> Iterator[tuple[list[str], list[list[str]]]]:
    comments: list[str] = []
    rows: list[list[str]] = []
    for line in (*(raw.rstrip("\n") for raw in lines), ""):
        if line.startswith("#"):
            comments.append(line)
        elif line.strip():
            rows.append(line.split("\t"))
        elif rows:
            yield comments, rows
            comments, rows = [], []


def sentence_from_rows(rows: list[list[str]]) -> Sentence:
    """A sentence from the ten columns of its rows; empty nodes are left out, contractions cut as the text has them."""
    words = [row for row in rows if row[0].isdigit()]
    forms = [row[1] for row in words]
    spaces = ["SpaceAfter=No" not in row[9] for row in words]
    for row in rows:
        if "-" in row[0]:
            first, last = (int(number) - 1 for number in row[0].split("-"))
            forms[first : last + 1] = _cut(row[1], forms[first : last + 1])
            spaces[first : last + 1] = [False] * (last - first) + ["SpaceAfter=No" not in row[9]]
    heads = [int(row[6]) - 1 for row in words]
    return Sentence(
        words=forms,
        spaces=spaces,
        lemmas=[row[2] for row in words],
        upos=[row[3] for row in words],
        xpos=[row[4] for row in words],
        feats=["" if row[5] == "_" else row[5] for row in words],
        heads=[i if head < 0 else head for i, head in enumerate(heads)],
        labels=[row[7] for row in words],
        misc=[row[9] for row in words],
    )


def _cut(surface: str, forms: list[str]) -> list[str]:
    """The surface form of a contraction, cut into as many pieces as it has words: "don't" -> ["do", "n't"]."""
    pieces = []
    rest = surface
    for position, form in enumerate(forms):
        words_after = len(forms) - position - 1
        length = min(len(form), len(rest) - words_after) if words_after else len(rest)
        pieces.append(rest[:length])
        rest = rest[length:]
    if not all(pieces):
        return forms
    return pieces
