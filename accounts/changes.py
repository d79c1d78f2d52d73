"""What became of a row, in sentences: read from the history that the database keeps of every change to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User

MOST = 200
"""Changes told of one row, the newest."""
ONE_STEP = timedelta(seconds=2)
"""What one person did within it belongs together: a decision and the rows it changed are one transaction."""
LONGEST = 120
"""Characters of a value in a sentence."""
REASONS = (
    "withdrawal_reason",
    "undone_reason",
    "cleared_reason",
    "failure_reason",
    "basis",
    "reason",
    "evidence",
    "departure",
    "why",
)
"""Fields that say why, the most particular first."""
UNTOLD = {"id", "version", "search", "fingerprint", "failure_code", *REASONS}
"""Fields that say nothing to a reader; reasons stand after "because"."""
BY_AND_AT = (
    "by",
    "at",
    "added_by",
    "created_by",
    "undone_by",
    "undone_at",
    "withdrawn_by",
    "withdrawn_at",
    "cleared_by",
    "cleared_at",
)
"""Who and when stand at the head of the sentence already."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step: when, by whom ("" where nobody is known), what became of what, and why."""

    at: datetime
    who: str
    what: tuple[str, ...]
    because: str = ""


def changes_of(row: models.Model, *, reader: User, beside: Iterable[Change] = ()) -> list[Change]:
    """All that happened to the row, newest first.

    beside: what other rows tell of it, such as a decision and its reason.
    Of what it refers to, the reader is told the name of what they may see, and else the number.
    """
    told = [*beside, *(_own(row, reader) if hasattr(row, "pgh_event_model") else ())]
    return _as_steps(sorted(told, key=lambda change: change.at, reverse=True))[:MOST]


def moved(name: str, before: object, after: object) -> str:
    """ "reliability C → B"; of what had no value before, "reliability B"."""
    if before in (None, ""):
        return f"{name} {_quoted(after)}"
    return f"{name} {_quoted(before)} → {_quoted(after) or '–'}"


# --- The row's own history ---


def _own(row: Any, reader: User) -> list[Change]:
    history = row.pgh_event_model.objects.filter(pgh_obj=row.pk).select_related("pgh_context").order_by("-pgh_id")
    events = list(history[: MOST + 1])[::-1]
    fields = [field for field in row._meta.concrete_fields if field.name not in UNTOLD and not field.primary_key]
    names = _Names(reader, events, fields)
    people = _people(events)
    changes = []
    for before, event in zip([None, *events], events, strict=False):
        what = _added(event, fields) if before is None else _differences(before, event, fields, names)
        because = _reason(before, event)
        if what or because:
            who = people.get(_actor(event), "")
            changes.append(Change(event.pgh_created_at, who, what or (_("noted"),), because))
    if len(events) > MOST:
        del changes[0]  # it is compared with nothing
    return changes


def _added(event: Any, fields: Sequence[Any]) -> tuple[str, ...]:
    """That the row came, and as what: what was chosen out of a list."""
    if event.pgh_label != "insert":
        return ()
    chosen = [field for field in fields if field.choices and getattr(event, field.attname) not in (None, "")]
    said = [f"{field.verbose_name} {_plain(field, getattr(event, field.attname))}" for field in chosen]
    return (": ".join([_("added"), ", ".join(said)]) if said else _("added"),)


def _differences(before: Any, event: Any, fields: Sequence[Any], names: _Names) -> tuple[str, ...]:
    if event.pgh_label == "delete":
        return (_("deleted"),)
    return tuple(
        moved(
            str(field.verbose_name),
            names.of(field, getattr(before, field.attname)),
            names.of(field, getattr(event, field.attname)),
        )
        for field in fields
        if field.name not in BY_AND_AT and getattr(before, field.attname) != getattr(event, field.attname)
    )


def _reason(before: Any, event: Any) -> str:
    """The first reason that is new with this event."""
    for name in REASONS:
        said = getattr(event, name, "")
        if said and (before is None or getattr(before, name) != said):
            return str(said)
    return ""


def _actor(event: Any) -> int | None:
    context = event.pgh_context
    user = context.metadata.get("user") if context else None
    if user:
        return int(user)
    made = ("by_id", "added_by_id", "created_by_id") if event.pgh_label == "insert" else ()
    return next((actor for name in made if (actor := getattr(event, name, None))), None)


def _people(events: Iterable[Any]) -> dict[int | None, str]:
    found = User.objects.in_bulk({actor for event in events if (actor := _actor(event))})
    return {pk: person.display_name for pk, person in found.items()}


class _Names:
    """What the foreign keys in a row's history refer to, asked for once for each table."""

    def __init__(self, reader: User, events: Iterable[Any], fields: Iterable[Any]) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        events = list(events)
        for field in fields:
            if field.many_to_one or field.one_to_one:
                wanted[field.related_model] |= {getattr(event, field.attname) for event in events} - {None}
        self._found = {model: self._seen(model, ids, reader) for model, ids in wanted.items() if ids}

    @staticmethod
    def _seen(model: type[models.Model], ids: set[int], reader: User) -> dict[Any, str]:
        rows: Any = model._default_manager
        rows = rows.visible_to(reader) if hasattr(rows, "visible_to") else rows.all()
        return {pk: str(row) for pk, row in rows.in_bulk(list(ids)).items()}

    def of(self, field: Any, value: Any) -> str:
        if value is not None and (field.many_to_one or field.one_to_one):
            return self._found.get(field.related_model, {}).get(value) or _("no. %s") % value
        return _plain(field, value)


def _plain(field: Any, value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j M Y, H:i")
    return str(value)


def _quoted(value: object) -> str:
    words = " ".join(str(value or "").split())
    short = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    return f"“{short}”" if " " in short else short


# --- What belongs together ---


def _as_steps(changes: Sequence[Change]) -> list[Change]:
    steps: list[Change] = []
    for change in changes:
        last = steps[-1] if steps else None
        if last and last.at - change.at <= ONE_STEP and _one_person(last.who, change.who):
            what = tuple(dict.fromkeys([*change.what, *last.what]))
            steps[-1] = replace(last, who=last.who or change.who, what=what, because=last.because or change.because)
        else:
            steps.append(change)
    return steps


def _one_person(one: str, other: str) -> bool:
    return one == other or not one or not other
