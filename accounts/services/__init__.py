"""Changes to accounts: people get roles, machines get keys; their calls are counted, their answers kept."""

from accounts.services.answers import claim_name, clear_outdated_answers, keep_answer
from accounts.services.counts import Allowance, count_call
from accounts.services.keys import calling_with, collections_named, create_key, give_key, note_use, revoke_key
from accounts.services.people import create_user, importer, set_preference

__all__ = [
    "Allowance",
    "calling_with",
    "claim_name",
    "clear_outdated_answers",
    "collections_named",
    "count_call",
    "create_key",
    "create_user",
    "give_key",
    "importer",
    "keep_answer",
    "note_use",
    "revoke_key",
    "set_preference",
]
