"""The pages of sources."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from documents.models import Collection
from sources.models import Source
from tests.factories import UserFactory
from tests.review.demo import company_of, source_with_a_record


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def reviewer(collection: Collection) -> User:
    user = UserFactory(groups=["reviewer"], username="rev", first_name="Rafael", last_name="Ortiz")
    collection.members.add(user)
    return user


@pytest.fixture
def source(analyst: User, reviewer: User, collection: Collection, today: date) -> Source:
    made = source_with_a_record(collection, analyst=analyst, reviewer=reviewer, today=today)
    company_of(made, collection, today=today)
    return made


def page(client: Client, source: Source, **query: str) -> str:
    response = client.get(reverse("sources:source", args=[source.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_tells_the_record_in_words_and_as_a_picture(browser_of_analyst: Client, source: Source):
    html = page(browser_of_analyst, source, suggestion="shown")

    assert "verdicts confirmed" in html
    assert html.count('<svg class="chart record') == 2
