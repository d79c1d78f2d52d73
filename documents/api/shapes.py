"""What is loaded for the fields of documents that an answer shows."""

from __future__ import annotations

from django.db.models import Prefetch

from accounts.api.shapes import Expansion, Shape
from documents.api.serializers import CollectionSerializer, LayerSerializer
from documents.models import DocumentQuerySet, TextLayer


def shaped_documents(rows: DocumentQuerySet, shape: Shape) -> DocumentQuerySet:
    """With what the fields of `shape` show, newest first."""
    rows = rows.for_list() if shape.shows("collection") else rows.order_by("-id")
    if "layers" in shape.expand:
        rows = rows.prefetch_related(Prefetch("layers", TextLayer.objects.without_text().newest_first()))
    return rows


DOCUMENT_EXPANSIONS = {
    "collection": Expansion(CollectionSerializer),
    "layers": Expansion(lambda: LayerSerializer(many=True)),
}
