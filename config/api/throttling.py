"""How many calls a key, or a person logged in, may make (draft-ietf-httpapi-ratelimit-headers-10).

Counted in PostgreSQL, so that all processes and hosts count together (accounts/services/counts.py).
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import ApiKey
from accounts.services import Allowance, count_call

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads the settings that name this module

WINDOW_SECONDS = 60


class CallerThrottle(BaseThrottle):
    """Reading and changing are counted apart: who reads much can still decide."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        policy = "reading" if request.method in SAFE_METHODS else "changing"
        limit = settings.HEARSAY_API_CALLS_PER_MINUTE[policy]
        if not limit or not request.user.is_authenticated:
            return True
        who = f"key {request.auth.pk}" if isinstance(request.auth, ApiKey) else f"user {request.user.pk}"
        self.allowance = count_call(f"{policy} {who}", limit=limit, window=WINDOW_SECONDS)
        view.headers |= _headers(policy, self.allowance)
        return self.allowance.is_kept

    def wait(self) -> float | None:
        return max(1.0, self.allowance.left_seconds) if self.allowance else None


def _headers(policy: str, allowance: Allowance) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"{policy}";q={allowance.limit};w={allowance.window}',
        "RateLimit": f'"{policy}";r={allowance.remaining};t={max(0, ceil(allowance.left_seconds))}',
    }
