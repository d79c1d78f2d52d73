"""Idempotency-Key: a call that is sent twice takes effect once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import StoredAnswer, User
from accounts.services import answers, clear_outdated_answers, create_key
from accounts.tasks import clear_answers
from claims.models import Claim, CredibilityAssessment, Review
from claims.services import undo
from documents.models import Collection, Document
from ingest import intake
from tests.api.conftest import Connect
from tests.api.test_preconditions import at_once
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

API = "/api/v1/"
GRADE = {"grade": "3", "basis": "plausible"}


def assess(client: APIClient, claim: Claim, body: dict[str, Any] | None = None, *, name: str = "one") -> Any:
    return client.post(f"{API}claims/{claim.pk}/assess/", GRADE if body is None else body, HTTP_IDEMPOTENCY_KEY=name)


def test_the_same_call_again_gets_the_same_answer_and_does_nothing(client: APIClient, claim: Claim):
    first = assess(client, claim)
    again = assess(client, claim, {"basis": "plausible", "grade": "3"})

    assert first.status_code == again.status_code == 201
    assert again.json() == first.json()
    assert ("Idempotency-Replayed" in first, again["Idempotency-Replayed"]) == (False, "true")
    assert again["Content-Type"] == first["Content-Type"] == "application/json"
    assert CredibilityAssessment.objects.count() == 1


def test_a_replay_keeps_status_etag_and_location(
    client: APIClient, claim: Claim, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "ring", lambda _: None)
    accept = [
        client.post(f"{API}claims/{claim.pk}/accept/", HTTP_IDEMPOTENCY_KEY="a", HTTP_IF_MATCH='"v1"') for _ in range(2)
    ]
    upload = [send(client, collection, b"A source stated that it failed.", name="u") for _ in range(2)]

    assert [(answer.status_code, answer["ETag"]) for answer in accept] == [(200, '"v2"')] * 2
    assert [answer.status_code for answer in upload] == [201, 201]
    assert upload[0]["Location"] == upload[1]["Location"]
    assert Document.objects.filter(collection=collection).exclude(pk=claim.layer.document_id).count() == 1


def test_another_call_under_the_same_name_is_refused(
    client: APIClient, claim: Claim, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "ring", lambda _: None)
    assess(client, claim)
    send(client, collection, b"one", name="u")
    other = ClaimFactory(layer__document__collection=collection)

    refused = [
        assess(client, claim, {**GRADE, "grade": "4"}),
        assess(client, other),
        send(client, collection, b"two", name="u"),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(422, "idempotency_key_reused")] * 3
    assert CredibilityAssessment.objects.count() == 1


def test_a_refused_call_leaves_its_name_free(client: APIClient, claim: Claim):
    refused = assess(client, claim, {**GRADE, "basis": ""})
    corrected = assess(client, claim)

    assert (refused.status_code, corrected.status_code) == (422, 201)
    assert StoredAnswer.objects.count() == 1


def test_the_names_of_two_keys_and_of_the_session_are_their_own(connect: Connect, analyst: User, claim: Claim):
    browser = APIClient()
    browser.force_login(analyst)

    for caller in (connect(analyst), connect(analyst), browser):
        assert "Idempotency-Replayed" not in assess(caller, claim)

    assert CredibilityAssessment.objects.count() == 3


def test_a_key_that_may_no_longer_do_it_gets_no_answer_again(client: APIClient, analyst: User, claim: Claim):
    assess(client, claim)
    analyst.groups.clear()

    assert assess(client, claim).status_code == 403


@pytest.mark.parametrize("name", ["", "two words", "é", "x" * 256, "\x01"])
def test_a_name_that_cannot_be_kept_is_refused(client: APIClient, claim: Claim, name: str):
    response = assess(client, claim, name=name)

    assert (response.status_code, list(response.json()["fields"])) == (400, ["Idempotency-Key"])


def test_after_a_day_a_name_is_free_and_its_answer_is_cleared(client: APIClient, claim: Claim):
    assess(client, claim, name="old")
    assess(client, claim, name="older")
    assess(client, claim, name="new")
    StoredAnswer.objects.exclude(name="new").update(at=timezone.now() - timedelta(hours=24, seconds=1))

    again = assess(client, claim, {**GRADE, "grade": "4"}, name="old")
    clear_answers()

    assert (again.status_code, "Idempotency-Replayed" in again) == (201, False)
    assert set(StoredAnswer.objects.values_list("name", flat=True)) == {"new", "old"}
    assert clear_outdated_answers() == 0


def test_what_a_call_did_and_its_answer_are_written_together_or_not_at_all(
    client: APIClient, claim: Claim, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the power failed")

    monkeypatch.setattr("config.api.repeats.keep_answer", broken)
    client.raise_request_exception = False

    failed = assess(client, claim)
    monkeypatch.undo()
    again = assess(client, claim)

    assert (failed.status_code, again.status_code) == (500, 201)
    assert CredibilityAssessment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["a decision", "a row", "an upload"])
def test_fifty_calls_at_once_under_one_name_make_one_row(connect: Connect, monkeypatch: pytest.MonkeyPatch, kind: str):
    monkeypatch.setattr(intake, "ring", lambda _: None)
    user = UserFactory(groups=["analyst"])
    collection = CollectionFactory(members=[user])
    claim = ClaimFactory(layer__document__collection=collection)
    _, secret = create_key(user, name="test", scopes=["propose", "review"])

    def call(_number: int) -> Any:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_IF_MATCH='"v1"')
        if kind == "an upload":
            return send(client, collection, b"A source stated that the talks have failed.", name="one")
        if kind == "a row":
            return assess(client, claim)
        return client.post(f"{API}claims/{claim.pk}/accept/", HTTP_IDEMPOTENCY_KEY="one")

    answered = at_once(call, 50)

    made = {"a decision": Review, "a row": CredibilityAssessment, "an upload": Document}[kind].objects
    assert made.count() == (2 if kind == "an upload" else 1)
    assert {answer.status_code for answer in answered} == {200 if kind == "a decision" else 201}
    assert len({answer.content for answer in answered}) == 1
    assert sum("Idempotency-Replayed" in answer for answer in answered) == 49


@pytest.mark.django_db(transaction=True)
def test_a_call_whose_twin_takes_too_long_is_told_to_come_again(connect: Connect, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(answers, "LONGEST_WAIT", timedelta(milliseconds=50))
    user = UserFactory(groups=["analyst"])
    claim = ClaimFactory(layer__document__collection=CollectionFactory(members=[user]))
    client = connect(user)

    def twin(number: int) -> Any:
        return assess(client, claim) if number else None

    assess(client, claim)
    with transaction.atomic():
        StoredAnswer.objects.select_for_update().update(at=timezone.now() - timedelta(days=2))
        (_, response) = at_once(twin, 2)

    assert (response.status_code, response.json()["code"]) == (409, "call_underway")
    assert response["Retry-After"] == "1"
    assert connection.in_atomic_block is False


def test_an_undone_step_is_not_done_again_by_a_late_repeat(client: APIClient, analyst: User, claim: Claim):
    address = f"{API}claims/{claim.pk}/accept/"
    done = client.post(address, HTTP_IDEMPOTENCY_KEY="one")
    undo(Review.objects.get(pk=done.json()["review"]["id"]), by=analyst)

    late = client.post(address, HTTP_IDEMPOTENCY_KEY="one")

    claim.refresh_from_db()
    assert late.json() == done.json()
    assert claim.state == "candidate"


def send(client: APIClient, collection: Collection, content: bytes, *, name: str) -> Any:
    file = SimpleUploadedFile("memo.txt", content, content_type="text/plain")
    body = {"file": file, "collection": collection.name}
    return client.post(f"{API}documents/", body, format="multipart", HTTP_IDEMPOTENCY_KEY=name)
