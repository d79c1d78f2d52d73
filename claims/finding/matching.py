"""Which claims and documents fit a search, as far as its reader may know of them.

A claim whose first decision is kept from the reader is found by what they see of it: by the words, cue, type, state and
date of their own version, and never by a source, a grade or a verdict (docs/workbench.md, "Second opinions").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from accounts.models import User
from claims.finding.wanted import NONE, Kind, Wanted
from claims.finding.words import Atom, Words, parsed
from claims.models import Claim, CredibilityAssessment, SecondReview, Verdict
from claims.models.claim import ClaimQuerySet
from documents.models import Collection, Document, DocumentQuerySet, TextPart
from sources.models import Source, TrackRecord


@dataclass(frozen=True, slots=True)
class Reader:
    """Who searches. has_versions: whether they see any claim in another version than it has."""

    user: User
    collections: list[int]
    has_versions: bool

    @classmethod
    def of(cls, user: User) -> Reader:
        """Two queries."""
        versions = SecondReview.objects.worked_on_by(user).exists()
        return cls(user, Collection.objects.ids_visible_to(user), versions)

    def within(self, wanted: Wanted) -> list[int]:
        chosen = wanted.values.get("collection")
        return [pk for pk in self.collections if chosen in (None, pk)]


def words_of(wanted: Wanted) -> Words:
    """One query, if there are any."""
    return parsed(wanted.text)[0]


def claims_matching(wanted: Wanted, words: Words, reader: Reader) -> ClaimQuerySet:
    """Without order. Dropped and withdrawn ones only where their state is asked for."""
    if wanted.errors or words.skipped:
        return Claim.objects.none()
    values = wanted.values
    rows = Claim.objects.filter(collection__in=reader.within(wanted))
    if words:
        rows = _as_seen(rows, reader, Q(search=words.query), seen_search=words.query)
    if kind := values.get("type"):
        rows = _as_seen(rows, reader, Q(type=kind), seen_type=kind)
    if cue := values.get("cue"):
        rows = _as_seen(rows, reader, Q(cue_quote__iexact=cue), seen_cue__iexact=cue)
    if state := values.get("state"):
        rows = rows.seen_in_state(state, reader.user) if reader.has_versions else rows.filter(state=state)
    else:
        rows = rows.current()
    if document := values.get("document"):
        rows = rows.filter(layer__document=document)
    if about := values.get("about"):
        rows = _known_in(rows, reader, about.first, about.last)
    rows = rows.filter(_within("reported_date", wanted))
    return _ascribed(rows, values, reader)


def documents_matching(wanted: Wanted, words: Words, reader: Reader) -> DocumentQuerySet:
    """Documents with a text, without order. All the words need not stand in the same part of it."""
    if wanted.errors or words.skipped:
        return Document.objects.none()
    rows = Document.objects.filter(collection__in=reader.within(wanted)).filter(_within("document_date", wanted))
    for name in ("classification", "author"):
        if value := wanted.values.get(name):
            rows = rows.filter(**{name: value})
    if about := wanted.values.get("about"):
        rows = rows.filter(information_date__range=(about.first, about.last))
    if not any(atom.wanted for group in words.groups for atom in group):
        rows = rows.filter(Exists(TextPart.objects.filter(document=OuterRef("pk"))))
    return rows.filter(reduce(or_, (_all_in(group) for group in words.groups))) if words.groups else rows


def _all_in(group: tuple[Atom, ...]) -> Q:
    return reduce(and_, (_in_text(atom) for atom in group))


def _in_text(atom: Atom) -> Q:
    stands = Q(pk__in=TextPart.objects.filter(search=atom.query).values("document"))
    return stands if atom.wanted else ~stands


def _within(field: str, wanted: Wanted) -> Q:
    values = wanted.values
    fits = Q()
    if period := values.get("reported"):
        fits &= Q(**{f"{field}__range": (period.first, period.last)})
    if since := values.get("since"):
        fits &= Q(**{f"{field}__gte": since})
    if until := values.get("until"):
        fits &= Q(**{f"{field}__lte": until})
    return fits


def _as_seen(rows: ClaimQuerySet, reader: Reader, as_they_are: Q, **seen: Any) -> ClaimQuerySet:
    return rows.seen_with(reader.user, as_they_are, **seen) if reader.has_versions else rows.filter(as_they_are)


def _known_in(rows: ClaimQuerySet, reader: Reader, first: date, last: date) -> ClaimQuerySet:
    """By the information date that the reader sees."""
    fits = Q(information_date__range=(first, last))
    if not reader.has_versions:
        return rows.filter(fits)
    own = SecondReview.objects.worked_on_by(reader.user).annotate(day=KeyTextTransform("information_date", "seen"))
    theirs = own.filter(day__range=(first.isoformat(), last.isoformat()))
    return rows.filter((fits & ~Q(pk__in=own.values("claim"))) | Q(pk__in=theirs.values("claim")))


def _ascribed(rows: ClaimQuerySet, values: Any, reader: Reader) -> ClaimQuerySet:
    """By source, grades and verdict: what only decided claims have."""
    asked = {name: values[name] for name in ("source", "reliability", "credibility", "outcome") if name in values}
    if not asked:
        return rows
    if reader.has_versions:
        rows = rows.exclude(pk__in=SecondReview.objects.worked_on_by(reader.user).values("claim"))
    if source := asked.get("source"):
        rows = rows.by_source(source)
    if letter := asked.get("reliability"):
        graded = TrackRecord.objects.overall().filter(grade="" if letter == NONE else letter)
        of_them = Source.objects.annotate(stands=Coalesce("merged_into", "pk")).filter(
            stands__in=graded.values("source")
        )
        rows = rows.accepted().filter(source__in=of_them.values("pk"))
    if digit := asked.get("credibility"):
        rows = _judged(rows.accepted(), digit)
    if outcome := asked.get("outcome"):
        in_force = Verdict.objects.in_force()
        if outcome == NONE:
            rows = rows.accepted().filter(~Exists(in_force.filter(proposition=OuterRef("proposition"))))
        else:
            rows = rows.accepted().filter(proposition__in=in_force.filter(outcome=outcome).values("proposition"))
    return rows


def _judged(rows: ClaimQuerySet, digit: str) -> ClaimQuerySet:
    if digit == NONE:
        return rows.filter(~Exists(CredibilityAssessment.objects.filter(claim=OuterRef("pk"))))
    newer = CredibilityAssessment.objects.filter(claim=OuterRef("claim")).newest_first().values("pk")[:1]
    newest = CredibilityAssessment.objects.filter(grade=digit, pk=newer)
    return rows.filter(pk__in=newest.values("claim"))


def rows_matching(wanted: Wanted, words: Words, reader: Reader) -> ClaimQuerySet | DocumentQuerySet:
    return (claims_matching if wanted.kind == Kind.CLAIMS else documents_matching)(wanted, words, reader)
