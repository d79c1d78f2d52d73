"""Agreement of two people, against tables from the literature and against the libraries that are in use for it."""

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from grading.raters import FEWEST_ITEMS, agreement, overlap

FLEISS_1981 = [("p", "p")] * 75 + [("p", "n")] + [("p", "o")] * 4 + [("n", "p")] * 5 + [("n", "n")] * 4
FLEISS_1981 += [("n", "o")] + [("o", "o")] * 10
"""100 patients as psychotic, neurotic or organic by two raters (Fleiss 1981, table 13.1): kappa .68."""

KRIPPENDORFF_2011 = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
"""12 articles by two observers (Krippendorff 2011, example B): alpha .692."""

KRIPPENDORFF_BINARY = list(zip("0100000010", "1110010000", strict=True))
"""The same paper's example A: alpha .095."""

CLAIMS = [("accept", "accept")] * 19 + [("accept", "reject")] * 3 + [("reject", "accept")] * 2
CLAIMS += [("reject", "reject")] * 6
"""A table of our own: 25 of 30 alike."""


def test_tables_of_the_literature_give_their_figures():
    assert agreement(FLEISS_1981).kappa == pytest.approx(0.676, abs=0.0005)
    assert agreement(KRIPPENDORFF_2011).alpha == pytest.approx(0.692, abs=0.0005)
    assert agreement(KRIPPENDORFF_BINARY).alpha == pytest.approx(0.095, abs=0.0005)


@pytest.mark.parametrize("table", [FLEISS_1981, KRIPPENDORFF_2011, KRIPPENDORFF_BINARY, CLAIMS])
def test_the_figures_equal_those_of_the_libraries(table: list[tuple[str, str]]):
    ones, others = zip(*table, strict=True)

    found = agreement(table)

    numbers = {category: number for number, category in enumerate(sorted({*ones, *others}))}
    data = [[numbers[each] for each in person] for person in (ones, others)]
    assert found.kappa == pytest.approx(cohen_kappa_score(ones, others), abs=1e-12)
    assert found.alpha == pytest.approx(krippendorff.alpha(data, level_of_measurement="nominal"), abs=1e-12)


def test_the_table_of_our_own_is_counted():
    found = agreement(CLAIMS)

    assert (found.items, found.agreed, found.share) == (30, 25, 25 / 30)
    assert found.kappa == pytest.approx(0.590, abs=0.0005)
    assert found.enough


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=40))
def test_kappa_is_that_of_the_library_for_any_table(table: list[tuple[str, str]]):
    found = agreement(table).kappa
    if found is None:
        assert len({each for pair in table for each in pair}) == 1
    else:
        assert found == pytest.approx(cohen_kappa_score(*zip(*table, strict=True)), abs=1e-9)


def test_where_both_said_the_same_of_everything_nothing_is_known_of_chance():
    found = agreement([("accept", "accept")] * 30)

    assert (found.share, found.kappa, found.alpha) == (1.0, None, None)


def test_without_items_there_is_no_figure():
    found = agreement([])

    assert (found.items, found.share, found.kappa, found.alpha, found.enough) == (0, None, None, None, False)
    assert not agreement([("a", "b")] * (FEWEST_ITEMS - 1)).enough


def test_overlap_counts_the_characters_both_have():
    assert overlap([[0, 10]], [[0, 10]]) == 1.0
    assert overlap([[0, 10]], [[5, 15]]) == 0.5
    assert overlap([[0, 4], [6, 10]], [[0, 4]]) == pytest.approx(8 / 12)
    assert overlap([[0, 4]], [[6, 8]]) == 0.0
