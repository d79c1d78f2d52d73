"""Every text is cut into parts that are searched, however it came into the database."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.contrib.postgres.search import SearchQuery

from documents.models import Document, TextLayer, TextPart
from tests.factories import DocumentFactory, TextLayerFactory

pytestmark = pytest.mark.django_db


def found(words: str) -> list[tuple[int, int]]:
    query = SearchQuery(words, search_type="websearch", config="english")
    parts = TextPart.objects.filter(search=query).order_by("layer_id", "start")
    return list(parts.values_list("layer_id", "start"))


def pieces_of(layer: TextLayer) -> list[tuple[int, str]]:
    rows = TextPart.objects.filter(layer=layer).order_by("start").values_list("start", "end")
    return [(start, layer.text[start:end]) for start, end in rows]


def test_a_short_text_is_one_part_with_every_code_point():
    layer = TextLayerFactory(text="Ѳ\U0001f600 the talks have failed")

    assert pieces_of(layer) == [(0, layer.text)]


def test_a_long_text_is_cut_at_blank_lines_and_no_word_or_phrase_is_lost():
    lines = [
        f"Paragraph {number} has a word{number} of its own.\n" + "\n" * (number % 7 == 0) for number in range(9000)
    ]
    layer = TextLayerFactory(text="".join(lines))

    pieces = pieces_of(layer)

    starts = [start for start, _ in pieces]
    assert starts[0] == 0
    assert all(layer.text[start - 2 : start] == "\n\n" for start in starts[1:])
    assert all(before < start <= before + 3000 for before, start in pairwise(starts))
    ends = [start + len(piece) for start, piece in pieces]
    assert all(end > start + 100 for end, start in zip(ends, starts[1:], strict=False))
    assert ends[-1] == len(layer.text)
    assert len(found("word0")) == 1
    assert found("word8999") == [(layer.pk, starts[-1])]
    across = " ".join([*layer.text[: starts[40]].split()[-4:], *layer.text[starts[40] :].split()[:2]])
    assert found(f'"{across}"') == [(layer.pk, starts[39])]


@pytest.mark.parametrize(
    "text", ["x" * 250_000, " ".join(f"w{number}" for number in range(60_000)), "\n" * 7000, "€" * 3201]
)
def test_no_text_is_too_long_or_too_strange(text: str):
    layer = TextLayerFactory(text=text)

    pieces = pieces_of(layer)
    assert pieces[0][0] == 0
    assert pieces[-1][0] + len(pieces[-1][1]) == len(text)


def test_only_the_newest_text_of_a_document_is_searched():
    first = TextLayerFactory(text="The talks have failed.")
    newest = TextLayerFactory(document=first.document, version=3, text="The talks have begun.")
    TextLayerFactory(document=first.document, version=2, text="The walks have failed.")

    assert found("talks") == [(newest.pk, 0)]
    assert found("failed") == []


def test_a_document_is_found_by_what_it_is_called_as_it_is_called_now():
    document = DocumentFactory(title="Harbour works", doc_number="C05797165", name="memo.txt")
    layer = TextLayerFactory(document=document, text="The talks have failed.")
    assert found("harbour talks") == found("C05797165") == [(layer.pk, 0)]

    Document.objects.filter(pk=document.pk).update(title="Quay works")

    assert found("harbour") == []
    assert found("quay failed") == [(layer.pk, 0)]
