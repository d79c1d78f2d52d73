from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from documents.models import Collection
from exchange.errors import BadAddress, EventUnknown, ExchangeError, TooManyWebhooks
from exchange.models import Delivery, DeliveryState, EventType, Webhook
from exchange.services import webhooks as services

WATCH = Need("exchange.manage_webhooks", Scope.READ)
MANAGE = Need("exchange.manage_webhooks", Scope.ADMIN)
EXAMPLE: dict[str, Any] = {
    "id": 2,
    "name": "newsroom CMS",
    "url": "https://cms.example.org/hooks/hearsay",
    "types": ["claim.accepted", "verdict.withdrawn"],
    "collections": [1],
    "active": True,
    "notice": "",
    "failures": 0,
    "failing_since": None,
    "created_at": "2026-11-23T10:00:00Z",
}
SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"  # noqa: S105 -- of the specification, for the example


class CollectionsField(serializers.ListField):
    """Ids of collections that the caller sees."""

    child = RowIdField()

    def to_internal_value(self, data: Any) -> list[int]:
        ids: list[int] = super().to_internal_value(data)
        visible = set(Collection.objects.ids_visible_to(self.context["user"]))
        if unknown := sorted(set(ids) - visible):
            raise serializers.ValidationError(f"There is no collection {unknown[0]} that you may see.")
        return ids


class WebhookInput(Input):
    name = serializers.CharField(max_length=100, help_text="What it is for.")
    url = serializers.CharField(max_length=500, help_text="Called with POST; https://, and in no private network.")
    types = serializers.ListField(
        child=serializers.ChoiceField(choices=EventType.choices), required=False, help_text="None: all."
    )
    collections = CollectionsField(
        required=False, help_text="Ids; none: all that you may see, and what belongs to no collection."
    )


class WebhookChange(Input):
    name = serializers.CharField(max_length=100, required=False)
    url = serializers.CharField(max_length=500, required=False)
    types = serializers.ListField(child=serializers.ChoiceField(choices=EventType.choices), required=False)
    collections = CollectionsField(required=False)
    active = serializers.BooleanField(
        required=False, help_text="Switched on again, it is told of all it missed; `skip-to-now` before it, of nothing."
    )


class ReplayInput(Input):
    since = serializers.UUIDField(help_text="Id of the first event to be sent once more.")


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """Who is called when something happens."""

    class Meta:
        model = Webhook
        fields = [
            "id",
            "name",
            "url",
            "types",
            "collections",
            "active",
            "notice",
            "failures",
            "failing_since",
            "created_at",
        ]


class NewWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(
        allow_null=True, help_text="Shown this once; null in an answer repeated under an Idempotency-Key."
    )

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class SecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(
        allow_null=True, help_text="Shown this once; null in a repeated answer. The one before signs for a day more."
    )


class DeliverySerializer(serializers.ModelSerializer[Delivery]):
    """One event for one receiver, and what came of the last call."""

    event = serializers.UUIDField(source="event.uuid")
    type = serializers.ChoiceField(source="event.type", choices=EventType.choices)

    class Meta:
        model = Delivery
        fields = [
            "id",
            "event",
            "type",
            "state",
            "attempts",
            "status",
            "milliseconds",
            "trouble",
            "called_at",
            "next_attempt_at",
        ]


class DeliveriesInput(Input):
    state = serializers.ChoiceField(choices=DeliveryState.choices, required=False, help_text="How far it is.")
    cursor = serializers.CharField(required=False)
    page_size = serializers.CharField(required=False)


WHICH = OpenApiParameter("delivery", OpenApiTypes.INT, OpenApiParameter.PATH, description="Id of the delivery.")


@extend_schema_view(
    list=extend_schema(summary="Your webhooks, newest first"),
    retrieve=extend_schema(summary="One webhook", examples=[OpenApiExample("Well", value=EXAMPLE, response_only=True)]),
)
class WebhookViewSet(ReadOnlyModelViewSet[Webhook]):
    """Addresses that are called when something happens: signed, at least once, in order for each object."""

    queryset = Webhook.objects.none()
    serializer_class = WebhookSerializer
    filterset_class = None
    lookup_value_converter = "int"
    needs = {
        "list": WATCH,
        "retrieve": WATCH,
        "deliveries": WATCH,
        "create": MANAGE,
        "partial_update": MANAGE,
        "destroy": MANAGE,
        "new_secret": MANAGE,
        "skip_to_now": MANAGE,
        "replay": MANAGE,
        "send_again": MANAGE,
    }
    parameters = {"list": ("cursor", "page_size"), "deliveries": ("state", "cursor", "page_size")}
    edits = ("partial_update",)
    refusals: dict[str, list[ExchangeError]] = {
        "create": [BadAddress("it has to begin with https://."), TooManyWebhooks(20)],
        "partial_update": [BadAddress("it has to begin with https://.")],
        "replay": [EventUnknown()],
    }

    def get_queryset(self) -> QuerySet[Webhook]:
        return Webhook.objects.visible_to(caller(self.request)).order_by("-id")

    @extend_schema(
        summary="Have an address called",
        request=WebhookInput,
        responses={201: NewWebhookSerializer},
        examples=[
            OpenApiExample(
                "Accepted claims and withdrawn verdicts",
                value={name: EXAMPLE[name] for name in ("name", "url", "types", "collections")},
                request_only=True,
            ),
            OpenApiExample("Made", value={**EXAMPLE, "secret": SECRET}, response_only=True),
        ],
    )
    def create(self, request: Request) -> Response:
        """It is told of what happens from now on. The secret is in this answer and in no other."""
        given = checked(WebhookInput, request.data, user=caller(request))
        made, secret = services.subscribe(by=caller(request), **given)
        response = Response(
            {**WebhookSerializer(made).data, "secret": secret},
            status=status.HTTP_201_CREATED,
            headers={"Location": reverse("webhook-detail", [made.pk], request=request), "Cache-Control": "no-store"},
        )
        response.shown_once = ("secret",)  # type: ignore[attr-defined]  # for config/api/repeats.py
        return response

    @extend_schema(summary="Change a webhook", request=WebhookChange, responses=WebhookSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """What is not named stays."""
        given = checked(WebhookChange, request.data, user=caller(request))
        return Response(WebhookSerializer(services.change(self.get_object(), **given)).data)

    @extend_schema(summary="Delete a webhook", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """With its log."""
        services.unsubscribe(self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Change the secret of a webhook", request=None, responses=SecretSerializer)
    @action(detail=True, methods=["post"], url_path="new-secret")
    def new_secret(self, request: Request, pk: int) -> Response:
        """The old secret signs as well for a day, so that no call is refused meanwhile."""
        checked(Input, request.data)
        response = Response({"secret": services.new_secret(self.get_object())}, headers={"Cache-Control": "no-store"})
        response.shown_once = ("secret",)  # type: ignore[attr-defined]  # for config/api/repeats.py
        return response

    @extend_schema(summary="Skip what a webhook has missed", request=None, responses=WebhookSerializer)
    @action(detail=True, methods=["post"], url_path="skip-to-now")
    def skip_to_now(self, request: Request, pk: int) -> Response:
        """What waits for it is given up; `replay` can still send it."""
        checked(Input, request.data)
        webhook = self.get_object()
        services.skip_to_now(webhook)
        return Response(WebhookSerializer(webhook).data)

    @extend_schema(summary="Send everything since an event once more", request=ReplayInput, responses=WebhookSerializer)
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, pk: int) -> Response:
        """That event and all after it that the webhook wants, as far as they are kept."""
        given = checked(ReplayInput, request.data)
        return Response(WebhookSerializer(services.replay(self.get_object(), since=given["since"])).data)

    @extend_schema(
        summary="What was sent to a webhook, newest first",
        parameters=[OpenApiParameter("state", enum=DeliveryState.values, description="How far it is.")],
        responses=DeliverySerializer(many=True),
    )
    @action(detail=True)
    def deliveries(self, request: Request, pk: int) -> Response:
        """State, answer and duration of each event's last call."""
        asked = checked(DeliveriesInput, request.query_params.dict())
        found = Delivery.objects.filter(webhook=self.get_object()).for_list()
        if "state" in asked:
            found = found.filter(state=asked["state"])
        page: Any = self.paginate_queryset(found)  # type: ignore[arg-type]  # rows of another model than the view's
        return self.get_paginated_response(DeliverySerializer(page, many=True).data)

    @extend_schema(summary="Send one event once more", request=None, parameters=[WHICH], responses=DeliverySerializer)
    @action(detail=True, methods=["post"], url_path="deliveries/<int:delivery>/send-again")
    def send_again(self, request: Request, pk: int, delivery: int) -> Response:
        """Whatever came of it before."""
        checked(Input, request.data)
        found = self.get_object().deliveries.select_related("event").filter(pk=delivery).first()
        if found is None:
            raise NotFound
        return Response(DeliverySerializer(services.send_again(found)).data)
