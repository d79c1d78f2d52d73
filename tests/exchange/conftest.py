"""An analyst with a collection, and a webhook of theirs with somebody who listens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.models import User
from documents.models import Collection
from exchange.models import Webhook
from exchange.services.webhooks import subscribe
from tests.exchange.receiver import LOCAL, Receiver, listening
from tests.factories import CollectionFactory, UserFactory


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(username="ana", groups=["reviewer"])


@pytest.fixture
def inbox(ana: User) -> Collection:
    return CollectionFactory(name="Inbox", members=[ana])


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = [LOCAL]
    settings.WEBHOOK_READ_SECONDS = 0.3
    settings.WEBHOOK_TOTAL_SECONDS = 0.8
    with listening() as receiver:
        yield receiver


@pytest.fixture
def webhook(receiver: Receiver, ana: User) -> Webhook:
    return subscribe(by=ana, name="CMS", url=receiver.url)[0]
