import pytest
from django.test import Client

from accounts.models import User
from documents.models import Collection
from tests.factories import CollectionFactory, UserFactory


@pytest.fixture
def analyst(db: None) -> User:
    return UserFactory()


@pytest.fixture
def collection(analyst: User) -> Collection:
    return CollectionFactory(name="Cabinet", members=[analyst])


@pytest.fixture
def browser_of_analyst(client: Client, analyst: User) -> Client:
    client.force_login(analyst)
    return client
