"""What the engine read in a claim's words, in words for the analyst: "as many as 35 of the hostages" = at most 35."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from claims.models import Claim, DocumentSource


@dataclass(frozen=True, slots=True)
class Reading:
    """Some words of the text and what they mean."""

    words: str
    meaning: str


def quantities(claim: Claim) -> list[Reading]:
    found = claim.commitment.get("quantities", [])
    return [Reading(one["words"], _quantity(one)) for one in found]


def times(claim: Claim) -> list[Reading]:
    return [Reading(one["words"], _interval(one)) for one in claim.commitment.get("times", [])]


def reported(claim: Claim) -> Reading | None:
    """When the source said it, by the sentence itself."""
    found = claim.commitment.get("reported")
    return Reading(found["words"], _interval(found)) if found else None


def negation(claim: Claim) -> str:
    parts = []
    if claim.commitment.get("negated_cue"):
        parts.append(_("the source does not say or believe it"))
    if claim.commitment.get("negated"):
        parts.append(_("says that something is not so"))
    return "; ".join(parts)


def printed_credibility(claim: Claim) -> Reading | None:
    found = claim.commitment.get("printed_credibility")
    return Reading(found["words"], found["grade"]) if found else None


def printed_reliability(source: DocumentSource) -> Reading | None:
    """The words in which the text grades a source, and the letter they stand for, if any."""
    if not source.printed_reliability_words:
        return None
    return Reading(source.printed_reliability_words, source.printed_reliability)


def _quantity(one: dict[str, Any]) -> str:
    low, high = _number(one["low"]), _number(one["high"])
    if one["comparator"] == "<=":
        meaning = _("at most %(high)s") % {"high": high}
    elif one["comparator"] == ">=":
        meaning = _("at least %(low)s") % {"low": low}
    elif low == high:
        meaning = low
    elif one["comparator"] == "~":
        meaning = _("about %(low)s to %(high)s") % {"low": low, "high": high}
    else:
        meaning = _("%(low)s to %(high)s") % {"low": low, "high": high}
    return f"{meaning} ({one['unit']})" if one["unit"] else meaning


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}".rstrip("0")


def _interval(one: dict[str, Any]) -> str:
    low, high = (_day(one[end]) for end in ("earliest", "latest"))
    if low == high:
        return low or _("the day is open")
    if not low:
        return _("until %(high)s") % {"high": high}
    if not high:
        return _("from %(low)s on") % {"low": low}
    return f"{low} – {high}"


def _day(value: str | None) -> str:
    return format_date(date.fromisoformat(value), "j M Y") if value else ""
