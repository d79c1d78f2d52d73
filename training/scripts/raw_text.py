"""Collects running text for the word vectors: FOIA releases and the training parts of the corpora, never a test part.

    python -m training.scripts.raw_text OUT.txt

One paragraph a line, lower case, tokens parted by a space.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy

from training.scripts.conllu import read_documents
from training.scripts.corpus_paths import shared_folder, treebank

# Page furniture of the releases. Such a line stands in the middle of a paragraph at a page break and is dropped.
FURNITURE = re.compile(
    r"UNCLASSIFIED|Department of State|RELEASE IN (PART|FULL)|STATE[- ]SCB|STATE DEPT\. - PRODUCED|Case No\.|Doc No\."
    r"|SUBJECT TO AGREEMENT|^\s*(B[1-9]|1\.4\(\w\))(,?\s*(B[1-9]|1\.4\(\w\)))*\s*$|^\s*Date: \d\d/\d\d/\d{4}\s*$"
)
HEADER = re.compile(
    r"^\s*(From|To|Cc|CC|Bcc|Sent|Subject|Date|Attachments|Importance|-*\s*Original Message)\b.{0,3}[:-]"
)
MARGIN_CODE = re.compile(r"\s{3,}(B[1-9]|1\.4\(\w\))\s*$")
WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
MIN_WORDS = 8
MIN_KNOWN_SHARE = 0.8


def paragraphs_of_release(text: str) -> Iterator[str]:
    """Paragraphs of a release: hard-wrapped lines joined, page furniture and header lines left out."""
    lines: list[str] = []
    for raw in text.replace("\f", "\n").split("\n"):
        if FURNITURE.search(raw):
            continue
        line = MARGIN_CODE.sub("", raw)
        starts_anew = not line.strip() or HEADER.match(line)
        indented = line.startswith("   ") and bool(lines) and not lines[-1].startswith("   ")
        if (starts_anew or indented) and lines:
            yield " ".join(" ".join(lines).split())
            lines = []
        if not starts_anew:
            lines.append(line)
    if lines:
        yield " ".join(" ".join(lines).split())


def corpus_paragraphs() -> Iterator[str]:
    """Paragraphs of the corpora's training parts."""
    for name in ("ewt-train", "gum-train"):
        for document in read_documents(treebank(name)):
            for paragraph in document.paragraphs:
                yield "".join(
                    w + (" " if s else "") for sent in paragraph for w, s in zip(sent.words, sent.spaces, strict=True)
                )
    wikigold = shared_folder() / "corpora" / "ner" / "wikigold" / "wikigold.conll.txt"
    for block in wikigold.read_text(encoding="utf-8").split("\n\n"):
        yield " ".join(line.split()[0] for line in block.splitlines() if line.strip())


def release_paragraphs() -> Iterator[str]:
    """Paragraphs of the releases, without the seed memo and the sample documents: those are for measuring."""
    documents = shared_folder() / "documents"
    with (documents / "foia" / "index.csv").open(encoding="utf-8") as rows:
        values = {value for row in csv.DictReader(rows) for value in row.values() if value}
    kept_back = {value[:9] for value in values if value.startswith("C0")}
    kept_back.add("C05797165")
    with gzip.open(documents / "bulk" / "clinton-emails.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            release = json.loads(line)
            if release["id"] not in kept_back:
                yield from paragraphs_of_release(release["text"])


def readable(paragraphs: Iterable[str], known: set[str]) -> Iterator[str]:
    """Paragraphs that are mostly words, each once; two that begin alike count as one."""
    seen: set[str] = set()
    for paragraph in paragraphs:
        words = [word.lower() for word in WORD.findall(paragraph)]
        beginning = " ".join(words[:25])
        if len(words) < MIN_WORDS or beginning in seen:
            continue
        if sum(word in known for word in words) / len(words) >= MIN_KNOWN_SHARE:
            seen.add(beginning)
            yield paragraph


def known_words(paragraphs: Iterable[str], releases: Iterable[str]) -> set[str]:
    """Words of the corpora, and those so frequent in the releases that they are not reading errors."""
    clean = Counter(word.lower() for paragraph in paragraphs for word in WORD.findall(paragraph))
    noisy = Counter(word.lower() for paragraph in releases for word in WORD.findall(paragraph))
    return set(clean) | {word for word, count in noisy.items() if count >= 50}


def main(out: Path) -> None:
    corpora = list(corpus_paragraphs())
    releases = list(release_paragraphs())
    tokenizer = spacy.blank("en").tokenizer
    out.parent.mkdir(parents=True, exist_ok=True)
    paragraphs = tokens = 0
    with out.open("w", encoding="utf-8") as lines:
        for paragraph in readable([*corpora, *releases], known_words(corpora, releases)):
            words = [token.lower_ for token in tokenizer(paragraph) if not token.is_space]
            lines.write(" ".join(words) + "\n")
            paragraphs += 1
            tokens += len(words)
    print(f"{paragraphs} paragraphs, {tokens} tokens")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
