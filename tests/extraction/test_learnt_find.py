"""The shipped role models on the shipped pipeline: shape, size, spans; their quality is measured by training.roles."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from extraction import pipeline
from extraction.learnt import find, find_outermost, find_outermost_each
from extraction.learnt.model import SHIPPED, ModelMissing, shipped
from extraction.learnt.settings import STYLES
from extraction.learnt.tokens import GAP, Tokens
from extraction.roles.sentences import Sentences

MEGABYTE = 1_000_000
TEXT = (
    "The minister said that the talks had failed. According to two officers, the army will move on Friday.\n\n"
    '"We never left the city," the general told reporters. "We never will." It rained all night.\n\n'
    "Critics, who accused the council of hiding the figures, doubt that the vote was fair."
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def doc():
    return pipeline.load()(TEXT)


def words(doc, pieces):
    return " / ".join(doc[start:end].text.strip() for start, end in pieces)


def test_it_is_small_and_needs_no_unpickling():
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) < 5 * MEGABYTE
    with np.load(SHIPPED / "model.npz", allow_pickle=False) as archive:
        assert {archive[name].dtype.name for name in archive.files} == {"float16", "int8", "uint8"}


def test_statements_are_found_with_their_sources(doc):
    found = {words(doc, one.source): (words(doc, one.cue), words(doc, one.content)) for one in find(doc)}

    assert found["The minister"] == ("said", "that the talks had failed")
    assert found["two officers"][0] == "According to"
    assert found["two officers"][1].startswith("the army will move on Friday")
    assert "We never left the city" in found["the general"][1]


@pytest.mark.parametrize("style", sorted(STYLES))
def test_pieces_are_in_order_and_never_empty_in_any_style(doc, style):
    for one in find(doc, style=style, sourceless=True):
        for pieces in (one.cue, one.source, one.content):
            assert list(pieces) == sorted(pieces)
            assert all(0 <= start < end <= len(doc) for start, end in pieces)
            assert all(before[1] <= after[0] for before, after in pairwise(pieces))
        assert one.cue
        assert one.content
        assert 0 <= one.strength <= 1


def test_documents_have_contents_without_that_and_without_a_full_stop(doc):
    contents = {words(doc, one.source): words(doc, one.content) for one in find(doc, style="documents")}

    assert contents["The minister"] == "the talks had failed"


def test_a_text_read_twice_gives_the_same(doc):
    assert find(doc) == find(doc)


@pytest.mark.parametrize("text", ["", "\n\n\n", ".", "???", '"', "said", "\x00 \ufffd 漢字", "a" * 5000])
def test_no_text_is_too_odd(text):
    assert all(one.content for one in find(pipeline.load()(text)))


def test_another_pipelines_vectors_are_refused(doc):
    model = shipped()
    other = replace(model, vector_width=model.vector_width + 1)

    with pytest.raises(ModelMissing, match="build it anew"):
        find(doc, model=other)


def test_texts_read_together_give_what_each_gives_alone():
    texts = [
        TEXT,
        "Officials said it rained. Nobody believes that they",
        '"Said',
        'the mayor: "No" and told them so.',
        "The army denied that it had left, police said.",
        "He",
        TEXT.upper(),
    ]
    docs = list(pipeline.load().pipe(texts))

    together = find_outermost_each(docs, [Sentences(doc) for doc in docs])

    alone = [find_outermost(doc) for doc in docs]
    assert [[(one.source, one.cue, one.content) for one in found] for found in together] == [
        [(one.source, one.cue, one.content) for one in found] for found in alone
    ]
    assert [one.strength for found in together for one in found] == pytest.approx(
        [one.strength for found in alone for one in found], abs=1e-4
    )


def test_joined_texts_keep_their_trees_and_stand_paragraphs_apart(doc):
    text = Tokens.of(doc)

    whole, begins = Tokens.joined([text, text])

    second = slice(begins[1], begins[1] + len(text))
    assert begins == [0, len(text) + GAP]
    assert (whole.head[second] - begins[1]).tolist() == text.head.tolist()
    assert whole.paragraph[begins[1]] > whole.paragraph[len(text)] + 1 > whole.paragraph[len(text) - 1] + 2
    assert whole.sentence[second][0] == whole.sentence[len(text) - 1] + 2
