"""The histories of documents, sources, propositions and claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.viewsets import GenericViewSet

from accounts.api.history import HistoryMixin
from accounts.api.permissions import Need, caller
from accounts.models import Scope
from claims.models import Claim, Proposition, Review, Round
from claims.services.steps import REVIEWABLE
from documents.models import Document
from sources.api.serializers import SAID
from sources.models import Source
from sources.services import DESCRIBED

HISTORY_PAGES = {"history": ("cursor", "page_size")}


class DocumentHistoryViewSet(HistoryMixin, GenericViewSet[Document]):
    """How a document went through the house."""

    queryset = Document.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    needs = {"history": Need("documents.view_document", Scope.READ)}
    parameters = HISTORY_PAGES
    told = (
        "state",
        "failure_code",
        "failure_reason",
        "media_type",
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
    )

    def get_queryset(self) -> QuerySet[Document]:
        return Document.objects.visible_to(caller(self.request))


class SourceHistoryViewSet(HistoryMixin, GenericViewSet[Source]):
    """How a source came to be described as it is."""

    queryset = Source.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    needs = {"history": Need("sources.view_source", Scope.READ)}
    parameters = HISTORY_PAGES
    told = (*DESCRIBED, "merged_into_id")

    def get_queryset(self) -> QuerySet[Source]:
        user = caller(self.request)
        return Source.objects.visible_to(user).named_for(user).defer("search")

    def fields_told(self, row: Source) -> Sequence[str]:
        """Words that may be from documents which the caller does not see are left out."""
        kept_back = {"descriptor", *SAID} if row.is_sanitised else set()
        return [field for field in self.told if field not in kept_back]


class PropositionHistoryViewSet(HistoryMixin, GenericViewSet[Proposition]):
    """How a proposition came to be worded as it is."""

    queryset = Proposition.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    needs = {"history": Need("claims.view_proposition", Scope.READ)}
    parameters = HISTORY_PAGES
    told = ("text", "topic", "question_id")

    def get_queryset(self) -> QuerySet[Proposition]:
        return Proposition.objects.visible_to(caller(self.request)).defer("search")


class ClaimHistoryViewSet(HistoryMixin, GenericViewSet[Claim]):
    """How a claim came to be as it is."""

    queryset = Claim.objects.none()
    lookup_value_converter = "int"
    filterset_class = None
    needs = {"history": Need("claims.view_claim", Scope.READ)}
    parameters = HISTORY_PAGES
    told = (*(field for field in REVIEWABLE if field != "commitment"), "given_source_id", "version")

    def get_queryset(self) -> QuerySet[Claim]:
        return Claim.objects.seen_by(caller(self.request)).select_related("second_review").defer("search")

    def events_of(self, row: Claim) -> Any:
        """Until it was found only, where the first decision is kept from the caller."""
        events = super().events_of(row)
        if row.seen is None:  # type: ignore[attr-defined]  # an annotation
            return events
        return events.filter(version__lte=row.second_review.found["version"])

    def reasons(self, row: Claim, events: Sequence[Any]) -> Mapping[int, str]:
        """Of the review that made that version."""
        steps = Review.objects.filter(claim=row).exclude(round=Round.SECOND).exclude(reason="")
        given = dict(steps.values_list("version", "reason"))
        return {event.pk: given[event.version] for event in events if event.version in given}
