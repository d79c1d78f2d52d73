"""Every change to claims, propositions, grades and verdicts. Pages, API, admin, commands and tasks all call these."""

from claims.services.identity import merge, undo_merge
from claims.services.judge import assess_credibility, settle, withdraw_verdict
from claims.services.reliability import grade_source
from claims.services.review import accept, edit, reject, undo, undo_last
from claims.services.store import store_extraction

__all__ = [
    "accept",
    "assess_credibility",
    "edit",
    "grade_source",
    "merge",
    "reject",
    "settle",
    "store_extraction",
    "undo",
    "undo_last",
    "undo_merge",
    "withdraw_verdict",
]
