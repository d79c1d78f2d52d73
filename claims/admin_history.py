"""What other rows tell of a source, a claim or a proposition: grades, decisions, verdicts, merges, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.changes import Change, moved
from accounts.models import User
from claims.models import Claim, CredibilityAssessment, Proposition, PropositionMove, Review, Verdict
from sources.models import ReliabilityAssessment, Source, SourceMerge


def of_source(source: Source) -> Iterator[Change]:
    grades: dict[tuple[bool, str], str] = {}
    for row in ReliabilityAssessment.objects.filter(source=source).select_related("by").order_by("at", "pk"):
        name = _("reliability") if row.is_grade else _("reliability, as an opinion")
        name = f"{name} ({row.topic})" if row.topic else name
        kind = (row.is_grade, row.topic)
        yield Change(row.at, row.by.display_name, (moved(name, grades.get(kind, ""), row.grade),), row.basis)
        grades[kind] = row.grade
    merges = SourceMerge.objects.filter(into=source) | SourceMerge.objects.filter(absorbed=source)
    for merge in merges.select_related("by", "undone_by", "absorbed", "into"):
        other = merge.absorbed if merge.into_id == source.pk else merge.into
        what = _("found to be one with %s") % f"“{other.descriptor}”"
        yield Change(merge.at, merge.by.display_name, (what,), merge.reason)
        if merge.undone_at and merge.undone_by:
            what = _("no longer one with %s") % f"“{other.descriptor}”"
            yield Change(merge.undone_at, merge.undone_by.display_name, (what,), merge.undone_reason)


def of_claim(claim: Claim, reader: User) -> Iterator[Change]:
    """Without the steps that a blind reviewer must not know of."""
    steps = Review.objects.visible_to(reader).filter(claim=claim)
    for step in steps.select_related("analyst", "undoes").order_by("pk"):
        what = str(step.get_decision_display()).lower()
        if step.undoes:
            what = f"{what}: {str(step.undoes.get_decision_display()).lower()}"
        yield Change(step.at, step.analyst.display_name, (what,), step.reason)
    grade = ""
    for row in CredibilityAssessment.objects.filter(claim=claim).select_related("by").order_by("at", "pk"):
        what = moved(_("credibility"), grade, row.grade)
        likely = _("likelihood %d %%") % row.likelihood if row.likelihood else ""
        yield Change(row.at, row.by.display_name, tuple(filter(None, (what, likely))), row.basis)
        grade = row.grade


def of_proposition(proposition: Proposition) -> Iterator[Change]:
    yield from of_verdicts(Verdict.objects.filter(proposition=proposition))
    moves = PropositionMove.objects.touching(proposition.pk).select_related("by", "undone_by", "proposition", "into")
    for move in moves:
        other = move.into if move.proposition_id == proposition.pk else move.proposition
        count = len(move.claims)
        claims = ngettext("%d claim", "%d claims", count) % count
        went = (
            _("%(claims)s went to %(other)s")
            if move.proposition_id == proposition.pk
            else _("%(claims)s came from %(other)s")
        )
        what = went % {"claims": claims, "other": f"“{other}”"}
        yield Change(move.at, move.by.display_name, (f"{str(move.get_kind_display()).lower()}: {what}",), move.reason)
        if move.undone_at and move.undone_by:
            yield Change(move.undone_at, move.undone_by.display_name, (_("taken back: %s") % what,), "")


def of_verdicts(verdicts: Any) -> Iterable[Change]:
    for row in verdicts.select_related("by", "withdrawn_by"):
        outcome = str(row.get_outcome_display()).lower()
        what = _("verdict %(outcome)s, known since %(day)s") % {
            "outcome": outcome,
            "day": date_format(row.decided_on, "j M Y"),
        }
        yield Change(row.at, row.by.display_name, (what,), row.evidence)
        if row.withdrawn_at and row.withdrawn_by:
            what = _("verdict %s withdrawn") % outcome
            yield Change(row.withdrawn_at, row.withdrawn_by.display_name, (what,), row.withdrawal_reason)
