"""Jobs, events and webhooks; what this installation is to others, and which rows came from elsewhere."""

from exchange.models.identity import Instance, KnownRow, RowKind
from exchange.models.job import ENDED, Job, JobPiece, JobState

__all__ = ["ENDED", "Instance", "Job", "JobPiece", "JobState", "KnownRow", "RowKind"]
