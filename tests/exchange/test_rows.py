"""Claims as a stream of plain records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import ChainLink, Claim, ClaimLink, Question
from claims.services import assess_credibility, reject, settle, withdraw_verdict
from exchange.formats import rows
from exchange.formats.errors import BadSelection
from exchange.formats.rows import stream
from exchange.uids import Uids
from sources.models import ReliabilityAssessment
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    PropositionFactory,
    SourceFactory,
    TextLayerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection() -> Any:
    return CollectionFactory()


@pytest.fixture
def reader(collection: Any) -> Any:
    user = UserFactory()
    collection.members.add(user)
    return user


def a_claim(collection: Any, **fields: Any) -> Claim:
    claim: Claim = ClaimFactory(layer=TextLayerFactory(document__collection=collection), **fields)
    return claim


def test_a_record_says_all_that_stands_beside_an_accepted_claim(reader, collection):
    question = Question.objects.create(text="Have the talks failed?")
    proposition = PropositionFactory(question=question, topic="Talks")
    claim = a_claim(collection, accepted=True, proposition=proposition)
    teller = DocumentSourceFactory(run=claim.run, canonical="An aide")
    for position, told_by in enumerate([teller, claim.document_source]):
        ChainLink.objects.create(claim=claim, position=position, document_source=told_by)
    first = a_claim(collection, accepted=True)
    ClaimLink.objects.create(claim=claim, kind="relays", origin=first, state="confirmed", rule="analyst", by=reader)
    ClaimLink.objects.create(claim=claim, kind="relays", origin_source=SourceFactory(), rule="chain")
    assess_credibility(claim, grade="3", basis="fits", by=reader, likelihood=60, confidence="low")
    settle(proposition, outcome="true", decided_on=date(2013, 1, 1), evidence="a cable", by=reader)
    ReliabilityAssessment.objects.create(source=claim.source, grade="B", basis="record", is_grade=True, by=reader)

    [record] = [record for record in stream(reader) if record.id == claim.pk]

    assert record.content.quote == "the talks have failed"
    assert record.content.fragments == tuple((start, end) for start, end in claim.content_fragments)
    assert record.document.collection == collection.name
    assert [told.canonical for told in record.chain] == ["An aide", "A source close to the cabinet"]
    assert record.source is not None
    assert (record.source.name, record.source.reliability) == (claim.source.descriptor, "B")
    assert record.proposition is not None
    assert (record.proposition.question, record.proposition.topic) == ("Have the talks failed?", "Talks")
    assert record.proposition.verdict is not None
    assert (record.proposition.verdict.outcome, record.proposition.verdict.by) == ("true", reader.username)
    assert record.credibility is not None
    assert (record.credibility.grade, record.credibility.likelihood_words) == ("3", "likely")
    assert [(link.kind, link.claim_id) for link in record.links] == [("relays", first.pk)]
    assert record.proposition.reports is None


def test_a_verdict_that_was_withdrawn_is_told_beside_the_one_in_force(reader, collection):
    claim = a_claim(collection, accepted=True)
    decided = {"decided_on": date(2013, 1, 1), "evidence": "a cable", "by": reader}
    first = settle(claim.proposition, outcome="true", **decided)
    withdraw_verdict(first, by=reader, reason="forged")
    settle(claim.proposition, outcome="false", **decided)

    [record] = stream(reader)

    assert record.proposition is not None
    assert record.proposition.verdict is not None
    assert record.proposition.verdict.outcome == "false"
    assert [(row.outcome, row.withdrawn_at is None) for row in record.proposition.withdrawn] == [("true", False)]


def test_origins_are_counted_where_they_are_asked_for(reader, collection):
    proposition = PropositionFactory()
    told, first = (a_claim(collection, accepted=True, proposition=proposition) for _ in range(2))
    ClaimLink.objects.create(claim=told, kind="relays", origin=first, state="confirmed", rule="analyst", by=reader)

    found = [record.proposition for record in stream(reader, origins=True)]

    assert [(row.reports, row.origins) for row in found if row] == [(2, 1), (2, 1)]


def test_the_words_around_a_span_are_cut_out_of_the_text(reader, collection):
    text = "Monday. 🙂 A source close to the cabinet stated that the talks have failed. More."
    ClaimFactory(layer=TextLayerFactory(document__collection=collection, text=text))

    [record] = stream(reader, context=10)

    assert record.source_span is not None
    assert (record.source_span.before, record.source_span.after) == ("Monday. 🙂 ", " stated th")
    assert (record.content.before, record.content.after) == ("ated that ", ". More.")


def test_the_last_decision_that_stands_is_told(reader, collection):
    claim = a_claim(collection)
    reject(claim, by=reader, reason="a heading")

    [record] = stream(reader)

    assert record.decision is not None
    assert (record.state, record.decision.decision, record.decision.reason) == ("rejected", "reject", "a heading")


def test_nothing_of_a_collection_that_the_reader_may_not_see_comes_out(reader, collection):
    elsewhere = a_claim(CollectionFactory(), accepted=True)
    here = a_claim(collection, accepted=True, proposition=elsewhere.proposition)
    ClaimLink.objects.create(claim=here, kind="relays", origin=elsewhere, state="confirmed", rule="analyst", by=reader)

    [record] = stream(reader)

    assert record.id == here.pk
    assert record.links == ()


def test_a_source_that_also_speaks_elsewhere_is_named_as_here_and_nothing_else_is_said_of_it(reader, collection):
    source = SourceFactory(descriptor="General N.", placement="in the palace", motive="promotion")
    a_claim(CollectionFactory(), accepted=True, source=source)
    here = a_claim(collection, accepted=True, source=source)

    [record] = stream(reader)

    named = Claim.objects.named_for(reader).get(pk=here.pk).source_name
    assert record.source is not None
    assert record.source.name == named == "A source close to the cabinet"
    assert (record.source.sanitised, record.source.placement, record.source.motive) == (True, "", "")


def test_a_merged_source_is_told_as_the_one_that_stands(reader, collection):
    standing = SourceFactory(descriptor="The aide")
    a_claim(collection, accepted=True, source=SourceFactory(merged_into=standing))

    [record] = stream(reader)

    assert record.source is not None
    assert (record.source.id, record.source.name) == (standing.pk, "The aide")


def test_the_filters_are_those_of_the_list_and_as_strict(reader, collection):
    wanted = a_claim(collection, accepted=True)
    a_claim(collection)

    assert [record.id for record in stream(reader, {"state": "accepted"})] == [wanted.pk]
    with pytest.raises(BadSelection, match=r"sate: There is no such parameter here\. Known are: state, document"):
        stream(reader, {"sate": "accepted"})
    with pytest.raises(BadSelection, match="state: Select a valid choice"):
        stream(reader, {"state": "agreed"})
    with pytest.raises(BadSelection, match="cue: It is empty"):
        stream(reader, {"cue": ""})


def test_the_same_row_has_the_same_id_in_every_export(reader, collection):
    claim = a_claim(collection)

    first, second = ([record.uid for record in stream(reader)] for _ in range(2))

    assert first == second == [Uids()("claim", claim.pk)]
    assert Uids()("source", claim.pk) != Uids()("claim", claim.pk)


@pytest.mark.parametrize("origins", [False, True])
def test_a_chunk_takes_as_many_queries_for_three_claims_as_for_one(reader, collection, origins):
    def rated() -> None:
        claim = a_claim(collection, accepted=True)
        assess_credibility(claim, grade="3", basis="fits", by=reader)
        settle(claim.proposition, outcome="true", decided_on=timezone.localdate(), evidence="seen", by=reader)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(stream(reader, origins=origins, context=20))
        return len(captured)

    rated()
    queries()  # the first of all makes the namespace
    of_one = queries()
    rated()
    rated()
    assert queries() == of_one <= (45 if origins else 30)


def test_claims_come_in_chunks_newest_first_and_each_once(reader, collection, monkeypatch):
    monkeypatch.setattr(rows, "CHUNK", 2)
    claims = [a_claim(collection).pk for _ in range(5)]

    assert [record.id for record in stream(reader)] == claims[::-1]
