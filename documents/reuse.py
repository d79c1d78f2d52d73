"""Which documents repeat each other: near-duplicates, and passages that two have in common (docs/search.md).

Each document leaves fingerprints, some of its five-word shingles; who shares a rare one is compared word by word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from django.db import connection, models, transaction
from django.db.models import Q

from documents.models import Document, Fingerprint, SharedPassage, TextLayer
from documents.reuse_text import Shared, Shingled, shared_passages

NEAR_PART, NEAR_PART_OF_LONGER = 0.6, 0.4
"""Two documents are near-duplicates if passages they share are so much of the one and of the longer one. The same memo
in another message or scan has above 0.9 of both; a quotation in a longer text little of that."""

HOLDERS_READ = 40
"""Documents that are read of each fingerprint, the first stored; beyond, it is a form that many use."""

MOST_HOLDERS = 25
"""What more documents have, near-duplicates as one, makes nobody a relative."""

MOST_COMPARED = 30
"""Documents that one is compared with word by word: those that share the most and the rarest."""

LEAST_SHARED = 0.99
"""Fingerprints, each divided among all that have it: a passage of the least length leaves one for nobody else."""

_INSERTED_AT_ONCE = 5_000

_HOLDERS = """
SELECT asked.number, holder.document_id, coalesce(document.near_duplicate_of_id, document.id)
FROM unnest(%s::bigint[]) AS asked (number)
CROSS JOIN LATERAL (
    SELECT document_id FROM documents_fingerprint
    WHERE number = asked.number AND document_id <> %s ORDER BY document_id LIMIT %s
) AS holder
JOIN documents_document document ON document.id = holder.document_id
"""


@dataclass(frozen=True)
class _Relative:
    document_id: int
    head_id: int
    layer: TextLayer
    shared: Shared

    @property
    def near(self) -> bool:
        less, more = sorted((self.shared.of, self.shared.of_other))
        return more >= NEAR_PART and less >= NEAR_PART_OF_LONGER


def find_reuse(document: Document) -> int:
    """Find what the newest text of `document` shares with all other documents, and store it. Returns with how many.

    May run twice, and beside others: each commits its fingerprints first, so that of two that run at once one sees the
    other. What stands of earlier layers of the document goes.
    """
    layer = document.layers.newest_first().first()
    if layer is None:
        return 0
    text = Shingled(layer.text, layer.furniture)
    _store_fingerprints(document, text)
    relatives = list(_relatives(document, text))
    with transaction.atomic():
        _forget_earlier_layers(document, layer)
        SharedPassage.objects.bulk_create(
            (row for relative in relatives for row in _rows(document, layer, relative)), ignore_conflicts=True
        )
        _mark_near_duplicates(document, [relative for relative in relatives if relative.near])
    return len(relatives)


def note_fingerprints(document: Document) -> None:
    """Have others find `document` by its words, without looking for them itself."""
    layer = document.layers.newest_first().first()
    if layer is not None:
        _store_fingerprints(document, Shingled(layer.text, layer.furniture))


@transaction.atomic
def _store_fingerprints(document: Document, text: Shingled) -> None:
    there = set(Fingerprint.objects.filter(document=document).values_list("number", flat=True))
    wanted = text.fingerprints.keys()
    Fingerprint.objects.filter(document=document, number__in=there - wanted).delete()
    Fingerprint.objects.bulk_create(
        (Fingerprint(number=number, document=document) for number in sorted(wanted - there)),
        batch_size=_INSERTED_AT_ONCE,
        ignore_conflicts=True,
    )


def _relatives(document: Document, text: Shingled) -> Iterator[_Relative]:
    """The documents that share passages, best first; of near-duplicates of each other only the first stored.

    Where `document` is itself a near-duplicate, only what the other does not have makes it a relative of more.
    """
    holders = _holders(document, text)
    held_by = {number: len(set(heads.values())) for number, heads in holders.items()}
    telling = {number: heads for number, heads in holders.items() if held_by[number] <= MOST_HOLDERS}
    explained: set[int] = set()
    for head, document_id in _ranked(document, telling, held_by):
        if not any(document_id in heads for number, heads in telling.items() if number not in explained):
            continue
        layer = TextLayer.objects.filter(document_id=document_id).newest_first().first()
        if layer is None:
            continue
        other = Shingled(layer.text, layer.furniture)
        if document.pk > document_id:  # always from the later text to the earlier, so that both find the same places
            shared = shared_passages(text, other, held_by)
        else:
            shared = shared_passages(other, text, held_by).turned()
        if not shared.passages:
            continue
        relative = _Relative(document_id, head, layer, shared)
        if relative.near and head != document.pk:
            explained |= _within(text, shared)
        yield relative


def _holders(document: Document, text: Shingled) -> dict[int, dict[int, int]]:
    """Of each fingerprint that others have: those documents, and what each is a near-duplicate of, if not itself."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [list(text.fingerprints), document.pk, HOLDERS_READ])
        holders: dict[int, dict[int, int]] = defaultdict(dict)
        for number, holder, head in cursor.fetchall():
            holders[number][holder] = head
    return holders


def _ranked(
    document: Document, telling: dict[int, dict[int, int]], held_by: dict[int, int]
) -> Iterable[tuple[int, int]]:
    """Pairs (head, document) to compare with: one for each group of near-duplicates, its head if that shares, too."""
    worth: dict[int, float] = defaultdict(float)
    heads: dict[int, int] = {}
    for number, holders in telling.items():
        for holder, head in holders.items():
            worth[holder] += 1 / held_by[number]
            heads[holder] = head
    chosen: dict[int, int] = {}
    enough = [holder for holder in worth if worth[holder] >= LEAST_SHARED]
    for holder in sorted(enough, key=lambda holder: (holder != heads[holder], -worth[holder], holder)):
        group = holder if heads[holder] == document.pk else heads[holder]
        chosen.setdefault(group, holder)
    ranked = sorted(chosen.values(), key=lambda holder: (-worth[holder], holder))
    return [(heads[holder], holder) for holder in ranked[:MOST_COMPARED]]


def _within(text: Shingled, shared: Shared) -> set[int]:
    """The fingerprints of `text` that stand in the passages."""
    return {
        number
        for number, place in text.fingerprints.items()
        if any(passage.start <= text.places[place][0] < passage.end for passage in shared.passages)
    }


def _forget_earlier_layers(document: Document, layer: TextLayer) -> None:
    earlier = TextLayer.objects.filter(document=document).exclude(pk=layer.pk)
    SharedPassage.objects.filter(Q(layer__in=earlier) | Q(other_layer__in=earlier)).delete()


def _rows(document: Document, layer: TextLayer, relative: _Relative) -> Iterator[SharedPassage]:
    later, earlier, shared = layer, relative.layer, relative.shared
    if document.pk < relative.document_id:
        later, earlier, shared = earlier, later, shared.turned()
    for passage in shared.passages:
        yield SharedPassage(layer=later, other_layer=earlier, **asdict(passage))


def _mark_near_duplicates(document: Document, near: list[_Relative]) -> None:
    """All of a group name the first stored of it, which names none."""
    group = {document.pk, *(relative.document_id for relative in near), *(relative.head_id for relative in near)}
    first = min(group)
    _name(Document.objects.filter(pk=document.pk), first if first != document.pk else None)
    if near:
        others = group - {first, document.pk}
        _name(Document.objects.filter(Q(pk__in=others) | Q(near_duplicate_of__in=others)).exclude(pk=first), first)
        _name(Document.objects.filter(near_duplicate_of=document.pk).exclude(pk=first), first)


def _name(documents: models.QuerySet[Document], first: int | None) -> None:
    """Only where it changes: every change leaves a row of history."""
    unchanged = Q(near_duplicate_of__isnull=True) if first is None else Q(near_duplicate_of=first)
    documents.exclude(unchanged).update(near_duplicate_of=first)
