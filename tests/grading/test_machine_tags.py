import json
from importlib.resources import files

import pytest

from grading.machine_tags import (
    ANALYTIC_CONFIDENCE_NUMBERS,
    AUTOMATION_NUMBERS,
    CREDIBILITY_LABELS,
    CREDIBILITY_NUMBERS,
    LIKELIHOOD_NUMBERS,
    RELIABILITY_LABELS,
    RELIABILITY_NUMBERS,
    analytic_confidence_tag,
    automation_tag,
    credibility_tag,
    likelihood_tag,
    likelihood_value,
    machine_tag,
    reliability_tag,
)
from grading.scales import Credibility, Reliability


def test_the_tags_are_those_of_the_admiralty_scale():
    assert [reliability_tag(grade) for grade in Reliability] == [
        f'admiralty-scale:source-reliability="{letter}"' for letter in "abcdef"
    ]
    assert [credibility_tag(grade) for grade in Credibility] == [
        f'admiralty-scale:information-credibility="{digit}"' for digit in "123456"
    ]


def test_f_and_6_have_the_number_of_the_middle_and_still_say_that_nobody_judged():
    assert [RELIABILITY_NUMBERS[grade] for grade in Reliability] == [100, 75, 50, 25, 0, 50]
    assert [CREDIBILITY_NUMBERS[grade] for grade in Credibility] == [100, 75, 50, 25, 0, 50]
    assert reliability_tag(Reliability.F) != reliability_tag(Reliability.C)


@pytest.mark.parametrize("percent", range(1, 100))
def test_every_likelihood_has_a_value_whose_number_it_reaches(percent):
    value = likelihood_value(percent)

    assert LIKELIHOOD_NUMBERS[value] <= percent
    assert likelihood_tag(percent) == f'estimative-language:likelihood-probability="{value}"'


def test_every_value_of_the_estimative_language_is_reached():
    assert {likelihood_value(percent) for percent in range(1, 100)} == set(LIKELIHOOD_NUMBERS)


@pytest.mark.parametrize("level", ANALYTIC_CONFIDENCE_NUMBERS)
def test_confidence_in_a_judgement_has_its_own_predicate(level):
    assert analytic_confidence_tag(level) == f'estimative-language:confidence-in-analytic-judgment="{level}"'


@pytest.mark.parametrize("level", AUTOMATION_NUMBERS)
def test_the_level_of_automation_is_a_tag(level):
    assert automation_tag(level) == f'misp:automation-level="{level}"'


def test_what_no_taxonomy_knows_becomes_no_tag():
    with pytest.raises(ValueError, match="low, moderate or high"):
        analytic_confidence_tag("medium")
    with pytest.raises(ValueError, match="unsupervised, reviewed or manual"):
        automation_tag("automatic")
    with pytest.raises(ValueError, match="quotation mark"):
        machine_tag("admiralty-scale", "source-reliability", 'a"')
    with pytest.raises(ValueError, match="namespace"):
        machine_tag("", "source-reliability", "a")


def test_grades_are_worded_as_the_object_template_of_misp_lists_them():
    template = files("pymisp") / "data/misp-objects/objects/intelligence-source-assessment/definition.json"
    listed = json.loads(template.read_text())["attributes"]

    assert list(RELIABILITY_LABELS.values()) == listed["source-reliability"]["values_list"]
    assert list(CREDIBILITY_LABELS.values()) == listed["information-credibility"]["values_list"]
