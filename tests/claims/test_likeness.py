import math

import pytest

from claims.likeness import Wording, likeness, plain, rarity


def words(text: str) -> Wording:
    return Wording(text, {word: text.split().count(word) for word in text.split()})


RARITIES = {"talks": 2.0, "collapsed": 3.0, "geneva": 4.0}
QUERY = words("talks collapsed geneva")


def test_the_same_words_are_wholly_alike_and_other_words_not_at_all():
    scores = likeness(QUERY, [words("talks collapsed geneva"), words("quiet border")], RARITIES)

    assert scores[0] == pytest.approx(1.0)
    assert scores[1] < 0.05


def test_the_rarer_shared_word_counts_for_more():
    common, rare = likeness(QUERY, [words("talks began again"), words("geneva began again")], RARITIES)

    assert rare > common


def test_a_misspelt_word_is_nearer_than_another_word():
    misspelt, other = likeness(QUERY, [words("talks colapsed"), words("talks continue")], RARITIES)

    assert misspelt > other


def test_a_long_text_needs_more_of_the_words_than_a_short_one():
    short, long = likeness(QUERY, [words("geneva talks"), words("geneva talks " + "filler " * 40)], RARITIES)

    assert short > long


def test_without_texts_or_known_words_there_is_nothing_to_compare():
    assert likeness(QUERY, [], RARITIES) == []
    assert likeness(QUERY, [words("talks")], {}) == [0.0]


def test_texts_shorter_than_any_n_gram_compare_by_their_words():
    assert likeness(Wording("", {"talks": 1}), [Wording("", {"talks": 1})], RARITIES) == [pytest.approx(1.0)]


def test_a_word_that_all_have_is_hardly_rare_and_one_that_nobody_has_is_the_rarest():
    assert rarity(0, 1000) == pytest.approx(math.log(1 + 1000.5 / 0.5))
    assert rarity(1000, 1000) == pytest.approx(math.log(1 + 0.5 / 1000.5))
    assert rarity(5000, 1000) > 0  # an estimate of all may be too low


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Bricks on the coast pic.twitter.com/ApEtNvR7tb — @NowThis", "Bricks on the coast — Now This"),
        ("See #DefundTheCBChttps://t.co/Cs", "See Defund The CBC"),
        ("🔥 50% of £5,000 (so far) 🦁", "50% of £5,000 (so far)"),
        ("a www.example.org/x b", "a b"),
    ],
)
def test_addresses_and_pictographs_go_and_tags_come_apart(message, said):
    assert plain(message) == said
