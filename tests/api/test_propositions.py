from __future__ import annotations

from datetime import date

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.models import Claim, Outcome, Proposition, Verdict
from claims.services import accept, settle, withdraw_verdict
from documents.models import Collection
from tests.factories import ClaimFactory

PROPOSITIONS = "/api/v1/propositions/"
TRUE = {"outcome": "true", "decided_on": "2013-02-01", "evidence": "It was announced."}


@pytest.fixture
def proposition(claim: Claim, analyst: User) -> Proposition:
    accept(claim, by=analyst, wording="The talks have failed.")
    claim.refresh_from_db()
    return claim.proposition


def settled(proposition: Proposition, *, by: User, outcome: str = Outcome.TRUE) -> Verdict:
    return settle(proposition, outcome=outcome, decided_on=date(2013, 2, 1), evidence="announced", by=by)


def test_settling_records_a_verdict(client: APIClient, proposition: Proposition):
    response = client.post(f"{PROPOSITIONS}{proposition.pk}/settle/", TRUE)

    assert response.status_code == 201
    verdict = Verdict.objects.get()
    assert (verdict.outcome, verdict.by.username, verdict.evidence) == ("true", "ana", "It was announced.")
    shown = client.get(f"{PROPOSITIONS}{proposition.pk}/").json()
    assert shown["text"] == "The talks have failed."
    assert shown["verdict"] == response.json()
    assert (shown["verdict"]["id"], shown["verdict"]["in_force"]) == (verdict.pk, True)


def test_a_settled_proposition_is_not_settled_again(client: APIClient, analyst: User, proposition: Proposition):
    settled(proposition, by=analyst)

    response = client.post(f"{PROPOSITIONS}{proposition.pk}/settle/", TRUE | {"outcome": "false"})

    assert (response.status_code, response.json()["code"]) == (409, "proposition_already_settled")
    assert Verdict.objects.get().outcome == "true"


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        (TRUE | {"evidence": ""}, 422, "reason_missing"),
        (TRUE | {"outcome": "maybe"}, 400, "invalid"),
        (TRUE | {"decided_on": "1 February"}, 400, "invalid"),
        ([TRUE], 400, "invalid"),
    ],
)
def test_a_verdict_needs_an_outcome_a_day_and_evidence(
    client: APIClient, proposition: Proposition, given: object, status: int, code: str
):
    response = client.post(f"{PROPOSITIONS}{proposition.pk}/settle/", given)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not Verdict.objects.exists()


def test_a_withdrawn_verdict_stays_on_record(client: APIClient, analyst: User, proposition: Proposition):
    verdict = settled(proposition, by=analyst)

    response = client.post(
        f"{PROPOSITIONS}{proposition.pk}/withdraw/", {"verdict": verdict.pk, "reason": "the paper was wrong"}
    )

    assert (response.status_code, response.json()["in_force"]) == (200, False)
    assert client.get(f"{PROPOSITIONS}{proposition.pk}/").json()["verdict"] is None
    history = client.get(f"{PROPOSITIONS}{proposition.pk}/verdicts/").json()["results"]
    assert [(row["id"], row["withdrawal_reason"]) for row in history] == [(verdict.pk, "the paper was wrong")]


def test_a_verdict_is_withdrawn_once_and_with_a_reason(client: APIClient, analyst: User, proposition: Proposition):
    verdict = settled(proposition, by=analyst)
    address = f"{PROPOSITIONS}{proposition.pk}/withdraw/"

    silent = client.post(address, {"verdict": verdict.pk, "reason": ""})
    withdraw_verdict(verdict, by=analyst, reason="wrong paper")
    again = client.post(address, {"verdict": verdict.pk, "reason": "me too"})

    assert (silent.status_code, silent.json()["code"]) == (422, "reason_missing")
    assert (again.status_code, again.json()["code"]) == (409, "verdict_already_withdrawn")


def test_a_verdict_on_another_proposition_is_unknown_here(client: APIClient, analyst: User, proposition: Proposition):
    elsewhere = settled(ClaimFactory(accepted=True).proposition, by=analyst)

    response = client.post(f"{PROPOSITIONS}{proposition.pk}/withdraw/", {"verdict": elsewhere.pk, "reason": "x"})

    assert (response.status_code, list(response.json()["fields"])) == (400, ["verdict"])


def test_propositions_are_found_by_verdict_and_words(
    client: APIClient, analyst: User, collection: Collection, proposition: Proposition
):
    def proposing(text: str) -> Proposition:
        return ClaimFactory(accepted=True, layer__document__collection=collection, proposition__text=text).proposition

    false, reopened = proposing("Oil is cheap."), proposing("Oil is dear.")
    settled(false, by=analyst, outcome=Outcome.FALSE)
    withdraw_verdict(settled(reopened, by=analyst), by=analyst, reason="wrong paper")

    def found(query: str) -> list[int]:
        return [row["id"] for row in client.get(f"{PROPOSITIONS}?{query}").json()["results"]]

    assert found("") == [reopened.pk, false.pk, proposition.pk]
    assert found("settled=true") == [false.pk]
    assert found("settled=false") == [reopened.pk, proposition.pk]
    assert found("outcome=false") == [false.pk]
    assert found("outcome=true") == []
    assert found("search=failing talks") == [proposition.pk]


def test_a_proposition_claimed_only_elsewhere_is_not_there(client: APIClient):
    hidden = ClaimFactory(accepted=True).proposition

    assert client.get(PROPOSITIONS).json()["results"] == []
    assert client.get(f"{PROPOSITIONS}{hidden.pk}/").status_code == 404
    assert client.post(f"{PROPOSITIONS}{hidden.pk}/settle/", TRUE).status_code == 404
    assert client.post(f"{PROPOSITIONS}{hidden.pk}/withdraw/", {"verdict": 1, "reason": "x"}).status_code == 404
    assert client.get(f"{PROPOSITIONS}{hidden.pk}/verdicts/").status_code == 404
