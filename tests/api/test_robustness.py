"""Whatever is sent, the API answers in its own shape and never fails."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.api.inputs import Input
from accounts.models import User
from claims.api import inputs
from claims.models import Claim
from claims.services import accept
from sources.api.serializers import ReliabilityInput
from tests.factories import ClaimFactory

pytestmark = pytest.mark.slow
often = settings(max_examples=20, deadline=None, database=None, suppress_health_check=list(HealthCheck))

FORMS: dict[str, type[Input]] = {
    "claims/{candidate}/accept/": inputs.AcceptInput,
    "claims/{candidate}/reject/": inputs.RejectInput,
    "claims/{candidate}/edit/": inputs.EditInput,
    "claims/{accepted}/undo/": inputs.UndoInput,
    "claims/{candidate}/assess/": inputs.CredibilityInput,
    "sources/{source}/assess/": ReliabilityInput,
    "propositions/{proposition}/settle/": inputs.SettleInput,
    "propositions/{proposition}/withdraw/": inputs.WithdrawInput,
}
FILTERS = ["state", "collection", "document", "source", "search", "doc_number", "cue", "score_min", "type", "cursor"]
ODD = [
    "",
    "2013-01-01",
    "true",
    "asserts",
    "A",
    "3",
    "NaN",
    "inf",
    "1e999",
    "٣",
    "'",
    '" or -',
    "a:b & !",
    "\\",
    "\x00",
]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(ODD)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["cue", "content", "x"]), inner),
    max_leaves=6,
)
places = st.lists(st.lists(st.integers(-2, 70), min_size=1, max_size=3), max_size=3)
spans = st.dictionaries(st.sampled_from(["source", "cue", "content", "circumstance"]), places)


@pytest.mark.parametrize("path", FORMS)
def test_any_body_gets_an_answer(client: APIClient, analyst: User, claim: Claim, path: str):
    accepted = ClaimFactory(layer__document__collection=claim.layer.document.collection)
    accept(accepted, by=analyst)
    accepted.refresh_from_db()
    address = "/api/v1/" + path.format(
        candidate=claim.pk, accepted=accepted.pk, source=accepted.source_id, proposition=accepted.proposition_id
    )
    fields = {name: values | spans if name == "spans" else values for name in FORMS[path]().fields}

    @often
    @given(values | st.fixed_dictionaries({}, optional=fields))
    def send(body: Any) -> None:
        with transaction.atomic():
            response = client.post(address, json.dumps(body), content_type="application/json")
            transaction.set_rollback(True)
        assert response.status_code < 300 or {"code", "detail"} <= set(response.json())

    send()


@pytest.mark.parametrize("path", ["claims", "documents", "sources", "propositions", "collections"])
def test_any_query_gets_an_answer(client: APIClient, claim: Claim, path: str):
    @often
    @given(st.dictionaries(st.sampled_from(FILTERS), st.text(max_size=15) | st.sampled_from(ODD), max_size=2))
    def ask(query: dict[str, str]) -> None:
        response = client.get(f"/api/v1/{path}/?{urlencode(query, errors='surrogatepass')}")
        assert response.status_code < 300 or {"code", "detail"} <= set(response.json())

    ask()
