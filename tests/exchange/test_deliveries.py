"""Telling webhooks: in order, again after failures, and no more to who is dead."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from documents.models import Collection, Document
from documents.services import mark_failed
from exchange.errors import EventUnknown
from exchange.models import Delivery, DeliveryState, Event, EventType, Webhook
from exchange.services.deliveries import deliver, fan_out, pause_after, prune, with_work
from exchange.services.numbering import number_events
from exchange.services.webhooks import change, replay, send_again, skip_to_now, subscribe
from exchange.tasks import pass_on
from tests.exchange.happening import documents_in, happens_to, round_of
from tests.exchange.receiver import LOCAL, Receiver, hangs, listening, says
from tests.exchange.test_jobs import until
from tests.factories import CollectionFactory, UserFactory
from tests.workers import CeleryWorker

pytestmark = pytest.mark.django_db


def happens_elsewhere(document: Document, times: int) -> None:
    """In a thread of its own, with a connection of its own."""
    try:
        happens_to(document, times)
    finally:
        connection.close()


def test_events_about_one_object_wait_for_each_other_and_others_go_on(
    inbox: Collection, webhook: Webhook, receiver: Receiver
):
    first, second = documents_in(inbox, 2)
    happens_to(first, 3)
    number_events()
    receiver.moods = [says(500)]
    round_of(webhook)

    happens_to(second, 2)
    states = round_of(webhook, waited=False)

    assert states == ["waiting", "waiting", "waiting", "waiting", "waiting"]  # the receiver rests after its failure
    Webhook.objects.filter(pk=webhook.pk).update(retry_at=None)
    assert round_of(webhook, waited=False) == ["waiting", "waiting", "waiting", "delivered", "delivered"]
    assert round_of(webhook) == ["delivered"] * 5
    assert [event["object"]["id"] for event in receiver.taken] == [second.pk, second.pk, first.pk, first.pk, first.pk]
    assert [event["type"] for event in receiver.taken if event["object"]["id"] == first.pk] == [
        "document.extracted",
        "document.failed",
        "document.extracted",
    ]


def test_a_failure_is_noted_and_tried_again_after_a_pause(inbox: Collection, webhook: Webhook, receiver: Receiver):
    receiver.moods = [says(503, Retry_After="120"), hangs(receiver.over), says(302)]
    happens_to(documents_in(inbox)[0])

    round_of(webhook)
    delivery = webhook.deliveries.get()
    assert (delivery.status, delivery.trouble) == (503, "It answered 503.")
    assert timedelta(seconds=110) < delivery.next_attempt_at - timezone.now() <= timedelta(seconds=120)
    assert with_work() == []
    round_of(webhook)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.trouble[:16]) == (None, "No answer within")
    round_of(webhook)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.trouble[:31]) == (302, "It answered 302. Redirects are ")
    assert (webhook.failures, delivery.attempts) == (3, 3)

    assert round_of(webhook) == ["delivered"]
    assert (webhook.failures, webhook.failing_since, webhook.retry_at) == (0, None, None)


def test_pauses_double_and_are_never_the_same_for_all(settings):
    settings.WEBHOOK_PAUSE_SECONDS, settings.WEBHOOK_LONGEST_PAUSE_SECONDS = 4, 60
    random.seed(1)

    for failures, longest in ((1, 4), (2, 8), (3, 16), (5, 60), (4000, 60)):
        pauses = {pause_after(failures) for _ in range(50)}
        assert longest / 2 <= min(pauses) < max(pauses) <= longest
    assert pause_after(1, 30) == 30


def test_a_dead_receiver_is_switched_off_with_a_notice_and_an_event(
    ana: User, inbox: Collection, webhook: Webhook, receiver: Receiver, settings
):
    settings.WEBHOOK_DISABLE_FAILURES, settings.WEBHOOK_DISABLE_HOURS = 3, 1
    receiver.moods = [says(500) for _ in range(9)]
    happens_to(documents_in(inbox)[0])
    for _ in range(4):
        round_of(webhook)
    assert webhook.active  # it has failed often, and not for long

    Webhook.objects.filter(pk=webhook.pk).update(failing_since=timezone.now() - timedelta(hours=2))
    round_of(webhook)

    assert not webhook.active
    assert webhook.notice == "5 calls in a row failed, the last with: It answered 500."
    told = Event.objects.get(type="webhook.disabled")
    assert (told.object_id, told.data) == (webhook.pk, {"failures": 5})
    assert with_work() == []
    assert deliver(webhook.pk) == 0


def test_one_that_is_switched_on_again_is_told_of_all_it_missed(
    inbox: Collection, webhook: Webhook, receiver: Receiver
):
    [document] = documents_in(inbox)
    receiver.moods = [says(410)]
    happens_to(document)
    assert round_of(webhook) == ["waiting"]
    assert webhook.notice.startswith("The receiver answered 410 Gone")
    happens_to(document, 2)
    assert round_of(webhook) == ["waiting"]

    webhook = change(webhook, active=True)

    assert webhook.notice == ""
    assert round_of(webhook) == ["delivered"] * 3


def test_or_only_of_what_comes_if_its_maker_says_so(inbox: Collection, webhook: Webhook, receiver: Receiver):
    change(webhook, active=False)
    [document] = documents_in(inbox)
    happens_to(document, 2)

    skip_to_now(webhook)
    change(webhook, active=True)
    mark_failed(document, code="new", reason="No.")
    mark_failed(document, code="new", reason="No.")
    happens_to(document)

    assert round_of(webhook) == ["delivered"]
    assert [event["type"] for event in receiver.taken] == ["document.extracted"]


def test_an_event_the_receiver_will_never_take_keeps_it_from_no_other_for_long(
    inbox: Collection, webhook: Webhook, receiver: Receiver, settings
):
    settings.WEBHOOK_ATTEMPTS = 3
    refused, taken = documents_in(inbox, 2)
    receiver.refuses = {refused.pk}
    happens_to(refused, 2)
    for turn in range(3):
        happens_to(taken, 2)
        round_of(webhook)
        first, second = webhook.deliveries.filter(event__object_id=refused.pk).order_by("position")
        assert (first.attempts, second.attempts) == (turn + 1, int(turn == 2))
    assert (first.state, second.state) == (DeliveryState.GIVEN_UP, DeliveryState.WAITING)
    assert webhook.deliveries.filter(event__object_id=taken.pk, state=DeliveryState.DELIVERED).count() == 6

    receiver.refuses = set()
    send_again(first)

    assert set(round_of(webhook)) == {DeliveryState.DELIVERED}


def test_a_replay_tells_all_from_an_event_on_once_more(inbox: Collection, webhook: Webhook, receiver: Receiver):
    documents = documents_in(inbox, 3)
    for document in documents:
        happens_to(document)
        round_of(webhook)
    second = Event.objects.order_by("position")[1]

    replay(webhook, since=second.uuid)
    round_of(webhook)

    ids = [event["object"]["id"] for event in receiver.taken]
    assert sorted(ids[3:]) == [documents[1].pk, documents[2].pk]
    with pytest.raises(EventUnknown):
        replay(webhook, since=uuid4())


def test_two_runs_at_once_call_once(inbox: Collection, webhook: Webhook, receiver: Receiver):
    happens_to(documents_in(inbox)[0])
    number_events()
    fan_out(webhook.pk)
    Webhook.objects.filter(pk=webhook.pk).update(holder=uuid4(), lease_until=timezone.now() + timedelta(minutes=1))

    assert (deliver(webhook.pk), with_work()) == (0, [])
    assert fan_out(webhook.pk) == 0
    Webhook.objects.filter(pk=webhook.pk).update(lease_until=timezone.now())
    assert deliver(webhook.pk) == 1
    assert len(receiver.calls) == 1


def test_old_events_go_with_their_deliveries_and_places_are_never_given_twice(
    inbox: Collection, webhook: Webhook, receiver: Receiver
):
    happens_to(documents_in(inbox)[0], 3)
    round_of(webhook)
    Event.objects.update(at=timezone.now() - timedelta(days=400))

    prune()
    number_events()
    assert [event.position for event in Event.objects.all()] == [3]
    assert Delivery.objects.count() == 1
    happens_to(documents_in(inbox)[0])
    number_events()

    assert Event.objects.latest("pk").position == 4


def test_one_look_passes_on_to_all_that_want_it(ana: User, inbox: Collection, webhook: Webhook, receiver: Receiver):
    second, _ = subscribe(by=ana, name="second", url=receiver.url, types=[EventType.CLAIM_ACCEPTED])
    happens_to(documents_in(inbox)[0])

    assert pass_on() == 1

    assert [hook.deliveries.count() for hook in (webhook, second)] == [1, 0]
    assert pass_on() == 1  # nobody has called yet


@pytest.mark.slow
def test_a_receiver_that_fails_hangs_and_returns_gets_every_event_in_order_and_a_dead_one_is_switched_off(
    start_celery_worker: Callable[..., CeleryWorker], receiver: Receiver
):
    ana = UserFactory(username="ana")
    inbox = CollectionFactory(members=[ana])
    documents = documents_in(inbox, 6)
    receiver.moods = [says(500), hangs(receiver.over), says(503), says(500), hangs(receiver.over)]
    moody, secret = subscribe(by=ana, name="moody", url=receiver.url)
    with listening() as dead:
        dead.moods = [hangs(dead.over) for _ in range(1000)]
        never, _ = subscribe(by=ana, name="never", url=dead.url)
        start_celery_worker(
            beat=True,
            concurrency=2,
            EVENT_SECONDS="0.2",
            WEBHOOK_NETWORKS=LOCAL,
            WEBHOOK_READ_SECONDS="0.3",
            WEBHOOK_TOTAL_SECONDS="0.6",
            WEBHOOK_PAUSE_SECONDS="0.05",
            WEBHOOK_LONGEST_PAUSE_SECONDS="0.2",
            WEBHOOK_DISABLE_FAILURES="8",
            WEBHOOK_DISABLE_HOURS=str(1 / 3600),
        )
        busy = [threading.Thread(target=happens_elsewhere, args=[document, 5]) for document in documents]
        for thread in busy:
            thread.start()
        for thread in busy:
            thread.join()

        until(lambda: moody.deliveries.filter(state=DeliveryState.DELIVERED).count() == 30)
        until(lambda: not Webhook.objects.get(pk=never.pk).active)

    taken: dict[int, list[str]] = defaultdict(list)
    for event in receiver.taken:
        if event["id"] not in taken[event["object"]["id"]]:
            taken[event["object"]["id"]].append(event["id"])
    for document in documents:
        in_order = Event.objects.filter(object_id=document.pk, object_kind="document").order_by("pk")
        assert taken[document.pk] == [str(uuid) for uuid in in_order.values_list("uuid", flat=True)]
    assert all(call.signed_with(secret) for call in receiver.calls)
    assert len(receiver.calls) >= 35
    never.refresh_from_db()
    assert "calls in a row failed, the last with: No answer within" in never.notice
    assert Event.objects.get(type="webhook.disabled").object_id == never.pk
    assert never.deliveries.waiting().count() == 30
