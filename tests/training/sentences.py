"""Hand-written sentences in CoNLL-U's columns, for the tests of the recipe."""

from __future__ import annotations

from training.scripts.conllu import Sentence, sentence_from_rows


def sentence(*rows: str) -> Sentence:
    """A sentence from rows of "word lemma UPOS XPOS head label"; heads count from 1, 0 is the root."""
    columns = [row.split() for row in rows]
    return sentence_from_rows(
        [
            [str(i), word, lemma, upos, xpos, "_", head, label, "_", "_"]
            for i, (word, lemma, upos, xpos, head, label) in enumerate(columns, start=1)
        ]
    )
