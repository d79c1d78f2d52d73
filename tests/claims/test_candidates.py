"""Candidates added, split and merged by hand: what becomes of them, of an undo, and of a newer engine."""

import pytest

from claims.errors import (
    BadSpan,
    CannotMergeClaims,
    CannotSplitClaim,
    CannotUndo,
    ClaimAlreadyDecided,
    ClaimAlreadyThere,
    ClaimChanged,
)
from claims.models import Claim, ClaimState, Decision, DocumentSource, ExtractionRun, Review
from claims.services import (
    accept,
    add_claim,
    edit,
    merge_claims,
    reject,
    split_claim,
    store_extraction,
    undo,
    undo_last,
    undo_steps,
)
from claims.services.steps import REVIEWABLE
from documents.models import TextLayer
from extraction.spans import Attribution, Extraction
from tests.factories import (
    ClaimFactory,
    DocumentSourceFactory,
    TextLayerFactory,
    UserFactory,
    place,
)

pytestmark = pytest.mark.django_db

TEXT = (
    "A source close to the cabinet stated that the talks have failed and the army will march. "
    "The same source added, “nobody was told”. A shepherd saw the column."
)
FAILED = ("A source close to the cabinet", "stated", "the talks have failed and the army will march")


def at(words: str) -> list[list[int]]:
    return place(TEXT, words).offsets


def reviewable(claim: Claim) -> dict[str, object]:
    claim.refresh_from_db()
    return {field: getattr(claim, field) for field in [*REVIEWABLE, "start"]}


def told(layer: TextLayer) -> Claim:
    return ClaimFactory(layer=layer, words=FAILED)


@pytest.fixture
def layer() -> TextLayer:
    return TextLayerFactory(text=TEXT, document__document_date="2013-01-18")


def test_a_claim_that_the_machine_missed_is_added_and_waits_like_any_other(layer: TextLayer):
    ana = UserFactory()

    step = add_claim(
        layer, by=ana, spans={"source": at("A shepherd"), "cue": at("saw"), "content": at("the column")}, seconds=9
    )

    claim = Claim.objects.get()
    assert (claim.state, claim.run, claim.score, claim.type) == (ClaimState.CANDIDATE, None, None, "indirect")
    assert (claim.source_quote, claim.cue_quote, claim.content_quote) == ("A shepherd", "saw", "the column")
    assert claim.start == TEXT.index("A shepherd")
    assert claim.collection == layer.document.collection
    assert str(claim.reported_date) == "2013-01-18"
    assert (step.claim, step.decision, step.analyst, step.seconds) == (claim, Decision.ADD, ana, 9)
    accept(claim, by=ana, new_source="a shepherd of the region", expected_version=claim.version)


def test_content_alone_is_enough_and_quotation_marks_make_it_direct_speech(layer: TextLayer):
    step = add_claim(layer, by=UserFactory(), spans={"content": at("nobody was told")})

    assert (step.claim.type, step.claim.source_quote, step.claim.document_source) == ("direct", "", None)


def test_an_added_claim_is_tied_to_the_in_document_source_that_its_words_mention(layer: TextLayer):
    known = told(layer)
    DocumentSource.objects.filter(pk=known.document_source_id).update(
        mentions=[at("A source close to the cabinet"), at("The same source")]
    )

    step = add_claim(layer, by=UserFactory(), spans={"content": at("nobody was told"), "source": at("same source")})

    assert step.claim.document_source == known.document_source
    assert step.claim.chain_of_tellers == [known.document_source]


@pytest.mark.parametrize("spans", [{}, {"cue": [[0, 5]]}, {"content": []}, {"content": [[3, 9000]]}])
def test_an_added_claim_needs_words_of_the_text(layer: TextLayer, spans: dict):
    with pytest.raises(BadSpan):
        add_claim(layer, by=UserFactory(), spans=spans)

    assert not Claim.objects.exists()


def test_a_source_of_another_document_cannot_be_named(layer: TextLayer):
    with pytest.raises(BadSpan, match="another document"):
        add_claim(layer, by=UserFactory(), spans={"content": at("the column")}, document_source=DocumentSourceFactory())


def test_the_same_place_takes_one_claim(layer: TextLayer):
    there = told(layer)
    reject(there, by=UserFactory(), reason="not a claim")
    spans = dict(zip(("source", "cue", "content"), (at(words) for words in FAILED), strict=True))

    with pytest.raises(ClaimAlreadyThere, match=f"Claim {there.pk} .* \\(rejected\\)"):
        add_claim(layer, by=UserFactory(), spans=spans)


def test_an_added_claim_that_is_taken_back_leaves_its_place_free(layer: TextLayer):
    ana, spans = UserFactory(), {"content": at("the column"), "source": at("A shepherd")}
    first = add_claim(layer, by=ana, spans=spans, new_source="a shepherd").claim
    undo_last(by=ana)

    again = add_claim(layer, by=ana, spans=spans).claim

    first.refresh_from_db()
    assert (first.state, again.state) == (ClaimState.WITHDRAWN, ClaimState.CANDIDATE)
    assert again.pk != first.pk
    assert not Claim.objects.exclude(pk=first.pk).filter(source__isnull=False).exists()
    assert list(Claim.objects.current()) == [again]


def test_what_a_newer_engine_dropped_waits_again_when_somebody_adds_it(layer: TextLayer):
    ana, claim = UserFactory(), told(layer)
    Claim.objects.update(state=ClaimState.SUPERSEDED)
    spans = dict(zip(("source", "cue", "content"), (at(words) for words in FAILED), strict=True))

    step = add_claim(layer, by=ana, spans=spans, hedge="may")
    claim.refresh_from_db()
    assert (step.claim, claim.state, claim.hedge) == (claim, ClaimState.CANDIDATE, "may")

    undo_last(by=ana)
    claim.refresh_from_db()
    assert (claim.state, claim.hedge) == (ClaimState.SUPERSEDED, "")


def test_a_split_claim_keeps_the_first_part_and_the_second_has_the_same_source_and_tellers(layer: TextLayer):
    claim = told(layer)
    claim.chain.create(position=0, document_source=claim.document_source)

    step = split_claim(
        claim,
        by=UserFactory(),
        contents=[at("the talks have failed"), at("the army will march")],
        expected_version=1,
    )

    claim.refresh_from_db()
    other = Claim.objects.exclude(pk=claim.pk).get()
    assert (claim.content_quote, other.content_quote) == ("the talks have failed", "the army will march")
    assert (other.source_quote, other.cue_quote, other.document_source) == (*FAILED[:2], claim.document_source)
    assert other.chain_of_tellers == [claim.document_source]
    assert (claim.state, other.state, claim.version) == (ClaimState.CANDIDATE, ClaimState.CANDIDATE, 2)
    assert set(Review.objects.values_list("claim", "decision", "batch")) == {
        (claim.pk, Decision.SPLIT, step.batch),
        (other.pk, Decision.SPLIT, step.batch),
    }


def test_undoing_a_split_from_either_part_puts_the_one_claim_back(layer: TextLayer):
    claim, ana = told(layer), UserFactory()
    before = reviewable(claim)
    split_claim(claim, by=ana, contents=[at("the talks have failed"), at("the army will march")])
    other = Claim.objects.exclude(pk=claim.pk).get()

    undone = undo(other.reviews.get(), by=ana)

    assert reviewable(claim) == before
    other.refresh_from_db()
    assert (undone.claim, other.state) == (other, ClaimState.WITHDRAWN)
    split_claim(claim, by=ana, contents=[at("the talks have failed"), at("the army will march")])
    assert Claim.objects.current().count() == 2


def test_a_split_is_undone_only_after_what_was_done_to_its_parts(layer: TextLayer):
    claim, ana = told(layer), UserFactory()
    step = split_claim(claim, by=ana, contents=[at("the talks have failed"), at("the army will march")])
    other = Claim.objects.exclude(pk=claim.pk).get()
    accepted = accept(other, by=ana)

    with pytest.raises(CannotUndo, match=f"claim {other.pk} stands in the way") as refused:
        undo(step, by=ana)
    assert refused.value.claims == [other.pk]

    undo_steps([accepted, step], by=ana)
    assert {claim.state for claim in Claim.objects.all()} == {ClaimState.CANDIDATE, ClaimState.WITHDRAWN}


@pytest.mark.parametrize(
    ("contents", "error"),
    [
        (["the talks have failed"], CannotSplitClaim),
        (["the talks have failed", "the talks have failed"], CannotSplitClaim),
        (["the talks have failed"] * 11, CannotSplitClaim),
    ],
)
def test_a_split_into_less_than_two_different_claims_is_refused(layer: TextLayer, contents, error):
    claim = told(layer)
    before = reviewable(claim)

    with pytest.raises(error):
        split_claim(claim, by=UserFactory(), contents=[at(words) for words in contents])

    assert reviewable(claim) == before
    assert not Review.objects.exists()


def test_a_split_of_an_outdated_or_decided_claim_is_refused(layer: TextLayer):
    claim, halves = told(layer), [at("the talks have failed"), at("the army will march")]
    edit(claim, by=UserFactory(), hedge="may")

    with pytest.raises(ClaimChanged):
        split_claim(claim, by=UserFactory(), contents=halves, expected_version=1)
    reject(claim, by=UserFactory(), reason="no")
    with pytest.raises(ClaimAlreadyDecided):
        split_claim(claim, by=UserFactory(), contents=halves)

    assert Claim.objects.count() == 1


def test_two_claims_become_one_with_the_words_of_both(layer: TextLayer):
    ana = UserFactory()
    first = ClaimFactory(layer=layer, words=(*FAILED[:2], "the talks have failed"), hedge="may")
    second = ClaimFactory(layer=layer, run=first.run, words=(*FAILED[:2], "the army will march"), hedge="may; perhaps")
    before = [reviewable(first), reviewable(second)]

    step = merge_claims(first, second, by=ana, expected_version=1, other_version=1)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.content_fragments == [*at("the talks have failed"), *at("the army will march")]
    assert first.content_quote == "the talks have failed the army will march"
    assert (first.source_quote, first.cue_quote, first.hedge) == (*FAILED[:2], "may; perhaps")
    assert (first.state, second.state) == (ClaimState.CANDIDATE, ClaimState.WITHDRAWN)
    assert list(Claim.objects.current()) == [first]
    assert {row.claim_id for row in Review.objects.filter(batch=step.batch)} == {first.pk, second.pk}

    undo_last(by=ana)
    assert [reviewable(first), reviewable(second)] == before


def test_a_merged_claim_takes_from_the_other_what_it_lacks_and_words_that_touch_are_one_piece(layer: TextLayer):
    bare = add_claim(layer, by=UserFactory(), spans={"content": at("the talks have")}).claim
    full = ClaimFactory(layer=layer, words=(*FAILED[:2], "failed and the army will march"))

    merge_claims(bare, full, by=UserFactory())

    bare.refresh_from_db()
    assert (bare.source_quote, bare.cue_quote, bare.document_source) == (*FAILED[:2], full.document_source)
    assert bare.content_fragments == at(FAILED[2])
    assert bare.start == 0


def test_claims_of_two_documents_or_decided_ones_are_not_merged(layer: TextLayer):
    claim, elsewhere = told(layer), ClaimFactory()
    decided = ClaimFactory(layer=layer, run=claim.run, words=("A shepherd", "saw", "the column"))
    third = ClaimFactory(layer=layer, run=claim.run, words=("A shepherd", "saw", "column"))
    reject(decided, by=UserFactory(), reason="no")

    for other, error in ((elsewhere, CannotMergeClaims), (claim, CannotMergeClaims), (decided, ClaimAlreadyDecided)):
        with pytest.raises(error):
            merge_claims(claim, other, by=UserFactory())
    with pytest.raises(ClaimChanged):
        merge_claims(claim, third, by=UserFactory(), other_version=2)

    assert Review.objects.count() == 1


def found(*words: tuple[str, str, str]) -> Extraction:
    return Extraction(
        sources=(),
        attributions=tuple(
            Attribution(
                id=f"A{number}",
                source=place(TEXT, source),
                cue=place(TEXT, cue),
                content=place(TEXT, content),
                type="indirect",
                source_id=None,
                chain=(),
                score=0.9,
            )
            for number, (source, cue, content) in enumerate(words)
        ),
    )


def read_again_by(layer: TextLayer, version: str, *words: tuple[str, str, str]) -> ExtractionRun:
    return store_extraction(layer, found(*words), engine="hearsay", engine_version=version)


def test_a_newer_engine_leaves_added_split_and_merged_claims_as_people_made_them(layer: TextLayer):
    shepherd, same = ("A shepherd", "saw", "the column"), ("The same source", "added", "nobody was told")
    read_again_by(layer, "1", FAILED, same)
    first, second = Claim.objects.in_reading_order()
    ana = UserFactory()
    split_claim(first, by=ana, contents=[at("the talks have failed"), at("the army will march")])
    merge_claims(first, second, by=ana)
    add_claim(layer, by=ana, spans={"content": at("the column")})
    before = list(Claim.objects.order_by("pk").values("pk", "state", "content_quote", "version"))

    read_again_by(layer, "2", FAILED, same, shepherd)

    assert list(Claim.objects.order_by("pk").values("pk", "state", "content_quote", "version")) == before


def test_a_newer_engine_finds_what_somebody_added_and_took_back(layer: TextLayer):
    shepherd, ana = ("A shepherd", "saw", "the column"), UserFactory()
    add_claim(layer, by=ana, spans=dict(zip(("source", "cue", "content"), map(at, shepherd), strict=True)))
    undo_last(by=ana)

    read_again_by(layer, "2", shepherd)

    assert Claim.objects.current().get().score == 0.9


def test_an_undo_puts_a_claim_back_to_its_place_in_reading_order(layer: TextLayer):
    ana = UserFactory()
    early = ClaimFactory(layer=layer, words=(*FAILED[:2], "the talks have failed"))
    late = ClaimFactory(layer=layer, run=early.run, words=("A shepherd", "saw", "the column"))
    before = reviewable(late)

    merge_claims(late, early, by=ana)
    assert reviewable(late)["start"] == early.content_fragments[0][0]

    undo_last(by=ana)
    assert reviewable(late) == before
