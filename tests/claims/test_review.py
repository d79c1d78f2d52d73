from datetime import date

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from claims.errors import BadSpan, CannotUndo, ClaimAlreadyDecided, ClaimChanged, NoSource, NothingToUndo, ReasonMissing
from claims.models import Claim, ClaimState, Decision, Proposition, Review, Stance
from claims.services import accept, edit, reject, undo, undo_last
from claims.services.steps import REVIEWABLE
from sources.models import Source, SourceAlias
from tests.factories import SENTENCE, ClaimFactory, DocumentSourceFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


def reviewable(claim: Claim) -> dict[str, object]:
    claim.refresh_from_db()
    return {field: getattr(claim, field) for field in REVIEWABLE}


def test_accepting_gives_a_claim_a_source_and_a_proposition_not_yet_judged():
    claim, ana = ClaimFactory(), UserFactory()

    review = accept(claim, by=ana, seconds=3.5)

    claim = Claim.objects.with_grades().get(pk=claim.pk)
    assert claim.state == ClaimState.ACCEPTED
    assert claim.source.descriptor == "A source close to the cabinet"
    assert claim.document_source.source == claim.source
    assert (claim.proposition.text, claim.stance) == ("the talks have failed", Stance.ASSERTS)
    assert (claim.reliability, claim.credibility) == ("F", "6")
    assert (review.analyst, review.decision, review.seconds, review.version) == (ana, Decision.ACCEPT, 3.5, 2)


def test_the_next_claim_of_the_same_in_document_source_gets_the_same_source():
    first = ClaimFactory()
    second = ClaimFactory(
        layer=first.layer, run=first.run, document_source=first.document_source, words=("A source", "stated", "talks")
    )
    ana = UserFactory()

    accept(first, by=ana)
    accept(second, by=ana)

    assert Source.objects.count() == 1
    second.refresh_from_db()
    first.refresh_from_db()
    assert second.source == first.source


def test_a_known_source_can_be_chosen_and_remembers_the_wording():
    claim, known = ClaimFactory(), SourceFactory()

    accept(claim, by=UserFactory(), source=known, wording="The talks broke down.", stance=Stance.DENIES)

    claim.refresh_from_db()
    assert claim.source == known
    assert SourceAlias.objects.get().wording == "A source close to the cabinet"
    assert (claim.proposition.text, claim.stance) == ("The talks broke down.", Stance.DENIES)


def test_a_new_source_can_be_worded_by_the_analyst():
    claim = ClaimFactory()

    accept(claim, by=UserFactory(), new_source="  the finance minister's\nbrother ")

    claim.refresh_from_db()
    assert claim.source.descriptor == "the finance minister's brother"


def test_a_claim_without_any_source_cannot_be_accepted():
    claim = ClaimFactory(document_source=None)

    with pytest.raises(NoSource):
        accept(claim, by=UserFactory())

    claim.refresh_from_db()
    assert claim.state == ClaimState.CANDIDATE
    assert not Proposition.objects.exists()


def test_only_the_first_of_two_decisions_counts():
    claim = ClaimFactory()
    reject(claim, by=UserFactory(), reason="not a claim")

    with pytest.raises(ClaimAlreadyDecided, match="rejected"):
        accept(claim, by=UserFactory())

    claim.refresh_from_db()
    assert claim.state == ClaimState.REJECTED


def test_a_decision_on_an_outdated_view_is_refused():
    claim, ana = ClaimFactory(), UserFactory()
    edit(claim, by=UserFactory(), hedge="may")

    with pytest.raises(ClaimChanged, match="version 2"):
        accept(claim, by=ana, expected_version=1)

    accept(claim, by=ana, expected_version=2)


def test_a_rejection_needs_a_reason_in_the_service_and_in_the_database():
    claim, ana = ClaimFactory(), UserFactory()

    with pytest.raises(ReasonMissing):
        reject(claim, by=ana, reason="  ")
    with pytest.raises(IntegrityError, match="review_rejection_has_reason"), transaction.atomic():
        Review.objects.create(claim=claim, analyst=ana, decision=Decision.REJECT, version=2)


def test_editing_moves_spans_and_keeps_quote_and_offsets_together():
    claim = ClaimFactory()
    start = SENTENCE.index("close to the cabinet")

    edit(claim, by=UserFactory(), spans={"source": [[start - 1, start + 21]], "circumstance": []}, modality="belief")

    claim.refresh_from_db()
    assert claim.source_quote == "close to the cabinet"
    assert claim.source_fragments == [[start, start + 20]]
    assert (claim.modality, claim.version, claim.state) == ("belief", 2, ClaimState.CANDIDATE)


def test_a_role_may_stand_in_two_pieces():
    claim = ClaimFactory()

    edit(claim, by=UserFactory(), spans={"content": [[52, 63], [38, 47]]})

    claim.refresh_from_db()
    assert claim.content_quote == f"{SENTENCE[38:47].strip()} {SENTENCE[52:63].strip()}"


@pytest.mark.parametrize(
    ("role", "fragments", "problem"),
    [
        ("content", [], "needs a content"),
        ("content", [[0, 4000]], "length of the text"),
        ("content", [[5, 5]], "start < end"),
        ("content", [[-2, 5]], "0 <= start"),
        ("cue", [[1, 2]], "white space"),
        ("cue", [[0, 8], [5, 12]], "overlap"),
        ("mood", [[0, 8]], "roles"),
    ],
)
def test_a_span_that_cannot_be_is_refused_and_nothing_changes(role, fragments, problem):
    claim = ClaimFactory()
    before = reviewable(claim)

    with pytest.raises(BadSpan, match=problem):
        edit(claim, by=UserFactory(), spans={role: fragments})

    assert reviewable(claim) == before


def test_the_in_document_source_can_be_corrected_within_the_document_only():
    claim = ClaimFactory()
    other = DocumentSourceFactory(run=claim.run, canonical="two ministers")
    elsewhere = DocumentSourceFactory()

    edit(claim, by=UserFactory(), document_source=other)

    claim.refresh_from_db()
    assert claim.document_source == other
    with pytest.raises(BadSpan, match="another document"):
        edit(claim, by=UserFactory(), document_source=elsewhere)


def test_undoing_an_acceptance_puts_everything_back():
    claim, ana = ClaimFactory(), UserFactory()
    before = reviewable(claim)
    review = accept(claim, by=ana)

    step = undo(review, by=ana)

    assert reviewable(claim) == before
    assert (step.decision, step.undoes, claim.version) == (Decision.UNDO, review, 3)
    assert not Source.objects.exists()
    assert not Proposition.objects.exists()
    claim.document_source.refresh_from_db()
    assert claim.document_source.source is None


def test_undoing_keeps_a_source_that_another_claim_uses_by_now():
    first, ana = ClaimFactory(), UserFactory()
    second = ClaimFactory(
        layer=first.layer, run=first.run, document_source=first.document_source, words=("A source", "stated", "talks")
    )
    review = accept(first, by=ana)
    accept(second, by=ana)

    undo(review, by=ana)

    second.refresh_from_db()
    assert second.source == Source.objects.get()
    assert second.document_source.source == second.source


def test_any_number_of_own_steps_can_be_undone_newest_first():
    claim, ana = ClaimFactory(), UserFactory()
    before = reviewable(claim)
    edit(claim, by=ana, information_date=date(2013, 1, 19))
    edit(claim, by=ana, hedge="may", new_source="a colonel")
    reject(claim, by=ana, reason="not a claim")

    undone = [undo_last(by=ana).undoes.decision for _ in range(3)]

    assert undone == [Decision.REJECT, Decision.EDIT, Decision.EDIT]
    assert reviewable(claim) == before
    assert not Source.objects.exists()
    with pytest.raises(NothingToUndo):
        undo_last(by=ana)


def test_a_date_set_by_an_edit_survives_a_later_step_and_its_undo():
    claim, ana = ClaimFactory(), UserFactory()
    edit(claim, by=ana, information_date=date(2013, 1, 19))
    accept(claim, by=ana)

    undo_last(by=ana)

    claim.refresh_from_db()
    assert claim.information_date == date(2013, 1, 19)


def test_a_step_with_later_steps_upon_it_cannot_be_undone_first():
    claim, ana = ClaimFactory(), UserFactory()
    review = edit(claim, by=ana, hedge="may")
    accept(claim, by=ana)

    with pytest.raises(CannotUndo, match="later steps first"):
        undo(review, by=ana)


def test_a_step_is_undone_once():
    claim, ana = ClaimFactory(), UserFactory()
    review = accept(claim, by=ana)
    undo(review, by=ana)

    with pytest.raises(CannotUndo, match="undone already"):
        undo(review, by=ana)


def test_only_a_reviewer_undoes_the_steps_of_others():
    claim = ClaimFactory()
    review = accept(claim, by=UserFactory())

    with pytest.raises(CannotUndo, match="another analyst"):
        undo(review, by=UserFactory())
    undo(review, by=UserFactory(groups=["reviewer"]))

    claim.refresh_from_db()
    assert claim.state == ClaimState.CANDIDATE


def test_the_database_refuses_to_change_or_delete_a_review():
    review = accept(ClaimFactory(), by=UserFactory())

    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(reason="rewritten")
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        Review.objects.filter(pk=review.pk).delete()


def test_every_change_leaves_a_row_of_history_even_a_bulk_update():
    claim = ClaimFactory()

    Claim.objects.filter(pk=claim.pk).update(hedge="may")

    assert list(claim.events.order_by("pgh_id").values_list("pgh_label", "hedge")) == [
        ("insert", ""),
        ("update", "may"),
    ]
