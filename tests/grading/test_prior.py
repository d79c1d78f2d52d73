import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.beta import Beta
from grading.prior import SourceSums, fit_beta, one_per_family, population_priors

# Confirmed of judged, for twelve sources: the worked example of the grading model.
TWELVE = [(9, 10), (7, 10), (18, 20), (3, 8), (5, 5), (12, 15), (2, 6), (20, 24), (1, 1), (0, 2), (14, 20), (6, 7)]


def sources(pairs, *, kind="", first=1):
    return [SourceSums(n, n, confirmed, judged - confirmed, kind) for n, (confirmed, judged) in enumerate(pairs, first)]


def test_the_most_likely_prior_is_the_worked_value():
    fitted = fit_beta(sources(TWELVE))

    assert fitted.mean == pytest.approx(0.7331, rel=0.01)
    assert fitted.strength == pytest.approx(11.289, rel=0.01)
    assert (fitted.confirmed, fitted.refuted) == pytest.approx((8.276, 3.013), rel=0.01)


def test_its_strength_is_capped_and_its_mean_kept():
    overall = population_priors(sources(TWELVE), fewest_families=12).overall

    assert overall.prior.strength == pytest.approx(8)
    assert (overall.prior.confirmed, overall.prior.refuted) == pytest.approx((5.865, 2.135), rel=0.01)
    assert overall.families == 12
    assert overall.fitted == fit_beta(sources(TWELVE))


@pytest.mark.parametrize(
    ("confirmed", "judged", "mean"), [(0, 0, 0.7331), (1, 1, 0.7628), (0, 2, 0.5865), (18, 20, 0.8523)]
)
def test_records_shrink_towards_the_population(confirmed, judged, mean):
    prior = population_priors(sources(TWELVE), fewest_families=12).of("")

    assert prior.after(confirmed, judged - confirmed).mean == pytest.approx(mean, abs=1e-4)


def test_few_families_leave_the_default_prior():
    overall = population_priors(sources(TWELVE)).overall

    assert (overall.prior, overall.families, overall.fitted) == (Beta(1, 1), 12, None)


def test_no_source_leaves_the_default_prior_whatever_is_enough():
    assert population_priors([], fewest_families=0).of("group") == Beta(1, 1)


def test_families_without_a_verdict_do_not_count():
    unjudged = sources([(0, 0)] * 18, first=100)

    assert population_priors(sources(TWELVE) + unjudged).overall.families == 12


def test_declaring_a_repeater_changes_the_fit():
    apart = sources(TWELVE)
    joined = [*apart[:-1], SourceSums(source=12, family=1, confirmed=6, refuted=1)]

    assert [member.source for member in one_per_family(joined)] == list(range(1, 12))
    assert abs(fit_beta(one_per_family(joined)).mean - fit_beta(one_per_family(apart)).mean) > 0.001


def test_a_family_is_represented_by_its_most_judged_member_and_of_equals_the_oldest():
    family = [SourceSums(3, 1, 2, 2), SourceSums(2, 1, 4, 0), SourceSums(1, 1, 1, 0)]

    assert one_per_family(family) == [SourceSums(2, 1, 4, 0)]


def test_a_type_with_enough_families_has_its_own_prior_and_others_share():
    outlets = sources([(9, 10)] * 30, kind="outlet")
    persons = sources([(2, 10)] * 29, kind="person", first=100)

    priors = population_priors(outlets + persons)

    assert set(priors.by_kind) == {"outlet"}
    assert priors.of("outlet").mean == pytest.approx(0.9, abs=0.01)
    assert priors.of("person") == priors.overall.prior
    assert priors.overall.families == 59


def test_sources_that_are_all_alike_or_all_perfect_still_give_a_prior():
    alike = population_priors(sources([(7, 10)] * 40)).overall.prior
    perfect = population_priors(sources([(5, 5)] * 40)).overall.prior

    assert (alike.mean, alike.strength) == pytest.approx((0.7, 8), abs=1e-3)
    assert 0.98 < perfect.mean < 1


def test_sources_at_both_extremes_give_a_weak_prior_but_not_weaker_than_two():
    divided = population_priors(sources([(10, 10), (0, 10)] * 20)).overall

    assert divided.fitted.strength < 1
    assert divided.prior.strength == pytest.approx(2)


def test_nothing_can_be_fitted_to_no_verdict():
    with pytest.raises(ValueError, match="there are none"):
        fit_beta(sources([(0, 0)]))


@settings(max_examples=15)
@given(st.permutations(sources(TWELVE)))
def test_the_order_of_sources_does_not_matter(shuffled):
    assert population_priors(shuffled, fewest_families=12) == population_priors(sources(TWELVE), fewest_families=12)
