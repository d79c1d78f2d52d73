"""Two versions of one claim beside each other: each marked in the passage it stands in, what differs lit up."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from claims.marks import ROLE_NAMES, furniture_marks, lit_marks
from claims.models import Claim, ClaimState, Difference, SecondReview
from claims.models.seen import show_version
from documents.marking import marked_text
from review.sources.names import standing_sources
from sources.models import Source

NOTHING = ("", "")
AROUND = 240
"""Characters of the text shown before and after the words in question."""

NAMES: dict[str, str | Promise] = {
    Difference.DECISION: gettext_lazy("decision"),
    Difference.SOURCE: gettext_lazy("who said it"),
    Difference.CONTENT: gettext_lazy("content"),
    Difference.WORDS: gettext_lazy("words of source, cue or circumstance"),
    Difference.TYPE: gettext_lazy("type"),
    Difference.MODALITY: gettext_lazy("modality"),
    Difference.STANCE: gettext_lazy("stance"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing an opinion says, and whether the other says something else."""

    key: str
    name: str
    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """One version: who has it, what it says, and its passage with its words marked."""

    side: str
    analyst: User
    state: str
    decision: str
    reason: str
    rows: list[Row]
    passage: SafeString

    @property
    def accepted(self) -> bool:
        return self.state == ClaimState.ACCEPTED


def opinions_of(row: SecondReview, claim: Claim, reader: User) -> list[Opinion]:
    """The first and the second. claim: as it is, with its layer. Three queries, for the sources' names."""
    versions: dict[str, dict[str, Any]] = {"first": row.first or {}, "second": row.second or {}}
    people = {"first": row.first_analyst, "second": row.analyst}
    wanted = {version["source_id"] for version in versions.values() if version.get("source_id")}
    sources = standing_sources(wanted, reader)
    window = _window(claim, versions.values())
    rows = {side: _said(claim, version, sources) for side, version in versions.items()}
    found = []
    for side, version in versions.items():
        other = rows["second" if side == "first" else "first"]
        marked = {"source", "cue", "circumstance", "content"} if row.differs == [Difference.DECISION] else set()
        both = {**rows["first"], **rows["second"]}
        lines = [
            Row(key, str(both[key][0]), words, key not in marked and words != other.get(key, NOTHING)[1])
            for key in both
            for words in [rows[side].get(key, NOTHING)[1]]
        ]
        person = people[side]
        assert person is not None  # noqa: S101 -- the database holds that both are there once they are compared
        state = version["state"]
        found.append(
            Opinion(
                side=side,
                analyst=person,
                state=state,
                decision=str(ClaimState(state).label),
                reason=version.get("reason", ""),
                rows=lines,
                passage=_passage(claim, version, window),
            )
        )
    return found


def _said(claim: Claim, version: dict[str, Any], sources: dict[int, Source]) -> dict[str, tuple[str | Promise, str]]:
    """What a version says, by a key: the name of the thing and its words."""
    shown = _shown(claim, version)
    said: dict[str, tuple[str | Promise, str]] = {
        role: (name, " ".join(getattr(shown, f"{role}_quote").split())) for role, name in ROLE_NAMES.items()
    }
    source = sources.get(version["source_id"] or 0)
    in_document = claim.document_source.canonical if claim.document_source else _("nobody")
    said["who"] = (_("Who said it"), source.shown_name if source else " ".join(in_document.split()))
    said["kind"] = (_("Kind"), f"{shown.get_type_display()}, {shown.get_modality_display().lower()}")
    if shown.hedge:
        said["hedge"] = (_("Hedged by"), shown.hedge)
    if shown.stance:
        said["says"] = (_("Stance"), shown.get_stance_display().lower())
    if version.get("wording") and claim.state == ClaimState.REJECTED:  # else it keeps the proposition it has
        said["wording"] = (_("Proposition"), version["wording"])
    return {key: value for key, value in said.items() if value[1]}


def _shown(claim: Claim, version: dict[str, Any]) -> Claim:
    shown = copy(claim)
    show_version(shown, version)
    return shown


def _window(claim: Claim, versions: Any) -> tuple[int, int]:
    """From which to which character the passage goes: what any of the versions marks, and a little around it."""
    text = claim.layer.text
    places = [place for version in versions for role in ROLE_NAMES for place in version.get(f"{role}_fragments", [])]
    start = max(0, min(start for start, _end in places) - AROUND)
    end = min(len(text), max(end for _start, end in places) + AROUND)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _passage(claim: Claim, version: dict[str, Any], window: tuple[int, int]) -> SafeString:
    start, end = window
    marks = [*lit_marks(_shown(claim, version)), *furniture_marks(claim.layer)]
    moved = [
        replace(mark, start=max(0, mark.start - start), end=min(end, mark.end) - start)
        for mark in marks
        if mark.start < end and mark.end > start
    ]
    return marked_text(claim.layer.text[start:end], moved)
