"""One shape for every refusal."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.test import APIClient

from accounts.errors import UnknownRole
from claims.models import Claim, Review
from config.api import errors
from config.api.urls import router
from documents.api.views import CollectionViewSet
from documents.models import Collection


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("get", "/api/v1/claims/999999/", 404, "not_found"),
        ("get", "/api/v1/claims/99999999999999999999999/", 404, "not_found"),
        ("get", "/api/v1/claims/first/", 404, "no_such_address"),
        ("get", "/api/v1/rumours/", 404, "no_such_address"),
        ("post", "/api/v1/claims/1%0A2/accept/", 404, "no_such_address"),
        ("post", "/api/v1/claims", 404, "no_such_address"),
        ("put", "/api/v1/claims/1/", 405, "method_not_allowed"),
        ("delete", "/api/v1/documents/1/", 405, "method_not_allowed"),
        ("post", "/api/v1/sources/", 405, "method_not_allowed"),
        ("post", "/api/v1/sources/?rumour=1&rumour=2", 405, "method_not_allowed"),
        ("options", "/api/v1/claims/", 405, "method_not_allowed"),
    ],
)
def test_what_is_not_there_is_refused_in_the_same_shape(
    client: APIClient, method: str, path: str, status: int, code: str
):
    response = getattr(client, method)(path)

    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert set(response.json()) == {"code", "detail"}
    assert response.json()["code"] == code
    assert response.json()["detail"]


def test_an_address_without_its_slash_is_told_so(client: APIClient):
    assert "end in a slash" in client.get("/api/v1/claims").json()["detail"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "parse_error"),
        ("[" * 100_000, "application/json", 400, "parse_error"),
        (b'{"reason": "\xff"}', "application/json", 400, "parse_error"),
        ('{"reason": NaN}', "application/json", 400, "parse_error"),
        ("[]", "application/json", 400, "invalid"),
        ("7", "application/json", 400, "invalid"),
        ('{"reason": "\\u0000"}', "application/json", 400, "invalid"),
        ('{"reason": "\\ud800"}', "application/json", 400, "invalid"),
        ('{"reason": "no", "\\ud800": 1}', "application/json", 400, "invalid"),
        ('{"reason": "no", "raeson": "no"}', "application/json", 400, "invalid"),
        ('{"reason": "no", "reason": "Duplicate"}', "application/json", 400, "parse_error"),
        ('{"reason": "no", "seconds": "NaN"}', "application/json", 400, "invalid"),
        ("reason=no", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (json.dumps({"reason": "x" * 1024 * 1024}), "application/json", 413, "body_too_large"),
    ],
    ids=[
        "cut off",
        "nested too deeply",
        "not UTF-8",
        "not a number",
        "a list",
        "a number",
        "null character",
        "half a character",
        "half a character misspelt",
        "misspelt",
        "given twice",
        "not a number of seconds",
        "a form",
        "too large",
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    client: APIClient, claim: Claim, body: str, content_type: str, status: int, code: str
):
    response = client.post(f"/api/v1/claims/{claim.pk}/reject/", body, content_type=content_type)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["detail"]
    assert not claim.reviews.exists()


def test_half_a_character_that_is_no_choice_is_told_with_the_field(client: APIClient, claim: Claim):
    body = '{"decision": "a\\ud83dz", "claims": []}'

    response = client.post("/api/v1/claims/bulk/", body, content_type="application/json")

    assert response.status_code == 400
    assert response.json()["fields"]["decision"] == ['"a\\ud83dz" is not a valid choice.']


def test_a_form_with_too_many_fields_is_refused(client: APIClient, collection: Collection):
    response = client.post("/api/v1/documents/", {f"field{n}": "x" for n in range(1001)}, format="multipart")

    assert (response.status_code, response.json()["code"]) == (400, "parse_error")


def test_a_wrong_value_is_refused_by_field_and_in_one_sentence(client: APIClient, claim: Claim):
    response = client.post(f"/api/v1/claims/{claim.pk}/accept/", {"stance": "maybe", "sauce": 1})
    nested = client.post(f"/api/v1/claims/{claim.pk}/accept/", {"stance": "maybe"})

    assert response.json() == {
        "code": "invalid",
        "detail": "sauce: There is no such field here. Known are: "
        "source, new_source, wording, proposition, stance, seconds.",
        "fields": {
            "sauce": [
                "There is no such field here. Known are: source, new_source, wording, proposition, stance, seconds."
            ]
        },
    }
    assert nested.json()["fields"] == {"stance": ['"maybe" is not a valid choice.']}


def test_an_answer_in_another_format_cannot_be_had(client: APIClient):
    response = client.get("/api/v1/claims/", HTTP_ACCEPT="text/csv")

    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_who_calls_too_often_is_told_when_to_come_back(client: APIClient, monkeypatch: pytest.MonkeyPatch):
    def tired(*_: object) -> None:
        raise Throttled(wait=30)

    monkeypatch.setattr(CollectionViewSet, "check_throttles", tired)

    response = client.get("/api/v1/collections/")

    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (429, "throttled", "30")


def test_a_fault_of_ours_is_told_apart_and_gives_nothing_away(
    client: APIClient, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(CollectionViewSet, "get_queryset", broken)
    client.raise_request_exception = False

    response = client.get("/api/v1/collections/")

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "secret" not in response.content.decode()
    assert response["X-Request-Id"]


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_a_call_that_the_database_ends_for_another_is_to_be_sent_again(
    client: APIClient, claim: Claim, monkeypatch: pytest.MonkeyPatch, state: str
):
    def ended(*_: object, **__: object) -> None:
        Claim.objects.filter(pk=claim.pk).update(hedge="half-done")
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")

    monkeypatch.setattr("claims.services.accept", ended)

    response = client.post(f"/api/v1/claims/{claim.pk}/accept/", headers={"Idempotency-Key": "one"})

    assert (response.status_code, response.json()["code"], response["Retry-After"]) == (503, "try_again", "1")
    monkeypatch.undo()
    assert Claim.objects.get(pk=claim.pk).hedge != "half-done"
    response = client.post(f"/api/v1/claims/{claim.pk}/accept/", headers={"Idempotency-Key": "one"})
    assert response.status_code == 200, "the refusal is not kept as the answer to this name"


def test_a_fault_of_a_page_is_not_told_in_json():
    response = errors.server_error(RequestFactory().get("/review/"))

    assert response.status_code == 500
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("error", "status", "shape"),
    [
        (PermissionDenied(), 403, {"code": "permission_denied", "detail": "You may not do this."}),
        (Http404("claim 7"), 404, {"code": "not_found", "detail": "There is nothing here that you may see."}),
        (ValidationError("Not today."), 400, {"code": "invalid", "detail": "Not today."}),
        (
            ValidationError([{"reason": ["Missing."]}, {}, {"non_field_errors": ["Odd."]}]),
            400,
            {
                "code": "invalid",
                "detail": "0.reason: Missing. 2: Odd.",
                "fields": {"0.reason": ["Missing."], "2": ["Odd."]},
            },
        ),
    ],
)
def test_an_error_raised_anywhere_in_a_view_gets_the_shape(error: Exception, status: int, shape: dict[str, object]):
    response = errors.error_response(error, {})

    assert (response.status_code, response.data) == (status, shape)


def test_a_refusal_without_a_status_of_its_own_is_unprocessable():
    assert errors.status_of(UnknownRole("king", known=["viewer"])) == 422


def test_the_root_lists_what_there_is(client: APIClient):
    lists = {prefix for prefix, view, _ in router.registry if hasattr(view, "list") or hasattr(view, "create")}

    said = client.get("/api/v1/").json()

    assert said == {name: f"http://testserver/api/v1/{name}/" for name in lists}
    assert {"claims", "documents", "sources", "propositions", "impact", "verdicts"} <= lists
    assert APIClient().get("/api/v1/").status_code == 401


@pytest.mark.parametrize(
    ("method", "headers", "status", "said"),
    [
        ("PUT", {}, 405, "Known here are: GET, POST"),
        ("POST", {"content-type": "text/plain"}, 415, "Send application/json."),
        ("GET", {"accept": "text/csv"}, 406, "Answers here are application/json"),
    ],
)
def test_a_call_that_is_made_wrongly_is_told_how_to_make_it(
    client: APIClient, method: str, headers: dict[str, str], status: int, said: str
):
    response = client.generic(method, "/api/v1/claims/", b"x", headers.pop("content-type", ""), headers=headers)

    assert response.status_code == status
    assert said in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"grade": "3", "basis": 7}, {"basis": ["Give text, in quotation marks."]}),
        ({"grade": "3"}, {"basis": ["This field is required."]}),
    ],
)
def test_a_number_does_not_pass_for_text(client: APIClient, claim: Claim, body: dict[str, object], said: object):
    response = client.post(f"/api/v1/claims/{claim.pk}/assess/", body)

    assert (response.status_code, response.json()["fields"]) == (400, said)


def test_true_does_not_pass_for_a_number(client: APIClient, claim: Claim):
    response = client.post(f"/api/v1/claims/{claim.pk}/reject/", {"reason": "no", "seconds": True})

    assert (response.status_code, response.json()["fields"]) == (400, {"seconds": ["Give a number."]})


@pytest.mark.parametrize("word", ["0", "yes", "off", ""])
def test_a_form_says_true_or_false_in_these_words(client: APIClient, collection: Collection, word: str):
    sent = {"file": SimpleUploadedFile("claims.csv", b"x"), "kind": "claims", "collection": "Inbox", "dry_run": word}

    response = client.post("/api/v1/imports/", sent, format="multipart")

    assert (response.status_code, response.json()["fields"]) == (400, {"dry_run": ["Give true or false."]})


def test_a_collection_of_an_impossible_name_is_not_there(client: APIClient, collection: Collection):
    file = SimpleUploadedFile("memo.txt", b"It rains.")

    response = client.post("/api/v1/documents/", {"file": file, "collection": "In\0box"}, format="multipart")

    assert (response.status_code, list(response.json()["fields"])) == (400, ["collection"])


@pytest.mark.parametrize("word", ["banana", "null", "1"])
def test_what_is_neither_true_nor_false_does_not_pass_for_no_filter(client: APIClient, word: str):
    response = client.get(f"/api/v1/propositions/?settled={word}")

    assert (response.status_code, response.json()["fields"]) == (400, {"settled": ["Give true or false."]})


def test_a_time_is_taken_however_exactly_a_clock_tells_it(client: APIClient, claim: Claim):
    response = client.post(f"/api/v1/claims/{claim.pk}/reject/", {"reason": "no", "seconds": 37_712.763339191726})

    assert response.status_code == 200
    assert Review.objects.get().seconds == pytest.approx(37_712.763)
