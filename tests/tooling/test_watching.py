import pytest
from django.db import DatabaseError, connections

pytestmark = pytest.mark.django_db


def test_the_process_says_that_it_lives(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})
    assert len(response["X-Request-Id"]) == 32


def test_it_is_ready_while_the_database_answers(client):
    assert client.get("/readyz").json() == {"status": "ready"}


def test_it_is_not_ready_without_the_database(client, monkeypatch):
    def gone(*_arguments, **_options):
        raise DatabaseError

    monkeypatch.setattr(connections["default"], "cursor", gone)  # the proxy would lose it when this is undone

    response = client.get("/readyz")

    assert response.status_code == 503
    assert "database" in response.json()["detail"]


def test_browsers_that_ask_for_an_icon_get_ours(client):
    response = client.get("/favicon.ico")

    assert response["Location"].endswith("hearsay/icon.svg")
