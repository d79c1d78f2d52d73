"""Every change to claims, propositions, grades and verdicts. Pages, API, admin, commands and tasks all call these."""

from claims.services.accepting import accept
from claims.services.adjudicate import adjudicate, drop_third, word_third
from claims.services.bulk import decide_many
from claims.services.candidates import add_claim, merge_claims, split_claim
from claims.services.discredit import discredit, withdraw_discrediting
from claims.services.flags import clear_flag
from claims.services.identity import merge, undo_merge
from claims.services.judge import assess_credibility, settle, withdraw_verdict
from claims.services.links import (
    accept_link,
    correct_link,
    dismiss_link,
    link_claims,
    link_propositions,
    reopen_link,
)
from claims.services.notes import edit_note, mark_note, take_back_note, write_note
from claims.services.origins import (
    accept_notice,
    confirm_independence,
    dismiss_notice,
    reopen_notice,
    withdraw_independence,
)
from claims.services.propositions import join, merge_propositions, open_new, reword, split_proposition, undo_move
from claims.services.reliability import grade_source
from claims.services.review import edit, reject
from claims.services.store import store_extraction
from claims.services.undoing import undo, undo_last, undo_steps

__all__ = [
    "accept",
    "accept_link",
    "accept_notice",
    "add_claim",
    "adjudicate",
    "assess_credibility",
    "clear_flag",
    "confirm_independence",
    "correct_link",
    "decide_many",
    "discredit",
    "dismiss_link",
    "dismiss_notice",
    "drop_third",
    "edit",
    "edit_note",
    "grade_source",
    "join",
    "link_claims",
    "link_propositions",
    "mark_note",
    "merge",
    "merge_claims",
    "merge_propositions",
    "open_new",
    "reject",
    "reopen_link",
    "reopen_notice",
    "reword",
    "settle",
    "split_claim",
    "split_proposition",
    "store_extraction",
    "take_back_note",
    "undo",
    "undo_last",
    "undo_merge",
    "undo_move",
    "undo_steps",
    "withdraw_discrediting",
    "withdraw_independence",
    "withdraw_verdict",
    "word_third",
    "write_note",
]
