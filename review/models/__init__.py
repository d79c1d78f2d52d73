"""What the workbench itself remembers: who has which claim before them, and whose task a document is."""

from review.models.assignment import Assignment
from review.models.lease import Lease

__all__ = ["Assignment", "Lease"]
