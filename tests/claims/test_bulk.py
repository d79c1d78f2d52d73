"""Many candidates decided in one step: what is decided, what is left alone and why, and the undo."""

from uuid import UUID, uuid4

import pytest

from accounts.models import User
from claims.errors import CannotUndo, NothingToUndo, ReasonMissing, TooManyClaims
from claims.models import AwaitedComparison, Claim, ClaimState, Decision, Proposition, Review, Stance
from claims.services import accept, decide_many, edit, reject, undo, undo_last, undo_steps
from claims.services.bulk import MOST_AT_ONCE
from claims.services.steps import REVIEWABLE
from documents.models import Collection
from sources.models import Source, SourceAlias
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db


def reviewable() -> list[dict[str, object]]:
    return list(Claim.objects.order_by("pk").values("pk", *REVIEWABLE))


@pytest.fixture
def ana():
    return UserFactory()


@pytest.fixture
def inbox(ana) -> Collection:
    return CollectionFactory(members=[ana])


@pytest.fixture
def waiting(inbox: Collection) -> list[Claim]:
    """Three candidates, two of them of one source of one document."""
    first = ClaimFactory(layer__document__collection=inbox)
    second = ClaimFactory(
        layer=first.layer, run=first.run, document_source=first.document_source, words=("A source", "stated", "talks")
    )
    return [first, second, ClaimFactory(layer__document__collection=inbox, modality="denial")]


def undo_batch(batch: UUID | None, *, by: User) -> list[Review]:
    return undo_steps(Review.objects.standing().filter(batch=batch), by=by)


def seen(claims: list[Claim]) -> dict[int, int | None]:
    return {claim.pk: claim.version for claim in claims}


def test_all_are_accepted_in_one_step_with_their_sources_and_propositions(ana, waiting):
    decided = decide_many(seen(waiting), decision=Decision.ACCEPT, by=ana)

    assert [item.claim_id for item in decided.done] == [claim.pk for claim in waiting]
    assert decided.refused == []
    claims = list(Claim.objects.order_by("pk"))
    assert [claim.state for claim in claims] == [ClaimState.ACCEPTED] * 3
    assert claims[0].source == claims[1].source != claims[2].source
    assert [claim.stance for claim in claims] == [Stance.ASSERTS, Stance.ASSERTS, Stance.DENIES]
    assert set(Review.objects.values_list("batch", "decision", "analyst")) == {(decided.batch, "accept", ana.pk)}
    assert set(AwaitedComparison.objects.values_list("claim", flat=True)) == {claim.pk for claim in waiting}


def test_what_others_decided_or_changed_or_what_cannot_be_seen_is_left_alone_and_said(ana, waiting, inbox):
    first, changed, rejected = waiting
    nameless = ClaimFactory(layer__document__collection=inbox, document_source=None)
    hidden = ClaimFactory()
    shown = {**seen(waiting), nameless.pk: 1, hidden.pk: 1, 999_999: 1}
    edit(changed, by=UserFactory(), hedge="may")
    reject(rejected, by=UserFactory(), reason="no")

    decided = decide_many(shown, decision=Decision.ACCEPT, by=ana)

    assert [item.claim_id for item in decided.done] == [first.pk]
    assert {item.claim_id: item.refusal.code for item in decided.refused} == {
        changed.pk: "claim_changed",
        rejected.pk: "claim_changed",
        nameless.pk: "claim_without_source",
        hidden.pk: "no_such_claim",
        999_999: "no_such_claim",
    }
    assert Review.objects.filter(batch=decided.batch).count() == 1
    states = dict(Claim.objects.values_list("pk", "state"))
    assert [states[pk] for pk in (changed.pk, rejected.pk, nameless.pk, hidden.pk)] == [
        "candidate",
        "rejected",
        "candidate",
        "candidate",
    ]
    assert Proposition.objects.count() == 1


def test_undoing_the_batch_puts_everything_back_and_what_it_made_away(ana, waiting):
    before = reviewable()
    decided = decide_many(seen(waiting), decision=Decision.ACCEPT, by=ana)

    undone = undo_batch(decided.batch, by=ana)

    assert reviewable() == before
    assert len(undone) == 3
    assert len({step.batch for step in undone}) == 1
    assert not Proposition.objects.exists()
    assert not Source.objects.exists()
    assert not SourceAlias.objects.exists()


def test_undoing_my_latest_step_takes_the_whole_batch(ana, waiting):
    decide_many(seen(waiting), decision=Decision.REJECT, by=ana, reason="duplicates")

    undo_last(by=ana)

    assert {claim.state for claim in Claim.objects.all()} == {ClaimState.CANDIDATE}
    with pytest.raises(NothingToUndo):
        undo_last(by=ana)


def test_a_batch_whose_claims_were_touched_since_says_which_stand_in_the_way(ana, waiting):
    decided = decide_many(seen(waiting), decision=Decision.REJECT, by=ana, reason="duplicates")
    boss = UserFactory(groups=["reviewer"])
    undo(waiting[1].reviews.get(), by=boss)
    accept(Claim.objects.get(pk=waiting[1].pk), by=boss)
    undo(waiting[2].reviews.get(), by=boss)

    undo_batch(decided.batch, by=ana)  # what was undone alone is no part of it any more

    states = [claim.state for claim in Claim.objects.order_by("pk")]
    assert states == [ClaimState.CANDIDATE, ClaimState.ACCEPTED, ClaimState.CANDIDATE]
    with pytest.raises(NothingToUndo):
        undo_batch(decided.batch, by=ana)
    with pytest.raises(NothingToUndo):
        undo_batch(uuid4(), by=ana)


def test_a_batch_is_undone_by_its_analyst_or_a_reviewer(ana, waiting):
    decided = decide_many(seen(waiting), decision=Decision.ACCEPT, by=ana)

    with pytest.raises(CannotUndo, match="another analyst's") as refused:
        undo_batch(decided.batch, by=UserFactory())
    assert set(refused.value.claims) == {claim.pk for claim in waiting}

    undo_batch(decided.batch, by=UserFactory(groups=["reviewer"]))
    assert {claim.state for claim in Claim.objects.all()} == {ClaimState.CANDIDATE}


def test_many_rejections_need_one_reason_and_there_is_a_limit(ana, waiting):
    with pytest.raises(ReasonMissing):
        decide_many(seen(waiting), decision=Decision.REJECT, by=ana, reason=" ")
    with pytest.raises(TooManyClaims, match="501"):
        decide_many(dict.fromkeys(range(1, MOST_AT_ONCE + 2)), decision=Decision.ACCEPT, by=ana)

    assert not Review.objects.exists()
