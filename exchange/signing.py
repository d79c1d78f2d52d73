"""Secrets and signatures of webhooks, as the Standard Webhooks specification 1.0 has them (standardwebhooks.com).

Libraries for many languages check such signatures; docs/api.md has the recipe.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from hashlib import sha256

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from exchange.models import Webhook

PREFIX = "whsec_"


def new_salt() -> str:
    return secrets.token_hex(16)


def secret_of(salt: str, *, installation: str | None = None) -> str:
    """The secret that goes with a salt. It is stored nowhere: who has the database alone cannot sign.

    installation: a secret key of the installation; None: the present one.
    """
    derived = salted_hmac("exchange.webhook", salt, secret=installation or settings.SECRET_KEY, algorithm="sha256")
    return PREFIX + b64encode(derived.digest()).decode()


def signatures(webhook: Webhook, *, event_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one signature for each secret that is good now, separated by spaces.

    While a secret is being changed, the old one signs as well; so do the keys in SECRET_KEY_FALLBACKS.
    """
    salts = [webhook.salt]
    if webhook.old_salt_until and webhook.old_salt_until > timezone.now():
        salts.append(webhook.old_salt)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    made = [sign(secret_of(salt, installation=key), event_id, timestamp, body) for key in keys for salt in salts]
    return " ".join(made)


def sign(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `id.timestamp.body`. timestamp: seconds since 1970."""
    key = b64decode(secret.removeprefix(PREFIX))
    signature = hmac.new(key, f"{event_id}.{timestamp}.".encode() + body, sha256).digest()
    return f"v1,{b64encode(signature).decode()}"
