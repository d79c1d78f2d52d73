from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.calibration import Scale
from grading.fusion import Evidence, Question, effective_accuracy, evidence_weight

DAY = date(2013, 1, 29)
SUMMED = Scale(slope=1.0)


def said(claim, accuracy, value="yes", *, source=None, day=0, independent=False, faithfulness=1.0):
    return Evidence(
        claim=claim,
        source=claim if source is None else source,
        value=value,
        accuracy=accuracy,
        faithfulness=faithfulness,
        claimed_on=DAY + timedelta(days=day),
        independent=independent,
    )


FOUR = [said(1, 0.8), said(2, 0.7), said(3, 0.6), said(4, 0.75, "no")]  # three support, one contradicts


@pytest.mark.parametrize(
    ("question", "summed", "halved"),
    [
        (Question(FOUR), 0.8235, 0.6836),
        (Question(FOUR, links=[(1, 2)]), 0.6667, 0.5858),
        (Question(FOUR, dependence={(1, 2): 0.9}), 0.7172, 0.6142),
    ],
    ids=["all independent", "two from one report", "one suspected copy"],
)
def test_reports_are_fused_as_worked_out(question, summed, halved):
    assert question.fuse(1, scale=SUMMED).combined.probability == pytest.approx(summed, abs=1e-4)
    assert question.fuse(1).combined.probability == pytest.approx(halved, abs=1e-4)


def test_corroboration_leaves_the_claims_own_group_out():
    corroboration = Question(FOUR).fuse(1).corroboration

    assert corroboration.probability == pytest.approx(0.5193, abs=1e-4)
    assert [group.claims for group in corroboration.supporting] == [(2,), (3,)]
    assert [group.claims for group in corroboration.contradicting] == [(4,)]


def test_an_unfaithful_path_pulls_towards_a_coin_toss():
    assert effective_accuracy(0.8, 0.9) == pytest.approx(0.77)
    assert evidence_weight(0.77) == pytest.approx(1.2083, abs=1e-4)
    (group,) = Question([said(1, 0.8, faithfulness=0.9)]).groups()
    assert group.weight == pytest.approx(1.2083, abs=1e-4)
    assert effective_accuracy(0.8, 0) == 0.5


def test_agreement_weighs_more_where_more_answers_are_wrong():
    assert evidence_weight(0.8, 5) == pytest.approx(2.9957, abs=1e-4)  # ln 20


@pytest.mark.parametrize(("accuracy", "faithfulness"), [(0, 1), (1, 1), (0.5, -0.1), (0.5, 1.1)])
def test_certainty_and_impossible_faithfulness_are_refused(accuracy, faithfulness):
    with pytest.raises(ValueError, match="both excluded"):
        effective_accuracy(accuracy, faithfulness)


def test_a_question_without_a_wrong_answer_is_refused():
    with pytest.raises(ValueError, match="at least one wrong alternative"):
        evidence_weight(0.8, 0)


def test_linked_claims_are_one_report_even_over_a_claim_nobody_accepted():
    groups = Question(FOUR, links=[(1, 99), (99, 3)]).groups()

    assert [(group.claims, group.value) for group in groups] == [((1, 3), "yes"), ((2,), "yes"), ((4,), "no")]
    assert groups[0].weight == pytest.approx(evidence_weight(0.8))


def test_the_own_group_is_left_out_with_all_its_relays():
    corroboration = Question(FOUR, links=[(2, 1), (2, 3)]).fuse(3).corroboration

    assert corroboration.supporting == ()
    assert [group.claims for group in corroboration.contradicting] == [(4,)]


def test_a_source_that_changes_its_mind_counts_with_its_latest_claim():
    evidence = [said(1, 0.8, "yes", source=7, day=0), said(2, 0.8, "no", source=7, day=1)]

    assert [group.value for group in Question(evidence).groups()] == ["no"]
    assert Question(evidence[::-1]).groups() == Question(evidence).groups()


def test_a_source_does_not_corroborate_itself():
    evidence = [said(1, 0.8, source=7, day=0), said(2, 0.8, source=7, day=1), said(3, 0.6, source=8)]

    corroboration = Question(evidence).fuse(1).corroboration

    assert [group.claims for group in corroboration.supporting] == [(3,)]


def test_a_claim_without_a_date_counts_as_the_latest():
    undated = replace(said(1, 0.8, "no", source=7), claimed_on=None)

    assert [group.value for group in Question([undated, said(2, 0.8, source=7)]).groups()] == ["no"]


def test_the_later_of_two_suspected_copies_is_discounted():
    early, late = said(1, 0.7, day=5), said(2, 0.7, day=4)

    weights = {group.claims: group.weight for group in Question([early, late], dependence={(1, 2): 0.5}).groups()}

    assert weights[(2,)] == pytest.approx(evidence_weight(0.7))
    assert weights[(1,)] == pytest.approx(0.6 * evidence_weight(0.7))


@pytest.mark.parametrize(
    "question",
    [
        Question([said(1, 0.6), said(2, 0.7, "no")], dependence={(1, 2): 0.9}),
        Question([said(1, 0.6), said(2, 0.7)], links=[(1, 2)], dependence={(1, 2): 0.9}),
        Question([said(1, 0.6), said(2, 0.7)], dependence={(2, 3): 0.9}),
    ],
    ids=["different values", "declared already", "not about this question"],
)
def test_nothing_else_is_discounted(question):
    assert max(group.weight for group in question.groups()) == pytest.approx(evidence_weight(0.7))


def test_a_relay_that_turned_the_claim_round_does_not_contradict_it():
    garbled = said(2, 0.7, "no")

    fusion = Question([said(1, 0.8), garbled], links=[(1, 2)]).fuse(1)

    assert fusion.corroboration.contradicting == ()
    assert [group.claims for group in fusion.combined.contradicting] == [(2,)]


def test_a_suspected_copy_of_the_claim_itself_corroborates_it_less():
    evidence = [said(1, 0.8), said(2, 0.8, day=1)]

    honest = Question(evidence).fuse(1).corroboration.probability
    suspected = Question(evidence, dependence={(1, 2): 0.9}).fuse(1).corroboration.probability

    assert 0.5 < suspected < honest


def test_no_sum_of_reports_makes_certainty():
    crowd = [said(n, 0.95) for n in range(1, 40)] + [said(40, 0.6, "no")]

    assert Question(crowd).fuse(1).combined.probability == 0.99
    assert Question(crowd).fuse(40).combined.probability == 0.01


def test_a_fitted_scale_shifts_as_well_as_stretches():
    shifted = Question(FOUR).fuse(1, scale=Scale(slope=1.0, intercept=-1.0)).combined.probability

    assert shifted == pytest.approx(Scale(1.0, -1.0).probability(1.5404), abs=1e-4)


def test_the_combined_probability_has_a_likelihood_word():
    assert Question(FOUR).fuse(1).combined.in_words == "likely"
    assert Question([said(1, 0.55)]).fuse(1, scale=SUMMED).combined.in_words == "roughly even chance"


def test_a_claim_of_another_question_is_refused():
    with pytest.raises(KeyError, match="claim 9 is not among the evidence"):
        Question(FOUR).fuse(9)


def test_values_share_what_values_nobody_claimed_leave():
    evidence = [said(1, 0.8, "ten"), said(2, 0.6, "ten"), said(3, 0.7, "twelve")]

    ten, twelve = Question(evidence, wrong_alternatives=5).value_probabilities()

    # exp of half the summed weights: (20 x 7.5) ** .5 = 12.2474, (11.6667) ** .5 = 3.4157, and four unclaimed values.
    assert (ten.value, ten.groups) == ("ten", 2)
    assert ten.probability == pytest.approx(12.2474 / (12.2474 + 3.4157 + 4), abs=1e-4)
    assert twelve.probability == pytest.approx(3.4157 / (12.2474 + 3.4157 + 4), abs=1e-4)
    assert Question(evidence, wrong_alternatives=5).fuse(1).combined.probability == pytest.approx(ten.probability)


def test_more_values_than_expected_leave_nothing_over():
    evidence = [said(n, 0.6, str(n)) for n in range(1, 5)]

    values = Question(evidence, wrong_alternatives=2).value_probabilities()

    assert sum(each.probability for each in values) == pytest.approx(1)


def test_an_answer_that_its_source_took_back_is_as_probable_as_one_nobody_gave():
    evidence = [said(1, 0.8, "ten", source=7), said(2, 0.8, "twelve", source=7, day=3), said(3, 0.7, "twelve")]

    taken_back = Question(evidence, wrong_alternatives=5).value_probabilities()
    never_given = Question(evidence[1:], wrong_alternatives=5).value_probabilities()

    assert [each.value for each in taken_back] == ["twelve", "ten"]
    assert taken_back[0] == never_given[0]
    assert taken_back[1].probability == pytest.approx((1 - never_given[0].probability) / 5)
    assert taken_back[1].groups == 0


def test_ties_go_to_more_groups_and_then_to_the_alphabet():
    even = [said(1, 0.5, "b"), said(2, 0.5, "a"), said(3, 0.5, "c"), said(4, 0.5, "c")]

    assert [each.value for each in Question(even).value_probabilities()] == ["c", "a", "b"]


evidences = st.lists(
    st.builds(
        Evidence,
        claim=st.integers(1, 50),
        source=st.integers(1, 8),
        value=st.sampled_from(["yes", "no"]),
        accuracy=st.floats(0.01, 0.99),
        faithfulness=st.floats(0, 1),
        claimed_on=st.none() | st.dates(),
    ),
    min_size=1,
    max_size=15,
    unique_by=lambda each: each.claim,
)
claim_pairs = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), max_size=10)
source_pairs = st.dictionaries(
    st.sampled_from([(i, j) for i in range(1, 9) for j in range(i + 1, 9)]), st.floats(0, 1), max_size=8
)


@given(evidences, claim_pairs, source_pairs, st.randoms(use_true_random=False))
def test_the_order_of_evidence_and_links_does_not_matter(evidence, links, dependence, random):
    question = Question(evidence, links, dependence)
    turned = [(b, a) for a, b in random.sample(links, len(links))]
    shuffled = Question(
        random.sample(evidence, len(evidence)), turned, dict(random.sample(list(dependence.items()), len(dependence)))
    )

    claim = evidence[0].claim

    assert shuffled.fuse(claim) == question.fuse(claim)


@given(evidences, claim_pairs)
def test_yes_and_no_share_the_whole(evidence, links):
    values = Question(evidence, links).value_probabilities()

    total = sum(each.probability for each in values)
    assert total == pytest.approx(1) if len(values) == 2 else 0 < total < 1


@given(evidences, st.floats(0.5, 0.99))
def test_one_more_independent_supporter_never_lowers_a_claim(evidence, accuracy):
    claim = evidence[0]
    supporter = Evidence(claim=99, source=99, value=claim.value, accuracy=accuracy)

    before = Question(evidence).fuse(claim.claim)
    after = Question([*evidence, supporter]).fuse(claim.claim)

    assert after.combined.probability >= before.combined.probability - 1e-12
    assert after.corroboration.probability >= before.corroboration.probability - 1e-12
