"""Gradings that documents print, and all grades of a claim, over the API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim, CredibilityAssessment
from claims.services import accept, assess_credibility
from documents.models import Collection
from exchange.models import PrintedGrading
from exchange.tasks import run_job
from sources.models import ReliabilityAssessment
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory

LIST = "/api/v1/printed-gradings/"


@pytest.fixture
def accepted(collection: Collection) -> Claim:
    layer = TextLayerFactory(document__collection=collection, document__doc_number="C05739545")
    return ClaimFactory(layer=layer, accepted=True)


def printed(claim: Claim, **given: Any) -> PrintedGrading:
    values = {"grade": "3", "words": "possibly true", "said_on": date(2013, 2, 1)} | given
    return PrintedGrading.objects.create(claim=claim, document=claim.layer.document, **values)


def test_what_a_document_prints_is_taken_over_as_the_callers_own_grade(
    client: APIClient, analyst: User, accepted: Claim
):
    of_claim, of_source = printed(accepted), printed(accepted, grade="B", source=accepted.source)

    shown = client.get(f"{LIST}{of_claim.pk}/").json()
    taken = [client.post(f"{LIST}{row.pk}/accept/", {"note": "Still so."}) for row in (of_claim, of_source)]

    assert (shown["grade"], shown["words"], shown["said_on"], shown["source"]) == (
        "3",
        "possibly true",
        "2013-02-01",
        None,
    )
    assert [answer.json()["state"] for answer in taken] == ["confirmed", "confirmed"]
    assert CredibilityAssessment.objects.get().by == analyst
    assert ReliabilityAssessment.objects.get(grade="B").basis == (
        "Printed in C05739545, 2013-02-01: “possibly true”. Still so."
    )


def test_one_is_dismissed_with_a_reason_and_decided_once(client: APIClient, accepted: Claim):
    address = f"{LIST}{printed(accepted).pk}/"

    without = client.post(f"{address}dismiss/", {"reason": " "})
    dismissed = client.post(f"{address}dismiss/", {"reason": "Of another report."})
    again = client.post(f"{address}accept/")
    waiting = client.get(f"{LIST}?state=proposed").json()["results"]

    assert (without.status_code, without.json()["code"]) == (422, "reason_missing")
    assert (dismissed.status_code, dismissed.json()["state"]) == (200, "dismissed")
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert waiting == []
    assert not CredibilityAssessment.objects.exists()


def test_a_collection_is_looked_through_for_them(client: APIClient, collection: Collection, accepted: Claim):
    Claim.objects.filter(pk=accepted.pk).update(
        commitment={"printed_credibility": {"grade": "2", "words": "probably true"}}
    )

    answers = [client.post(f"{LIST}look/", {"collection": collection.pk}) for _ in range(2)]

    assert [(answer.status_code, answer.json()["state"]) for answer in answers] == [(202, "queued")] * 2
    jobs = [answer.json()["id"] for answer in answers]
    for job in jobs:
        run_job(job)
    said = [client.get(f"/api/v1/jobs/{job}/").json()["progress"]["words"] for job in jobs]
    assert said == ["1 new printed grading.", "0 new printed gradings."]
    assert client.get(LIST).json()["results"][0]["words"] == "probably true"


def test_every_grade_of_a_claim_is_listed_the_newest_first(client: APIClient, analyst: User, accepted: Claim):
    for grade in ("3", "2"):
        assess_credibility(accepted, grade=grade, basis="so", by=analyst)

    rows = client.get(f"/api/v1/claims/{accepted.pk}/assessments/").json()["results"]

    assert [row["grade"] for row in rows] == ["2", "3"]


def test_grades_are_kept_from_whoever_gives_a_blind_second_opinion(client: APIClient, analyst: User):
    first = UserFactory()
    collection = CollectionFactory(members=[first, analyst], second_review_share=1.0)
    claim = ClaimFactory(layer__document__collection=collection)
    accept(claim, by=first)
    assess_credibility(claim, grade="2", basis="so", by=first)
    printed(Claim.objects.get(pk=claim.pk))

    assert client.get(f"/api/v1/claims/{claim.pk}/assessments/").json()["results"] == []
    assert client.get(LIST).json()["results"] == []


def test_the_lists_take_the_same_queries_for_more_rows(
    client: APIClient, collection: Collection, django_assert_num_queries: Any
):
    for rows in (1, 3):
        for _ in range(rows - PrintedGrading.objects.count()):
            claim = ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True)
            printed(claim, grade="B", source=claim.source)
        client.get(LIST)
        with django_assert_num_queries(6):
            assert len(client.get(LIST).json()["results"]) == rows
