"""What was changed in one row, from the history that the database keeps: who, when, and each field before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    Viewed = GenericViewSet[Any]
else:
    Viewed = object

HOW = {"insert": "added", "update": "changed", "delete": "removed"}


@extend_schema_field({})
class AnyValueField(serializers.JSONField):
    """Text, number, list, null: whatever the column holds."""


class FieldChangeSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    before = AnyValueField()
    after = AnyValueField()


class HistoryEntrySerializer(serializers.Serializer[Any]):
    """One change of a row."""

    id = serializers.IntegerField(help_text="Larger is later.")
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True, help_text="Null: no person, or nobody knows.")
    how = serializers.ChoiceField(choices=list(HOW.values()))
    why = serializers.CharField(help_text="The reason that was given; empty without one.")
    changes = FieldChangeSerializer(many=True, help_text="Empty for the first of its rows.")


class HistoryMixin(Viewed):
    """Adds `GET .../history/` to a view whose model has a history. `get_queryset` says whose rows are seen."""

    told: ClassVar[Sequence[str]]
    """The fields that are shown. Others are computed, or say nothing."""

    @extend_schema(summary="How a row came to be as it is, newest first", responses=HistoryEntrySerializer(many=True))
    @action(detail=True, filterset_class=None)
    def history(self, request: Request, pk: int) -> Response:
        """Each change with who made it, when and why, and what every field that changed was before and after."""
        row = self.get_object()
        events = self.events_of(row).select_related("pgh_context")
        page: list[Any] = self.paginate_queryset(events) or []
        before = events.filter(pk__lt=page[-1].pk).order_by("-pk").first() if page else None
        changes = _changes([*page, before], self.fields_told(row), self.reasons(row, page))
        return self.get_paginated_response(HistoryEntrySerializer(changes, many=True).data)

    def events_of(self, row: Any) -> Any:
        return type(row).pgh_event_model.objects.filter(pgh_obj=row.pk)

    def fields_told(self, row: Any) -> Sequence[str]:
        return self.told

    def reasons(self, row: Any, events: Sequence[Any]) -> Mapping[int, str]:
        """By id of the event: why."""
        return {}


def _changes(events: Sequence[Any], told: Sequence[str], reasons: Mapping[int, str]) -> list[dict[str, Any]]:
    """events: newest first, each followed by the one before it; None after the first of all."""
    people = _people(events)
    return [
        {
            "id": event.pk,
            "at": event.pgh_created_at,
            "by": people.get(_actor(event)),
            "how": HOW.get(event.pgh_label, event.pgh_label),
            "why": reasons.get(event.pk, ""),
            "changes": [
                {"field": field, "before": getattr(before, field), "after": getattr(event, field)}
                for field in told
                if before is not None and getattr(before, field) != getattr(event, field)
            ],
        }
        for event, before in pairwise(events)
    ]


def _people(events: Iterable[Any]) -> dict[int | None, str]:
    wanted = {actor for event in events if event is not None and (actor := _actor(event)) is not None}
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=wanted)} if wanted else {}


def _actor(event: Any) -> int | None:
    context = event.pgh_context
    user = context.metadata.get("user") if context else None
    return int(user) if user else None
