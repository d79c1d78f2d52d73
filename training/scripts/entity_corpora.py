"""Reads the corpora of names into one shape: sentences of words with PERSON, ORG and LOC spans."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import spacy

from training.scripts.conllu import Sentence, read_documents
from training.scripts.corpus_paths import shared_folder, treebank

Span = tuple[int, int, str]
"""First word, word after the last, label."""

GUM_TYPES = {"person": "PERSON", "place": "LOC", "organization": "ORG"}
UNER_TYPES = {"PER": "PERSON", "LOC": "LOC", "ORG": "ORG"}
WNUT_TYPES = {"person": "PERSON", "location": "LOC", "corporation": "ORG", "group": "ORG"}
RE3D_TYPES = {"Person": "PERSON", "Location": "LOC", "Organisation": "ORG"}
# BBC_Online may not be used for a pipeline that is shipped (CC BY-NC): it is the in-domain test instead.
RE3D_TRAINING = (
    "Australian_Department_of_Foreign_Affairs",
    "CENTCOM",
    "Delegation_of_the_European_Union_to_Syria",
    "UK_Government",
    "US_State_Department",
    "Wikipedia",
)
HELD_BACK_EVERY = 5
"""Every fifth document of UNER's development part helps to choose the pipeline and is not trained on."""


@dataclass(frozen=True)
class NamedSentence:
    """A sentence and the names in it."""

    words: list[str]
    spaces: list[bool]
    names: list[Span]


NamedDocument = list[NamedSentence]


def load_names(part: str) -> list[NamedDocument]:
    """The documents of one part, such as "gum-train", "uner-ewt-test" or "re3d-bbc"."""
    folder = shared_folder() / "corpora" / "ner"
    if part.startswith("gum-"):
        return list(_gum(treebank(part)))
    if part in {"uner-ewt-train", "uner-ewt-choose"}:
        documents = list(_iob_with_text(folder / "uner-ewt" / "en_ewt-ud-dev.iob2"))
        chosen = part.endswith("choose")
        return [d for i, d in enumerate(documents) if (i % HELD_BACK_EVERY == 0) == chosen]
    readers = {
        "uner-ewt-test": lambda: _iob_with_text(folder / "uner-ewt" / "en_ewt-ud-test.iob2"),
        "uner-pud": lambda: _iob_with_text(folder / "uner-pud" / "en_pud-ud-test.iob2"),
        "wikigold": lambda: _two_columns(folder / "wikigold" / "wikigold.conll.txt", UNER_TYPES),
        "wnut-train": lambda: _two_columns(folder / "wnut17" / "wnut17train.conll", WNUT_TYPES),
        "re3d-train": lambda: (doc for name in RE3D_TRAINING for doc in _re3d(folder / "re3d" / name)),
        "re3d-bbc": lambda: _re3d(folder / "re3d" / "BBC_Online"),
    }
    return list(readers[part]())


def outermost(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap no longer one, in text order."""
    taken: set[int] = set()
    kept = []
    for start, end, label in sorted(set(spans), key=lambda span: (span[0] - span[1], span[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((start, end, label))
    return sorted(kept)


def _gum(path: Path) -> Iterator[NamedDocument]:
    for document in read_documents(path):
        yield [
            NamedSentence(sentence.words, sentence.spaces, outermost(gum_names(sentence)))
            for paragraph in document.paragraphs
            for sentence in paragraph
        ]


def gum_names(sentence: Sentence) -> Iterator[Span]:
    """Names among GUM's entity mentions: those of our types whose head is a proper noun."""
    for start, end, fields in gum_mentions(sentence.misc):
        label = GUM_TYPES.get(fields[1]) if len(fields) > 5 else None
        heads = [i for i in range(start, end) if not start <= sentence.heads[i] < end or sentence.heads[i] == i]
        if not label or not heads or sentence.upos[heads[0]] != "PROPN":
            continue
        head = heads[0]
        if label == "PERSON" and (sentence.xpos[head] == "NNPS" or sentence.upos[start] == "DET"):
            continue  # "Democrats", "the President"
        first, last = (
            _person_extent(sentence, start, end, head) if label == "PERSON" else _extent(sentence, start, fields, head)
        )
        if first <= last < end:
            yield first, last + 1, label


def gum_mentions(misc: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Start, end and fields of each mention in the Entity= column; mentions may nest.

    A mention opens as "(group-type-status-salience-centering-minspan-..." and closes as "group)".
    """
    still_open: list[tuple[int, list[str]]] = []
    for i, column in enumerate(misc):
        entity = next((item for item in column.split("|") if item.startswith("Entity=")), "Entity=")
        for opening, body, closing in re.findall(r"(\()?([^()]+)(\))?", entity.removeprefix("Entity=")):
            if opening:
                still_open.append((i, body.split("-")))
            group = body.split("-")[0].split("[")[0]
            matching = [mention for mention in still_open if mention[1][0].split("[")[0] == group]
            if closing and matching:
                still_open.remove(matching[-1])
                yield matching[-1][0], i + 1, matching[-1][1]


def _person_extent(sentence: Sentence, start: int, end: int, head: int) -> tuple[int, int]:
    """A person's name without titles: head and its flat parts, or head and the proper nouns right before it."""
    flat = [i for i in range(start, end) if sentence.heads[i] == head and sentence.labels[i] == "flat"]
    if flat:
        return head, flat[-1]
    first = head
    while first > start and _is_name_part(sentence, first - 1, head):
        first -= 1
    return first, head


def _is_name_part(sentence: Sentence, word: int, head: int) -> bool:
    return sentence.heads[word] == head and sentence.labels[word] == "compound" and sentence.upos[word] == "PROPN"


def _extent(sentence: Sentence, start: int, fields: list[str], head: int) -> tuple[int, int]:
    """The mention's minimal span with its head, without a determiner before and without what follows a comma."""
    numbers = [int(number) for number in fields[5].split(",") if number.isdigit()]
    minimal = [start + number - 1 for number in numbers if start + number - 1 < len(sentence)] or [head]
    first, last = min([*minimal, head]), max([*minimal, head])
    while first < head and sentence.upos[first] in {"DET", "ADP", "PUNCT", "CCONJ"}:
        first += 1
    commas = [i for i in range(head, last) if sentence.words[i] == ","]
    return first, commas[0] - 1 if commas else last


def _iob_with_text(path: Path) -> Iterator[NamedDocument]:
    """UNER files: number, word, tag; the sentence's text in a comment tells the spaces."""
    document: NamedDocument = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = block.splitlines()
        if any(line.startswith("# newdoc") for line in lines) and document:
            yield document
            document = []
        rows = [line.split("\t") for line in lines if line and not line.startswith("# ")]
        text = next((line.removeprefix("# text = ") for line in lines if line.startswith("# text = ")), "")
        if rows:
            words = [row[1] for row in rows]
            document.append(
                NamedSentence(words, spaces_in(text, words), spans_of_tags([row[2] for row in rows], UNER_TYPES))
            )
    if document:
        yield document


def _two_columns(path: Path, types: dict[str, str]) -> Iterator[NamedDocument]:
    """Word and tag only; the spaces are guessed. Each sentence counts as a document."""
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")):
        rows = [line.split() for line in block.splitlines() if len(line.split()) == 2]
        if rows and rows[0][0] != "-DOCSTART-":
            words = [row[0] for row in rows]
            yield [NamedSentence(words, guess_spaces(words), spans_of_tags([row[1] for row in rows], types))]


def spaces_in(text: str, words: list[str]) -> list[bool]:
    """Whether a space follows each word in the text; a guess where the words do not spell the text."""
    spaces = []
    position = 0
    for word in words:
        found = text.find(word, position)
        if found < 0:
            return guess_spaces(words)
        position = found + len(word)
        spaces.append(text[position : position + 1] == " ")
    spaces[-1] = True
    return spaces


def guess_spaces(words: list[str]) -> list[bool]:
    """Spaces as English print has them: none before a comma, none after an opening bracket."""
    no_space_before = re.compile(r"[.,;:!?%)\]}]|['’](s|re|ve|ll|d|m|)|n['’]t|''|”|\.\.\.|-", re.IGNORECASE)
    no_space_after = {"(", "[", "{", "$", "£", "€", "``", "“", "#", "-"}
    spaces = []
    in_quotes = False
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        in_quotes ^= word == '"'
        glued = bool(no_space_before.fullmatch(following)) or word in no_space_after
        glued = glued or (word == '"' and in_quotes) or (following == '"' and in_quotes)
        spaces.append(not glued or not following)
    return spaces


def spans_of_tags(tags: list[str], types: dict[str, str]) -> list[Span]:
    """Spans of IOB or IOB2 tags; types that are not ours are left out."""
    spans = []
    start = 0
    while start < len(tags):
        kind = tags[start][2:]
        end = start + 1
        while kind and end < len(tags) and tags[end] == f"I-{kind}":
            end += 1
        if kind in types:
            spans.append((start, end, types[kind]))
        start = end
    return spans


def _re3d(folder: Path) -> Iterator[NamedDocument]:
    """Documents of one re3d folder. Its mentions hold titles and common nouns, so only names are taken."""
    tokenizer = spacy.blank("en").tokenizer
    mentions: dict[str, list[dict[str, object]]] = {}
    for line in filter(str.strip, (folder / "entities.json").open(encoding="utf-8")):
        mention = json.loads(line)
        mentions.setdefault(mention["documentId"], []).append(mention)
    for line in filter(str.strip, (folder / "documents.json").open(encoding="utf-8")):
        document = json.loads(line)
        doc = tokenizer(document["text"])
        names = []
        for mention in mentions.get(document["_id"], []):
            span = doc.char_span(mention["begin"], mention["end"])
            if span is not None and mention["type"] in RE3D_TYPES:
                start, end = name_within([token.text for token in doc], span.start, span.end)
                names.append((start, end, RE3D_TYPES[mention["type"]]))
        shortest_people = [
            n for n in names if n[2] != "PERSON" or not any(_inside(o, n) for o in names if o[2] == "PERSON")
        ]
        kept = outermost(name for name in shortest_people if name[0] < name[1])
        yield [NamedSentence([t.text for t in doc], [bool(t.whitespace_) for t in doc], kept)]


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner[:2] != outer[:2]


def name_within(words: list[str], start: int, end: int) -> tuple[int, int]:
    """The mention without an article before it; an empty span where it is not capitalised throughout."""
    if words[start].lower() in {"the", "a", "an"}:
        start += 1
    small = {"of", "the", "and", "for", "in", "on", "de", "al", "-", "’s", "'s", "&", "ibn", "bin"}
    named = all(word[:1].isupper() or word[:1].isdigit() or word in small for word in words[start:end])
    pronoun = words[start:end] in (["I"], ["We"], ["He"], ["She"], ["They"], ["It"], ["You"])
    return (start, end) if start < end and named and not pronoun and words[start][:1].isupper() else (start, start)
