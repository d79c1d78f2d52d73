import random

import pytest

from training.scripts.passages import (
    Augmentation,
    Passage,
    change_case,
    curl_or_straighten_quotes,
    hard_wrap,
    squeeze_paragraph_breaks,
)

TEXT = "Officials said that the convoy left Gao at dawn and has not been seen since . They will not look for it ."
WORDS = TEXT.split()
GAPS = ["" if following == "." else " " for following in [*WORDS[1:], ""]]
GAPS[-1] = ""
GAPS[WORDS.index(".")] = "\n\n"
PASSAGE = Passage(tuple(WORDS), tuple(GAPS))


def words_at_their_places(passage: Passage) -> list[str]:
    """The words cut out of the text again, by counting."""
    position = len(passage.lead)
    found = []
    for word, gap in zip(passage.words, passage.gaps, strict=True):
        found.append(passage.text[position : position + len(word)])
        position += len(word) + len(gap)
    assert position == len(passage.text)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_any_augmentation_keeps_every_word_at_its_offset(seed):
    augment = Augmentation(keep_breaks=0.5, quotes=0.5, apostrophes=0.5, lower=0.2, upper=0.4, wrap=0.7)

    changed = augment(PASSAGE, [""] * len(WORDS), random.Random(seed))

    assert words_at_their_places(changed) == list(changed.words)
    assert [word.lower() for word in changed.words] == [word.lower() for word in WORDS]


def test_wrapping_breaks_lines_at_spaces_only_and_keeps_them_short():
    wrapped = hard_wrap(PASSAGE, random.Random(3))

    assert wrapped.text.split() == PASSAGE.text.split()
    assert "\n" in "".join(wrapped.gaps[: WORDS.index(".")])
    assert max(len(line) for line in wrapped.text.split("\n")) <= 140
    assert all(new == old for new, old in zip(wrapped.gaps, PASSAGE.gaps, strict=True) if old == "")


def test_wrapped_paragraphs_still_begin_on_a_line_of_their_own():
    wrapped = hard_wrap(PASSAGE, random.Random(5))

    assert "\n" in wrapped.gaps[WORDS.index(".")]


def test_quotes_are_all_of_one_style():
    passage = Passage(('"', "Yes", '"', ",", '"', "now", '"'), ("",) * 7)

    changed = curl_or_straighten_quotes(passage, ["``", "UH", "''", ",", "``", "RB", "''"], random.Random(1))

    assert (changed.words[0], changed.words[2]) == (changed.words[4], changed.words[6])


def test_capitals_leave_alone_what_would_change_its_length():
    passage = Passage(("Straße", "nach", "Gao"), (" ", " ", ""))

    assert change_case(passage, str.upper).words == ("Straße", "NACH", "GAO")


def test_no_augmentation_changes_nothing():
    assert Augmentation()(PASSAGE, [""] * len(WORDS), random.Random(1)) == PASSAGE


def test_squeezed_breaks_are_still_white_space():
    squeezed = squeeze_paragraph_breaks(PASSAGE, random.Random(2), share=0.0)

    assert squeezed.gaps[WORDS.index(".")] != "\n\n"
    assert squeezed.gaps[WORDS.index(".")].isspace()
