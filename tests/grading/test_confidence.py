import pytest
from stix2.confidence import scales as oracle

from grading.confidence import (
    ADMIRALTY_CREDIBILITY,
    DNI,
    NONE_LOW_MED_HIGH,
    SCALES,
    WORDS_OF_ESTIMATIVE_PROBABILITY,
    ZERO_TO_TEN,
    confidence_as_credibility,
    credibility_as_confidence,
)
from grading.scales import Credibility, likelihood_term

LIBRARY = {
    NONE_LOW_MED_HIGH: (oracle.none_low_med_high_to_value, oracle.value_to_none_low_medium_high),
    ADMIRALTY_CREDIBILITY: (oracle.admiralty_credibility_to_value, oracle.value_to_admiralty_credibility),
    WORDS_OF_ESTIMATIVE_PROBABILITY: (oracle.wep_to_value, oracle.value_to_wep),
    DNI: (oracle.dni_to_value, oracle.value_to_dni),
    ZERO_TO_TEN: (oracle.zero_ten_to_value, oracle.value_to_zero_ten),
}
EACH = pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale.name)


def test_every_scale_is_compared_with_the_library():
    assert set(LIBRARY) == set(SCALES)


@EACH
def test_all_101_values_have_the_label_that_the_library_gives_them(scale):
    _, to_label = LIBRARY[scale]

    assert [scale.label(value) for value in range(101)] == [to_label(value) for value in range(101)]


@EACH
def test_every_label_has_the_value_that_the_library_gives_it(scale):
    to_value, to_label = LIBRARY[scale]
    labels = {to_label(value) for value in range(101)}

    assert set(scale.labels) == labels
    assert {label: scale.confidence(label) for label in labels} == {label: to_value(label) for label in labels}


@EACH
@pytest.mark.parametrize("beyond", [-1, 101])
def test_no_scale_has_a_label_outside_0_to_100(scale, beyond):
    _, to_label = LIBRARY[scale]

    with pytest.raises(ValueError, match="between 0 and 100"):
        scale.label(beyond)
    with pytest.raises(ValueError, match="out of bounds"):
        to_label(beyond)


@EACH
@pytest.mark.parametrize("unknown", ["", "none", "HIGH", "11", "6 - Truth cannot be judged", "certainly"])
def test_a_label_that_the_library_refuses_has_no_confidence_here(scale, unknown):
    to_value, _ = LIBRARY[scale]

    with pytest.raises(ValueError, match="cannot be determined"):
        to_value(unknown)
    with pytest.raises(ValueError, match="no confidence on the scale"):
        scale.confidence(unknown)


@EACH
def test_a_label_comes_back_from_its_own_number(scale):
    assert [scale.label(scale.confidence(label)) for label in scale.labels] == list(scale.labels)


@pytest.mark.parametrize(
    ("grade", "confidence"),
    [("1", 90), ("2", 70), ("3", 50), ("4", 30), ("5", 10), ("6", None)],
)
def test_credibility_leaves_as_the_stix_number_and_6_leaves_without(grade, confidence):
    assert credibility_as_confidence(Credibility(grade)) == confidence
    assert confidence_as_credibility(confidence) == Credibility(grade)


def test_ninety_percent_reads_differently_in_icd_203_and_in_the_table_of_stix():
    assert likelihood_term(90) == "very likely"
    assert DNI.label(90) == "Almost Certain / Nearly Certain"
