"""Jobs, events, webhooks, files on their way in; what this place is to others, and which rows came from elsewhere."""

from exchange.models.event import Event, EventType, ObjectKind
from exchange.models.identity import Instance, KnownRow, RowKind
from exchange.models.importing import ImportFile
from exchange.models.job import ENDED, Job, JobPiece, JobState
from exchange.models.printed import PrintedGrading
from exchange.models.watched import (
    WatchedClaim,
    WatchedClaimLink,
    WatchedCredibility,
    WatchedDiscrediting,
    WatchedDocument,
    WatchedLink,
    WatchedMerge,
    WatchedReliability,
    WatchedSplit,
    WatchedVerdict,
)
from exchange.models.webhook import Delivery, DeliveryState, Webhook

__all__ = [
    "ENDED",
    "Delivery",
    "DeliveryState",
    "Event",
    "EventType",
    "ImportFile",
    "Instance",
    "Job",
    "JobPiece",
    "JobState",
    "KnownRow",
    "ObjectKind",
    "PrintedGrading",
    "RowKind",
    "WatchedClaim",
    "WatchedClaimLink",
    "WatchedCredibility",
    "WatchedDiscrediting",
    "WatchedDocument",
    "WatchedLink",
    "WatchedMerge",
    "WatchedReliability",
    "WatchedSplit",
    "WatchedVerdict",
    "Webhook",
]
