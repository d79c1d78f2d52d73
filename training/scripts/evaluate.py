"""Measures a pipeline on the test parts: as printed, hard-wrapped and in capitals.

    python -m training.scripts.evaluate PIPELINE METRICS.json [--dev]

White-space tokens never count, and punctuation does not count for UAS and LAS, so that the variants can be compared.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.training import Example

from extraction.gemm import use_numpy_gemm
from training.scripts import entity_examples, treebank_examples
from training.scripts.entity_corpora import load_names
from training.scripts.passages import Augmentation
from training.scripts.treebank_examples import load_treebanks, paragraph_units

VARIANTS = {"as printed": Augmentation(), "hard-wrapped": Augmentation(wrap=1.0), "capitals": Augmentation(upper=1.0)}
TEST_TREEBANKS = ("ewt-test", "gum-test", "pud")
TEST_NAMES = ("gum-test", "uner-ewt-test", "uner-pud", "re3d-bbc")
DEV_TREEBANKS = ("ewt-dev", "gum-dev")
DEV_NAMES = ("gum-dev", "uner-ewt-choose")
_LABELS = "nsubj nsubjpass dobj ccomp xcomp prep pobj agent relcl acl advcl conj appos compound poss attr acomp mark"
LABELS_TO_REPORT = _LABELS.split()
MEASURES = ("tag", "lemma", "uas", "las", "sentences")
SEED = 7


@dataclass
class Tally:
    """How many were right, of how many found and how many there are."""

    right: int = 0
    found: int = 0
    there: int = 0

    def add(self, found: set[object], there: set[object]) -> None:
        self.right += len(found & there)
        self.found += len(found)
        self.there += len(there)

    @property
    def f_score(self) -> float:
        """F1 in percent."""
        return round(200 * self.right / max(1, self.found + self.there), 2)


@dataclass
class ParseTally:
    """Running totals over a treebank part."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in MEASURES})
    by_label: dict[str, Tally] = field(default_factory=dict)

    def add(self, predicted: Doc, reference: Doc) -> None:
        for name, tally in self.tallies.items():
            tally.add(_FACTS[name](predicted), _FACTS[name](reference))
        for label in LABELS_TO_REPORT:
            tally = self.by_label.setdefault(label, Tally())
            tally.add(*({arc for arc in _las(doc) if arc[2] == label} for doc in (predicted, reference)))

    def figures(self) -> dict[str, object]:
        return {name: tally.f_score for name, tally in self.tallies.items()} | {
            "labels": {label: tally.f_score for label, tally in self.by_label.items()}
        }


def _place(token: Token) -> tuple[int, int]:
    return token.idx, len(token)


def _words(doc: Doc) -> Iterator[Token]:
    return (token for token in doc if not token.is_space)


def _head(token: Token) -> tuple[int, int] | None:
    return _place(token.head) if token.head.i != token.i else None


def _las(doc: Doc) -> set[object]:
    return {(_place(t), _head(t), t.dep_) for t in _words(doc) if t.dep_ != "punct"}


def _sentences(doc: Doc) -> set[object]:
    words = ([t for t in sentence if not t.is_space] for sentence in doc.sents)
    return {(sentence[0].idx, _place(sentence[-1])) for sentence in words if sentence}


_FACTS = {
    "tag": lambda doc: {(_place(t), t.tag_) for t in _words(doc)},
    "lemma": lambda doc: {(_place(t), t.lemma_.lower()) for t in _words(doc)},
    "uas": lambda doc: {(_place(t), _head(t)) for t in _words(doc) if t.dep_ != "punct"},
    "las": _las,
    "sentences": _sentences,
}


def measure_parse(nlp: Language, examples: Iterable[Example]) -> dict[str, object]:
    references = [example.reference for example in examples]
    tally = ParseTally()
    for predicted, reference in zip(nlp.pipe((doc.text for doc in references), batch_size=64), references, strict=True):
        tally.add(predicted, reference)
    return tally.figures()


def measure_names(nlp: Language, examples: Iterable[Example]) -> dict[str, float]:
    references = [example.reference for example in examples]
    tallies = {label: Tally() for label in ("all", "PERSON", "ORG", "LOC")}
    for predicted, reference in zip(nlp.pipe((doc.text for doc in references), batch_size=64), references, strict=True):
        for label, tally in tallies.items():
            spans = [
                {(e.start_char, e.end_char, e.label_) for e in doc.ents if label in ("all", e.label_)}
                for doc in (predicted, reference)
            ]
            tally.add(*spans)
    return {label: tally.f_score for label, tally in tallies.items()}


def treebank_part(nlp: Language, part: str, augment: Augmentation) -> Iterator[Example]:
    rng = random.Random(SEED)
    for unit in paragraph_units(load_treebanks([part])):
        yield treebank_examples.make_example(nlp, unit, lambda passage, tags: augment(passage, tags, rng))


def names_part(nlp: Language, part: str, augment: Augmentation) -> Iterator[Example]:
    rng = random.Random(SEED)
    for unit in entity_examples.units(load_names(part), lambda: 100):
        yield entity_examples.make_example(nlp, unit, lambda passage: augment(passage, [""] * len(passage.words), rng))


def words_per_second(nlp: Language) -> int:
    """Whole pipeline, one process, CPU time, on the paragraphs of GUM's development part."""
    texts = [example.reference.text for example in treebank_part(nlp, "gum-dev", Augmentation())]
    started = time.process_time()
    words = sum(len(doc) for doc in nlp.pipe(texts * 3, batch_size=64))
    return round(words / (time.process_time() - started))


def main(pipeline: Path, metrics: Path, *, on_dev: bool) -> None:
    use_numpy_gemm()
    nlp = spacy.load(pipeline)
    treebanks, names = (DEV_TREEBANKS, DEV_NAMES) if on_dev else (TEST_TREEBANKS, TEST_NAMES)
    result = {
        "pipeline": f"{nlp.lang}_{nlp.meta['name']}-{nlp.meta['version']}",
        "megabytes": round(sum(f.stat().st_size for f in pipeline.rglob("*") if f.is_file()) / 1e6, 1),
        "words_per_second": words_per_second(nlp),
        "parse": {
            part: {name: measure_parse(nlp, treebank_part(nlp, part, augment)) for name, augment in VARIANTS.items()}
            for part in treebanks
        },
    }
    if nlp.has_pipe("ner"):
        result["names"] = {
            part: {name: measure_names(nlp, names_part(nlp, part, augment)) for name, augment in VARIANTS.items()}
            for part in names
        }
    metrics.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), on_dev="--dev" in sys.argv)
