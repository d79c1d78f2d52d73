"""A collection with one row of everything, for what asks every endpoint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from claims.models import Claim, ClaimLink, GradeFlag, OriginNotice, PropositionLink, Review, SourceSplit, Verdict
from claims.services import (
    accept,
    assess_credibility,
    confirm_independence,
    discredit,
    dismiss_notice,
    join,
    link_claims,
    link_propositions,
    settle,
    write_note,
)
from claims.services.identity import merge
from claims.services.split import split
from documents.models import Collection, DocumentState
from exchange.models import PrintedGrading
from exchange.services.deliveries import fan_out
from exchange.services.jobs import start
from exchange.services.numbering import number_events
from exchange.services.webhooks import subscribe
from sources.models import SourceMerge
from tests.factories import ClaimFactory, DocumentFactory, TextLayerFactory


@dataclass
class World:
    """A collection with one row of everything."""

    collection: Collection
    candidate: Claim
    beside: Claim
    accepted: Claim
    step: Review
    verdict: Verdict
    failed: int
    document: int
    merge: SourceMerge
    split: SourceSplit
    meeting: dict[str, Any]

    @property
    def ids(self) -> dict[str, Any]:
        """By the name that stands for it in tests/api/endpoints.py."""
        return {
            "collection": self.collection.pk,
            "document": self.document,
            "failed": self.failed,
            "candidate": self.candidate.pk,
            "beside": self.beside.pk,
            "layer": self.candidate.layer_id,
            "accepted": self.accepted.pk,
            "step": self.step.pk,
            "source": self.accepted.source_id,
            "proposition": self.accepted.proposition_id,
            "settled": self.verdict.proposition_id,
            "verdict": self.verdict.pk,
            "other": self.merge.into_id,
            "merged": self.merge.absorbed_id,
            "merge": self.merge.pk,
            "split": self.split.pk,
            "claim": self.merge.into.claims.latest("pk").pk,
            "note": self.candidate.notes.get().pk,
            **self.meeting,
        }

    def address(self, template: str) -> str:
        return "/api/v1/" + template.format(**self.ids)

    def body(self, given: object) -> Any:
        """With the ids in place of their names."""
        if isinstance(given, dict):
            return {name: self.body(value) for name, value in given.items()}
        if isinstance(given, list):
            return [self.body(value) for value in given]
        is_name = isinstance(given, str) and given.startswith("{")
        return self.ids[given.strip("{}")] if is_name else given


def world_in(collection: Collection, analyst: User) -> World:
    """One row of everything, all by `analyst`."""
    claim = ClaimFactory(layer__document__collection=collection, layer__document__doc_number="C05739545")
    beside = ClaimFactory(layer=claim.layer, run=claim.run, words=("A source", "stated", "talks"))
    write_note(claim, text="Look.", by=analyst)
    accepted = ClaimFactory(layer=TextLayerFactory(document__collection=collection))
    step = accept(accepted, by=analyst)
    accepted.refresh_from_db()
    other = ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True)
    verdict = settle(other.proposition, outcome="false", decided_on=date(2013, 2, 1), evidence="seen", by=analyst)
    failed = DocumentFactory(collection=collection, state=DocumentState.FAILED, failure_reason="Nothing in it.")
    merged, *more = (
        ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True, **given)
        for given in ({}, *[{"source": other.source}] * 3)
    )
    made = merge(merged.source, other.source, by=analyst, reason="the same")
    parted = split(other.source, claims=[more[0].pk], by=analyst, reason="two people", descriptor="Another")
    together = meeting(collection, analyst) | exchanged(collection, analyst)
    return World(
        collection, claim, beside, accepted, step, verdict, failed.pk, claim.layer.document_id, made, parted, together
    )


def meeting(collection: Collection, by: User) -> dict[str, int]:
    """Five claims with what there is about propositions and origins, by the names in tests/api/endpoints.py."""
    claims = [ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True) for _ in range(6)]
    first, joined, third, fourth, fifth, sixth = claims
    move = join(joined, first.proposition, by=by)
    confirmation = confirm_independence(first, basis="never in contact", by=by)
    assess_credibility(first, grade="2", basis="photographs", by=by)
    discrediting = discredit(first, by=by, reason="forged")
    notices = [
        OriginNotice.objects.create(
            one=one.source, other=other.source, posterior=0.9, shared_true=1, shared_refuted=3, different=0
        )
        for one, other in ((third, fourth), (fifth, sixth))
    ]
    link = PropositionLink.objects.create(
        proposition=third.proposition, other=fourth.proposition, kind="contradicts", rule="quantity"
    )
    return {
        "together": first.proposition_id,
        "joined": joined.pk,
        "move": move.pk,
        "independent": first.pk,
        "confirmation": confirmation.pk,
        "discrediting": discrediting.pk,
        "flag": GradeFlag.objects.latest("pk").pk,
        "link": link.pk,
        "decided": link_propositions(fifth.proposition, sixth.proposition, kind="refines", by=by).pk,
        "claim_link": ClaimLink.objects.create(claim=third, origin=fourth, kind="relays", rule="chain").pk,
        "decided_claim_link": link_claims(fifth, origin=sixth, by=by).pk,
        "notice": notices[0].pk,
        "decided_notice": dismiss_notice(notices[1], by=by).pk,
    }


def exchanged(collection: Collection, by: User) -> dict[str, Any]:
    """A job, and a webhook that waits to be told of one event."""
    webhook, _ = subscribe(by=by, name="CMS", url="https://cms.example.org/")
    DocumentFactory(collection=collection)
    number_events()
    fan_out(webhook.pk)
    delivery = webhook.deliveries.get()
    claim = ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True)
    grading = PrintedGrading.objects.create(
        claim=claim, document=claim.layer.document, grade="3", words="possibly true", said_on=date(2013, 2, 1)
    )
    return {
        "grading": grading.pk,
        "job": start("recompute", by=by).pk,
        "webhook": webhook.pk,
        "delivery": delivery.pk,
        "event": str(delivery.event.uuid),
    }
