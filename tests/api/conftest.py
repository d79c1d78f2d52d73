"""Callers of the API, and one claim with all that hangs on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import create_key
from claims.models import Claim
from documents.models import Collection
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

Connect = Callable[..., APIClient]


class AnyStateClient(APIClient):
    """Sends `If-Match: *` where a test says nothing: whatever state a row is in."""

    def request(self, **kwargs: Any) -> Any:
        return super().request(**{"HTTP_IF_MATCH": "*"} | kwargs)


@pytest.fixture
def connect() -> Connect:
    """A client that calls with a key of `user` that has all scopes, or only those named."""

    def _connect(user: User, *scopes: str) -> APIClient:
        _, secret = create_key(user, name="test", scopes=list(scopes or ("read", "propose", "review")))
        client = AnyStateClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return client

    return _connect


@pytest.fixture
def analyst(db: None) -> User:
    return UserFactory(username="ana", groups=["analyst"])


@pytest.fixture
def collection(analyst: User) -> Collection:
    return CollectionFactory(name="Inbox", members=[analyst])


@pytest.fixture
def client(connect: Connect, analyst: User) -> APIClient:
    """The analyst's own client, by key."""
    return connect(analyst)


@pytest.fixture
def claim(collection: Collection) -> Claim:
    """A candidate in the analyst's collection."""
    return ClaimFactory(layer__document__collection=collection, layer__document__doc_number="C05739545")
