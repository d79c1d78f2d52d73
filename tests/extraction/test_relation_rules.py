"""Each rule of the relations by itself: what it finds, and what it leaves alone."""

from dataclasses import replace

import pytest

from extraction import lexicon
from extraction.relations import read_statement, relate
from extraction.relations.words import are_converse, kinship


def relation(a: str, b: str) -> tuple[str, str]:
    found = relate(read_statement(a), read_statement(b))
    return found.relation, found.rule


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("the mayor is in hospital", "the mayor is not in hospital", ("contradicts", "polarity")),
        ("nobody was hurt in the fire", "a fireman was hurt in the fire", ("contradicts", "polarity")),
        ("the envoy failed to arrive in Rome", "the envoy arrived in Rome", ("contradicts", "polarity")),
        ("the factory is open", "the factory is closed", ("contradicts", "opposites")),
        ("the miners survived the collapse", "the miners were killed in the collapse", ("contradicts", "opposites")),
        ("the factory is not closed", "the factory is open", ("corroborates", "similarity")),
        (
            "three miners survived the collapse",
            "two miners were killed in the collapse",
            ("neither", "some and others"),
        ),
        ("the factory was closed in 1990", "the factory was open in 1995", ("neither", "later change")),
        ("the factory closed in 1990", "the factory was still open in 1995", ("contradicts", "opposites")),
    ],
)
def test_polarity(a: str, b: str, expected: tuple[str, str]):
    assert relation(a, b) == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("at most 12 sailors drowned", "19 sailors drowned", "contradicts"),
        ("at least 12 sailors drowned", "19 sailors drowned", "refines"),
        ("the road is 100 miles long", "the road is 160 kilometres long", "neither or agrees"),
        ("the road is 100 miles long", "the road is 20 kilometres long", "contradicts"),
        ("wages rose by 3 percent in May", "wages rose to 300 dollars in May", "no contradiction"),
        ("all the sailors drowned", "only two of the sailors drowned", "contradicts"),
    ],
)
def test_quantities(a: str, b: str, expected: str):
    found, _ = relation(a, b)

    if expected in {"contradicts", "refines"}:
        assert found == expected
    else:
        assert found != "contradicts"


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("the club was founded on 3 May", "the club was founded on 5 May", ("contradicts", "time")),
        ("the club was founded on 3 May 1920", "the club was founded in May 1920", ("refines", "similarity")),
        ("the envoy visited Rome on 3 May", "the envoy visited Rome on 5 May", "no contradiction"),
        ("prices rose in 1990", "prices rose in 1991", ("neither", "other time")),
        ("the raid began before dawn", "the raid began after nightfall", ("contradicts", "time of day")),
    ],
)
def test_times(a: str, b: str, expected: tuple[str, str] | str):
    found = relation(a, b)

    assert found[0] != "contradicts" if expected == "no contradiction" else found == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("Ivan Petrov leads the union", "Maria Lopez leads the union", ("contradicts", "functional role")),
        ("Ivan Petrov works for the union", "Maria Lopez works for the union", ("neither", "different entity")),
        ("Maria Lopez was born in Oslo", "Maria Lopez was born in Rome", ("contradicts", "functional role")),
        ("Ivan Petrov leads the union", "Maria Lopez led the union until 2001", "no contradiction"),
        ("the clerk bribed the judge", "the judge bribed the clerk", ("neither", "roles the other way round")),
        ("Spain defeated France", "France defeated Spain", ("contradicts", "roles the other way round")),
        ("Ivan Petrov met Maria Lopez", "Maria Lopez met Ivan Petrov", "no contradiction"),
        ("the clerk sold the house to the judge", "the judge bought the house from the clerk", "agrees"),
    ],
)
def test_who_and_what(a: str, b: str, expected: tuple[str, str] | str):
    found = relation(a, b)

    if expected == "agrees":
        assert found[0] in {"corroborates", "refines"}
    else:
        assert found[0] != "contradicts" if expected == "no contradiction" else found == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("the mayor denied that the factory was closed", "the factory was closed", ("neither", "attitude")),
        (
            "the mayor denied that the factory was closed",
            "the mayor confirmed that the factory was closed",
            "contradicts",
        ),
        ("the mayor plans to close the factory", "the mayor closed the factory", ("neither", "attitude")),
        ("the envoy will visit Rome", "the envoy visited Rome", ("neither", "plan and outcome")),
        ("the envoy will visit Rome", "the envoy cancelled his visit to Rome", ("contradicts", "cancelled plan")),
        ("the mayor is afraid that the factory will close", "the factory closed", ("neither", "attitude")),
    ],
)
def test_views(a: str, b: str, expected: tuple[str, str] | str):
    found = relation(a, b)

    assert found == expected if isinstance(expected, tuple) else found[0] == expected


def test_statements_that_share_one_common_word_are_not_compared():
    assert relation("the factory is open", "the factory employs many men") in {
        ("neither", "not comparable"),
        ("neither", "not alike"),
    }


def test_the_day_it_was_written_tells_which_year_is_meant():
    a, b = "the club was founded on 3 May", "the club was founded on 3 May 1920"
    other_year = replace(read_statement(b), times=read_statement("founded on 3 May 1921").times)

    assert relate(read_statement(a), read_statement(b)).relation != "contradicts"
    assert relate(read_statement(b), other_year).relation == "contradicts"


@pytest.mark.parametrize("row", list(lexicon.rows("converses")), ids=lambda row: row["one"][0])
def test_the_converses_of_the_lexicon_tell_the_same_from_either_side(row):
    assert are_converse(row["one"][0], row["other"][0])
    assert are_converse(row["other"][0], row["one"][0])
    assert relation(*row["example"])[0] != "contradicts"


@pytest.mark.parametrize("row", list(lexicon.rows("functional_roles")), ids=lambda row: row["words"][0])
def test_the_functional_roles_of_the_lexicon_say_what_fills_them(row):
    assert row["filler"] in {"agent", "place", "name"}
    assert read_statement(row["example"]).terms


def test_no_word_stands_on_both_sides_of_a_pair_of_opposites():
    assert [row["one"] for row in lexicon.rows("antonyms") if set(row["one"]) & set(row["other"])] == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("prisoner", "inmate", "synonym"), ("open", "close", "opposite"), ("banana", "troop", "none"),
        ("effective", "ineffective", "opposite"), ("troop", "troop", "same"),
    ],
)  # fmt: skip
def test_kinship_of_words(one: str, other: str, expected: str):
    pos = "adj" if "effective" in one else "noun"

    assert kinship(one, pos, other, pos) == expected
