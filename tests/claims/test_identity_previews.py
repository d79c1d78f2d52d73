"""What a merge or a split would do, seen before it is done."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from claims.identity import merge_preview, split_preview
from claims.models import Claim, DocumentSource
from claims.records import record_of
from claims.services import accept
from claims.services.identity import merge
from claims.services.reliability import grade_source
from documents.models import Collection
from sources.models import Source
from sources.services import note_wording
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    PropositionFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def rea() -> User:
    return UserFactory(groups=["reviewer"])


@pytest.fixture
def collection(rea: User) -> Collection:
    return CollectionFactory(members=[rea])


def claim_of(source: Source, collection: Collection, outcome: str = "", **given: object) -> Claim:
    """An accepted claim of the source, its proposition settled if asked."""
    claim = ClaimFactory(
        accepted=True,
        source=source,
        layer__document__collection=collection,
        document_source__source=source,
        reported_date=timezone.localdate(),
        **given,
    )
    note_wording(source, f"wording of {source}", document=claim.layer.document)
    if outcome:
        claim.proposition.verdicts.create(
            outcome=outcome, decided_on=timezone.localdate(), evidence="seen", by=UserFactory()
        )
    return claim


def test_a_preview_shows_both_sides_and_the_record_they_would_have_together(rea: User, collection: Collection):
    one, two = SourceFactory(descriptor="the banker"), SourceFactory(descriptor="a banker")
    for number in range(4):
        claim_of(one, collection, "true", proposition=PropositionFactory(text=f"One {number}."))
        claim_of(two, collection, "false", proposition=PropositionFactory(text=f"Two {number}."))
    both = PropositionFactory(text="Both say so.")
    claim_of(one, collection, proposition=both)
    claim_of(two, collection, "true", proposition=both)
    ClaimFactory(accepted=True, source=one)  # in a collection that the reader does not see
    graded = grade_source(one, grade="A", basis="all of it held", by=rea)

    preview = merge_preview(one, two, by=rea)

    assert (preview.absorbed.source, preview.absorbed.claims, preview.absorbed.grade) == (one, 5, graded)
    assert preview.absorbed.aliases == ("wording of the banker",)
    assert (preview.into.source, preview.into.claims, preview.into.grade) == (two, 5, None)
    assert preview.shared == 1
    assert preview.together.counts.total == 9  # on what both say, two reports have become one
    assert preview.conflicts == ()
    merge(one, two, by=rea, reason="the same")
    assert preview.together == record_of(two).record


def test_a_preview_names_what_speaks_against_a_merge(rea: User, collection: Collection):
    zidan = SourceFactory(descriptor="Ali Zidan", kind="named_person")
    tarhouni = SourceFactory(descriptor="Ali Tarhouni", kind="named_person")
    claim = claim_of(zidan, collection, layer__document__doc_number="C05739545")
    DocumentSourceFactory(run=claim.run, label="beside", source=tarhouni)
    claim_of(tarhouni, collection, proposition=claim.proposition, stance="denies")

    conflicts = merge_preview(zidan, tarhouni, by=rea).conflicts

    label = DocumentSource.objects.get(claims=claim).label
    assert conflicts == (
        "Both are named, and differently: Ali Zidan and Ali Tarhouni.",
        f"C05739545 tells them apart: {label} and beside.",
        "One denies what the other asserts: The talks have failed.",
    )


def test_two_spellings_of_one_name_are_no_conflict(rea: User, collection: Collection):
    one = SourceFactory(descriptor="Muammar Qaddafi", kind="named_person", created_by=rea)
    other = SourceFactory(descriptor="Moammar Gadhafi", kind="named_person", created_by=rea)

    assert merge_preview(one, other, by=rea).conflicts == ()


def test_documents_and_names_that_a_reader_may_not_see_stay_out_of_a_preview(rea: User, collection: Collection):
    one, two = SourceFactory(descriptor="Colonel X"), SourceFactory(descriptor="the officer")
    hidden = claim_of(one, CollectionFactory(), layer__document__doc_number="C1")
    DocumentSourceFactory(run=hidden.run, source=two)
    claim_of(one, collection)
    claim_of(two, collection)

    preview = merge_preview(one, two, by=rea)

    assert preview.absorbed.source.shown_name == "wording of Colonel X"
    assert (preview.absorbed.claims, preview.conflicts) == (1, ())


def test_the_number_of_queries_of_a_merge_preview_does_not_grow(
    rea: User, collection: Collection, django_assert_num_queries: DjangoAssertNumQueries
):
    one, two = SourceFactory(), SourceFactory()
    for more in (1, 2):
        for _ in range(more):
            claim_of(one, collection, "true")
            claim = claim_of(two, collection, "false")
            DocumentSourceFactory(run=claim.run, source=one)
        reader = User.objects.get(pk=rea.pk)
        with django_assert_num_queries(45):
            merge_preview(one, two, by=reader)


def test_a_split_preview_says_what_would_move_and_what_would_stay(rea: User, collection: Collection):
    source = SourceFactory()
    whole, first = (ClaimFactory(layer__document__collection=collection) for _ in range(2))
    second = ClaimFactory(
        layer=first.layer, run=first.run, document_source=first.document_source, words=("A source", "stated", "talks")
    )
    for claim in (whole, first, second):
        accept(claim, by=rea, source=source)
    strange = ClaimFactory(accepted=True)

    preview = split_preview(source, claims=[whole.pk, first.pk, strange.pk], by=rea)

    assert (preview.source, preview.moving, preview.staying) == (source, (whole.pk, first.pk), 1)
    assert preview.going_along == (whole.document_source,)
    assert preview.divided == (first.document_source,)
