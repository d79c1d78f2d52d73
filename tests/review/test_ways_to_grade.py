"""Reliability and credibility change only with a basis, whichever way they are changed, and always leave history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.contrib.messages import get_messages
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import create_key
from claims.errors import IndependentOriginMissing
from claims.models import Claim, CredibilityAssessment
from sources.models import ReliabilityAssessment
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db

RELIABILITY, CREDIBILITY = "reliability", "credibility"
KINDS = (RELIABILITY, CREDIBILITY)
GRADES = {RELIABILITY: "B", CREDIBILITY: "3"}
ROWS = {RELIABILITY: ReliabilityAssessment, CREDIBILITY: CredibilityAssessment}
TABLES = {RELIABILITY: "sources_reliabilityassessment", CREDIBILITY: "claims_credibilityassessment"}


@dataclass
class World:
    """Somebody who may do everything, in a browser and with a key, and a claim."""

    user: User
    claim: Claim
    browser: Client
    api: APIClient

    def about(self, kind: str) -> int | None:
        return self.claim.source_id if kind == RELIABILITY else self.claim.pk


@pytest.fixture
def world(client: Client) -> World:
    user = UserFactory(groups=["admin"], is_staff=True)
    client.force_login(user)
    _, secret = create_key(user, name="test", scopes=["read", "review"])
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    claim = ClaimFactory(accepted=True, layer__document__collection=CollectionFactory(members=[user]))
    return World(user, claim, client, api)


def by_page(world: World, kind: str, basis: str) -> None:
    name = "sources:grade_record" if kind == RELIABILITY else "review:assess"
    world.browser.post(reverse(name, args=[world.about(kind)]), {"grade": GRADES[kind], "basis": basis})


def by_admin(world: World, kind: str, basis: str) -> None:
    about = {"source": world.about(kind)} if kind == RELIABILITY else {"claim": world.about(kind)}
    world.browser.post(reverse(f"admin:{TABLES[kind]}_add"), {**about, "grade": GRADES[kind], "basis": basis})


def by_bulk_action(world: World, kind: str, basis: str) -> None:
    records = "admin:sources_source_changelist" if kind == RELIABILITY else "admin:claims_claim_changelist"
    chosen = {"action": "grade_selected", "_selected_action": [world.about(kind)], "apply": "1"}
    world.browser.post(reverse(records), {**chosen, "grade": GRADES[kind], "basis": basis})


def by_api(world: World, kind: str, basis: str) -> None:
    rows = "sources" if kind == RELIABILITY else "claims"
    given = {"grade": GRADES[kind], "basis": basis}
    world.api.post(f"/api/v1/{rows}/{world.about(kind)}/assess/", given, format="json")


def by_sql(world: World, kind: str, basis: str) -> None:
    fields, values = ("source_id, topic, suggestion, departure, is_grade", "'', '', '', true")
    if kind == CREDIBILITY:
        fields, values = "claim_id, confidence", "''"
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(
            f"INSERT INTO {TABLES[kind]} ({fields}, grade, basis, by_id, at) VALUES (%s, {values}, %s, %s, %s, now())",  # noqa: S608 -- a test's own words
            [world.about(kind), GRADES[kind], basis, world.user.pk],
        )


WAYS = [by_page, by_admin, by_bulk_action, by_api, by_sql]
Way = Callable[[World, str, str], None]


def history(kind: str) -> list[tuple[str, str, str]]:
    """Every event of the table, oldest first: what happened, grade and basis then."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pgh_label, grade, basis FROM {TABLES[kind]}event ORDER BY pgh_id")  # noqa: S608
        return list(cursor.fetchall())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_with_a_basis_a_grade_is_added_and_its_history_kept(world: World, way: Way, kind: str):
    way(world, kind, "known for years")

    rows = ROWS[kind].objects.values_list("grade", "basis", "by")
    assert list(rows) == [(GRADES[kind], "known for years", world.user.pk)]
    assert history(kind) == [("insert", GRADES[kind], "known for years")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("basis", ["", " \n\t"])
def test_without_a_basis_nothing_is_added(world: World, way: Way, kind: str, basis: str):
    if way is by_sql:
        with pytest.raises(DatabaseError, match=f"{kind}_has_basis"):
            way(world, kind, basis)
    else:
        way(world, kind, basis)

    assert not ROWS[kind].objects.exists()
    assert history(kind) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET grade = grade, basis = 'another'", "UPDATE {} SET basis = ''", "DELETE FROM {}"],
)
def test_what_stands_is_neither_changed_nor_taken_away_by_sql(world: World, kind: str, statement: str):
    by_page(world, kind, "known for years")

    refused = pytest.raises(DatabaseError, match=r"Cannot (update|delete)")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(TABLES[kind]))

    assert history(kind) == [("insert", GRADES[kind], "known for years")]


@pytest.mark.parametrize("kind", KINDS)
def test_many_rows_changed_at_once_past_the_services_are_refused_and_added_ones_recorded(world: World, kind: str):
    source = {"source": world.claim.source, "is_grade": True}
    about = source if kind == RELIABILITY else {"claim": world.claim}
    judgement = {**about, "grade": GRADES[kind], "by": world.user}

    ROWS[kind].objects.bulk_create([ROWS[kind](**judgement, basis="first"), ROWS[kind](**judgement, basis="second")])
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        ROWS[kind].objects.update(basis="third")
    with pytest.raises(DatabaseError, match=f"{kind}_has_basis"), transaction.atomic():
        ROWS[kind].objects.bulk_create([ROWS[kind](**judgement, basis=" ")])

    assert [basis for _, _, basis in history(kind)] == ["first", "second"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", [by_page, by_admin, by_bulk_action, by_api])
def test_the_history_says_whose_doing_it_was(world: World, way: Way, kind: str):
    way(world, kind, "known for years")

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (context.metadata ->> 'user')::bigint FROM pghistory_context context "  # noqa: S608
            f"JOIN {TABLES[kind]}event event ON event.pgh_context_id = context.id"
        )
        assert cursor.fetchall() == [(world.user.pk,)]


def test_selected_claims_are_graded_with_one_basis_and_refusals_are_told(world: World):
    other = ClaimFactory(accepted=True, layer__document__collection=world.claim.collection)
    chosen = {"action": "grade_selected", "_selected_action": [world.claim.pk, other.pk]}
    address = reverse("admin:claims_claim_changelist")

    asked = world.browser.post(address, chosen)
    done = world.browser.post(address, {**chosen, "apply": "1", "grade": "2", "basis": "seen", "likelihood": "80"})
    refused = world.browser.post(address, {**chosen, "apply": "1", "grade": "1", "basis": "seen"})

    assert "2 claims are graded alike" in asked.content.decode()
    assert done.status_code == 302
    assert sorted(CredibilityAssessment.objects.values_list("claim", "grade", "likelihood")) == sorted(
        [(world.claim.pk, "2", 80), (other.pk, "2", 80)]
    )
    [_, *told] = [str(message) for message in get_messages(refused.wsgi_request)]
    assert told == [f"{claim}: {IndependentOriginMissing(claim.pk)}" for claim in (other, world.claim)]
