from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim
from claims.services import accept
from documents.models import Collection
from sources.models import ReliabilityAssessment, Source, SourceKind
from sources.services import assess_reliability
from tests.api.conftest import Connect
from tests.factories import ClaimFactory, SourceFactory, UserFactory

SOURCES = "/api/v1/sources/"


@pytest.fixture
def source(claim: Claim, analyst: User) -> Source:
    """The source of the analyst's one accepted claim."""
    accept(claim, by=analyst, new_source="A person in the cabinet")
    claim.refresh_from_db()
    return claim.source


@pytest.fixture
def reviewer(connect: Connect, collection: Collection) -> APIClient:
    """A client of somebody whose judgements count as the grade, in the analyst's collection."""
    rea = UserFactory(username="rea", groups=["reviewer"])
    collection.members.add(rea)
    return connect(rea)


def test_a_source_is_shown_with_its_aliases_and_grade(client: APIClient, source: Source):
    shown = client.get(f"{SOURCES}{source.pk}/").json()

    assert {name: shown[name] for name in shown if name != "created_at"} == {
        "id": source.pk,
        "descriptor": "A person in the cabinet",
        "sanitised": False,
        "sanitised_name": "",
        "kind": "unnamed_person",
        "anonymous": True,
        "access": "unknown",
        "placement": "",
        "motive": "",
        "expertise": "",
        "aliases": ["A source close to the cabinet"],
        "merged_into": None,
        "reliability": "F",
        "reliability_judged": False,
    }


def test_assessing_adds_a_grade_and_the_newest_counts(reviewer: APIClient, source: Source):
    first = reviewer.post(f"{SOURCES}{source.pk}/assess/", {"grade": "B", "basis": "long record"})
    reviewer.post(f"{SOURCES}{source.pk}/assess/", {"grade": "D", "basis": "it failed us", "review_by": "2030-01-01"})
    reviewer.post(f"{SOURCES}{source.pk}/assess/", {"grade": "A", "basis": "knows oil", "topic": "oil"})

    assert (first.status_code, first.json()["grade"], first.json()["by"]) == (201, "B", "rea")
    shown = reviewer.get(f"{SOURCES}{source.pk}/").json()
    assert (shown["reliability"], shown["reliability_judged"]) == ("D", True)
    history = reviewer.get(f"{SOURCES}{source.pk}/assessments/").json()["results"]
    assert [(row["grade"], row["topic"], row["basis"]) for row in history] == [
        ("A", "oil", "knows oil"),
        ("D", "", "it failed us"),
        ("B", "", "long record"),
    ]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"grade": "B", "basis": " "}, 422, "basis_missing"),
        ({"grade": "G", "basis": "x"}, 400, "invalid"),
        ({"basis": "x"}, 400, "invalid"),
        ({"grade": "B", "basis": "x", "reviewby": "2030-01-01"}, 400, "invalid"),
    ],
)
def test_grades_off_the_scale_or_without_a_basis_are_refused(
    client: APIClient, source: Source, given: dict[str, str], status: int, code: str
):
    response = client.post(f"{SOURCES}{source.pk}/assess/", given)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not ReliabilityAssessment.objects.exists()


def test_sources_are_found_by_kind_and_by_words_of_descriptor_or_alias(
    client: APIClient, analyst: User, source: Source
):
    paper = SourceFactory(descriptor="The evening paper", kind=SourceKind.DOCUMENT, created_by=analyst)

    def found(query: str) -> list[int]:
        return [row["id"] for row in client.get(f"{SOURCES}?{query}").json()["results"]]

    assert found("") == [paper.pk, source.pk]
    assert found("kind=document") == [paper.pk]
    assert found("search=cabin") == [source.pk]
    assert found("search=close cabinet") == [source.pk]
    assert found("search=cabinet&kind=document") == []


def test_a_source_heard_only_elsewhere_is_not_there(client: APIClient):
    hidden = ClaimFactory(accepted=True).source

    assert client.get(SOURCES).json()["results"] == []
    assert client.get(f"{SOURCES}{hidden.pk}/").status_code == 404
    assert client.post(f"{SOURCES}{hidden.pk}/assess/", {"grade": "B", "basis": "x"}).status_code == 404
    assert client.get(f"{SOURCES}{hidden.pk}/assessments/").status_code == 404


def test_a_grade_on_one_topic_is_not_the_general_grade(client: APIClient, analyst: User, source: Source):
    assess_reliability(source, grade="A", basis="knows oil", by=analyst, topic="oil")

    shown = client.get(f"{SOURCES}{source.pk}/").json()

    assert (shown["reliability"], shown["reliability_judged"]) == ("F", False)
