"""Searches that somebody keeps: saved, renamed, deleted, opened; and how many hits are new in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import repeat
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, IntegerField, OuterRef, Value
from django.utils import timezone

from accounts.models import User
from claims.finding.matching import Reader, rows_matching
from claims.finding.wanted import Kind, Wanted
from claims.finding.words import Words, parsed
from claims.models import Claim
from documents.models import TextLayer, TextPart
from review.errors import SearchNameMissing, SearchNameTaken, SearchNotKept, TooManySearches
from review.models import SavedSearch

MOST = 30
"""Saved searches of one person: each is asked for whenever the list is shown."""
COUNTED = 50
"""New hits of a search counted exactly."""


def save_search(wanted: Wanted, *, name: str, owner: User) -> SavedSearch:
    """Keep a search under a name; all that is there now counts as seen.

    Raises SearchNameMissing, SearchNameTaken, TooManySearches, SearchNotKept (it asks for nothing, or has an error).
    """
    if wanted.errors or wanted.is_empty:
        raise SearchNotKept("Only a search that asks for something can be kept: give words or choose a filter.")
    if SavedSearch.objects.visible_to(owner).count() >= MOST:
        raise TooManySearches(MOST)
    row = SavedSearch(owner=owner, name=_name(name), wanted=wanted.plain, **_newest())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise SearchNameTaken(row.name) from None
    return row


def rename_search(saved: SavedSearch, *, name: str) -> SavedSearch:
    """Raises SearchNameMissing, SearchNameTaken."""
    saved.name = _name(name)
    try:
        with transaction.atomic():
            saved.save(update_fields=["name"])
    except IntegrityError:
        raise SearchNameTaken(saved.name) from None
    return saved


def delete_search(saved: SavedSearch) -> None:
    SavedSearch.objects.filter(pk=saved.pk).delete()


def open_search(saved: SavedSearch) -> int:
    """From now on all that is there counts as seen. Returns up to which claim or text it was seen before."""
    before = saved.seen_claim if saved.search.kind == Kind.CLAIMS else saved.seen_layer
    SavedSearch.objects.filter(pk=saved.pk).update(opened_at=timezone.now(), **_newest())
    return before


def new_hits(searches: Sequence[SavedSearch], user: User) -> dict[int, int]:
    """For each how many hits were stored since it was last opened, at most COUNTED + 1.

    Four queries for all of them; a search for a source takes one more, to know under which names it goes.
    """
    if not searches:
        return {}
    reader = Reader.of(user)
    wanted = [saved.search for saved in searches]
    words = parsed(*(each.text for each in wanted))
    first, *others = map(_new_ones, searches, wanted, words, repeat(reader))
    found = Counter(first.union(*others, all=True) if others else first)
    return {saved.pk: found[saved.pk] for saved in searches}


def _new_ones(saved: SavedSearch, wanted: Wanted, words: Words, reader: Reader) -> Any:
    """The id of the saved search once for each new hit."""
    rows: Any = rows_matching(wanted, words, reader)
    if wanted.kind == Kind.CLAIMS:
        rows = rows.filter(pk__gt=saved.seen_claim)
    else:
        rows = rows.filter(Exists(TextPart.objects.filter(document=OuterRef("pk"), layer__gt=saved.seen_layer)))
    named = rows.order_by().annotate(search_id=Value(saved.pk, output_field=IntegerField()))
    return named.values_list("search_id", flat=True)[: COUNTED + 1]


def _newest() -> dict[str, int]:
    claim = Claim.objects.order_by("-pk").values_list("pk", flat=True).first()
    layer = TextLayer.objects.order_by("-pk").values_list("pk", flat=True).first()
    return {"seen_claim": claim or 0, "seen_layer": layer or 0}


def _name(typed: str) -> str:
    name = " ".join(typed.split())[:100]
    if not name:
        raise SearchNameMissing
    return name
