"""Having claims decided sooner or later: as by the key on a claim's page."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope
from claims.api.inputs import IdField
from claims.models import Claim
from documents.api.filters import IdFilter, YesNoFilter
from documents.models import Collection
from review.errors import NotWaiting, WeighingError
from review.models import Weighing
from review.models.weighing import LONGEST_REASON, MOST, WeighingQuerySet
from review.services.weighing import weigh


class WeighingSerializer(serializers.ModelSerializer[Weighing]):
    """How much sooner or later than usual somebody wants a claim decided. The newest of a claim counts."""

    class Meta:
        model = Weighing
        fields = ["id", "claim", "weight", "reason", "by", "at"]


class WeighingFilter(django_filters.FilterSet):
    claim = IdFilter(help_text="Id of the claim.")
    standing = YesNoFilter(method="counting", help_text="Only what counts: the newest of each claim.")

    class Meta:
        model = Weighing
        fields: list[str] = []

    def counting(self, queryset: WeighingQuerySet, _name: str, value: bool) -> WeighingQuerySet:
        counts = Weighing.objects.standing()
        return queryset.filter(pk__in=counts.values("pk")) if value else queryset.exclude(pk__in=counts.values("pk"))


class WeighInput(Input):
    claim = IdField(
        lambda context: Claim.objects.defer("search").filter(
            collection__in=Collection.objects.ids_visible_to(context["user"])
        ),
        help_text="Id of a claim that waits for you.",
    )
    weight = serializers.FloatField(
        min_value=0,
        max_value=MOST,
        help_text="Times its usefulness: 16 first of all, 1 as usual, 0 only at random or in reading order.",
    )
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_REASON, help_text="For colleagues, on one line."
    )


@extend_schema_view(
    list=extend_schema(summary="What is to be decided sooner or later, newest first"),
    retrieve=extend_schema(summary="One weighing of a claim"),
)
class WeighingViewSet(ReadOnlyModelViewSet[Weighing]):
    """Weights that change when a claim comes up in the queue. None is overwritten."""

    queryset = Weighing.objects.none()
    serializer_class = WeighingSerializer
    filterset_class = WeighingFilter
    lookup_value_converter = "int"
    needs = reading("claims.view_claim") | {"create": Need("claims.review_claim", Scope.REVIEW)}
    refusals: dict[str, list[WeighingError]] = {"create": [NotWaiting(12)]}

    def get_queryset(self) -> QuerySet[Weighing]:
        return Weighing.objects.visible_to(caller(self.request)).order_by("-id")

    @extend_schema(
        summary="Have a claim decided sooner or later",
        request=WeighInput,
        responses={201: WeighingSerializer},
        examples=[
            OpenApiExample(
                "Sooner", value={"claim": 12, "weight": 4, "reason": "The board meets on Friday."}, request_only=True
            )
        ],
    )
    def create(self, request: Request) -> Response:
        """The queue knows it at once; 1 takes back what was chosen before."""
        given: dict[str, Any] = checked(WeighInput, request.data, user=caller(request))
        weighing = weigh(given.pop("claim"), by=caller(request), **given)
        return Response(
            WeighingSerializer(weighing).data,
            status=status.HTTP_201_CREATED,
            headers={"Location": reverse("weighing-detail", [weighing.pk], request=request)},
        )
