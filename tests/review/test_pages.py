"""The pages around the workbench: login, refusals, things that are not there or broke."""

import pytest
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path, reverse

from config.urls import urlpatterns as real
from tests.factories import UserFactory


def breaks(_request: object) -> None:
    raise RuntimeError("broken on purpose")


def collides(_request: object, state: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")


urlpatterns = [*real, path("breaks/", breaks), path("collides/<state>/", collides)]


@pytest.fixture
def patient(client: Client) -> Client:
    """Shows the error page instead of raising the error."""
    client.raise_request_exception = False
    return client


def test_the_login_page_explains_a_wrong_password(client: Client, db: None):
    response = client.post(reverse("login"), {"username": "ana", "password": "wrong"})

    assert "do not match an account" in response.content.decode()
    assert 'value="ana"' in response.content.decode()


def test_logging_in_leads_to_the_front_page_and_out_to_the_login(client: Client, db: None):
    user = UserFactory()

    entered = client.post(reverse("login"), {"username": user.username, "password": "correct horse battery"})
    left = client.post(reverse("logout"))

    assert entered["Location"] == "/"
    assert left["Location"] == reverse("login")


@override_settings(AXES_ENABLED=True, AXES_FAILURE_LIMIT=2)
def test_guessing_passwords_locks_the_account_for_a_while(client: Client, db: None):
    UserFactory(username="ana")

    for _ in range(3):
        response = client.post(reverse("login"), {"username": "ana", "password": "wrong"})

    assert response.status_code == 429
    assert "Locked for a quarter of an hour" in response.content.decode()


def test_an_unknown_address_offers_a_way_on(client: Client, db: None):
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "There is nothing here for you" in response.content.decode()
    assert reverse("review:queue") in response.content.decode()


def test_a_form_out_of_date_says_what_to_do(db: None):
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(reverse("login"), {"username": "ana", "password": "wrong"})

    assert response.status_code == 403
    assert "This form is out of date" in response.content.decode()


@override_settings(ROOT_URLCONF="tests.review.test_pages")
def test_a_broken_page_says_that_nothing_was_saved(patient: Client, db: None):
    patient.force_login(UserFactory())

    response = patient.get("/breaks/")

    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_a_bad_request_has_a_page(db: None):
    assert "could not be understood" in render_to_string("400.html")


@pytest.mark.parametrize("address", ["/login/", "/review/", "/documents/", "/records/"])
def test_no_page_holds_inline_scripts_or_styles(client: Client, db: None, address: str):
    client.force_login(UserFactory(groups=["admin"], is_staff=True)) if address != "/login/" else None

    html = client.get(address).content.decode()

    assert "<style" not in html
    assert " style=" not in html
    assert "<script>" not in html
    assert " onclick=" not in html


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("state", ["40P01", "40001", "55P03"])
def test_a_page_that_the_database_ended_for_another_says_so_and_what_to_do(browser_of_analyst: Client, state: str):
    answer = browser_of_analyst.get(f"/collides/{state}/")

    assert (answer.status_code, answer["Retry-After"]) == (503, "1")
    assert "Somebody changed the same thing at the same moment" in answer.content.decode()
