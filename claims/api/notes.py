"""Notes to colleagues on claims: read, written, changed and taken back by their author, marked as done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.api.inputs import Input, checked
from accounts.api.permissions import Need, caller, reading
from accounts.models import Scope, User
from claims import services
from claims.api.inputs import IdField
from claims.errors import ClaimError, NotAddressed, NoteEmpty, NotYourNote
from claims.models import LONGEST_NOTE, Claim, Note
from claims.models.note import NoteQuerySet
from claims.services.notes import colleagues
from documents.api.filters import IdFilter, YesNoFilter
from documents.models import Collection

WRITE = Need("claims.add_note", Scope.REVIEW)
MARK = Need("claims.view_note", Scope.REVIEW)
MOST_ADDRESSEES = 100
WRITTEN: dict[str, Any] = {"claim": 12, "text": "Is this the attaché of paragraph 4?", "to": ["ben"]}


class AddresseeSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    name = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True, help_text="Null: open for them.")


class NoteSerializer(serializers.ModelSerializer[Note]):
    """What an analyst wrote to colleagues on a claim. The notes of a claim, in order, are a conversation."""

    author = serializers.CharField(source="author.username")
    to = serializers.SerializerMethodField(help_text="Whom it is for, by name.")

    class Meta:
        model = Note
        fields = ["id", "claim", "author", "text", "to", "at", "edited_at"]

    @extend_schema_field(AddresseeSerializer(many=True))
    def get_to(self, note: Note) -> list[dict[str, Any]]:
        people: list[dict[str, Any]] = note.people  # type: ignore[attr-defined]  # an annotation
        return [{name: one[name] for name in ("username", "name", "done_at")} for one in people]


class NoteFilter(django_filters.FilterSet):
    claim = IdFilter(help_text="Id of the claim.")
    to_me = YesNoFilter(method="addressed", help_text="Those addressed to you.")
    from_me = YesNoFilter(method="written", help_text="Those you wrote.")
    open = YesNoFilter(method="waiting", help_text="Not done with by somebody it is for; with to_me: by you.")

    class Meta:
        model = Note
        fields: list[str] = []

    @property
    def caller(self) -> User:
        return caller(cast(Request, self.request))

    def addressed(self, queryset: NoteQuerySet, _name: str, value: bool) -> NoteQuerySet:
        mine = Note.objects.to(self.caller).values("pk")
        return queryset.filter(pk__in=mine) if value else queryset.exclude(pk__in=mine)

    def written(self, queryset: NoteQuerySet, _name: str, value: bool) -> NoteQuerySet:
        return queryset.filter(author=self.caller) if value else queryset.exclude(author=self.caller)

    def waiting(self, queryset: NoteQuerySet, _name: str, value: bool) -> NoteQuerySet:
        if self.form.cleaned_data.get("to_me"):
            return queryset.open_for(self.caller) if value else queryset.done_by(self.caller)
        return queryset.open() if value else queryset.done()


def _text(**given: Any) -> serializers.CharField:
    return serializers.CharField(
        max_length=LONGEST_NOTE, help_text="Plain text. An @name in it addresses that colleague, too.", **given
    )


def _to() -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=150),
        required=False,
        max_length=MOST_ADDRESSEES,
        help_text="Whom it is for: usernames of those who see the claim's collection.",
    )


class NoteInput(Input):
    claim = IdField(
        lambda context: (
            Claim.objects.select_related("collection")
            .defer("search")
            .filter(collection__in=Collection.objects.ids_visible_to(context["user"]))
        ),
        help_text="Id of the claim.",
    )
    text = _text()
    to = _to()


class NoteChange(Input):
    text = _text(required=False)
    to = _to()


def _people(names: list[str], claim: Claim, told: Iterable[User] = ()) -> list[User]:
    """Who is called so, of those who can read a note on the claim and those it is for already.

    Whoever else there may be is nobody: the refusal tells no more of them than of a name that nobody has.
    """
    there = {person.username: person for person in [*told, *colleagues(claim.collection).filter(username__in=names)]}
    if missing := [name for name in names if name not in there]:
        said = f"There is nobody of this name who can read the note: {', '.join(missing)}."
        raise serializers.ValidationError({"to": [said]})
    return [there[name] for name in dict.fromkeys(names)]


@extend_schema_view(
    list=extend_schema(summary="Notes to colleagues, newest first"),
    retrieve=extend_schema(summary="One note; its ETag goes into If-Match"),
)
class NoteViewSet(ReadOnlyModelViewSet[Note]):
    """Notes on claims in your collections. Of claims that are judged blind, whoever may judge sees their own only."""

    queryset = Note.objects.none()
    serializer_class = NoteSerializer
    filterset_class = NoteFilter
    lookup_value_converter = "int"
    needs = reading("claims.view_note") | {
        "create": WRITE,
        "partial_update": WRITE,
        "destroy": WRITE,
        "done": MARK,
        "reopen": MARK,
    }
    edits = ("partial_update", "destroy")
    refusals: dict[str, list[ClaimError]] = {
        "create": [NoteEmpty()],
        "partial_update": [NoteEmpty(), NotYourNote(4)],
        "destroy": [NotYourNote(4)],
        "done": [NotAddressed(4)],
        "reopen": [NotAddressed(4)],
    }

    def get_queryset(self) -> QuerySet[Note]:
        return Note.objects.visible_to(caller(self.request)).with_people().order_by("-pk")

    @extend_schema(
        summary="Write a note",
        request=NoteInput,
        responses={201: NoteSerializer},
        examples=[OpenApiExample("To Ben", value=WRITTEN, request_only=True)],
    )
    def create(self, request: Request) -> Response:
        """It is open for each it is for until they mark it as done. An answer is another note on the same claim."""
        given = checked(NoteInput, request.data, user=caller(request))
        claim = given.pop("claim")
        to = _people(given.pop("to", []), claim)
        note = services.write_note(claim, by=caller(request), to=to, **given)
        return Response(
            self._shown(note),
            status=status.HTTP_201_CREATED,
            headers={"Location": reverse("note-detail", [note.pk], request=request)},
        )

    @extend_schema(summary="Change your note", request=NoteChange, responses=NoteSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """What is not given stays. Whoever is addressed still keeps what they marked as done."""
        note = self.get_object()
        given = checked(NoteChange, request.data, user=caller(request))
        if "to" in given:
            told = [addressee.person for addressee in note.addressees.select_related("person")]
            given["to"] = _people(given["to"], note.claim, told)
        return Response(self._shown(services.edit_note(note, by=caller(request), **given)))

    @extend_schema(summary="Take your note back", responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """It is gone for everybody."""
        services.take_back_note(self.get_object(), by=caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(summary="Mark a note to you as done", request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: int) -> Response:
        """For you alone; done with already, it stays so."""
        return self._marked(request, done=True)

    @extend_schema(summary="Open a note to you again", request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        """For you alone."""
        return self._marked(request, done=False)

    def _marked(self, request: Request, *, done: bool) -> Response:
        checked(Input, request.data)
        return Response(self._shown(services.mark_note(self.get_object(), by=caller(request), done=done)))

    def _shown(self, note: Note) -> Any:
        return NoteSerializer(Note.objects.with_people().get(pk=note.pk)).data
