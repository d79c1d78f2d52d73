"""Every address under /api/v1/."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated

from claims.api.adjudications import AdjudicationViewSet
from claims.api.finding import SearchViewSet
from claims.api.history import (
    ClaimHistoryViewSet,
    DocumentHistoryViewSet,
    PropositionHistoryViewSet,
    SourceHistoryViewSet,
)
from claims.api.identity import SourceIdentityViewSet
from claims.api.impact import DiscreditingViewSet, GradeFlagViewSet, ImpactViewSet, SourceImpactViewSet
from claims.api.links import ClaimLinkViewSet, LinkViewSet, OriginNoticeViewSet
from claims.api.notes import NoteViewSet
from claims.api.propositions import ClaimMeetingViewSet, PropositionMeetingViewSet
from claims.api.records import TrackRecordViewSet, VerdictViewSet
from claims.api.second_reviews import AgreementViewSet
from claims.api.views import ClaimViewSet, PropositionViewSet
from config.api.routing import Router
from config.api.views import NothingHere
from documents.api.views import CollectionViewSet
from exchange.api.events import EventViewSet
from exchange.api.exports import ClaimExportViewSet
from exchange.api.gradings import PrintedGradingViewSet
from exchange.api.imports import ImportViewSet
from exchange.api.jobs import JobViewSet
from exchange.api.webhooks import WebhookViewSet
from ingest.api.views import DocumentViewSet
from review.api.assignments import AssignmentViewSet
from review.api.weighings import WeighingViewSet
from sources.api.views import SourceViewSet

router = Router()
router.register("collections", CollectionViewSet)
router.register("documents", DocumentHistoryViewSet, basename="document-history")
router.register("documents", DocumentViewSet)
router.register("sources", SourceHistoryViewSet, basename="source-history")
router.register("claims", ClaimHistoryViewSet, basename="claim-history")
router.register("propositions", PropositionHistoryViewSet, basename="proposition-history")
router.register("sources", SourceIdentityViewSet, basename="source-identity")
router.register("sources", SourceImpactViewSet, basename="source-impact")
router.register("sources", TrackRecordViewSet, basename="source-record")
router.register("sources", SourceViewSet)  # after the others: the root names the list of the last one
router.register("claims", ClaimExportViewSet, basename="claim-export")
router.register("claims", ClaimMeetingViewSet, basename="claim-meeting")
router.register("claims", ClaimViewSet)
router.register("propositions", PropositionMeetingViewSet, basename="proposition-meeting")
router.register("propositions", PropositionViewSet)
router.register("links", LinkViewSet)
router.register("claim-links", ClaimLinkViewSet)
router.register("origin-notices", OriginNoticeViewSet)
router.register("impact", ImpactViewSet, basename="impact")
router.register("discreditings", DiscreditingViewSet)
router.register("grade-flags", GradeFlagViewSet)
router.register("verdicts", VerdictViewSet)
router.register("notes", NoteViewSet)
router.register("search", SearchViewSet, basename="search")
router.register("printed-gradings", PrintedGradingViewSet)
router.register("imports", ImportViewSet)
router.register("jobs", JobViewSet)
router.register("events", EventViewSet)
router.register("webhooks", WebhookViewSet)
router.register("adjudications", AdjudicationViewSet)
router.register("assignments", AssignmentViewSet)
router.register("weighings", WeighingViewSet)
router.register("agreement", AgreementViewSet, basename="agreement")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(permission_classes=[IsAuthenticated]), name="schema"),
    path("docs/", login_required(SpectacularSwaggerSplitView.as_view(template_name="api/docs.html")), name="api-docs"),
    *router.urls,
    re_path(r"^(?P<address>(?s:.+))\Z", NothingHere.as_view()),  # `path:` ends at a line break
]
