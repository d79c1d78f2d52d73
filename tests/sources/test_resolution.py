"""Who somebody a document speaks of may be: how the evidence adds up, and how good it is on labelled cases."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.resolution import LIKELY, MOST_FOR_WORDS_ALONE, Occasion, Profile, likeness, rank

CASES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "source_resolution.json").read_text(encoding="utf-8")
)


def profile(kind: str, *wordings: str, author: str = "", day: str | None = None, **given: Any) -> Profile:
    when = date.fromisoformat(day) if day else None
    return Profile(kind, wordings, occasions=(Occasion(author, when),), **given)


def person(*wordings: str, **given: Any) -> Profile:
    return profile("named_person", *wordings, **given)


def unnamed(*wordings: str, **given: Any) -> Profile:
    return profile("unnamed_person", *wordings, **given)


def test_equal_words_alone_score_low_and_say_so():
    found = likeness(unnamed("a sensitive source"), unnamed("a sensitive source"))

    assert found.score <= MOST_FOR_WORDS_ALONE
    assert found.reasons[0] == "the same words, but “a sensitive source” is many people"


def test_however_much_else_fits_equal_words_of_nobody_in_particular_stay_unlikely():
    given = {"author": "S. Blumenthal", "day": "2012-01-16", "companions": frozenset({1, 2, 3})}

    found = likeness(unnamed("a sensitive source", **given), unnamed("a sensitive source", **given))

    assert found.score <= MOST_FOR_WORDS_ALONE


def test_the_same_role_and_affiliation_in_other_words_are_likely():
    one = unnamed("a source with access to the highest levels of the Algerian Army")
    other = unnamed("source with direct access to the leadership of the Algerian Army")

    found = likeness(one, other)

    assert found.score >= LIKELY
    assert found.reasons == ("the same affiliation: Algerian Army", "the same access: its leadership")


def test_initials_stand_for_the_name_they_abbreviate():
    one = unnamed("a source with access to the leadership of the MB")
    other = unnamed("an individual with access to the highest levels of the Muslim Brotherhood")

    assert likeness(one, other).score >= LIKELY


@pytest.mark.parametrize(
    "words",
    [
        "a source with access to the highest levels of the Moroccan Army",
        "a junior officer of the Algerian Navy",
        "a usually reliable source",
    ],
)
def test_another_affiliation_is_unlikely(words: str):
    known = unnamed("a source with access to the highest levels of the Algerian Army", "a usually reliable source")

    assert likeness(unnamed(words), known).score < MOST_FOR_WORDS_ALONE + 0.01


def test_the_same_author_close_in_time_and_the_same_company_speak_for_it():
    known = unnamed(
        "an NTC official in Misrata", author="Sidney Blumenthal", day="2011-07-14", companions=frozenset({7})
    )
    scores = [
        likeness(unnamed("an NTC official", **given), known).score
        for given in (
            {"author": "Embassy Tripoli", "day": "2011-07-14"},
            {"author": "sidney blumenthal", "day": "2012-05-14"},
            {"author": "Blumenthal, Sidney", "day": "2011-07-20"},
            {"author": "Sidney Blumenthal", "day": "2011-07-20", "companions": frozenset({7, 8})},
        )
    ]

    assert scores == sorted(set(scores))


def test_a_family_name_that_fits_two_speaks_for_neither():
    known = {1: person("Muammar Qaddafi"), 2: person("Saif al-Islam Qaddafi")}

    ranked = rank(person("Gadhafi"), known)

    assert {source for source, _ in ranked} == {1, 2}
    assert all(like.score < LIKELY for _, like in ranked)
    assert ranked[0][1].reasons[-1] == "the family name alone fits 2 known sources"
    assert rank(person("Gadhafi"), {1: known[1]})[0][1].score >= LIKELY


def test_a_group_is_not_a_person():
    assert likeness(profile("group", "MB leaders"), unnamed("a leader of the MB")).score == 0


@pytest.mark.parametrize(("part", "first_right", "false_same"), [("", 0.95, 2), ("unseen", 0.9, 0)])
def test_on_labelled_cases_the_first_proposal_is_right_and_hardly_any_is_wrongly_likely(
    part: str, first_right: float, false_same: int
):
    cases = CASES[part] if part else CASES
    keys = list(cases["known"])
    known = {
        number: profile(row["kind"], *row["wordings"], author=row["author"], day=row["day"])
        for number, row in enumerate(cases["known"].values())
    }
    right = wanted = wrong = 0

    for case in cases["cases"]:
        heard = profile(case["kind"], case["words"], author=case["author"], day=case["day"])
        ranked = [(keys[source], like.score) for source, like in rank(heard, known, most=99)]
        wanted += bool(case["is"])
        right += bool(case["is"]) and ranked[:1] != [] and ranked[0][0] == case["is"]
        wrong += sum(score >= LIKELY and source != case["is"] for source, score in ranked)

    assert right / wanted >= first_right
    assert wrong <= false_same
