"""What the workbench itself remembers: who has which claim before them, whose task a document is, what comes first and
what analysts make of that, and the searches that somebody keeps."""

from review.models.assignment import Assignment
from review.models.boost import Boost
from review.models.lease import Lease
from review.models.saved_search import SavedSearch
from review.models.weighing import Weighing

__all__ = ["Assignment", "Boost", "Lease", "SavedSearch", "Weighing"]
