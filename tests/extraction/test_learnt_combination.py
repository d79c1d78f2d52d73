"""Learnt and ruled attributions as one list."""

from dataclasses import replace

import numpy as np
import pytest

from extraction import pipeline
from extraction.learnt.combination import POLICIES, Policy, combine, find_outermost
from extraction.learnt.model import shipped
from extraction.roles.raw import RawAttribution

EVEN = Policy(rule_over_learnt=0.8, rule_alone=0.6, learnt_alone=0.5, inner=0.0)


def raw(cue: int, source: tuple[int, int] | None, content: tuple[int, int], strength: float, kind: str = "speech"):
    return RawAttribution(((cue, cue + 1),), (source,) if source else (), (content,), kind, strength)


def test_a_strong_rule_keeps_its_spans_where_both_find_the_same_cue():
    learnt = raw(2, (0, 2), (3, 9), 0.97)
    ruled = raw(2, (0, 2), (4, 9), 0.95, "belief")

    (found,) = combine([learnt], [ruled], EVEN)

    assert (found.content, found.kind, found.strength) == (((4, 9),), "belief", 0.97)


def test_a_weak_rule_gives_way_to_the_learnt_spans_and_lends_its_kind():
    learnt = raw(2, (0, 2), (3, 9), 0.97)
    ruled = raw(2, (0, 2), (4, 9), 0.4, "belief")

    (found,) = combine([learnt], [ruled], EVEN)

    assert (found.content, found.kind) == (((3, 9),), "belief")


def test_a_rule_inside_a_learnt_content_is_an_inner_attribution():
    outer = raw(2, (0, 2), (3, 20), 0.9)
    inner = raw(6, (4, 6), (7, 20), 0.5)

    assert combine([outer], [inner], EVEN) == [outer, inner]


@pytest.mark.parametrize(("strength", "stands"), [(0.9, True), (0.3, False)])
def test_a_rule_that_nothing_learnt_touches_needs_strength(strength, stands):
    learnt = raw(2, (0, 2), (3, 9), 0.9)
    ruled = raw(14, (12, 14), (15, 20), strength)

    assert (ruled in combine([learnt], [ruled], EVEN)) is stands


@pytest.mark.parametrize(("certainty", "stands"), [(0.9, True), (0.1, False)])
def test_what_only_the_model_finds_needs_certainty(certainty, stands):
    learnt = raw(2, (0, 2), (3, 9), certainty)

    assert (combine([learnt], [], EVEN) == [learnt]) is stands


def test_no_cue_word_stands_in_two_attributions():
    first = RawAttribution(((2, 4),), ((0, 2),), ((5, 9),), "speech", 0.9)
    second = raw(3, (0, 2), (5, 9), 0.7)

    assert combine([first, second], [], EVEN) == [first]


def test_documents_lose_no_attribution_of_the_rules():
    ruled = [raw(2, (0, 2), (3, 9), 0.2), raw(12, (10, 12), (13, 19), 0.1)]
    learnt = [raw(2, (0, 1), (3, 5), 0.99), raw(14, (10, 12), (15, 19), 0.2)]

    found = combine(learnt, ruled, POLICIES["documents"])

    assert [(one.cue, one.source, one.content) for one in found] == [
        (one.cue, one.source, one.content) for one in ruled
    ]


def test_in_news_the_rules_only_add_what_stands_inside():
    outer = raw(2, (0, 2), (3, 20), 0.9)
    inner, beside = raw(6, (4, 6), (7, 20), 0.5), raw(24, (22, 24), (25, 30), 0.95)

    assert combine([outer], [inner, beside], POLICIES["news"]) == [outer, inner]


@pytest.mark.slow
@pytest.mark.parametrize(("rules_first", "found"), [(True, True), (False, False)])
def test_the_settings_file_of_a_model_says_whether_the_rules_go_first(rules_first, found):
    doc = pipeline.load()("The minister said that the talks had failed.")
    nothing = {name: np.zeros_like(array) for name, array in shipped().credits.items()}
    model = replace(shipped(), credits=nothing | {"bias": np.full(4, -9, np.float32)}, rules_first=rules_first)

    assert bool(find_outermost(doc, model=model)) is found
