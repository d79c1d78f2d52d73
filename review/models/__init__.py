"""What the workbench itself remembers: who has which claim before them, whose task a document is, what comes first."""

from review.models.assignment import Assignment
from review.models.boost import Boost
from review.models.lease import Lease

__all__ = ["Assignment", "Boost", "Lease"]
