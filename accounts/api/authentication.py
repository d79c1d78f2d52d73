from __future__ import annotations

from knox.crypto import hash_token
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiKey, User
from accounts.services import calling_with, note_use


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer hs_...`; `request.auth` becomes the ApiKey.

    Knox makes and hashes the keys, but its own class loads, and deletes when expired, every other key of the user with
    each request. Here it is one look-up by the hash, and an expired or revoked key stays on record.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = ApiKey.objects.select_related("user").filter(digest=hash_token(secret.strip())).first()
        if key is None or not key.user.is_active:
            raise AuthenticationFailed("This API key is not known, or its account is closed. Ask for a new one.")
        if key.revoked_at is not None:
            raise AuthenticationFailed(f"This API key was revoked on {key.revoked_at:%Y-%m-%d}. Ask for a new one.")
        if key.is_expired:
            raise AuthenticationFailed(f"This API key expired on {key.expiry:%Y-%m-%d}. Ask for a new one.")
        note_use(key)
        return calling_with(key), key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Hearsay"'
