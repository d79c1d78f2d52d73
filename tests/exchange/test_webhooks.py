"""Webhooks: whose they are, what they are told of, and with which signature."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services import create_key
from documents.models import Collection
from documents.services import mark_failed
from exchange.errors import BadAddress, TooManyWebhooks
from exchange.models import Event, EventType, Webhook
from exchange.services.webhooks import change, new_secret, subscribe, unsubscribe
from exchange.signing import secret_of
from tests.exchange.happening import documents_in, happens_to, round_of
from tests.exchange.receiver import Receiver, says
from tests.factories import CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_webhook_is_told_of_what_happens_from_now_on(ana: User, inbox: Collection, receiver: Receiver):
    [document] = documents_in(inbox)
    happens_to(document)
    webhook, secret = subscribe(by=ana, name="CMS", url=receiver.url)
    mark_failed(document, code="empty", reason="There is nothing in it.")

    assert round_of(webhook) == ["delivered"]

    [call] = receiver.calls
    event = Event.objects.get(type="document.failed")
    assert call.event == {
        "id": str(event.uuid),
        "type": "document.failed",
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "object": {"kind": "document", "id": document.pk, "path": f"/api/v1/documents/{document.pk}/"},
        "collections": [inbox.pk],
        "data": {"state": "failed", "failure_code": "empty"},
    }
    assert call.signed_with(secret)
    assert not call.signed_with(secret_of("another"))
    assert call.headers["webhook-id"] == str(event.uuid)
    delivery = webhook.deliveries.get()
    assert (delivery.status, delivery.attempts, delivery.trouble) == (204, 1, "")
    assert delivery.milliseconds is not None


def test_the_secret_is_stored_nowhere(ana: User, webhook: Webhook):
    stored = str(Webhook.objects.filter(pk=webhook.pk).values().get())

    assert secret_of(webhook.salt).removeprefix("whsec_") not in stored


def test_a_new_secret_signs_beside_the_old_one_for_a_day(inbox: Collection, webhook: Webhook, receiver: Receiver):
    old = secret_of(webhook.salt)
    new = new_secret(webhook)
    documents = documents_in(inbox, 2)

    happens_to(documents[0])
    round_of(webhook)
    Webhook.objects.filter(pk=webhook.pk).update(old_salt_until=timezone.now())
    happens_to(documents[1])
    round_of(webhook)

    assert [(call.signed_with(old), call.signed_with(new)) for call in receiver.calls] == [(True, True), (False, True)]


def test_a_changed_secret_key_of_the_installation_leaves_signatures_good(
    inbox: Collection, webhook: Webhook, receiver: Receiver, settings
):
    secret = secret_of(webhook.salt)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    happens_to(documents_in(inbox)[0])
    round_of(webhook)

    assert receiver.calls[0].signed_with(secret)


def test_types_and_collections_narrow_what_a_webhook_is_told(ana: User, inbox: Collection, receiver: Receiver):
    other = CollectionFactory(members=[ana])
    webhook, _ = subscribe(
        by=ana, name="CMS", url=receiver.url, types=[EventType.DOCUMENT_FAILED], collections=[other.pk]
    )
    for collection in (inbox, other, CollectionFactory()):
        happens_to(documents_in(collection)[0], 2)

    round_of(webhook)

    assert [(event["type"], event["collections"]) for event in receiver.taken] == [("document.failed", [other.pk])]


def test_who_left_a_collection_is_no_longer_told_of_it(
    ana: User, inbox: Collection, webhook: Webhook, receiver: Receiver
):
    receiver.moods = [says(500)]
    happens_to(documents_in(inbox)[0])
    round_of(webhook)

    inbox.members.clear()
    happens_to(documents_in(inbox)[0])

    assert round_of(webhook) == ["out_of_sight"]
    assert len(receiver.calls) == 1


def test_a_webhook_made_with_a_key_is_told_of_the_keys_collections_and_ends_with_it(
    ana: User, inbox: Collection, receiver: Receiver
):
    other = CollectionFactory(members=[ana])
    key, _ = create_key(ana, name="CMS", scopes=["read"], collections=[other])
    ana.limited_by = key
    webhook, _ = subscribe(by=ana, name="CMS", url=receiver.url)
    for collection in (inbox, other):
        happens_to(documents_in(collection)[0])
    round_of(webhook)
    assert [event["collections"] for event in receiver.taken] == [[other.pk]]

    key.revoked_at = timezone.now()
    key.save(update_fields=["revoked_at"])
    happens_to(documents_in(other)[0])
    round_of(webhook)

    assert (webhook.active, len(receiver.calls)) == (False, 1)
    assert webhook.notice.startswith("The API key it was made with is revoked")


def test_bad_addresses_and_too_many_webhooks_are_refused(ana: User, webhook: Webhook, settings):
    settings.WEBHOOKS_PER_USER = 1
    with pytest.raises(TooManyWebhooks):
        subscribe(by=ana, name="second", url="https://cms.example.org/")
    with pytest.raises(BadAddress):
        change(webhook, url="https://10.0.0.1/")

    unsubscribe(webhook)

    assert not Webhook.objects.exists()


def test_everybody_has_webhooks_of_their_own(ana: User, webhook: Webhook):
    assert list(Webhook.objects.visible_to(ana)) == [webhook]
    assert list(Webhook.objects.visible_to(UserFactory(groups=["admin"]))) == []
