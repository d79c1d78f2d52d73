"""What no browser sends: every form refuses it in words, and nothing is written."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, Discrediting, Review
from claims.services import accept
from documents.models import Collection
from review.models import SavedSearch
from tests.factories import ClaimFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def claim(collection: Collection) -> Claim:
    return ClaimFactory(layer__document__collection=collection)


@pytest.mark.parametrize("spans", ["[" * 50_000, '{"content": [[0, ' + "9" * 5_000 + "]]}"], ids=["deep", "long"])
@pytest.mark.parametrize(("step", "field"), [("edit", "spans"), ("split", "contents")])
def test_places_that_python_cannot_read_are_unreadable(
    browser_of_analyst: Client, claim: Claim, step: str, field: str, spans: str
):
    address = reverse(f"review:{step}", args=[claim.pk])

    answer = browser_of_analyst.post(address, {"expected_version": "1", field: spans}, headers=HTMX)

    assert answer.status_code == 422
    assert f"{field}: Enter a valid JSON." in answer.content.decode()
    assert not Review.objects.exists()


def test_a_claim_is_not_added_at_places_that_python_cannot_read(browser_of_analyst: Client, claim: Claim):
    address = reverse("review:add", args=[claim.layer.document_id])

    answer = browser_of_analyst.post(address, {"layer": claim.layer_id, "spans": "[" * 50_000}, headers=HTMX)

    assert answer.status_code == 422
    assert Claim.objects.count() == 1


def test_a_form_with_a_character_that_nothing_stores_is_refused(
    browser_of_analyst: Client, analyst: User, claim: Claim
):
    accept(claim, by=analyst)
    forms = {
        reverse("search:save"): {"q": "talks", "name": "a\0b"},
        reverse("propositions:discredit", args=["claim", claim.pk]): {"reason": "a\0b"},
        reverse("api_keys:revoke"): {"key": "\0"},
        reverse("login"): {"username": "\0", "password": "x"},
    }

    answers = [browser_of_analyst.post(address, given) for address, given in forms.items()]

    assert [answer.status_code for answer in answers] == [400] * len(forms)
    assert all("That request could not be understood" in answer.content.decode() for answer in answers)
    assert not SavedSearch.objects.exists()
    assert not Discrediting.objects.exists()


def test_a_file_may_hold_any_character(browser_of_analyst: Client, collection: Collection):
    file = SimpleUploadedFile("memo.txt", b"It rains.\0")

    answer = browser_of_analyst.post(reverse("ingest:bring_in"), {"files": file, "collection": collection.pk})

    assert answer.status_code == 302
