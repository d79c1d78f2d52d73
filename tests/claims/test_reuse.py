import pytest

from claims.models import ClaimState
from claims.reuse import claims_in_shared_passages
from documents.models import SharedPassage
from tests.factories import ClaimFactory, DocumentFactory, TextLayerFactory

pytestmark = pytest.mark.django_db

SHARED = (
    "A source close to the cabinet stated that the talks have failed. "
    "A second official said that the border was closed."
)
FIRST = ("A source close to the cabinet", "stated", "the talks have failed")
SECOND = ("A second official", "said", "the border was closed")


def layer_with(text):
    return TextLayerFactory(document=DocumentFactory(), text=text)


def claim_in(layer, words, **fields):
    return ClaimFactory(layer=layer, words=words, run=None, document_source=None, **fields)


def passage_between(later, earlier, *, other=None):
    start = later.text.index(SHARED)
    other = earlier.text.index(SHARED) if other is None else other
    return SharedPassage.objects.create(
        layer=later,
        other_layer=earlier,
        start=start,
        end=start + len(SHARED),
        other_start=other,
        other_end=other + len(SHARED),
        shingles=20,
    )


@pytest.fixture
def earlier():
    return layer_with(f"Before it.\n{SHARED}\nThe port said that the talks have failed, too.")


@pytest.fixture
def later():
    return layer_with(f"{SHARED}\nNothing more was heard.")


def pairs(document):
    return [(found.claim, found.other) for found in claims_in_shared_passages(document)]


def test_claims_with_the_same_words_in_a_shared_passage_are_paired_from_either_side(later, earlier):
    passage = passage_between(later, earlier)
    here = [claim_in(later, words) for words in (FIRST, SECOND)]
    there = [claim_in(earlier, words) for words in (SECOND, FIRST)]

    assert pairs(later.document) == [(here[0], there[1]), (here[1], there[0])]
    assert pairs(earlier.document) == [(there[1], here[0]), (there[0], here[1])]
    assert next(claims_in_shared_passages(later.document)).passage == passage


def test_a_claim_outside_the_passage_has_no_partner(later, earlier):
    passage_between(later, earlier)
    claim_in(later, FIRST)
    claim_in(earlier, ("The port", "said", "the talks have failed, too"))

    assert pairs(later.document) == []


def test_claims_that_were_rejected_or_dropped_are_left_out(later, earlier):
    passage_between(later, earlier)
    claim_in(later, FIRST, state=ClaimState.REJECTED)
    claim_in(later, SECOND)
    claim_in(earlier, FIRST)
    claim_in(earlier, SECOND, state=ClaimState.SUPERSEDED)

    assert pairs(later.document) == []


def test_a_content_cut_elsewhere_or_misread_is_still_the_same(earlier):
    misread = layer_with(SHARED.replace("talks have", "taiks have"))
    SharedPassage.objects.create(
        layer=misread, other_layer=earlier, start=0, end=120, other_start=11, other_end=130, shingles=16
    )
    claim = claim_in(misread, (*FIRST[:2], "that the taiks have failed"))
    other = claim_in(earlier, FIRST)

    assert pairs(misread.document) == [(claim, other)]


def test_two_passages_of_the_same_words_pair_two_claims_once(later):
    twice = layer_with(f"{SHARED}\nAnd again:\n{SHARED}")
    passage_between(later, twice)
    passage_between(later, twice, other=twice.text.rindex(SHARED))
    claim, other = claim_in(later, FIRST), claim_in(twice, FIRST)

    assert pairs(later.document) == [(claim, other)]


def test_a_document_without_shared_passages_has_no_pairs_and_takes_one_query(later, django_assert_num_queries):
    claim_in(later, FIRST)

    with django_assert_num_queries(1):
        assert pairs(later.document) == []


def test_two_queries_however_many_passages(later, earlier, django_assert_num_queries):
    others = [earlier, *(layer_with(SHARED) for _ in range(3))]
    for other in others:
        passage_between(later, other)
        claim_in(other, FIRST)
    claim_in(later, FIRST)

    with django_assert_num_queries(2):
        assert len(pairs(later.document)) == 4
