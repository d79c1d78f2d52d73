"""Grading and describing sources in the records."""

from __future__ import annotations

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from sources.models import ReliabilityAssessment, Source
from tests.factories import ClaimFactory, PropositionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

SOURCES = "admin:sources_source_changelist"


@pytest.fixture
def keeper(client: Client) -> User:
    user = UserFactory(groups=["admin"], is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def wrong(keeper: User) -> Source:
    """A source that has been wrong ten times."""
    source = SourceFactory(descriptor="a boaster")
    for number in range(10):
        proposition = PropositionFactory(text=f"It rains {number}.")
        ClaimFactory(accepted=True, source=source, proposition=proposition, reported_date=timezone.localdate())
        proposition.verdicts.create(outcome="false", decided_on=timezone.localdate(), evidence="seen", by=keeper)
    return source


def grades() -> list[tuple[str, str, str]]:
    rows = ReliabilityAssessment.objects.order_by("source__descriptor")
    return [(row.source.descriptor, row.grade, row.basis) for row in rows]


def test_selected_sources_are_graded_with_one_basis_and_refusals_are_told(client: Client, wrong: Source):
    banker = SourceFactory(descriptor="a banker")
    chosen = {"action": "grade_selected", "_selected_action": [banker.pk, wrong.pk]}

    asked = client.post(reverse(SOURCES), chosen)
    unfounded = client.post(reverse(SOURCES), {**chosen, "apply": "1", "grade": "B", "basis": " "})
    done = client.post(reverse(SOURCES), {**chosen, "apply": "1", "grade": "B", "basis": "known for years"})

    assert "2 sources are graded alike" in asked.content.decode()
    assert "basis" in unfounded.context["form"].errors
    assert grades() == [("a banker", "B", "known for years")]
    said = [str(message) for message in get_messages(done.wsgi_request)]
    assert said[0].startswith("a boaster: The verdicts on this source suggest E, and you chose B.")
    assert said[1] == "Graded 1 source."


def test_a_departing_grade_is_added_with_its_reason_only(client: Client, wrong: Source):
    address = reverse("admin:sources_reliabilityassessment_add")
    given = {"source": wrong.pk, "grade": "C", "basis": "I know him"}

    refused = client.post(address, given)
    added = client.post(address, {**given, "departure": "he was fed these"})

    assert "departure" in refused.context["adminform"].form.errors
    assert added.status_code == 302
    row = ReliabilityAssessment.objects.get()
    assert (row.grade, row.suggestion, row.departure, row.is_grade) == ("C", "E", "he was fed these", True)


def test_a_source_is_described_in_the_records_through_the_service(client: Client, keeper: User):
    source = SourceFactory(descriptor="a  banker")
    address = reverse("admin:sources_source_change", args=[source.pk])
    inlines = {
        f"{name}-{part}": "0"
        for name in ("aliases", "reliability_assessments")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    client.post(address, {"descriptor": "a banker  in Oran", "kind": "unnamed_person", "access": "direct", **inlines})

    source.refresh_from_db()
    assert (source.descriptor, source.access) == ("a banker in Oran", "direct")


def test_staff_who_see_a_part_of_what_a_source_said_have_no_record_of_it(client: Client):
    clerk = UserFactory(groups=["analyst"], is_staff=True)
    client.force_login(clerk)
    source = ClaimFactory(accepted=True, layer__document__collection__members=[clerk]).source
    before = client.get(reverse(SOURCES)).context["cl"].result_count
    ClaimFactory(accepted=True, source=source)

    assert (before, client.get(reverse(SOURCES)).context["cl"].result_count) == (1, 0)
