"""Searching claims and documents: words, filters, facets, snippets, and who finds what."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from claims.finding.searching import Found, search
from claims.finding.wanted import Wanted
from claims.models import Claim, CredibilityAssessment, Outcome, Verdict
from claims.services import accept, edit
from claims.services.records import refresh
from documents.models import Collection
from sources.models import ReliabilityAssessment
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentFactory,
    PropositionFactory,
    SourceFactory,
    TextLayerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return UserFactory()


@pytest.fixture
def collection(user: User) -> Collection:
    return CollectionFactory(members=[user])


def told(collection: Collection, content: str, *, dated: date | None = None, **fields: object) -> Claim:
    text = f"An official stated that {content}."
    layer = TextLayerFactory(document__collection=collection, document__document_date=dated, text=text)
    return ClaimFactory(layer=layer, words=("An official", "stated", content), **fields)


def find(user: User, before: int | None = None, **given: str) -> Found:
    return search(Wanted.of(given), user, before=before)


def contents(found: Found) -> list[str]:
    return [hit.row.content_quote for hit in found.hits]


def lit(found: Found) -> list[list[str]]:
    return [[piece.text for piece in hit.snippet if piece.lit] for hit in found.hits]


def test_words_are_found_in_any_form_phrases_as_they_stand_and_what_is_not_wanted_is_left_out(
    user: User, collection: Collection
):
    told(collection, "the talks have failed")
    told(collection, "talking has not failed")
    told(collection, "failed harvests caused talks")

    assert contents(find(user, q="talk fail")) == [
        "failed harvests caused talks",
        "talking has not failed",
        "the talks have failed",
    ]
    assert contents(find(user, q='"talks have failed"')) == ["the talks have failed"]
    assert contents(find(user, q="failed -harvest")) == ["talking has not failed", "the talks have failed"]
    assert contents(find(user, q='harvest or "talks have failed"')) == [
        "failed harvests caused talks",
        "the talks have failed",
    ]
    assert lit(find(user, q='"talks have failed" -harvest')) == [["talks", "failed"]]


def test_words_that_every_text_has_find_nothing_and_are_told_apart_from_words_that_nobody_used(
    user: User, collection: Collection
):
    told(collection, "the talks have failed")

    common, unknown = find(user, q="the of"), find(user, q="zebra")

    assert (common.words.skipped, common.hits, common.others) == (True, [], 0)
    assert (unknown.words.skipped, unknown.hits) == (False, [])
    assert contents(find(user, q="the talks")) == ["the talks have failed"]
    assert find(user, q=' " or - ').words.skipped


def test_a_document_is_found_by_words_that_stand_far_apart_and_not_by_one_that_stands_anywhere_in_it(
    user: User, collection: Collection
):
    filler = "Nothing happened on that day in the harbour.\n\n" * 200
    layer = TextLayerFactory(
        document__collection=collection, document__title="Cable", text=f"Envoys came. {filler} Nobody left Oran."
    )

    found = find(user, kind="documents", q="envoys oran")

    assert [hit.row for hit in found.hits] == [layer.document]
    assert lit(found) in ([["Envoys"]], [["Oran"]])
    assert find(user, kind="documents", q="envoys -oran").hits == []
    assert find(user, kind="documents", q='"envoys left"').hits == []
    assert len(find(user, kind="documents", q="cable oran").hits) == 1


def test_what_is_lit_up_cannot_be_brought_in_by_a_document(user: User, collection: Collection):
    told(collection, "<b>talks</b> \ue000are\ue001 over & done")

    (hit,) = find(user, q="talks").hits

    assert [(piece.text, piece.lit) for piece in hit.snippet if piece.lit] == [("talks", True)]
    assert "\ue000" not in "".join(piece.text for piece in hit.snippet)
    assert "<b>" in "".join(piece.text for piece in hit.snippet)


def test_a_claim_is_found_by_each_filter_and_counted_by_each_facet(user: User, collection: Collection):
    source, proposition = SourceFactory(), PropositionFactory()
    known = {"reported_date": date(2013, 1, 20), "information_date": date(2012, 12, 31)}
    accepted = {"accepted": True, "source": source, "proposition": proposition}
    claim = told(collection, "the harbour is closed", **accepted, **known)
    told(collection, "the harbour is open", type="direct", reported_date=date(2014, 5, 1))
    told(CollectionFactory(members=[user]), "the harbour was mined", accepted=True)
    ReliabilityAssessment.objects.create(source=source, grade="B", basis="Right so far.", is_grade=True, by=user)
    CredibilityAssessment.objects.create(claim=claim, grade="2", basis="Fits.", by=user)
    Verdict.objects.create(
        proposition=proposition, outcome=Outcome.FALSE, decided_on=date(2013, 2, 1), evidence="Seen open.", by=user
    )
    refresh(list(Claim.objects.exclude(source=None).values_list("source", flat=True)))

    facets = find(user, q="harbour").facets.by_name

    assert facets["state"] == {"accepted": 2, "candidate": 1}
    assert facets["type"] == {"indirect": 2, "direct": 1}
    assert facets["source"][source.pk] == 1
    assert facets["reliability"] == {"B": 1, "none": 1}
    assert facets["credibility"] == {"2": 1, "none": 1}
    assert facets["outcome"] == {"false": 1, "none": 1}
    assert facets["reported"] == {date(2013, 1, 20): 1, date(2014, 5, 1): 1}
    assert facets["about"] == {date(2012, 12, 31): 1}
    assert facets["cue"] == {"stated": 3}
    for chosen in (
        {"source": str(source.pk)},
        {"reliability": "B"},
        {"credibility": "2"},
        {"outcome": "false"},
        {"reported": "2013"},
        {"reported": "2013-01"},
        {"about": "2012-12"},
        {"until": "2013-01-20"},
        {"state": "accepted", "collection": str(collection.pk)},
        {"document": str(claim.layer.document_id)},
    ):
        assert contents(find(user, **chosen)) == ["the harbour is closed"], chosen
    assert contents(find(user, outcome="none", reliability="none", credibility="none")) == ["the harbour was mined"]
    assert contents(find(user, type="direct", cue="STATED")) == ["the harbour is open"]
    assert find(user, reported="2012").hits == []


def test_documents_have_filters_and_facets_of_their_own(user: User, collection: Collection):
    printed = {"author": "Embassy", "classification": "SECRET", "document_date": date(2013, 1, 5)}
    one = DocumentFactory(collection=collection, **printed)
    TextLayerFactory(document=one, text="The harbour is closed.")
    TextLayerFactory(document__collection=collection, text="The harbour is open.")
    DocumentFactory(collection=collection)

    found = find(user, kind="documents", q="harbour", state="accepted")

    assert found.total == 2
    assert found.facets.by_name["author"] == {"Embassy": 1}
    assert find(user, kind="documents").total == 2
    for chosen in (
        {"author": "Embassy"},
        {"classification": "SECRET"},
        {"reported": "2013-01"},
        {"since": "2013-01-01"},
    ):
        assert [hit.row for hit in find(user, kind="documents", **chosen).hits] == [one], chosen


def test_nothing_of_other_collections_is_found_or_counted(user: User, collection: Collection):
    told(CollectionFactory(), "the talks have failed", accepted=True)

    for kind in ("claims", "documents"):
        found = find(user, kind=kind, q="talks")
        assert (found.hits, found.others) == ([], 0)
        assert not any(found.facets.by_name.values())


def test_pages_follow_each_other_without_a_gap_also_behind_what_was_counted(
    user: User, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("claims.finding.facets.READ", 4)
    claims = [told(collection, "the talks have failed") for _ in range(7)]
    wanted = Wanted.of({"q": "talks"})

    seen: list[int] = []
    before: int | None = None
    while True:
        found = search(wanted, user, before=before, size=3)
        seen += [hit.row.pk for hit in found.hits]
        assert (found.total, found.more) == (4, True)
        before = found.next_before
        if before is None:
            break

    assert seen == [claim.pk for claim in reversed(claims)]


def test_a_claim_kept_blind_is_found_by_what_its_reader_sees_of_it_alone(user: User):
    first = UserFactory()
    collection = CollectionFactory(members=[user, first], second_review_share=1.0)
    claim = told(collection, "the talks have failed", information_date=date(2013, 1, 1))
    start, _end = claim.content_fragments[0]
    edit(claim, by=first, spans={"content": [[start, start + 9]]}, type="direct", information_date=date(2014, 1, 1))
    accept(claim, by=first, new_source="A liaison officer")
    source = Claim.objects.get(pk=claim.pk).source_id

    assert contents(find(user, q="failed")) == ["the talks have failed"]
    assert contents(find(user, state="candidate", type="indirect", about="2013")) == ["the talks have failed"]
    facets = find(user, q="failed").facets.by_name
    assert (facets["state"], facets["type"]) == ({"candidate": 1}, {"indirect": 1})
    assert facets["about"] == {date(2013, 1, 1): 1}
    assert not any(facets[name] for name in ("source", "reliability", "credibility", "outcome"))
    for hidden in ({"source": str(source)}, {"reliability": "none"}, {"outcome": "none"}, {"credibility": "none"}):
        assert find(user, **hidden).hits == [], hidden
    for hidden in ({"state": "accepted"}, {"type": "direct"}, {"about": "2014"}):
        assert find(user, **hidden).hits == [], hidden
    assert contents(find(first, source=str(source))) == ["the talks"]


@pytest.mark.parametrize("kind", ["claims", "documents"])
def test_a_search_takes_as_many_queries_for_one_hit_as_for_three(user: User, collection: Collection, kind: str):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            find(user, kind=kind, q="talks -harbour", reported="2013")
        return len(queries)

    dated = date(2013, 1, 1)
    row = {"accepted": True, "reported_date": dated, "dated": dated}
    told(collection, "the talks have failed", **row)
    asked()  # once before: what the user may do is asked for once
    one = asked()
    for _ in range(2):
        told(collection, "the talks go on", **row)

    assert len(find(user, kind=kind, q="talks -harbour", reported="2013").hits) == 3
    assert asked() == one


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"reported": "2013-13"}, "reported"),
        ({"about": "next year"}, "about"),
        ({"since": "31.2.2013"}, "since"),
        ({"since": "2014-01-01", "until": "2013-01-01"}, "until"),
        ({"state": "lost"}, "state"),
        ({"q": "nul\x00"}, "q"),
    ],
)
def test_what_cannot_be_asked_is_told_and_finds_nothing(
    user: User, collection: Collection, given: dict[str, str], named: str
):
    told(collection, "the talks have failed")

    found = find(user, **given)

    assert list(found.wanted.errors) == [named]
    assert found.hits == []
