"""Claims given to one source that are another's."""

from __future__ import annotations

import pytest

from accounts.models import User
from claims.errors import ReasonMissing
from claims.models import Claim, ClaimState, DocumentSource, SourceSplit
from claims.services import accept, undo
from claims.services.identity import merge
from claims.services.split import split, undo_split
from documents.models import Collection
from sources.errors import CannotSplit, CannotUndoSplit, DescriptorMissing
from sources.models import Source, SourceAlias
from tests.factories import ClaimFactory, CollectionFactory, DocumentSourceFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def collection(ana: User) -> Collection:
    return CollectionFactory(members=[ana])


@pytest.fixture
def source() -> Source:
    return SourceFactory(descriptor="A sensitive source")


@pytest.fixture
def claims(ana: User, collection: Collection, source: Source) -> list[Claim]:
    """Three accepted claims of the source: one document each, in the same words."""
    rows = [ClaimFactory(layer__document__collection=collection) for _ in range(3)]
    for row in rows:
        accept(row, by=ana, source=source)
    return rows


def owners(claims: list[Claim]) -> list[tuple[str, str]]:
    """Of each claim: the source it has, and the one it was given first."""
    found = Claim.objects.select_related("source", "given_source").in_bulk([claim.pk for claim in claims])
    return [(found[claim.pk].source.descriptor, found[claim.pk].given_source.descriptor) for claim in claims]


def state() -> list[object]:
    """All that a split may change, but for versions and ids."""
    return [
        list(Claim.objects.order_by("pk").values_list("source", "given_source", "state")),
        list(DocumentSource.objects.order_by("pk").values_list("source")),
        sorted(SourceAlias.objects.values_list("source", "wording", "collection", "document", "created_at")),
        list(Source.objects.order_by("pk").values_list("pk")),
    ]


def test_a_split_moves_claims_and_what_their_documents_say_to_a_new_source(
    ana: User, source: Source, claims: list[Claim]
):
    made = split(source, claims=[claims[2].pk], by=ana, reason="another ministry", descriptor="Somebody else")

    old, new = ("A sensitive source",) * 2, ("Somebody else", "A sensitive source")
    assert owners(claims) == [old, old, new]
    assert made.into.descriptor == "Somebody else"
    assert DocumentSource.objects.get(claims=claims[2]).source == made.into
    assert Claim.objects.get(pk=claims[2].pk).version == 3


def test_a_split_undone_gives_everything_back(ana: User, source: Source, claims: list[Claim]):
    before = state()

    made = split(source, claims=[claims[0].pk, claims[1].pk], by=ana, reason="two people", descriptor="Another")
    between = state()
    undone = undo_split(made, by=ana, reason="the same after all")

    assert between != before
    assert state() == before
    assert (undone.undone_by, undone.undone_reason, undone.into) == (ana, "the same after all", None)
    with pytest.raises(CannotUndoSplit, match="undone already"):
        undo_split(made, by=ana, reason="again")


def test_a_wording_stays_where_another_document_of_the_collection_keeps_it(
    ana: User, source: Source, claims: list[Claim]
):
    other = SourceFactory()

    split(source, claims=[claims[2].pk], by=ana, reason="two people", into=other)

    assert set(SourceAlias.objects.values_list("source", flat=True)) == {source.pk, other.pk}


def test_a_wording_goes_along_when_no_document_keeps_it(ana: User, source: Source, claims: list[Claim]):
    DocumentSource.objects.filter(claims=claims[2]).update(canonical="An official of the bank")
    SourceAlias.objects.create(
        source=source, wording="An official of the bank", collection_id=claims[2].layer.document.collection_id
    )
    before = state()

    made = split(source, claims=[claims[2].pk], by=ana, reason="two people", descriptor="A banker")

    assert SourceAlias.objects.get(wording="An official of the bank").source == made.into
    undo_split(made, by=ana, reason="the same after all")
    assert state() == before


def test_what_a_document_says_stays_with_a_source_that_keeps_one_of_its_claims(
    ana: User, collection: Collection, source: Source
):
    first = ClaimFactory(layer__document__collection=collection)
    second = ClaimFactory(
        layer=first.layer, run=first.run, document_source=first.document_source, words=("A source", "stated", "talks")
    )
    for claim in (first, second):
        accept(claim, by=ana, source=source)

    split(source, claims=[first.pk], by=ana, reason="two people", descriptor="Another")

    assert DocumentSource.objects.get().source == source


def test_claims_of_an_absorbed_source_can_be_split_off_and_go_back_to_it(
    ana: User, source: Source, claims: list[Claim]
):
    standing = SourceFactory(descriptor="The one")
    merge(source, standing, by=ana, reason="the same")

    made = split(standing, claims=[claims[0].pk], by=ana, reason="two people", descriptor="Another")
    undo_split(made, by=ana, reason="not so")

    assert owners(claims) == [("A sensitive source", "A sensitive source")] * 3


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "choose the claims"),
        ([0, 1, 2], "all its claims would go"),
        (["candidate"], "no accepted claim"),
        (["hidden"], "no accepted claim"),
        (["others"], "no accepted claim"),
    ],
)
def test_a_split_of_no_sense_is_refused(
    ana: User, collection: Collection, source: Source, claims: list[Claim], chosen: list[object], said: str
):
    rows = {
        "candidate": ClaimFactory(source=source, layer__document__collection=collection),
        "hidden": ClaimFactory(accepted=True, source=source),
        "others": ClaimFactory(accepted=True, layer__document__collection=collection),
        **dict(enumerate(claims)),
    }
    if said.startswith("all"):
        rows["hidden"].delete()

    with pytest.raises(CannotSplit, match=said):
        split(source, claims=[rows[name].pk for name in chosen], by=ana, reason="two", descriptor="Another")

    assert not SourceSplit.objects.exists()


def test_a_split_needs_a_reason_a_descriptor_and_another_source(ana: User, source: Source, claims: list[Claim]):
    merged, standing = SourceFactory(), SourceFactory()
    merge(merged, standing, by=ana, reason="the same")
    one = [claims[0].pk]

    with pytest.raises(ReasonMissing):
        split(source, claims=one, by=ana, reason=" ", descriptor="Another")
    with pytest.raises(DescriptorMissing):
        split(source, claims=one, by=ana, reason="two", descriptor=" ")
    with pytest.raises(CannotSplit, match="the same source"):
        split(source, claims=one, by=ana, reason="two", into=source)
    with pytest.raises(CannotSplit, match=f"was merged into {standing.pk}"):
        split(source, claims=one, by=ana, reason="two", into=merged)


def test_a_split_is_not_undone_over_what_happened_since(ana: User, source: Source, claims: list[Claim]):
    first = split(source, claims=[claims[0].pk, claims[1].pk], by=ana, reason="two", descriptor="Another")
    second = split(first.into, claims=[claims[0].pk], by=ana, reason="three", descriptor="A third")

    with pytest.raises(CannotUndoSplit, match=f"claim {claims[0].pk} was given to another source since"):
        undo_split(first, by=ana, reason="not so")
    undo_split(second, by=ana, reason="not so")
    merge(first.into, SourceFactory(), by=ana, reason="the same")
    with pytest.raises(CannotUndoSplit, match="was merged into"):
        undo_split(first, by=ana, reason="not so")


def test_a_claim_taken_back_since_stays_a_candidate_when_the_split_is_undone(ana: User, collection: Collection):
    kept, moved = (ClaimFactory(layer__document__collection=collection) for _ in range(2))
    source = SourceFactory()
    accept(kept, by=ana, source=source)
    step = accept(moved, by=ana, source=source)
    made = split(source, claims=[moved.pk], by=ana, reason="two", descriptor="Another")

    undo(step, by=ana)
    undo_split(made, by=ana, reason="not so")

    moved.refresh_from_db()
    assert (moved.state, moved.source) == (ClaimState.CANDIDATE, None)


def test_a_source_that_was_merged_stays_when_the_claim_that_made_it_is_taken_back(ana: User):
    claim = ClaimFactory(document_source=DocumentSourceFactory())
    step = accept(claim, by=ana)
    made = Source.objects.get()
    merge(made, SourceFactory(), by=ana, reason="the same")

    undo(step, by=ana)

    assert Source.objects.filter(pk=made.pk).exists()


def test_a_source_that_claims_were_given_to_first_stays(ana: User, source: Source, claims: list[Claim]):
    first = split(source, claims=[claims[0].pk], by=ana, reason="two", descriptor="Another")
    late = ClaimFactory(layer__document__collection=claims[0].layer.document.collection)
    accept(late, by=ana, source=first.into)
    split(first.into, claims=[late.pk], by=ana, reason="not them", into=source)

    undo_split(first, by=ana, reason="not so")

    assert Source.objects.filter(descriptor="Another").exists()
