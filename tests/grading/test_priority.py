import pytest

from grading.priority import priority


def test_what_is_most_doubtful_comes_first():
    order = sorted([0.5, 0.9, 0.2, 1.0, 0.0], key=priority, reverse=True)

    assert order == [0.5, 0.2, 0.9, 1.0, 0.0]


@pytest.mark.parametrize(
    ("links", "weight", "expected"), [(0, 1.0, 0.25), (1, 1.0, 0.5), (3, 1.0, 0.75), (7, 2.0, 2.0), (7, 0.0, 0.0)]
)
def test_links_count_by_their_logarithm_and_weight_as_it_is(links, weight, expected):
    assert priority(0.5, links=links, weight=weight) == pytest.approx(expected)


def test_what_is_certain_need_not_be_looked_at_however_well_linked():
    assert priority(1.0, links=1000, weight=5.0) == priority(0.0, links=1000, weight=5.0) == 0


@pytest.mark.parametrize(
    "wrong", [{"probability": 1.1}, {"probability": 0.5, "links": -1}, {"probability": 0.5, "weight": -1.0}]
)
def test_numbers_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="got"):
        priority(**wrong)
