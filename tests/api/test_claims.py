"""Reading claims and deciding on them."""

from __future__ import annotations

from datetime import date

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from claims.api import examples
from claims.models import Claim, ClaimState, Decision, Review
from claims.services import accept, edit, reject
from documents.models import Collection
from tests.api.conftest import Connect
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    SourceFactory,
    UserFactory,
)


def url(claim: Claim, action: str = "") -> str:
    return f"/api/v1/claims/{claim.pk}/{action}/".replace("//", "/")


def shape(value: object) -> object:
    """The names in nested answers, without their values."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(inner) for inner in value[:1]] if isinstance(value, list) else "value"


def test_a_claim_is_shown_with_its_words_their_places_and_its_engine(client: APIClient, claim: Claim):
    response = client.get(url(claim))

    assert response.status_code == 200
    assert response["ETag"] == '"v1"'
    assert response.json() == {
        "id": claim.pk,
        "document": {
            "id": claim.layer.document_id,
            "label": "C05739545",
            "doc_number": "C05739545",
            "title": "",
            "collection": {"id": claim.layer.document.collection_id, "name": "Inbox"},
        },
        "text_layer": {"id": claim.layer_id, "version": 1},
        "spans": {
            "source": {"quote": "A source close to the cabinet", "fragments": [[0, 29]]},
            "cue": {"quote": "stated", "fragments": [[30, 36]]},
            "content": {"quote": "the talks have failed", "fragments": [[42, 63]]},
            "circumstance": None,
        },
        "type": "indirect",
        "hedge": "",
        "modality": "fact",
        "score": 0.8,
        "score_calibrated": False,
        "resolution_uncertain": False,
        "state": "candidate",
        "in_document_source": {
            "id": claim.document_source_id,
            "label": claim.document_source.label,
            "canonical": "A source close to the cabinet",
            "kind": "unnamed_person",
            "anonymous": True,
            "access": "",
            "affiliation": "",
            "condition": "",
            "source": None,
        },
        "chain": [],
        "source": None,
        "proposition": None,
        "stance": "",
        "grades": {"reliability": "F", "credibility": "6", "judged": False},
        "information_date": None,
        "reported_date": None,
        "engine": {"name": "test-engine", "version": "1"},
        "version": 1,
        "created_at": claim.created_at.isoformat().replace("+00:00", "Z"),
    }
