"""The OpenAPI description and its page."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from accounts.models import User


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    described: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return described


def test_the_description_is_valid_openapi_3_1(schema: dict[str, Any]):
    validate_schema(schema)

    assert schema["openapi"] == "3.1.1"


def test_the_description_is_made_without_a_warning(tmp_path: object):
    call_command("spectacular", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))  # type: ignore[operator]


def test_every_operation_says_what_it_is_for_and_what_it_refuses(schema: dict[str, Any]):
    operations = [operation for path in schema["paths"].values() for operation in path.values()]

    assert len(operations) >= 24
    for operation in operations:
        assert operation["summary"]
        assert {"400", "401", "403"} <= set(operation["responses"])
        assert operation["security"] == [{"apiKey": []}, {"cookieAuth": []}]


def test_the_refusals_of_an_action_stand_with_their_status_code_and_an_example(schema: dict[str, Any]):
    responses = schema["paths"]["/api/v1/claims/{id}/accept/"]["post"]["responses"]

    codes = {
        status: set(response["content"]["application/json"]["examples"])
        for status, response in responses.items()
        if status >= "400"
    }
    assert codes == {
        "400": {"invalid"},
        "401": {"not_authenticated"},
        "403": {"scope_missing"},
        "404": {"not_found"},
        "409": {"claim_already_decided", "call_underway"},
        "412": {"precondition_failed"},
        "422": {"claim_without_source", "idempotency_key_reused"},
        "428": {"precondition_required"},
        "429": {"throttled"},
        "503": {"try_again"},
    }
    for status in codes:
        shape = "Stale" if status == "412" else "Error"
        assert responses[status]["content"]["application/json"]["schema"] == {"$ref": f"#/components/schemas/{shape}"}


def test_filters_and_paging_are_described(schema: dict[str, Any]):
    parameters = schema["paths"]["/api/v1/claims/"]["get"]["parameters"]

    assert {parameter["name"] for parameter in parameters} == {
        "collection",
        "cue",
        "cursor",
        "doc_number",
        "document",
        "expand",
        "fields",
        "order",
        "page_size",
        "proposition",
        "score_max",
        "score_min",
        "search",
        "source",
        "state",
        "type",
    }


def test_the_description_is_served(client: APIClient):
    response = client.get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")

    assert response.status_code == 200
    assert response.json()["info"]["title"] == "Hearsay"


def test_the_page_keeps_the_content_security_policy(analyst: User):
    browser = APIClient()
    browser.force_login(analyst)

    page = browser.get("/api/v1/docs/")

    html = page.content.decode()
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "<style" not in html
    assert html.count("<script src=") == html.count("<script")
    assert "http://" not in html
    assert "https://" not in html
