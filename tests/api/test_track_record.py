"""A source's record through the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim, Verdict
from claims.services import settle, withdraw_verdict
from documents.models import Collection
from sources.models import Source
from tests.factories import ClaimFactory, SourceFactory

TODAY = timezone.localdate()


@pytest.fixture
def judge(analyst: User, collection: Collection) -> Any:
    """A judged claim of a source: how it turned out, and how many days ago it was made and decided."""

    def _judge(source: Source, outcome: str = "true", *, made: int = 0, decided: int = 0, topic: str = "") -> Claim:
        claim = ClaimFactory(
            accepted=True,
            source=source,
            layer__document__collection=collection,
            proposition__topic=topic,
            reported_date=TODAY - timedelta(made),
        )
        day = TODAY - timedelta(decided)
        settle(claim.proposition, outcome=outcome, decided_on=day, evidence="cable", by=analyst)
        return claim

    return _judge


def test_the_record_comes_with_figures_evidence_and_prior(client: APIClient, judge: Any):
    source = SourceFactory()
    for number in range(10):
        judge(source, "true" if number < 8 else "false")

    found = client.get(f"/api/v1/sources/{source.pk}/track-record/").json()

    assert found.pop("why") == "B with 60 % probability"
    assert [round(bound, 4) for bound in found.pop("interval_80")] == [0.5848, 0.8952]
    assert [round(bound, 4) for bound in found.pop("interval_95")] == [0.4822, 0.9398]
    assert found == {
        "source": source.pk,
        "topic": "",
        "as_of": TODAY.isoformat(),
        "known_at": None,
        "half_life": 730.0,
        "mean": 0.75,
        "n_effective": 10.0,
        "verdicts": {"total": 10, "true": 8, "partly": 0, "false": 2, "undated": 0, "unverifiable": 0},
        "suggestion": "B",
        "evidence": "8 of 10 verdicts confirmed; 80 % interval 58-90 %; B",
        "grade": "",
        "diverges": False,
        "prior": {"confirmed": 1.0, "refuted": 1.0, "fitted_on": None, "kind": "", "families": 0},
        "claims": 10,
        "last_claimed_on": TODAY.isoformat(),
    }


def test_later_verdicts_and_other_topics_are_left_out_and_claims_aged(client: APIClient, judge: Any):
    source = SourceFactory()
    judge(source, "true", made=740, decided=10, topic="Oil")
    judge(source, "false", made=740, decided=5)

    def asked(query: str) -> dict[str, Any]:
        answer: dict[str, Any] = client.get(f"/api/v1/sources/{source.pk}/track-record/?{query}").json()
        return answer

    past = (TODAY - timedelta(10)).isoformat()
    assert (asked(f"as_of={past}")["verdicts"]["total"], asked(f"as_of={past}")["n_effective"]) == (1, 0.5)
    assert asked(f"as_of={past}&half_life=0")["n_effective"] == 1.0
    assert asked("topic=Oil")["verdicts"]["total"] == 1
    assert asked(f"as_of={past}&known_on={past}")["claims"] == 0


@pytest.mark.parametrize("query", ["as_of=soon", "half_life=-1", "half_life=nan", "asof=2013-01-01", "topic="])
def test_a_query_that_cannot_be_meant_is_refused(client: APIClient, judge: Any, query: str):
    source = SourceFactory()
    judge(source)

    assert client.get(f"/api/v1/sources/{source.pk}/track-record/?{query}").status_code == 400


def test_the_series_has_a_point_for_each_day_of_verdicts_and_one_for_today(client: APIClient, judge: Any):
    source = SourceFactory()
    for decided in (30, 20, 20):
        judge(source, "true", made=40, decided=decided)

    points = client.get(f"/api/v1/sources/{source.pk}/track-record/series/").json()["results"]

    assert [point["as_of"] for point in points] == [(TODAY - timedelta(days)).isoformat() for days in (30, 20, 0)]
    assert [point["verdicts"] for point in points] == [1, 3, 3]
    assert all(low < point["mean"] < high for point in points for low, high in [point["interval_80"]])


def test_a_record_takes_the_same_queries_for_one_verdict_and_for_many(
    client: APIClient, judge: Any, django_assert_max_num_queries: Any
):
    few, many = SourceFactory(), SourceFactory()
    judge(few)
    for _ in range(5):
        judge(many)

    client.get(f"/api/v1/sources/{few.pk}/track-record/")  # the first call with a key notes that it was used
    counts = []
    for source in (few, many):
        with django_assert_max_num_queries(25) as queries:
            client.get(f"/api/v1/sources/{source.pk}/track-record/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_verdicts_are_found_by_source_outcome_day_and_force(client: APIClient, judge: Any, analyst: User):
    one, other = SourceFactory(), SourceFactory()
    old, false, withdrawn = judge(one, made=40, decided=30), judge(one, "false"), judge(other)
    withdraw_verdict(Verdict.objects.get(proposition=withdrawn.proposition), by=analyst, reason="wrong paper")

    def found(query: str) -> list[int]:
        return [row["proposition"] for row in client.get(f"/api/v1/verdicts/?{query}").json()["results"]]

    assert found("") == [withdrawn.proposition_id, false.proposition_id, old.proposition_id]
    assert found(f"source={one.pk}") == [false.proposition_id, old.proposition_id]
    assert found("outcome=false") == [false.proposition_id]
    assert found("in_force=false") == [withdrawn.proposition_id]
    assert found(f"decided_to={TODAY - timedelta(1)}") == [old.proposition_id]
    assert found(f"proposition={old.proposition_id}") == [old.proposition_id]


def test_verdicts_on_what_was_claimed_only_elsewhere_are_not_listed(client: APIClient, analyst: User):
    hidden = ClaimFactory(accepted=True)
    settle(hidden.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="cable", by=analyst)

    assert client.get("/api/v1/verdicts/").json()["results"] == []
    assert client.get(f"/api/v1/sources/{hidden.source_id}/track-record/").status_code == 404
