from __future__ import annotations

from functools import cache

from knox.crypto import hash_token
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.kept import KeptQuery, given
from accounts.models import ApiKey, User, permissions_of
from accounts.services import calling_with, note_use


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer hs_...`; `request.auth` becomes the ApiKey.

    Knox makes and hashes the keys, but its own class loads, and deletes when expired, every other key of the user with
    each request. Here it is one look-up by the hash, with what the user may do, and an expired or revoked key stays on
    record.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = next(iter(_key().ask(digest=hash_token(secret.strip()))), None)
        if key is None or not key.user.is_active:
            raise AuthenticationFailed("This API key is not known, or its account is closed. Ask for a new one.")
        if key.revoked_at is not None:
            raise AuthenticationFailed(f"This API key was revoked on {key.revoked_at:%Y-%m-%d}. Ask for a new one.")
        if key.is_expired:
            raise AuthenticationFailed(f"This API key expired on {key.expiry:%Y-%m-%d}. Ask for a new one.")
        note_use(key)
        key.user.remember_permissions(key.granted)
        return calling_with(key), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Hearsay"'


@cache
def _key() -> KeptQuery[ApiKey]:
    keys = ApiKey.objects.filter(digest=given("digest")).select_related("user")
    return KeptQuery(keys.annotate(granted=permissions_of("user")))
