"""The words of a search in the texts that are shown: cut by PostgreSQL, as plain pieces that a template lights up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection
from django.db.models import F
from django.db.models.functions import Substr

from claims.finding.words import Words
from documents.models import TextPart

BEGINS, ENDS = "\ue000", "\ue001"
"""Around what is lit up, for private use in Unicode: no text keeps them, so that none can light itself up."""
WHOLE = 420
"""A text of so many code points is shown whole; of a longer one the pieces around the words."""
_HEADLINES = f"""
SELECT ts_headline(
    'english', given.text, websearch_to_tsquery('english', %(words)s), CASE WHEN length(given.text) <= {WHOLE}
    THEN 'HighlightAll=true, StartSel={BEGINS}, StopSel={ENDS}'
    ELSE 'MaxFragments=2, MaxWords=32, MinWords=14, FragmentDelimiter=" … ", StartSel={BEGINS}, StopSel={ENDS}' END
) FROM unnest(%(texts)s::text[]) WITH ORDINALITY given(text, place) ORDER BY given.place
"""  # noqa: S608 -- made of the numbers above


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    lit: bool


Snippet = list[Piece]


def snippets(texts: Sequence[str], words: Words) -> list[Snippet]:
    """Of each text what is shown of it, on one line. One query; without words none."""
    plain = [_on_one_line(text) for text in texts]
    lit = " or ".join(f'"{atom.text}"' for group in words.groups for atom in group if atom.wanted)
    if not lit or not plain:
        return [[Piece(_beginning(text), lit=False)] for text in plain]
    with connection.cursor() as cursor:
        cursor.execute(_HEADLINES, {"words": lit, "texts": plain})
        return [_pieces(headline) for (headline,) in cursor.fetchall()]


def _on_one_line(text: str) -> str:
    return " ".join(text.replace(BEGINS, "").replace(ENDS, "").split())


def _beginning(text: str) -> str:
    return text if len(text) <= WHOLE else f"{text[:WHOLE].rpartition(' ')[0] or text[:WHOLE]} …"


def _pieces(headline: str) -> Snippet:
    """What stands between the marks, and what stands around it."""
    parts = re.split(f"{BEGINS}(.*?){ENDS}", headline)
    return [Piece(text, lit=number % 2 == 1) for number, text in enumerate(parts) if text]


def passages_of(documents: Iterable[int], words: Words) -> dict[int, tuple[int, str]]:
    """By document its newest text and the part of it that has most of the words; without words its beginning.

    Two queries.
    """
    parts: Any = TextPart.objects.filter(document__in=list(documents))
    length: Any = WHOLE + 100
    if words.shown is None:
        best = parts.filter(start=0)
    else:
        ranked = parts.filter(search=words.shown).annotate(rank=SearchRank(F("search"), words.shown))
        best = ranked.order_by("document_id", "-rank", "start").distinct("document_id")
        length = F("end") - F("start")
    chosen = TextPart.objects.filter(pk__in=list(best.values_list("pk", flat=True)))
    cut = chosen.annotate(piece=Substr("layer__text", F("start") + 1, length))
    return {document: (layer, piece) for document, layer, piece in cut.values_list("document_id", "layer_id", "piece")}
