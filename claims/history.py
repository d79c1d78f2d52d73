"""Rows as they were at an earlier moment, from the history that the database keeps of every change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q


def rows_at(model: type[Model], where: Q, *, at: datetime, fields: Sequence[str]) -> dict[int, dict[str, Any]]:
    """The rows of a tracked model that satisfied `where` at that moment: `{id: {field: value then}}`.

    where: on columns of the table itself, which its history has as well. What no history row of a later moment speaks
    of is as it is today; of the rest the newest history row until `at` tells what it was. `at` in the future gives
    today's rows.
    """
    history = model.pgh_event_model.objects  # type: ignore[attr-defined]  # pghistory adds it
    changed_later = Exists(history.filter(pgh_obj=OuterRef("pk"), pgh_created_at__gt=at))
    unchanged = model._default_manager.filter(where).exclude(changed_later)
    found = {row.pop("pk"): row for row in unchanged.values("pk", *fields)}

    once = history.filter(where, pgh_created_at__lte=at).values("pgh_obj")
    later = history.filter(pgh_created_at__gt=at).values("pgh_obj")
    newest = (
        history.filter(pgh_obj__in=once, pgh_created_at__lte=at)
        .filter(pgh_obj__in=later)
        .order_by("pgh_obj", "-pgh_id")
        .distinct("pgh_obj")
    )
    then = history.filter(where, pgh_id__in=newest.values("pgh_id")).exclude(pgh_label="delete")
    found |= {row.pop("pgh_obj"): row for row in then.values("pgh_obj", *fields)}
    return found
