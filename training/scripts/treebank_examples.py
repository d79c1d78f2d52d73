"""Treebank documents as spaCy training examples, and the readers that the configs name."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from training.scripts.clear_mapping import clear_document
from training.scripts.conllu import Document, Sentence, read_documents
from training.scripts.corpus_paths import treebank
from training.scripts.passages import Augmentation, Passage

PASSAGE_SIZES = (20, 40, 70, 100)
"""Passages are cut to about so many words, at random, so that short and long ones are seen."""
ITEM_MARKS = ("{n}.", "{n}.", "{n})", "({n})", "{letter}.", "(U)", "(SBU)", "(C)", "•", "--", "-", "*")
"""What stands before a paragraph in memos and telegrams. Such a mark belongs to the sentence after it."""

Unit = list[tuple[Sentence, bool]]
"""Consecutive sentences, each with whether it opens a paragraph."""


def load_treebanks(names: Iterable[str]) -> list[Document]:
    """The named treebank parts with CLEAR-style trees."""
    return [clear_document(document) for name in names for document in read_documents(treebank(name))]


def units(documents: Iterable[Document], size: Callable[[], int]) -> Iterator[Unit]:
    """Cuts documents into runs of sentences of about `size()` words."""
    for document in documents:
        unit: Unit = []
        words, limit = 0, size()
        for paragraph in document.paragraphs:
            for i, sentence in enumerate(paragraph):
                if unit and words + len(sentence) > limit:
                    yield unit
                    unit, words, limit = [], 0, size()
                unit.append((sentence, i == 0))
                words += len(sentence)
        if unit:
            yield unit


def paragraph_units(documents: Iterable[Document]) -> Iterator[Unit]:
    """One unit a paragraph."""
    for document in documents:
        for paragraph in document.paragraphs:
            yield [(sentence, i == 0) for i, sentence in enumerate(paragraph)]


def mark_as_item(sentence: Sentence, nlp: Language, rng: random.Random) -> Sentence:
    """The sentence with an item number, bullet or portion mark before it, hung on its root as `meta`."""
    text = rng.choice(ITEM_MARKS).format(n=rng.randrange(1, 30), letter=rng.choice("abcdABCD"))
    mark = nlp.make_doc(text)
    tags = {"(": "-LRB-", ")": "-RRB-", ".": ".", "--": ":", "-": ":", "•": "NFP", "*": "NFP"}
    added = len(mark)
    root = next(i for i, head in enumerate(sentence.heads) if head == i)
    words = [token.text for token in mark]
    known = [tags.get(word) for word in words]
    return Sentence(
        words=words + sentence.words,
        spaces=[False] * (added - 1) + [True, *sentence.spaces],
        lemmas=words + sentence.lemmas,
        upos=["PUNCT" if tag else "X" for tag in known] + sentence.upos,
        xpos=[tag or "LS" for tag in known] + sentence.xpos,
        feats=[""] * added + sentence.feats,
        heads=[root + added] * added + [head + added for head in sentence.heads],
        labels=["punct" if tag else "meta" for tag in known] + sentence.labels,
        misc=["_"] * added + sentence.misc,
    )


def passage_of(unit: Unit) -> Passage:
    """The unit's running text, with an empty line between paragraphs."""
    words: list[str] = []
    gaps: list[str] = []
    for sentence, opens_paragraph in unit:
        if gaps and opens_paragraph:
            gaps[-1] = "\n\n"
        words += sentence.words
        gaps += [" " if space else "" for space in sentence.spaces]
    gaps[-1] = ""
    return Passage(tuple(words), tuple(gaps))


def make_example(nlp: Language, unit: Unit, change: Callable[[Passage, list[str]], Passage] | None = None) -> Example:
    """A training example: the text as the tokenizer cuts it, against the annotated words.

    White space beyond a single space becomes tokens of their own, hung on the word before as spaCy does.
    """
    sentences = [sentence for sentence, _ in unit]
    passage = passage_of(unit)
    if change:
        passage = change(passage, [tag for sentence in sentences for tag in sentence.xpos])
    columns = _Columns()
    if passage.lead:
        columns.add_space(passage.lead, head=1)
    start_of_sentence = 0
    position: list[int] = []
    heads: list[int] = []
    word = 0
    for sentence in sentences:
        for i in range(len(sentence)):
            gap = passage.gaps[word]
            position.append(len(columns.words))
            heads.append(start_of_sentence + sentence.heads[i])
            columns.add_word(sentence, i, passage.words[word], spaced=gap.startswith(" "))
            if rest := gap.removeprefix(" "):
                columns.add_space(rest, head=position[-1])
            word += 1
        start_of_sentence += len(sentence)
    for i, head in zip(position, heads, strict=True):
        columns.heads[i] = position[head]
    reference = columns.doc(nlp)
    return Example(nlp.make_doc(reference.text), reference)


class _Columns:
    """The columns of a reference Doc under construction."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.spaces: list[bool] = []
        self.tags: list[str] = []
        self.pos: list[str] = []
        self.morphs: list[str] = []
        self.lemmas: list[str] = []
        self.heads: list[int] = []
        self.deps: list[str] = []
        self.sent_starts: list[bool] = []

    def add_word(self, sentence: Sentence, i: int, text: str, *, spaced: bool) -> None:
        self.words.append(text)
        self.spaces.append(spaced)
        self.tags.append(sentence.xpos[i])
        self.pos.append(sentence.upos[i])
        self.morphs.append(sentence.feats[i])
        self.lemmas.append(sentence.lemmas[i])
        self.heads.append(-1)
        self.deps.append(sentence.labels[i])
        self.sent_starts.append(i == 0 and not self._only_lead())

    def add_space(self, text: str, *, head: int) -> None:
        self.sent_starts.append(not self.words)
        self.words.append(text)
        self.spaces.append(False)
        self.tags.append("_SP")
        self.pos.append("SPACE")
        self.morphs.append("")
        self.lemmas.append(text)
        self.heads.append(head)
        self.deps.append("dep")

    def _only_lead(self) -> bool:
        return len(self.words) == 2 and self.pos[0] == "SPACE"

    def doc(self, nlp: Language) -> Doc:
        return Doc(nlp.vocab, **vars(self))


@spacy.registry.readers("hearsay.treebank_train.v1")
def treebank_train(
    names: list[str], seed: int, augmentation: dict[str, float], item_marks: float
) -> Callable[[Language], Iterator[Example]]:
    """Passages of the named treebanks in random order, cut and augmented anew in every epoch.

    item_marks: share of paragraph openings that get a number, bullet or portion mark.
    """
    rng = random.Random(seed)
    augment = Augmentation(**augmentation)
    documents: list[Document] = []

    def read(nlp: Language) -> Iterator[Example]:
        documents.extend([] if documents else load_treebanks(names))
        epoch = list(units(documents, lambda: rng.choice(PASSAGE_SIZES)))
        rng.shuffle(epoch)
        for unit in epoch:
            marked = [(mark_as_item(s, nlp, rng) if p and rng.random() < item_marks else s, p) for s, p in unit]
            yield make_example(nlp, marked, lambda passage, tags: augment(passage, tags, rng))

    return read


@spacy.registry.readers("hearsay.treebank_dev.v1")
def treebank_dev(names: list[str], seed: int, wrapped: float, upper: float) -> Callable[[Language], Iterator[Example]]:
    """Paragraph by paragraph, the given shares of them hard-wrapped and in capitals; the same at every call."""

    def read(nlp: Language) -> Iterator[Example]:
        rng = random.Random(seed)
        augment = Augmentation(wrap=wrapped, upper=upper)
        for unit in units(load_treebanks(names), lambda: 200):
            yield make_example(nlp, unit, lambda passage, tags: augment(passage, tags, rng))

    return read
