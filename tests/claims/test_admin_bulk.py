"""Deciding selected claims on the records pages."""

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, Decision, Review
from claims.services import edit
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_selected_claims_are_decided_as_one_step_and_stale_ones_are_left_alone_and_reported(client: Client):
    chief = UserFactory(groups=["admin"], is_staff=True)
    client.force_login(chief)
    collection = CollectionFactory(members=[chief])
    first, second, changed = (ClaimFactory(layer__document__collection=collection) for _ in range(3))
    chosen = {"action": "decide_selected", "_selected_action": [first.pk, second.pk, changed.pk]}
    address = reverse("admin:claims_claim_changelist")

    asked = client.post(address, chosen)
    seen = asked.context["form"]["seen"].value()
    edit(changed, by=UserFactory(), hedge="may")
    done = client.post(address, chosen | {"apply": "1", "decision": "accept", "seen": seen}, follow=True)

    assert "3 claims are decided" in asked.content.decode()
    said = [str(message) for message in done.context["messages"]]
    assert said[0].startswith(f"Claim {changed.pk}: ")
    assert said[1:] == ["Accepted 2 claims, as one step to undo."]
    steps = Review.objects.filter(decision=Decision.ACCEPT)
    assert set(steps.values_list("claim", flat=True)) == {first.pk, second.pk}
    assert steps.values("batch").distinct().count() == 1


def test_a_rejection_without_a_reason_is_refused(client: Client):
    chief = UserFactory(groups=["admin"], is_staff=True)
    client.force_login(chief)
    claim = ClaimFactory(layer__document__collection=CollectionFactory(members=[chief]))
    given = {"action": "decide_selected", "_selected_action": [claim.pk], "apply": "1", "decision": "reject"}

    done = client.post(reverse("admin:claims_claim_changelist"), given | {"seen": f"{claim.pk}:1"}, follow=True)

    assert "needs a reason" in str(next(iter(done.context["messages"])))
    assert Claim.objects.get().state == "candidate"
