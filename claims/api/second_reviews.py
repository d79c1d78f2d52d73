from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from claims.api.inputs import IdField
from claims.models import SecondReview
from claims.two_opinions import Figures, Raters, agreement_for
from documents.models import Collection
from grading.raters import FEWEST_ITEMS

TOO_FEW = f"Null below {FEWEST_ITEMS} items: a figure on fewer says little beyond which items were drawn."


class FiguresSerializer(serializers.Serializer[Figures]):
    of = serializers.CharField(help_text="decision (of all items); source, content, type, modality (both accepted).")
    items = serializers.IntegerField(source="agreement.items", help_text="Judged by both.")
    agreed = serializers.IntegerField(source="agreement.agreed", help_text="Judged alike.")
    share = serializers.SerializerMethodField(help_text=f"0 to 1. {TOO_FEW}")
    kappa = serializers.SerializerMethodField(
        help_text="Cohen's; null also for contents, which have no categories, and where all was judged the same."
    )
    alpha = serializers.SerializerMethodField(help_text="Krippendorff's, nominal; null as kappa is.")
    overlap = serializers.SerializerMethodField(help_text="Of contents: the characters both marked, 0 to 1 (Dice).")

    def get_share(self, row: Figures) -> float | None:
        return row.agreement.share if row.agreement.enough else None

    def get_kappa(self, row: Figures) -> float | None:
        return row.agreement.kappa if row.agreement.enough else None

    def get_alpha(self, row: Figures) -> float | None:
        return row.agreement.alpha if row.agreement.enough else None

    def get_overlap(self, row: Figures) -> float | None:
        return row.overlap if row.agreement.enough else None


class RatersSerializer(serializers.Serializer[Raters]):
    analysts = serializers.SerializerMethodField(help_text="Two names, whoever was first; none for all together.")
    items = serializers.IntegerField(help_text="Claims that both judged.")
    figures = FiguresSerializer(many=True)

    def get_analysts(self, row: Raters) -> list[str]:
        return [person.display_name for person in (row.one, row.other) if person is not None]


@extend_schema_serializer(many=False)
class AgreementSerializer(serializers.Serializer[dict[str, Any]]):
    fewest_items = serializers.IntegerField(help_text="Below so many items no figure is given.")
    waiting = serializers.IntegerField(help_text="Claims that wait for adjudication.")
    everybody = RatersSerializer()
    pairs = RatersSerializer(many=True)


class AgreementInput(Input):
    collection = IdField(lambda context: Collection.objects.visible_to(context["user"]), required=False)


class AgreementViewSet(GenericViewSet[Any]):
    """How far analysts agree who judged the same claims without knowing of each other."""

    queryset = SecondReview.objects.none()
    serializer_class = AgreementSerializer
    filter_backends: list[Any] = []
    pagination_class = None
    needs = {"list": Need("claims.view_secondreview", Scope.READ)}
    parameters = {"list": ("collection",)}

    @extend_schema(
        summary="Agreement of analysts",
        parameters=[
            OpenApiParameter("collection", OpenApiTypes.INT, description="Id of a collection; all by default.")
        ],
        responses=AgreementSerializer,
    )
    def list(self, request: Request) -> Response:
        """Percent, Cohen's kappa and Krippendorff's alpha, for all together and for each two analysts."""
        user = caller(request)
        given = checked(AgreementInput, request.query_params, user=user)
        collection = given["collection"].pk if "collection" in given else None
        everybody, *pairs = agreement_for(user, collection=collection)
        waiting = SecondReview.objects.visible_to(user).to_adjudicate()
        if collection is not None:
            waiting = waiting.filter(claim__collection=collection)
        body = {"fewest_items": FEWEST_ITEMS, "waiting": waiting.count(), "everybody": everybody, "pairs": pairs}
        return Response(AgreementSerializer(body).data)
