from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.reading import ReadModelSerializer, ReadSerializer
from documents.models import Collection, DispatchState, Document, TextLayer

LABEL = "How people call it: its number, else its title, else the file's name."


class CollectionSerializer(ReadModelSerializer[Collection]):
    class Meta:
        model = Collection
        fields = ["id", "name", "marking", "created_at"]


class SecondReviewsSerializer(ReadModelSerializer[Collection]):
    share = serializers.FloatField(source="second_review_share", help_text="0 to 1.")

    class Meta:
        model = Collection
        fields = ["share", "parties_adjudicate"]


class CollectionReference(ReadModelSerializer[Collection]):
    class Meta:
        model = Collection
        fields = ["id", "name"]


class DocumentReference(ReadModelSerializer[Document]):
    """A document as other resources name it."""

    collection = CollectionReference()
    label = serializers.CharField(help_text=LABEL)  # type: ignore[assignment]  # DRF takes declared fields off the class

    class Meta:
        model = Document
        fields = ["id", "label", "doc_number", "title", "collection"]


class FailureSerializer(ReadSerializer[Document]):
    code = serializers.CharField(source="failure_code")
    reason = serializers.CharField(source="failure_reason", help_text="What went wrong and what to do about it.")

    def to_representation(self, document: Document) -> Any:
        return super().to_representation(document) if document.failure_reason else None


class DocumentSerializer(ReadModelSerializer[Document]):
    collection = CollectionReference()
    label = serializers.CharField(help_text=LABEL)  # type: ignore[assignment]  # DRF takes declared fields off the class
    sha256 = serializers.CharField(source="original_id", help_text="Of the bytes as they arrived.")
    failure = FailureSerializer(source="*", allow_null=True, help_text="Why it could not be used; null unless failed.")

    class Meta:
        model = Document
        fields = [
            "id",
            "label",
            "collection",
            "name",
            "media_type",
            "sha256",
            "title",
            "doc_number",
            "case_number",
            "author",
            "recipients",
            "information_date",
            "document_date",
            "release_date",
            "classification",
            "release_mark",
            "exemptions",
            "state",
            "failure",
            "created_at",
        ]


class SegmentSerializer(ReadSerializer[dict[str, Any]]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    author = serializers.CharField()
    recipients = serializers.CharField()
    subject = serializers.CharField()
    sent_on = serializers.DateField(allow_null=True)


class FurnitureSerializer(ReadSerializer[list[Any]]):
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    kind = serializers.CharField()

    def to_representation(self, piece: list[Any]) -> dict[str, Any]:
        start, end, kind = piece
        return {"start": start, "end": end, "kind": kind}


class LayerSerializer(ReadModelSerializer[TextLayer]):
    """A text layer without its text."""

    characters = serializers.IntegerField(help_text="Code points of its text.")

    class Meta:
        model = TextLayer
        fields = ["id", "version", "reader", "reader_version", "characters", "created_at"]


class TextLayerSerializer(ReadModelSerializer[TextLayer]):
    """The text read from a document. Every offset in the API counts code points of such a text."""

    text = serializers.CharField(source="piece", help_text="All of it, or the piece that was asked for.")
    start = serializers.SerializerMethodField(help_text="Where `text` begins.")
    end = serializers.SerializerMethodField(help_text="Where it ends; excluded.")
    characters = serializers.IntegerField(help_text="Code points of the whole text.")
    segments = SegmentSerializer(many=True, help_text="The messages of a forwarded chain.")
    furniture = FurnitureSerializer(many=True, help_text="Page banners, margin codes, headers: nobody says them.")

    class Meta:
        model = TextLayer
        fields = [
            "id",
            "document",
            "version",
            "reader",
            "reader_version",
            "text",
            "start",
            "end",
            "characters",
            "page_starts",
            "segments",
            "furniture",
            "created_at",
        ]

    def get_start(self, layer: TextLayer) -> int:
        long: int = layer.characters  # type: ignore[attr-defined]  # an annotation
        return min(int(self.context.get("start", 0)), long)

    def get_end(self, layer: TextLayer) -> int:
        return self.get_start(layer) + len(layer.piece)  # type: ignore[attr-defined]  # an annotation


class WorkSerializer(ReadSerializer[Any]):
    """The work a document still needs, or needed."""

    state = serializers.ChoiceField(choices=DispatchState.choices)
    attempts = serializers.IntegerField(help_text="Runs begun, the present one among them.")
    next_attempt_at = serializers.DateTimeField(help_text="While it is queued: when it is taken up at the latest.")


class StatusSerializer(ReadModelSerializer[Document]):
    """How far a document is."""

    failure = FailureSerializer(source="*", allow_null=True, help_text="Null unless failed.")
    work = WorkSerializer(source="dispatch", allow_null=True, help_text="Null: nothing is known of any.")
    layers = LayerSerializer(many=True, help_text="The texts read from it, newest first.")

    class Meta:
        model = Document
        fields = ["id", "state", "failure", "work", "layers"]
