"""Jobs, the change feed and webhooks over the API."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import create_key
from claims.models import Claim
from claims.services import accept
from documents.models import Collection
from exchange.models import Job, Webhook
from exchange.services.deliveries import fan_out
from exchange.services.jobs import start
from exchange.services.numbering import number_events
from exchange.signing import secret_of
from exchange.tasks import run_job
from tests.api.conftest import Connect
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

HOOK = {"name": "CMS", "url": "https://cms.example.org/hooks", "types": ["claim.accepted"]}


@pytest.fixture
def admin(connect: Connect, analyst: User) -> APIClient:
    return connect(analyst, "admin")


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_job_shows_how_far_it_is_and_hands_over_its_result(client: APIClient, analyst: User):
    job = start("rehearsal", by=analyst, parameters={"steps": 2, "write": "née\n"})
    waiting = client.get(f"/api/v1/jobs/{job.pk}/").json()
    assert (waiting["state"], waiting["result"], waiting["error"]) == ("queued", None, None)
    assert client.get(f"/api/v1/jobs/{job.pk}/result/").json()["code"] == "job_not_done"

    run_job(job.pk)

    done = client.get(f"/api/v1/jobs/{job.pk}/").json()
    assert (done["state"], done["progress"]) == ("done", {"done": 2, "total": 2, "words": "All steps"})
    assert done["result"]["url"] == f"http://testserver/api/v1/jobs/{job.pk}/result/"
    fetched = client.get(done["result"]["url"], HTTP_ACCEPT="text/plain")
    assert (fetched.status_code, body_of(fetched)) == (200, "née\nnée\n".encode())
    assert fetched["Content-Disposition"] == 'attachment; filename="rehearsal.txt"'
    assert (fetched["Content-Type"], fetched["Content-Length"]) == ("text/plain", "10")


def test_an_expired_result_is_gone(client: APIClient, analyst: User):
    job = start("rehearsal", by=analyst, parameters={"write": "x"})
    run_job(job.pk)
    Job.objects.update(result_until="2020-01-01T00:00Z")

    answer = client.get(f"/api/v1/jobs/{job.pk}/result/")

    assert (answer.status_code, answer.json()["code"]) == (410, "result_gone")


def test_a_job_that_failed_says_so(client: APIClient, analyst: User):
    job = start("rehearsal", by=analyst, parameters={"raise": "understood"})

    run_job(job.pk)

    shown = client.get(f"/api/v1/jobs/{job.pk}/").json()
    assert (shown["state"], shown["error"]) == (
        "failed",
        {"code": "bad_row", "detail": "Row 3 has no source. Give it one."},
    )


def test_a_job_is_cancelled_with_the_scope_it_took_to_start_it(connect: Connect):
    root = UserFactory(groups=["admin"])
    job = start("recompute", by=root)

    refused = connect(root, "read").post(f"/api/v1/jobs/{job.pk}/cancel/")
    first, second = (connect(root, "read", "admin").post(f"/api/v1/jobs/{job.pk}/cancel/") for _ in range(2))

    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert (first.status_code, first.json()["state"]) == (200, "cancelled")
    assert (second.status_code, second.json()["code"]) == (409, "job_ended")


def test_jobs_are_listed_by_state_and_kind(client: APIClient, analyst: User):
    done, waiting = start("rehearsal", by=analyst), start("recompute", by=analyst)
    run_job(done.pk)
    start("recompute", by=UserFactory())

    def listed(query: str = "") -> list[int]:
        return [row["id"] for row in client.get(f"/api/v1/jobs/{query}").json()["results"]]

    assert listed() == [waiting.pk, done.pk]
    assert listed("?state=done") == [done.pk]
    assert listed("?kind=recompute") == [waiting.pk]


def test_a_limited_key_sees_its_own_jobs_and_webhooks_alone(analyst: User, collection: Collection):
    start("rehearsal", by=analyst)
    _, secret = create_key(analyst, name="CMS", scopes=["read", "admin"], collections=[collection])
    limited = APIClient()
    limited.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    APIClient().force_login(analyst)

    made = limited.post("/api/v1/webhooks/", HOOK)

    assert limited.get("/api/v1/jobs/").json()["results"] == []
    assert [row["id"] for row in limited.get("/api/v1/webhooks/").json()["results"]] == [made.json()["id"]]
    assert Webhook.objects.get().limited_by is not None


def test_the_feed_is_read_on_from_where_it_ended(client: APIClient, analyst: User, claim: Claim):
    start_of_it = client.get("/api/v1/events/").json()
    accept(claim, by=analyst)
    accept(ClaimFactory(layer__document__collection=CollectionFactory()), by=analyst)

    read = client.get("/api/v1/events/", {"after": start_of_it["after"]}).json()

    [event] = read["results"]
    assert (event["type"], event["object"]["id"], read["more"]) == ("claim.accepted", claim.pk, False)
    assert client.get(event["object"]["path"]).json()["state"] == "accepted"
    assert client.get("/api/v1/events/", {"after": read["after"]}).json()["results"] == []
    assert client.get("/api/v1/events/", {"after": event["id"]}).json()["results"] == []


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"after": "nonsense"}, 400, "invalid"),
        ({"after": "ZS0x"}, 400, "invalid"),
        ({"after": "6e1ff7d1-6c5e-4b09-9f0e-0d1c1a4e5b11"}, 422, "event_unknown"),
        ({"type": "claim.eaten"}, 400, "invalid"),
        ({"collection": "x"}, 400, "invalid"),
        ({"page_size": "501"}, 400, "invalid"),
        ({"since": "1"}, 400, "invalid"),
    ],
)
def test_the_feed_refuses_what_it_does_not_know(client: APIClient, query: dict[str, str], status: int, code: str):
    answer = client.get("/api/v1/events/", query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_webhook_is_made_changed_and_deleted(admin: APIClient, collection: Collection):
    made = admin.post("/api/v1/webhooks/", {**HOOK, "collections": [collection.pk]})
    address = made["Location"]
    webhook = Webhook.objects.get()
    assert made.status_code == 201
    assert made.json()["secret"] == secret_of(webhook.salt)
    shown = admin.get(address)
    assert "secret" not in shown.json()

    changed = admin.patch(address, {"active": False, "types": []}, HTTP_IF_MATCH=shown["ETag"])
    stale = admin.patch(address, {"active": True}, HTTP_IF_MATCH=shown["ETag"])

    assert (changed.json()["active"], changed.json()["types"]) == (False, [])
    assert stale.status_code == 412
    renewed = admin.post(f"{address}new-secret/").json()["secret"]
    webhook.refresh_from_db()
    assert renewed == secret_of(webhook.salt) != made.json()["secret"]
    assert admin.delete(address).status_code == 204
    assert admin.get(address).status_code == 404


def test_a_repeated_call_does_not_show_the_secret_again(admin: APIClient):
    first, second = (admin.post("/api/v1/webhooks/", HOOK, HTTP_IDEMPOTENCY_KEY="one") for _ in range(2))

    assert first.json()["secret"].startswith("whsec_")
    assert second.json() == {**first.json(), "secret": None}
    assert Webhook.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"url": "https://10.0.0.1/"}, 422, "bad_address"),
        ({"url": "http://localhost:5432/"}, 422, "bad_address"),
        ({"types": ["claim.eaten"]}, 400, "invalid"),
        ({"collections": [999999]}, 400, "invalid"),
        ({"name": ""}, 400, "invalid"),
        ({"secret": "mine"}, 400, "invalid"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(admin: APIClient, given: dict[str, Any], status: int, code: str):
    answer = admin.post("/api/v1/webhooks/", {**HOOK, **given})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Webhook.objects.exists()


def test_the_log_of_a_webhook_is_read_and_one_event_sent_again(admin: APIClient, analyst: User, claim: Claim):
    address = admin.post("/api/v1/webhooks/", HOOK)["Location"]
    accept(claim, by=analyst)
    number_events()
    fan_out(Webhook.objects.get().pk)

    log = admin.get(f"{address}deliveries/").json()["results"]

    assert [(row["type"], row["state"], row["attempts"]) for row in log] == [("claim.accepted", "waiting", 0)]
    assert admin.get(f"{address}deliveries/?state=delivered").json()["results"] == []
    assert admin.post(f"{address}skip-to-now/").status_code == 200
    assert admin.get(f"{address}deliveries/").json()["results"][0]["state"] == "given_up"
    again = admin.post(f"{address}deliveries/{log[0]['id']}/send-again/")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert admin.post(f"{address}deliveries/999/send-again/").status_code == 404
    assert admin.post(f"{address}replay/", {"since": log[0]["event"]}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("path", ["jobs/", "webhooks/", "webhooks/{webhook}/deliveries/"])
def test_lists_take_as_many_queries_for_one_row_as_for_three(
    rows: int, path: str, admin: APIClient, analyst: User, collection: Collection, django_assert_max_num_queries
):
    for _ in range(rows):
        start("rehearsal", by=analyst)
        webhook = admin.post("/api/v1/webhooks/", HOOK).json()["id"]
    for _ in range(rows):
        ClaimFactory(layer__document__collection=collection, accepted=True)
    number_events()
    fan_out(webhook)

    with django_assert_max_num_queries(10):
        assert len(admin.get(f"/api/v1/{path.format(webhook=webhook)}").json()["results"]) == rows
