"""Every change to claims, propositions, grades and verdicts. Pages, API, admin, commands and tasks all call these."""

from claims.services.judge import assess_credibility, settle, withdraw_verdict
from claims.services.review import accept, edit, reject, undo, undo_last
from claims.services.store import store_extraction

__all__ = [
    "accept",
    "assess_credibility",
    "edit",
    "reject",
    "settle",
    "store_extraction",
    "undo",
    "undo_last",
    "withdraw_verdict",
]
