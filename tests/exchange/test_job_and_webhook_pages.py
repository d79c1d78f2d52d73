"""The pages of jobs and webhooks."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from documents.models import Collection, DocumentState
from documents.services import mark_extracted, mark_failed
from exchange.models import DeliveryState, Job, JobState, Webhook
from exchange.services.deliveries import fan_out
from exchange.services.jobs import start
from exchange.services.numbering import number_events
from exchange.services.webhooks import subscribe
from exchange.signing import secret_of
from exchange.tasks import run_job
from tests.factories import CollectionFactory, DocumentFactory, UserFactory


@pytest.fixture
def ana(db: None) -> User:
    return UserFactory(username="ana", groups=["analyst"])


@pytest.fixture
def inbox(ana: User) -> Collection:
    return CollectionFactory(name="Inbox", members=[ana])


@pytest.fixture
def page(client: Client, ana: User) -> Client:
    client.force_login(ana)
    return client


@pytest.fixture
def webhook(ana: User, inbox: Collection) -> Webhook:
    """One that waits to be told of two events."""
    made, _ = subscribe(by=ana, name="newsroom CMS", url="https://cms.example.org/hooks", collections=[inbox.pk])
    document = DocumentFactory(collection=inbox, state=DocumentState.READ)
    mark_extracted(document)
    mark_failed(document, code="empty", reason="Nothing in it.")
    number_events()
    fan_out(made.pk)
    return made


def words_of(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_the_page_of_jobs_says_how_far_they_are_and_asks_again_while_one_runs(page: Client, ana: User):
    assert "No jobs yet" in page.get("/jobs/").content.decode()
    done = start("rehearsal", by=ana, parameters={"write": "x"})
    run_job(done.pk)
    running = start("recompute", by=ana)
    Job.objects.filter(pk=running.pk).update(done=250, total=1000, words="Sources")

    html = page.get("/jobs/").content.decode()

    assert 'hx-trigger="every 2s"' in html
    assert '<progress max="1000" value="250"' in html
    assert "250 of 1000" in words_of(html)
    assert f"/jobs/{done.pk}/result/" in html
    part = page.get("/jobs/", HTTP_HX_REQUEST="true").content.decode()
    assert part.strip().startswith('<div id="jobs"')
    page.post(f"/jobs/{running.pk}/cancel/")
    assert "every 2s" not in page.get("/jobs/").content.decode()


def test_a_result_is_fetched_and_one_that_expired_is_said_to_be(page: Client, ana: User):
    job = start("rehearsal", by=ana, parameters={"write": "x"})
    run_job(job.pk)

    assert b"".join(page.get(f"/jobs/{job.pk}/result/").streaming_content) == b"x"
    Job.objects.update(result_until=timezone.now())
    answer = page.get(f"/jobs/{job.pk}/result/", follow=True)
    assert "has expired and was deleted" in answer.content.decode()


def test_a_job_is_cancelled_once_and_nobody_elses(page: Client, ana: User):
    own, other = start("rehearsal", by=ana), start("rehearsal", by=UserFactory())

    page.post(f"/jobs/{own.pk}/cancel/")
    again = page.post(f"/jobs/{own.pk}/cancel/", follow=True)

    own.refresh_from_db()
    assert own.state == JobState.CANCELLED
    assert "there is nothing left to cancel" in again.content.decode()
    assert page.post(f"/jobs/{other.pk}/cancel/").status_code == 404
    assert page.get(f"/jobs/{other.pk}/result/").status_code == 404


def test_a_webhook_is_made_and_its_secret_shown_once(page: Client, inbox: Collection):
    form = {"name": "CMS", "url": "https://cms.example.org/", "types": ["claim.accepted"], "collections": [inbox.pk]}

    made = page.post("/webhooks/", form).content.decode()

    webhook = Webhook.objects.get()
    assert secret_of(webhook.salt) in made
    assert (webhook.types, webhook.collections) == (["claim.accepted"], [inbox.pk])
    assert secret_of(webhook.salt) not in page.get("/webhooks/").content.decode()


def test_a_bad_address_is_refused_beside_the_field(page: Client, inbox: Collection):
    answer = page.post("/webhooks/", {"name": "CMS", "url": "https://192.168.1.1/"})

    assert answer.status_code == 422
    assert "leads into a private network" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_the_page_of_a_webhook_shows_its_log_and_sends_again(page: Client, webhook: Webhook):
    address = f"/webhooks/{webhook.pk}/"
    first = webhook.deliveries.earliest("pk")
    webhook.deliveries.update(state=DeliveryState.DELIVERED, attempts=1, status=204, milliseconds=12)

    html = words_of(page.get(address).content.decode())
    assert "document.extracted" in html
    assert "12 ms" in html
    assert "Nothing yet" in page.get(address, {"state": "given_up"}).content.decode()

    page.post(f"/webhooks/deliveries/{first.pk}/send-again/")
    assert webhook.deliveries.waiting().get() == first
    page.post(f"/webhooks/deliveries/{first.pk}/replay/")
    assert webhook.deliveries.waiting().count() == 2


def test_a_dead_webhook_says_so_and_is_switched_on_again(page: Client, webhook: Webhook):
    Webhook.objects.update(active=False, notice="12 calls in a row failed, the last with: Nobody listens there.")
    address = f"/webhooks/{webhook.pk}/"
    for path in ("/webhooks/", address):
        assert "12 calls in a row failed" in page.get(path).content.decode()

    page.post(f"{address}switch/", {"to": "skip"})

    webhook.refresh_from_db()
    assert (webhook.active, webhook.notice, webhook.deliveries.waiting().count()) == (True, "", 0)
    page.post(f"{address}switch/", {"to": "off"})
    webhook.refresh_from_db()
    assert not webhook.active
    renewed = page.post(f"{address}new-secret/").content.decode()
    webhook.refresh_from_db()
    assert secret_of(webhook.salt) in renewed
    page.post(f"{address}delete/")
    assert not Webhook.objects.exists()


def test_nobody_sees_anothers_webhook_and_a_viewer_none(page: Client, client: Client, webhook: Webhook):
    delivery = webhook.deliveries.earliest("pk")
    client.force_login(UserFactory(groups=["analyst"]))
    assert client.get(f"/webhooks/{webhook.pk}/").status_code == 404
    assert client.post(f"/webhooks/deliveries/{delivery.pk}/send-again/").status_code == 404
    client.force_login(UserFactory(groups=["viewer"]))
    refused = client.get("/webhooks/")
    assert refused.status_code == 403
    assert "This needs the role “analyst”" in refused.content.decode()
    assert client.get("/jobs/").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_take_as_many_queries_for_one_row_as_for_three(
    rows: int, page: Client, ana: User, webhook: Webhook, django_assert_max_num_queries
):
    for _ in range(rows):
        start("rehearsal", by=ana)
    webhook.deliveries.filter(pk__gte=webhook.deliveries.earliest("pk").pk + rows).delete()
    for number in range(rows - 1):
        subscribe(by=ana, name=f"Hook {number}", url="https://cms.example.org/")

    for path, most in (("/jobs/", 7), ("/webhooks/", 9), (f"/webhooks/{webhook.pk}/", 11)):
        with django_assert_max_num_queries(most):
            page.get(path)
