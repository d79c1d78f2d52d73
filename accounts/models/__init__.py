"""Who works here: people, their roles (groups, see roles.py), the keys that machines call with, and their calls."""

from accounts.models.answer import StoredAnswer
from accounts.models.count import CallCount
from accounts.models.key import ApiKey, Scope
from accounts.models.people import User, all_collections, memberships_of, permissions_of

__all__ = [
    "ApiKey",
    "CallCount",
    "Scope",
    "StoredAnswer",
    "User",
    "all_collections",
    "memberships_of",
    "permissions_of",
]
