"""Two analysts, two connections, one claim: the database lets one of them win."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from claims.errors import ClaimAlreadyDecided, ClaimError, PropositionAlreadySettled
from claims.models import Claim, LinkState, Proposition, PropositionLink, PropositionMove, Review, Verdict
from claims.services import accept, join, link_propositions, merge_propositions, reject, settle, undo
from claims.services.identity import merge, undo_merge
from sources.errors import CannotMerge, SourceError
from sources.models import Source, SourceMerge
from tests.factories import ClaimFactory, PropositionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Run all steps at the same moment, each on a connection of its own. Returns what each returned or raised."""
    barrier = Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        try:
            barrier.wait(timeout=10)
            return step()
        except (ClaimError, SourceError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(run, steps))


def test_of_two_decisions_at_once_exactly_one_counts():
    claim, ana, bob = ClaimFactory(), UserFactory(), UserFactory()

    outcomes = at_once(lambda: accept(claim, by=ana), lambda: reject(claim, by=bob, reason="not a claim"))

    assert [type(outcome) for outcome in outcomes].count(Review) == 1
    assert [type(outcome) for outcome in outcomes].count(ClaimAlreadyDecided) == 1
    assert Review.objects.filter(claim=claim).count() == 1
    claim.refresh_from_db()
    assert claim.version == 2


def test_two_claims_of_one_in_document_source_accepted_at_once_share_one_source():
    first = ClaimFactory()
    second = ClaimFactory(
        layer=first.layer, run=first.run, document_source=first.document_source, words=("A source", "stated", "talks")
    )
    ana, bob = UserFactory(), UserFactory()

    at_once(lambda: accept(first, by=ana), lambda: accept(second, by=bob))

    assert Source.objects.count() == 1
    assert Claim.objects.accepted().count() == 2


def test_of_two_verdicts_at_once_exactly_one_is_in_force():
    proposition, ana = PropositionFactory(), UserFactory()

    def step() -> Verdict:
        return settle(
            Proposition.objects.get(pk=proposition.pk),
            outcome="true",
            decided_on=date(2013, 2, 1),
            evidence="later cable",
            by=ana,
        )

    outcomes = at_once(step, step, step)

    assert [type(outcome) for outcome in outcomes].count(PropositionAlreadySettled) == 2
    assert Verdict.objects.in_force().count() == 1


def test_a_step_undone_twice_at_once_is_undone_once():
    claim, ana = ClaimFactory(), UserFactory()
    review = accept(claim, by=ana)

    outcomes = at_once(lambda: undo(review, by=ana), lambda: undo(review, by=ana))

    assert [isinstance(outcome, Review) for outcome in outcomes].count(True) == 1
    claim.refresh_from_db()
    assert claim.version == 3


def test_merges_at_once_never_make_a_circle():
    ana = UserFactory()
    one, two, three = (SourceFactory() for _ in range(3))

    outcomes = at_once(
        lambda: merge(one, two, by=ana, reason="the same"),
        lambda: merge(two, one, by=ana, reason="the same"),
        lambda: merge(three, one, by=ana, reason="the same"),
        lambda: merge(one, three, by=ana, reason="the same"),
    )

    merges = [outcome for outcome in outcomes if isinstance(outcome, SourceMerge)]
    assert len(merges) == SourceMerge.objects.count() >= 1
    assert all(isinstance(outcome, SourceMerge | CannotMerge) for outcome in outcomes)
    assert Source.objects.standing().count() == 3 - len(merges)
    assert not Source.objects.filter(merged_into__merged_into__isnull=False).exists()


def test_a_merge_undone_twice_at_once_is_undone_once():
    ana = UserFactory()
    made = merge(SourceFactory(), SourceFactory(), by=ana, reason="the same")

    outcomes = at_once(*[lambda: undo_merge(made, by=ana, reason="not the same")] * 2)

    assert [isinstance(outcome, SourceMerge) for outcome in outcomes].count(True) == 1
    assert Source.objects.standing().count() == 2


def test_of_two_who_link_two_propositions_at_once_the_later_corrects_the_link_of_the_first():
    one, other, ana = PropositionFactory(), PropositionFactory(), UserFactory()

    outcomes = at_once(
        *(lambda: link_propositions(one, other, kind="contradicts", by=ana) for _ in range(4)),
        *(lambda: link_propositions(other, one, kind="corroborates", by=ana) for _ in range(4)),
    )

    assert {type(outcome) for outcome in outcomes} == {PropositionLink}
    assert PropositionLink.objects.get().state == LinkState.CONFIRMED


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_claim_that_comes_while_a_merge_waits_goes_along_or_further_on_and_nobody_is_in_a_deadlock(goes_on: bool):
    ana = UserFactory()
    absorbed, into, third = (ClaimFactory(accepted=True).proposition for _ in range(3))
    late, came = ClaimFactory(accepted=True), Event()

    def comes() -> None:
        with transaction.atomic():
            join(late, absorbed, by=ana)
            came.set()
            wait_until_locked_out(1 + goes_on)

    def merges() -> PropositionMove:
        came.wait(10)
        return merge_propositions(absorbed, into, by=ana, reason="the same event")

    def moves_on() -> PropositionMove:
        came.wait(10)
        return join(late, third, by=ana)  # once it has the claim it waits for `absorbed`, which the merge has by then

    at_once(comes, merges, *[moves_on] * goes_on)

    late.refresh_from_db()
    assert late.proposition == (third if goes_on else into)
    assert not Claim.objects.filter(proposition=absorbed).exists()


def wait_until_locked_out(sessions: int) -> None:
    """Until so many others wait for a lock in this database; ten seconds at most."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    end = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction sees the sessions as it first saw them
            cursor.execute(asked)
            if cursor.fetchone()[0] >= sessions:
                return
            time.sleep(0.01)
    raise TimeoutError(f"{sessions} sessions were to wait for a lock")
