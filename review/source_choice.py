"""What the source chooser offers: the document's own sources first, then who it may be, known ones, and a new one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from claims.models import Claim, DocumentSource
from claims.resolution import source_proposals
from review.sources.names import named
from sources.models import Source

KNOWN_SHOWN = 8
REASONS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    note: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    options: list[Option]


def options(claim: Claim, words: str, user: User) -> list[Group]:
    """Groups of options that fit the words typed so far; empty groups are left out."""
    groups = [
        Group(_("In this document"), _in_document(claim, words)),
        Group(_("Perhaps"), [] if words else _proposed(claim, user)),
        Group(_("As the text says"), [] if words or claim.document_source else _quoted(claim)),
        Group(_("Known sources"), _known(claim, words, user)),
        Group(_("Somebody else"), [Option(f"new:{words}", words, _("record as a new source"))] if words else []),
    ]
    return [group for group in groups if group.options]


def called(chosen: Source | DocumentSource | str, user: User) -> str:
    """What stands in the form for a source that was chosen. Two queries at most."""
    if isinstance(chosen, Source):
        return named([chosen.pk], user)[chosen.pk].shown_name
    return chosen.canonical if isinstance(chosen, DocumentSource) else chosen


def _in_document(claim: Claim, words: str) -> list[Option]:
    wanted = words.lower().split()
    newest = claim.layer.runs.order_by("-pk").values("pk")[:1]
    of_run = Q(run=claim.run_id) if claim.run_id else Q(run__in=newest)  # no engine found what was added by hand
    found = DocumentSource.objects.filter(of_run).order_by("id")
    return [
        Option(
            f"document:{source.pk}",
            " ".join(source.canonical.split()),
            f"{source.label} · {source.get_kind_display()}",
            current=source.pk == claim.document_source_id and claim.source_id in (None, source.source_id),
        )
        for source in found
        if all(word in source.canonical.lower() or word == source.label.lower() for word in wanted)
    ]


def _proposed(claim: Claim, user: User) -> list[Option]:
    """Who it may be, likeliest first, each with the weightiest reason. Nobody is tied but by choosing."""
    if claim.document_source is None or claim.document_source.source_id is not None:
        return []
    return [
        Option(f"known:{proposal.source.pk}", proposal.source.shown_name, "; ".join(proposal.reasons[:REASONS_SHOWN]))
        for proposal in source_proposals(claim.document_source, user=user)
    ]


def _quoted(claim: Claim) -> list[Option]:
    """For a claim added by hand, whose source the engine did not find."""
    words = " ".join(claim.source_quote.split())
    return [Option(f"new:{words}", words, _("record as a new source"))] if words else []


def _known(claim: Claim, words: str, user: User) -> list[Option]:
    known = Source.objects.visible_to(user).standing().named_for(user)
    current = claim.source.standing if claim.source else None
    return [
        Option(f"known:{source.pk}", source.shown_name, source.get_kind_display(), current=source == current)
        for source in known.matching(words, reader=user).for_list()[:KNOWN_SHOWN]
    ]
