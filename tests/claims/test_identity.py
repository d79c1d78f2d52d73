"""Merging and splitting sources, and taking that back to the byte."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from claims.errors import ReasonMissing
from claims.models import Claim
from claims.services import accept
from claims.services.identity import merge, undo_merge
from sources.errors import CannotMerge, CannotUndoMerge
from sources.models import Source, SourceAlias, SourceMerge
from sources.services import assess_reliability
from tests.factories import ClaimFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db

TABLES = (
    "sources_source",
    "sources_sourcealias",
    "sources_reliabilityassessment",
    "claims_claim",
    "claims_documentsource",
    "claims_claimlink",
)


@pytest.fixture
def ana() -> User:
    return UserFactory(groups=["reviewer"])


def dump() -> dict[str, bytes]:
    """The bytes of every table that a merge could touch."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            rows_in_order = f"SELECT * FROM {table} ORDER BY id"  # noqa: S608 -- our own tables, named above
            with cursor.copy(f"COPY ({rows_in_order}) TO STDOUT") as rows:
                found[table] = b"".join(bytes(row) for row in rows)
    return found


def speaking_source(name: str, by: User) -> Source:
    """A graded source with an alias, a claim, and the words of a document tied to it."""
    source = SourceFactory(descriptor=name)
    claim = ClaimFactory(accepted=True, source=source, document_source__source=source)
    SourceAlias.objects.create(source=source, wording=claim.document_source.canonical)
    assess_reliability(source, grade="C", basis="two reports held", by=by)
    return source


def pointers() -> dict[str, str | None]:
    """By descriptor of each source: that of the one it was merged into."""
    rows = Source.objects.select_related("merged_into")
    return {row.descriptor: row.merged_into.descriptor if row.merged_into else None for row in rows}


def test_a_merged_source_points_to_the_one_that_stands_and_the_merge_says_who_and_why(ana: User):
    gadhafi, qaddafi = speaking_source("Gadhafi", ana), speaking_source("Qaddafi", ana)

    made = merge(gadhafi, qaddafi, by=ana, reason=" two spellings ")

    assert pointers() == {"Gadhafi": "Qaddafi", "Qaddafi": None}
    assert (made.absorbed, made.into, made.by, made.reason) == (gadhafi, qaddafi, ana, "two spellings")
    assert gadhafi.standing == qaddafi
    assert Claim.objects.filter(source=gadhafi).count() == 1


def test_a_merge_undone_restores_every_table_to_the_byte(ana: User):
    gadhafi, qaddafi = speaking_source("Gadhafi", ana), speaking_source("Qaddafi", ana)
    before = dump()

    made = merge(gadhafi, qaddafi, by=ana, reason="two spellings")
    between = dump()
    undone = undo_merge(made, by=ana, reason="father and son")

    assert between != before
    assert dump() == before
    assert (undone.undone_by, undone.undone_reason, bool(undone.undone_at)) == (ana, "father and son", True)


def test_merges_upon_merges_undone_in_reverse_order_restore_every_table_to_the_byte(ana: User):
    one, two, three, four = (speaking_source(name, ana) for name in ("one", "two", "three", "four"))
    states = [dump()]
    merges: list[SourceMerge] = []

    for absorbed, into in ((one, two), (three, two), (two, four)):
        merges.append(merge(absorbed, into, by=ana, reason="the same"))
        states.append(dump())

    assert pointers() == {"one": "four", "two": "four", "three": "four", "four": None}
    while merges:
        assert dump() == states.pop()
        undo_merge(merges.pop(), by=ana, reason="not the same")
    assert dump() == states.pop()


@pytest.mark.parametrize(
    ("absorbed", "into", "said"),
    [
        ("two", "two", "that is the same source"),
        ("one", "three", "it was merged into source"),
        ("three", "one", "that one was itself merged into source"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_with_what_to_do(ana: User, absorbed: str, into: str, said: str):
    rows = {name: SourceFactory(descriptor=name) for name in ("one", "two", "three")}
    merge(rows["one"], rows["two"], by=ana, reason="the same")

    with pytest.raises(CannotMerge, match=said):
        merge(rows[absorbed], rows[into], by=ana, reason="the same")

    assert pointers() == {"one": "two", "two": None, "three": None}
    assert SourceMerge.objects.count() == 1


def test_merging_and_undoing_need_a_reason(ana: User):
    one, two = SourceFactory(), SourceFactory()

    with pytest.raises(ReasonMissing):
        merge(one, two, by=ana, reason="  ")
    made = merge(one, two, by=ana, reason="the same")
    with pytest.raises(ReasonMissing):
        undo_merge(made, by=ana, reason="")

    assert SourceMerge.objects.in_force().get() == made


def test_a_merge_that_a_later_one_builds_upon_says_which_to_undo_first(ana: User):
    one, two, three = (SourceFactory() for _ in range(3))
    first = merge(one, two, by=ana, reason="the same")
    second = merge(two, three, by=ana, reason="the same")

    with pytest.raises(CannotUndoMerge, match=f"Undo merge {second.pk} first"):
        undo_merge(first, by=ana, reason="not the same")

    one.refresh_from_db()
    assert one.standing == three
    assert SourceMerge.objects.in_force().count() == 2


def test_a_merge_is_undone_once_and_the_two_can_be_merged_again(ana: User):
    one, two = SourceFactory(), SourceFactory()
    made = merge(one, two, by=ana, reason="the same")
    undo_merge(made, by=ana, reason="not the same")

    with pytest.raises(CannotUndoMerge, match="undone already"):
        undo_merge(made, by=ana, reason="not the same")

    one.refresh_from_db()
    assert merge(two, one, by=ana, reason="the same after all").into == one


def test_the_database_refuses_pointers_past_the_service(ana: User):
    one, two, three = (SourceFactory() for _ in range(3))
    merge(one, two, by=ana, reason="the same")

    for absorbed, into in ((two, three), (three, one), (three, three)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Source.objects.filter(pk=absorbed.pk).update(merged_into=into)


def test_after_a_merge_all_that_goes_by_source_speaks_of_the_one_that_stands(ana: User):
    gadhafi, qaddafi = speaking_source("Gadhafi", ana), speaking_source("Qaddafi", ana)
    SourceAlias.objects.create(source=gadhafi, wording="the Colonel")
    assess_reliability(qaddafi, grade="D", basis="he boasts", by=ana)
    claims = set(Claim.objects.all())

    merge(gadhafi, qaddafi, by=ana, reason="two spellings")

    assert set(Claim.objects.by_source(qaddafi.pk)) == set(Claim.objects.by_source(gadhafi.pk)) == claims
    assert {claim.reliability for claim in Claim.objects.with_grades()} == {"D"}
    assert list(Source.objects.standing().matching("colonel")) == [qaddafi]
    assert list(Source.objects.standing().matching("gadh")) == [qaddafi]
    assert list(Source.objects.matching("gadh").order_by("pk")) == [gadhafi, qaddafi]


def test_whoever_sees_a_claim_of_an_absorbed_source_sees_the_one_that_stands(ana: User):
    gadhafi, qaddafi = speaking_source("Gadhafi", ana), speaking_source("Qaddafi", ana)
    member, other = UserFactory(), UserFactory()
    gadhafi.claims.get().collection.members.add(member)
    qaddafi.claims.get().collection.members.add(other)

    merge(gadhafi, qaddafi, by=ana, reason="two spellings")

    assert set(Source.objects.visible_to(member)) == {gadhafi, qaddafi}
    assert set(Source.objects.visible_to(other)) == {qaddafi}


def test_a_claim_accepted_for_an_absorbed_source_goes_to_the_one_that_stands(ana: User):
    gadhafi, qaddafi = SourceFactory(), SourceFactory()
    chosen = ClaimFactory()
    tied = ClaimFactory(document_source__source=gadhafi)
    merge(gadhafi, qaddafi, by=ana, reason="two spellings")

    accept(chosen, by=ana, source=Source.objects.get(pk=gadhafi.pk))
    accept(tied, by=ana)

    assert set(Claim.objects.values_list("source", "given_source")) == {(qaddafi.pk, qaddafi.pk)}


def test_grading_an_absorbed_source_grades_the_one_that_stands(ana: User):
    gadhafi, qaddafi = SourceFactory(), SourceFactory()
    merge(gadhafi, qaddafi, by=ana, reason="two spellings")

    assert assess_reliability(gadhafi, grade="E", basis="he lied", by=ana).source == qaddafi
