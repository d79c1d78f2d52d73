"""The history of a record, as a person reads it."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, PropositionLink
from claims.services import (
    accept,
    accept_link,
    assess_credibility,
    grade_source,
    join,
    merge,
    reject,
    settle,
    undo_last,
    withdraw_verdict,
)
from documents.models import Collection
from ingest import intake
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory
from tests.review.demo_propositions import links_that_wait

pytestmark = pytest.mark.django_db
DAY = date(2013, 2, 1)


@pytest.fixture
def ana() -> User:
    return UserFactory(username="ana", first_name="Ana", last_name="Lindqvist", groups=["admin"], is_staff=True)


@pytest.fixture
def records(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def claim(ana: User) -> Claim:
    claim = ClaimFactory(layer__document__collection=CollectionFactory(name="Numidia"))
    accept(claim, by=ana)
    claim.refresh_from_db()
    return claim


def told(records: Client, row: object) -> list[str]:
    """The sentences of a record's history, newest first, each without its date."""
    kind = row._meta  # type: ignore[attr-defined]  # a model's
    answer = records.get(reverse(f"admin:{kind.app_label}_{kind.model_name}_history", args=[row.pk]))  # type: ignore[attr-defined]
    assert answer.status_code == 200
    sentences = re.findall(r"<li><time.*?</time>\s*<p>(.*?)</p></li>", answer.content.decode(), re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", "", each)).split()) for each in sentences]


def test_a_source_tells_its_grades_with_who_and_why(records: Client, ana: User, claim: Claim):
    assert claim.source is not None
    grade_source(claim.source, grade="C", basis="First look.", by=ana)
    grade_source(claim.source, grade="B", basis="Two reports held.", by=ana)

    newest = told(records, claim.source)[0]

    # Both within a second: one step, the newer letter after the older.
    assert newest.startswith("Ana Lindqvist: ")
    assert "reliability C → B" in newest
    assert "because Two reports held." in newest


def test_a_source_described_on_the_records_pages_tells_the_field_and_who(records: Client, ana: User, claim: Claim):
    source = claim.source
    assert source is not None
    address = reverse("admin:sources_source_change", args=[source.pk])
    form = records.get(address).context["adminform"].form
    given = {name: form[name].value() or "" for name in form.fields} | {"placement": "Prime Minister's office"}
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0}
    for prefix in ("aliases", "reliability_assessments"):
        given |= {f"{prefix}-{name}": value for name, value in empty.items()}

    assert records.post(address, given).status_code == 302

    assert "Ana Lindqvist: placement “Prime Minister's office”" in " ".join(told(records, source))


def test_a_source_tells_with_whom_it_was_found_to_be_one(records: Client, ana: User, claim: Claim):
    assert claim.source is not None
    double = SourceFactory(descriptor="Man in the office")
    merge(double, claim.source, by=ana, reason="The same words.")

    sentences = " ".join(told(records, claim.source))

    assert "found to be one with “Man in the office”" in sentences
    assert "because The same words." in sentences


def test_a_claim_tells_its_decision_what_it_changed_and_what_was_undone(records: Client, ana: User):
    claim = ClaimFactory()
    reject(claim, by=ana, reason="Duplicate")
    undo_last(by=ana)

    sentences = " ".join(told(records, claim))

    assert "state “Awaiting review” → Rejected" in sentences
    assert "because Duplicate" in sentences
    assert "undid: rejected" in sentences


def test_a_claim_tells_its_credibility(records: Client, ana: User, claim: Claim):
    assess_credibility(claim, grade="3", basis="Only report.", by=ana, likelihood=60)

    assert any("credibility 3" in each and "because Only report." in each for each in told(records, claim))


def test_a_proposition_tells_its_verdict_and_its_withdrawal(records: Client, ana: User, claim: Claim):
    assert claim.proposition is not None
    verdict = settle(claim.proposition, outcome="true", decided_on=DAY, evidence="A later cable.", by=ana)
    withdraw_verdict(verdict, by=ana, reason="The cable was forged.")

    sentences = " ".join([*told(records, claim.proposition), *told(records, verdict)])

    assert "verdict true, known since 1 Feb 2013" in sentences
    assert "verdict true withdrawn" in sentences
    assert "because The cable was forged." in sentences


def test_a_proposition_tells_which_claims_joined_it(records: Client, ana: User, claim: Claim):
    other = ClaimFactory(layer__document__collection=claim.collection)
    accept(other, by=ana)
    other.refresh_from_db()
    assert claim.proposition is not None
    join(other, claim.proposition, by=ana, reason="The same talks.")

    assert any("joined: 1 claim came from" in each for each in told(records, claim.proposition))


def test_a_document_tells_how_it_was_read(records: Client, ana: User):
    document, _ = intake.receive(b"A memo.", name="memo.txt", collection=CollectionFactory(), added_by=ana)

    (came,) = told(records, document)

    assert came == "Ana Lindqvist: added: state Waiting to be read"


def test_a_link_tells_who_decided_it(records: Client, ana: User):
    collection: Collection = CollectionFactory(members=[ana])
    link, _other = links_that_wait(collection, today=DAY)
    accept_link(link, by=ana)

    sentences = " ".join(told(records, PropositionLink.objects.get(pk=link.pk)))

    assert "state Proposed → " in sentences
    assert "by “Ana Lindqvist”" not in sentences


def test_the_history_of_what_is_in_other_collections_is_not_there(client: Client, claim: Claim):
    client.force_login(UserFactory(groups=["analyst"], is_staff=True))

    answer = client.get(reverse("admin:claims_claim_history", args=[claim.pk]))

    assert answer.status_code == 302  # Django's own answer for a record that is not there
    assert answer["Location"] == reverse("admin:index")
