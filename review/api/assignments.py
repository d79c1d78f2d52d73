"""Whose task which documents are: as on the page “Who has what”."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.mixins import DestroyModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, RowIdField, checked
from accounts.api.permissions import Need, PermissionMissing, caller, reading
from accounts.models import Scope, User
from claims.api.inputs import IdField
from documents.api.filters import IdFilter
from documents.models import Document
from review.assignments import people_for, teams
from review.models import Assignment
from review.services.assignments import assign_all, may_give, unassign

MOST_AT_ONCE = 500
GIVE = Need("claims.review_claim", Scope.REVIEW)
GIVE_TO_OTHERS = "review.add_assignment"


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    """A document that is the task of a person or of a team. Others may still work on it."""

    name = serializers.SerializerMethodField(help_text="What the person or the team is called.")

    class Meta:
        model = Assignment
        fields = ["id", "document", "person", "team", "name", "by", "at"]

    def get_name(self, row: Assignment) -> str:
        return row.person.display_name if row.person else str(row.team)


class AssignmentFilter(django_filters.FilterSet):
    document = IdFilter(help_text="Id of the document.")
    person = IdFilter(help_text="Id of the person it was given to.")
    team = IdFilter(help_text="Id of the team it was given to.")

    class Meta:
        model = Assignment
        fields: list[str] = []


class GiveInput(Input):
    documents = serializers.ListField(
        child=RowIdField(),
        min_length=1,
        max_length=MOST_AT_ONCE,
        help_text="Ids of documents that you may see.",
    )
    person = IdField(
        lambda context: User.objects.filter(pk__in=[one.pk for one in people_for(context["user"])]),
        required=False,
        help_text="Id of who gets them: a member of your collections who may review. By default you yourself.",
    )
    team = IdField(
        lambda _context: Group.objects.filter(pk__in=[one.pk for one in teams()]),
        required=False,
        help_text="Id of the team that gets them, instead of a person.",
    )

    def validate_documents(self, ids: list[int]) -> list[int]:
        known = set(Document.objects.visible_to(self.context["user"]).filter(pk__in=ids).values_list("pk", flat=True))
        if unknown := sorted(set(ids) - known):
            raise serializers.ValidationError(f"There is no document {unknown[0]} that you may see.")
        return ids

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "person" in attrs and "team" in attrs:
            raise serializers.ValidationError({"team": ["Give either a person or a team."]})
        return attrs


class GivenSerializer(serializers.Serializer[Any]):
    assignments = AssignmentSerializer(many=True, help_text="One for each document, also where it was given before.")
    left_out = serializers.ListField(
        child=serializers.IntegerField(), help_text="Ids of documents that the person may not see, and did not get."
    )


@extend_schema_view(
    list=extend_schema(summary="Who has which documents, newest first"),
    retrieve=extend_schema(summary="One document's assignment to somebody"),
    destroy=extend_schema(
        summary="Take a document back",
        description="Reviewers take from anybody, analysts give back what is theirs.",
    ),
)
class AssignmentViewSet(DestroyModelMixin, ReadOnlyModelViewSet[Assignment]):
    """Whose task a document is: a person's or a team's."""

    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    lookup_value_converter = "int"
    needs = reading("review.view_assignment") | {"create": GIVE, "destroy": GIVE}

    def get_queryset(self) -> QuerySet[Assignment]:
        documents = Document.objects.visible_to(caller(self.request)).order_by().values("pk")
        return Assignment.objects.filter(document__in=documents).select_related("person", "team").order_by("-id")

    @extend_schema(summary="Give documents to somebody", request=GiveInput, responses={201: GivenSerializer})
    def create(self, request: Request) -> Response:
        """Reviewers give to anybody, analysts to themselves. Who has a document already keeps it."""
        user = caller(request)
        given = checked(GiveInput, request.data, user=user)
        to: User | Group = given.get("team") or given.get("person") or user
        _refuse(user, to)
        documents = Document.objects.visible_to(user).filter(pk__in=given["documents"])
        assign_all(documents, to=to, by=user)
        whom = {"person": to} if isinstance(to, User) else {"team": to}
        rows = list(self.get_queryset().filter(document__in=documents.order_by(), **whom))
        left_out = sorted(set(given["documents"]) - {row.document_id for row in rows})
        body = GivenSerializer({"assignments": rows, "left_out": left_out}).data
        return Response(body, status=status.HTTP_201_CREATED)

    def perform_destroy(self, instance: Assignment) -> None:
        holder: User | Group | None = instance.person or instance.team
        assert holder is not None  # noqa: S101 -- the constraint assignment_to_person_or_team
        _refuse(caller(self.request), holder)
        unassign(instance.document, to=holder)


def _refuse(user: User, to: User | Group) -> None:
    if not may_give(user, to=to):
        raise PermissionMissing(GIVE_TO_OTHERS)
