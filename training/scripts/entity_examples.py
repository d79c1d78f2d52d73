"""Sentences with names as spaCy training examples, and the readers that the config names."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example

from training.scripts.entity_corpora import NamedDocument, NamedSentence, load_names
from training.scripts.passages import Augmentation, Passage

PASSAGE_SIZES = (25, 50, 100)


def units(documents: Iterable[NamedDocument], size: Callable[[], int]) -> Iterator[list[NamedSentence]]:
    """Cuts documents into runs of sentences of about `size()` words."""
    for document in documents:
        unit: list[NamedSentence] = []
        words, limit = 0, size()
        for sentence in document:
            if unit and words + len(sentence.words) > limit:
                yield unit
                unit, words, limit = [], 0, size()
            unit.append(sentence)
            words += len(sentence.words)
        if unit:
            yield unit


def make_example(
    nlp: Language, unit: list[NamedSentence], augment: Callable[[Passage], Passage] | None = None
) -> Example:
    """A training example. White space between the words of a name is part of the name."""
    words = [word.replace("\xa0", "_").replace(" ", "_") for sentence in unit for word in sentence.words]
    gaps = [" " if space else "" for sentence in unit for space in sentence.spaces]
    passage = Passage(tuple(words), (*gaps[:-1], ""))
    if augment:
        passage = augment(passage)
    tokens, spaces, position = [], [], []
    if passage.lead:
        tokens, spaces = [passage.lead], [False]
    for word, gap in zip(passage.words, passage.gaps, strict=True):
        position.append(len(tokens))
        rest = gap.removeprefix(" ")
        tokens += [word, rest] if rest else [word]
        spaces += [gap.startswith(" "), False] if rest else [gap.startswith(" ")]
    reference = Doc(nlp.vocab, words=tokens, spaces=spaces)
    names = []
    before = 0
    for sentence in unit:
        for start, end, label in sentence.names:
            names.append(Span(reference, position[before + start], position[before + end - 1] + 1, label=label))
        before += len(sentence.words)
    reference.set_ents(names, default="outside")
    return Example(nlp.make_doc(reference.text), reference)


@spacy.registry.readers("hearsay.names_train.v1")
def names_train(
    weights: dict[str, float], seed: int, augmentation: dict[str, float]
) -> Callable[[Language], Iterator[Example]]:
    """Passages of the named parts in random order.

    weights: how often a part is seen in one epoch (1.5: every passage once, half of them twice).
    """
    rng = random.Random(seed)
    augment = Augmentation(**augmentation)
    parts: dict[str, list[NamedDocument]] = {}

    def change(passage: Passage) -> Passage:
        tags = ["''" if word in {'"', "”", "''"} else "``" if word in {"“", "``"} else "" for word in passage.words]
        return augment(passage, tags, rng)

    def read(nlp: Language) -> Iterator[Example]:
        parts.update({} if parts else {part: load_names(part) for part in weights})
        epoch = []
        for part, weight in weights.items():
            passages = list(units(parts[part], lambda: rng.choice(PASSAGE_SIZES)))
            epoch += passages * int(weight) + [p for p in passages if rng.random() < weight % 1]
        rng.shuffle(epoch)
        for unit in epoch:
            yield make_example(nlp, unit, change)

    return read


@spacy.registry.readers("hearsay.names_dev.v1")
def names_dev(parts: list[str], seed: int, wrapped: float, upper: float) -> Callable[[Language], Iterator[Example]]:
    """Passages of about 100 words, the given shares of them hard-wrapped and in capitals; the same at every call."""

    def read(nlp: Language) -> Iterator[Example]:
        rng = random.Random(seed)
        augment = Augmentation(wrap=wrapped, upper=upper)
        for part in parts:
            for unit in units(load_names(part), lambda: 100):
                yield make_example(nlp, unit, lambda passage: augment(passage, [""] * len(passage.words), rng))

    return read
