"""Files of others come in row by row, each reported, and twice changes nothing."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from claims.models import Claim, ClaimState, Proposition, Review, Verdict
from claims.services import settle
from documents.models import Document, TextLayer
from exchange.formats.exporting import FORMATS, export
from exchange.imports import files
from exchange.imports.claim_reviews import outcome_of
from exchange.imports.errors import BadFile
from exchange.imports.report import ImportReport
from exchange.imports.running import take_in
from exchange.models import KnownRow
from exchange.uids import Uids
from sources.models import Source, SourceAlias
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> Any:
    return UserFactory(username="ann")


@pytest.fixture
def collection(analyst: Any) -> Any:
    return CollectionFactory(members=[analyst])


def as_csv(*rows: dict[str, str]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def results(report: ImportReport) -> list[str]:
    return [str(row.result) for row in report.rows]


A_CLAIM = {
    "external_id": "c1",
    "source": "General Ümit",
    "source_kind": "named_person",
    "content_quote": "the talks have failed",
    "document": "Memo 7",
    "document_date": "2012-03-01",
    "proposition": "The talks have failed.",
    "state": "accepted",
}


def test_a_row_becomes_an_accepted_claim_at_its_place_in_a_document(analyst, collection):
    report = take_in("claims", as_csv(A_CLAIM), collection=collection, by=analyst)

    claim = Claim.objects.select_related("layer__document", "source", "proposition").get()
    assert (results(report), report.words) == (["added"], "1 added, 0 known, 0 differs, 0 refused")
    [[start, end]] = claim.content_fragments
    assert claim.layer.text[start:end] == claim.content_quote == "the talks have failed"
    assert (claim.source_quote, claim.cue_quote) == ("General Ümit", "said")
    assert claim.source is not None
    assert (claim.source.descriptor, claim.source.kind) == ("General Ümit", "named_person")
    assert claim.proposition is not None
    assert claim.proposition.text == "The talks have failed."
    assert (claim.layer.document.title, claim.reported_date) == ("Memo 7", date(2012, 3, 1))
    assert Review.objects.get().analyst == analyst


def test_the_same_file_again_changes_nothing(analyst, collection):
    rows = [A_CLAIM, A_CLAIM | {"external_id": "c2", "content_quote": "the army waits", "proposition": ""}]
    take_in("claims", as_csv(*rows), collection=collection, by=analyst)
    before = [model.objects.count() for model in (Claim, Source, Proposition, Document, TextLayer, Review, KnownRow)]

    again = take_in("claims", as_csv(*rows), collection=collection, by=analyst)

    assert results(again) == ["known", "known"]
    after = [model.objects.count() for model in (Claim, Source, Proposition, Document, TextLayer, Review, KnownRow)]
    assert after == before


def test_a_row_that_says_something_else_now_is_reported_and_not_stored(analyst, collection):
    take_in("claims", as_csv(A_CLAIM), collection=collection, by=analyst)

    report = take_in("claims", as_csv(A_CLAIM | {"content_quote": "they go on"}), collection=collection, by=analyst)

    assert results(report) == ["differs"]
    assert "came with this id and said something else" in report.rows[0].detail
    assert Claim.objects.get().content_quote == "the talks have failed"


def test_rows_of_one_source_and_proposition_meet(analyst, collection):
    denial = A_CLAIM | {"external_id": "c2", "content_quote": "the talks go on", "stance": "denies"}

    take_in("claims", as_csv(A_CLAIM, denial), collection=collection, by=analyst)

    assert (Source.objects.count(), Proposition.objects.count(), Document.objects.count()) == (1, 1, 1)
    assert sorted(Claim.objects.values_list("stance", flat=True)) == ["asserts", "denies"]


def test_a_source_known_from_elsewhere_is_not_taken_for_the_same_by_its_name(analyst, collection):
    Source.objects.create(descriptor="General Ümit")

    take_in("claims", as_csv(A_CLAIM), collection=collection, by=analyst)

    assert Source.objects.filter(descriptor="General Ümit").count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"content_quote": ""}, "content_quote is empty"),
        ({"state": "agreed"}, "state is 'agreed'; write one of candidate"),
        ({"state": "withdrawn"}, "it is withdrawn: it counts no more where it comes from"),
        ({"source": ""}, "it is accepted, and has no source"),
        ({"document_date": "1 March"}, "document_date is '1 March'; write a day as YYYY-MM-DD"),
        ({"verdict": "true"}, "its verdict lacks"),
        ({"source": "x" * 501}, "source has 501 characters"),
        ({"source_kind": "spy"}, "source_kind is 'spy'"),
        ({"content_quote": "a\x07b"}, "control character U+0007"),
        ({"verdict": "true", "verdict_decided_on": "2999-01-01", "verdict_evidence": "x"}, "2999"),
    ],
)
def test_a_row_in_error_leaves_no_trace_and_stops_no_other(analyst, collection, wrong, said):
    good = A_CLAIM | {"external_id": "c2", "content_quote": "the army waits", "proposition": "The army waits."}

    report = take_in("claims", as_csv(A_CLAIM | wrong, good), collection=collection, by=analyst)

    assert results(report) == ["refused", "added"]
    assert report.rows[0].line == 2
    assert said in report.rows[0].detail
    assert [claim.content_quote for claim in Claim.objects.all()] == ["the army waits"]
    assert "failed" not in TextLayer.objects.get().text
    assert (Source.objects.count(), Proposition.objects.count()) == (1, 1)


def test_a_corrected_file_adds_what_was_refused(analyst, collection):
    second = A_CLAIM | {"external_id": "c2", "content_quote": ""}
    take_in("claims", as_csv(A_CLAIM, second), collection=collection, by=analyst)

    report = take_in("claims", as_csv(A_CLAIM, second | {"content_quote": "x y"}), collection=collection, by=analyst)

    assert results(report) == ["known", "added"]
    assert (Document.objects.count(), TextLayer.objects.count()) == (1, 2)


def test_a_dry_run_says_the_same_and_stores_nothing(analyst, collection):
    rows = as_csv(A_CLAIM, A_CLAIM | {"external_id": "c2", "state": "agreed"})

    tried = take_in("claims", rows, collection=collection, by=analyst, dry_run=True)
    there = Claim.objects.exists() or Document.objects.exists() or KnownRow.objects.exists()
    done = take_in("claims", rows, collection=collection, by=analyst)

    assert not there
    assert tried.rows == done.rows


def test_who_may_not_decide_brings_in_candidates_only(collection):
    machine = UserFactory(groups=["integration"])
    collection.members.add(machine)
    rows = as_csv(A_CLAIM, A_CLAIM | {"external_id": "c2", "state": "candidate"})

    report = take_in("claims", rows, collection=collection, by=machine)

    assert results(report) == ["refused", "added"]
    assert "may not decide on claims" in report.rows[0].detail
    assert Claim.objects.get().state == ClaimState.CANDIDATE


@pytest.mark.parametrize("form", ["jsonl", "csv", "csv-bom"])
def test_what_we_export_can_be_taken_in_elsewhere(analyst, collection, form):
    for words in ("the talks have failed", "have failed"):
        layer = TextLayerFactory(document__collection=collection, document__title="=1+1")
        ClaimFactory(layer=layer, words=("A source close to the cabinet", "stated", words), accepted=True)
    ClaimFactory(layer=TextLayerFactory(document__collection=collection))
    data = "".join(export(FORMATS[form], analyst)).encode()
    elsewhere = CollectionFactory(members=[analyst])

    report = take_in("claims", data, collection=elsewhere, by=analyst)

    assert results(report) == ["added"] * 3

    def told(place: Any) -> list[Any]:
        columns = ("content_quote", "cue_quote", "state", "stance", "source__descriptor", "proposition__text")
        return sorted(Claim.objects.filter(collection=place).values_list(*columns), key=str)

    assert told(elsewhere) == told(collection)


def test_sources_come_with_their_wordings(analyst, collection):
    row = {"uid": "s1", "descriptor": "The aide", "kind": "unnamed_person", "aliases": "an aide; the adviser"}

    first = take_in("sources", as_csv(row | {"reliability": "A"}), collection=collection, by=analyst)
    again = take_in("sources", as_csv(row | {"reliability": "A"}), collection=collection, by=analyst)
    bad = take_in(
        "sources",
        as_csv({"descriptor": "", "kind": "group"}, {"descriptor": "x" * 600}),
        collection=collection,
        by=analyst,
    )

    assert (results(first), results(again), results(bad)) == (["added"], ["known"], ["refused", "refused"])
    assert "grades are given by analysts" in first.rows[0].detail
    assert sorted(SourceAlias.objects.values_list("wording", flat=True)) == ["The aide", "an aide", "the adviser"]
    assert not Source.objects.get().reliability_assessments.exists()


def test_claims_and_sources_of_two_files_meet_by_their_ids(analyst, collection):
    take_in("sources", as_csv({"uid": "s1", "descriptor": "The aide"}), collection=collection, by=analyst)

    take_in("claims", as_csv(A_CLAIM | {"source_uid": "s1"}), collection=collection, by=analyst)

    assert Source.objects.get() == Claim.objects.get().source


def test_verdicts_find_their_propositions_by_number_and_by_uid(analyst, collection):
    claims = [ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True) for _ in range(2)]
    rows = [
        {"proposition": str(claims[0].proposition_id), "outcome": "true"},
        {"proposition": str(Uids()("proposition", claims[1].proposition_id)), "outcome": "false"},
        {"proposition": "999999", "outcome": "true"},
        {"proposition": "", "outcome": "true"},
    ]
    data = as_csv(*(row | {"decided_on": "2013-01-01", "evidence": "a cable"} for row in rows))

    report = take_in("verdicts", data, collection=collection, by=analyst)
    again = take_in("verdicts", data, collection=collection, by=analyst)

    assert results(report) == ["added", "added", "refused", "refused"]
    assert results(again) == ["known", "known", "refused", "refused"]
    assert Verdict.objects.count() == 2


A_REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://facts.example.org/7",
    "claimReviewed": "The bridge was closed.",
    "datePublished": "2024-05-06",
    "author": {"@type": "Organization", "name": "Facts Weekly"},
    "reviewRating": {"@type": "Rating", "ratingValue": "1", "bestRating": "5", "alternateName": "False"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "A. Mayor"},
        "datePublished": "2024-05-01",
        "appearance": [{"url": "https://news.example.org/1"}],
    },
}


def test_a_claim_review_becomes_claims_a_verdict_and_a_publisher(analyst, collection):
    data = json.dumps({"@graph": [A_REVIEW, {"@type": "WebPage"}]}).encode()

    report = take_in("claimreview", data, collection=collection, by=analyst)
    again = take_in("claimreview", data, collection=collection, by=analyst)

    assert results(report) == ["added", "added", "refused"]
    assert results(again) == ["known", "known", "refused"]
    said = Claim.objects.accepted().select_related("source", "proposition__question", "layer__document").get()
    assert said.source is not None
    assert (said.source.descriptor, said.reported_date) == ("A. Mayor", date(2024, 5, 1))
    verdict = Verdict.objects.get()
    assert (verdict.proposition, verdict.outcome) == (said.proposition, "false")
    assert "https://facts.example.org/7" in verdict.evidence
    waiting = Claim.objects.awaiting_review().select_related("source").get()
    assert waiting.source is not None
    assert waiting.source.descriptor == "Facts Weekly"


def test_our_own_claim_reviews_can_be_taken_in(analyst, collection):
    claim = ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True)
    ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True)
    assert claim.proposition is not None
    settle(claim.proposition, outcome="false", decided_on=date(2013, 1, 1), evidence="a cable", by=analyst)
    data = "".join(export(FORMATS["claimreview"], analyst)).encode()
    elsewhere = CollectionFactory(members=[analyst])

    report = take_in("claimreview", data, collection=elsewhere, by=analyst)

    assert results(report) == ["added"] * 3
    taken = Claim.objects.accepted().filter(collection=elsewhere)
    assert {row.content_quote for row in taken} == {claim.content_quote}
    assert Verdict.objects.filter(proposition__claims__collection=elsewhere).distinct().get().outcome == "false"


@pytest.mark.parametrize(
    ("rating", "outcome"),
    [
        ({"alternateName": "Pants on Fire!"}, "false"),
        ({"alternateName": "Mostly True"}, "partly"),
        ({"alternateName": "Not true"}, "false"),
        ({"alternateName": "True"}, "true"),
        ({"alternateName": "Unproven"}, "unverifiable"),
        ({"alternateName": "Vier Pinocchios", "ratingValue": 1, "worstRating": 1, "bestRating": 5}, "false"),
        ({"ratingValue": "3"}, "partly"),
        ({"ratingValue": "9"}, ""),
        ({"alternateName": "Schwierig"}, ""),
        ({}, ""),
    ],
)
def test_a_rating_is_told_by_its_words_and_else_by_its_place(rating, outcome):
    assert outcome_of(rating)[0] == outcome


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("claims", b"", "empty"),
        ("claims", b"\xff\xfea", "not UTF-8"),
        ("claims", b"a,a\n1,2\n", "each once"),
        ("claims", b'a,b\n"x"y,2\n', "no CSV"),
        ("claims", b"content_quote\n", "no rows"),
        ("claimreview", b"{", "not JSON"),
        ("claimreview", b"[" * 100_000, "not JSON"),
        ("claimreview", b"[" * 30 + b"]" * 30, "nested more than 20 deep"),
        ("claimreview", b'{"a": NaN}', "not JSON"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(analyst, collection, kind, data, said):
    with pytest.raises(BadFile, match=said):
        take_in(kind, data, collection=collection, by=analyst)


def test_files_have_a_largest_size_and_number_of_rows(analyst, collection, monkeypatch):
    monkeypatch.setattr(files, "MOST_ROWS", 1)
    with pytest.raises(BadFile, match="more than 1 rows"):
        take_in("claims", as_csv(A_CLAIM, A_CLAIM), collection=collection, by=analyst)

    monkeypatch.setattr(files, "MOST_BYTES", 10)
    with pytest.raises(BadFile, match="at most 10 bytes are taken"):
        take_in("claims", as_csv(A_CLAIM), collection=collection, by=analyst)


def test_lines_that_are_no_objects_are_refused_one_by_one(analyst, collection):
    lines = [json.dumps(A_CLAIM), "[1]", "{", json.dumps({"content_quote": ["x"]}), '{"content_quote": "\\ud800"}']

    report = take_in("claims", "\n".join(lines).encode(), collection=collection, by=analyst)

    assert results(report) == ["added", "refused", "refused", "refused", "refused"]
    assert [row.line for row in report.rows] == [1, 2, 3, 4, 5]
