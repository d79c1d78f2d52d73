"""Who speaks: sources across documents, the wordings they were seen under, and how reliable they are judged to be."""

from sources.models.merge import SourceMerge
from sources.models.record import PopulationPrior, TrackRecord
from sources.models.reliability import ReliabilityAssessment
from sources.models.source import Access, Source, SourceAlias, SourceKind, SourceQuerySet, any_of, prefix_query

__all__ = [
    "Access",
    "PopulationPrior",
    "ReliabilityAssessment",
    "Source",
    "SourceAlias",
    "SourceKind",
    "SourceMerge",
    "SourceQuerySet",
    "TrackRecord",
    "any_of",
    "prefix_query",
]
