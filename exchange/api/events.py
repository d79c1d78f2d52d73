from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from exchange.errors import EventUnknown, ExchangeError
from exchange.feed import Wanted, position_of, read
from exchange.models import Event, EventType, ObjectKind
from exchange.services.numbering import number_events
from exchange.telling import told

LARGEST_PAGE, PAGE = 500, 100
EXAMPLE: dict[str, Any] = {
    "id": "6e1ff7d1-6c5e-4b09-9f0e-0d1c1a4e5b11",
    "type": "claim.accepted",
    "at": "2026-11-23T10:00:00.123456Z",
    "object": {"kind": "claim", "id": 12, "path": "/api/v1/claims/12/"},
    "collections": [1],
    "data": {"state": "accepted", "version": 2, "source": 5, "proposition": 9},
}


class ObjectSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=ObjectKind.choices)
    id = serializers.IntegerField()
    path = serializers.CharField(help_text="Where this API shows it as it is now, without the host.")


class EventSerializer(serializers.Serializer[Any]):
    """What happened. Webhooks are sent the same. Of one object, events come in the order in which they happened."""

    id = serializers.UUIDField(help_text="The same wherever the event is told, however often.")
    type = serializers.ChoiceField(choices=EventType.choices)
    at = serializers.DateTimeField()
    object = ObjectSerializer()
    collections = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ids; empty for what belongs to none, as sources do."
    )
    data = serializers.DictField(help_text="Ids and states as they were then.")  # type: ignore[assignment]


@extend_schema_serializer(many=False)
class StretchSerializer(serializers.Serializer[Any]):
    results = EventSerializer(many=True)
    after = serializers.CharField(help_text="Ask with this next time. Opaque.")
    more = serializers.BooleanField(help_text="There is more already: ask again at once. It may be so without results.")


class EventsInput(Input):
    after = serializers.CharField(
        required=False, max_length=40, help_text="`after` of the last answer, or an event's id. None: the oldest kept."
    )
    type = serializers.ChoiceField(choices=EventType.choices, required=False, help_text="Only events of this type.")
    collection = RowIdField(required=False, help_text="Id: only events of this collection.")
    page_size = serializers.IntegerField(
        default=PAGE, min_value=1, max_value=LARGEST_PAGE, help_text="Events per answer, at most."
    )


class EventViewSet(GenericViewSet[Event]):
    """What happened, for those who poll instead of being called by a webhook."""

    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filterset_class = None
    pagination_class = None
    needs = {"list": Need("exchange.view_event", Scope.READ)}
    parameters = {"list": ("after", "type", "collection", "page_size")}
    refusals: dict[str, Sequence[ExchangeError]] = {"list": [EventUnknown()]}

    @extend_schema(
        summary="What happened, oldest first",
        parameters=[EventsInput],
        responses=StretchSerializer,
        examples=[
            OpenApiExample(
                "One event", value={"results": [EXAMPLE], "after": "ZTQy", "more": False}, response_only=True
            )
        ],
    )
    def list(self, request: Request) -> Response:
        """Go on with `after` of each answer, and nothing is missed and nothing told twice. Events are kept for 90 days,
        unless the installation says otherwise."""
        asked = checked(EventsInput, request.query_params.dict())
        number_events()
        found = read(
            caller(request),
            after=_position(asked.get("after")),
            size=asked["page_size"],
            wanted=Wanted(
                types=[asked["type"]] if "type" in asked else [],
                collections=[asked["collection"]] if "collection" in asked else [],
            ),
        )
        return Response(
            {"results": [told(event) for event in found.events], "after": _token(found.until), "more": found.more}
        )


def _token(position: int) -> str:
    return urlsafe_b64encode(f"e{position}".encode()).decode().rstrip("=")


def _position(after: str | None) -> int:
    """Raises ValidationError for what is neither a token of ours nor a UUID, EventUnknown for a UUID of no event."""
    if after is None:
        return 0
    try:
        position = position_of(UUID(after))
    except ValueError:
        return _from_token(after)
    if position is None:
        raise EventUnknown
    return position


def _from_token(token: str) -> int:
    try:
        plain = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
        if plain[:1] == "e" and 0 <= int(plain[1:]) < 2**62 and _token(int(plain[1:])) == token:
            return int(plain[1:])
    except ValueError:
        pass
    raise ValidationError({"after": ["Give `after` of an earlier answer as it was, or an event's id."]})
