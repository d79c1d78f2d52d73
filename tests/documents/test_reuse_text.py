import pytest

from documents.reuse_text import ENOUGH, SHINGLE, WINDOW, Shingled, shared_passages

QUOTE = (
    "The delegation left the capital on Tuesday evening after the talks had failed. Nobody was told where the convoy "
    "was heading. Two officers of the guard followed in a second car until the border."
)
BEFORE = "Prices rose again in the northern provinces while the harvest stayed below all that had been expected there."
AFTER = "The weather service expects heavy snow in the mountains and advises against any travel before next Monday."
ELSEWHERE = "An old bridge near the harbour was closed since its pillars no longer carry lorries above twelve tonnes."


def shared(one: str, other: str, *, held_by: int = 1):
    text = Shingled(one)
    return shared_passages(text, Shingled(other), dict.fromkeys(text.fingerprints, held_by))


def test_a_quotation_is_found_with_its_place_in_both_texts():
    one, other = f"{BEFORE} {QUOTE} {AFTER}", f"{ELSEWHERE}\n\n{QUOTE}"

    found = shared(one, other)

    (passage,) = found.passages
    assert one[passage.start : passage.end] == QUOTE.rstrip(".")
    assert other[passage.other_start : passage.other_end] == QUOTE.rstrip(".")
    assert found.of < found.of_other < 1
    assert shared(other, one).turned() == found


def test_texts_that_share_nothing_have_no_passage():
    assert shared(f"{BEFORE} {AFTER}", f"{ELSEWHERE} {QUOTE}").passages == ()
    assert shared("", QUOTE).passages == ()
    assert shared("one two three", "one two three").passages == ()


def test_a_misread_word_and_a_page_banner_part_no_passage():
    one = QUOTE
    other = QUOTE.replace("evening", "eveninq").replace("Nobody", "UNCLASSIFIED Page 2 of 3 Nobody")

    (passage,) = shared(one, other).passages

    assert one[passage.start : passage.end] == QUOTE.rstrip(".")
    assert passage.shingles == len(QUOTE.split()) - SHINGLE + 1 - 5 - 4


def test_line_ends_capitals_and_marks_do_not_matter():
    other = QUOTE.upper().replace(" ", "\n   ").replace(".", " !")

    assert shared(QUOTE, other).of == 1


def test_furniture_and_who_the_sources_are_count_for_nothing():
    banner = "the department of state has released this case under the act of that year and month and day to all"
    text = f"{banner}\n{QUOTE}\n"

    assert Shingled(text, [[0, len(banner), "banner"]]).words == Shingled(QUOTE).words
    assert Shingled(f"SOURCE: People with access to all.\n\n{QUOTE}").words == Shingled(QUOTE).words
    assert Shingled(f"SOURCES: People with access.\n  1. {QUOTE}").words == ["1", *Shingled(QUOTE).words]


def test_what_many_have_must_be_longer():
    assert shared(QUOTE, QUOTE, held_by=3).passages
    assert shared(QUOTE, QUOTE, held_by=20).passages == ()
    assert shared(f"{BEFORE} {QUOTE} {AFTER} {ELSEWHERE}", f"{QUOTE} {AFTER} {ELSEWHERE}", held_by=8).passages


def test_the_same_quotation_twice_counts_once():
    sentence = "Two officers of the guard followed in a second car until the border post."

    assert shared(f"{sentence} {AFTER} {sentence}", f"{sentence} {BEFORE} {sentence}").passages == ()


@pytest.mark.parametrize(
    "form",
    [
        "D(S) P E C M DG T R PA G AF EAP EUR NEA SCA WHA S/CRS S/CT S/HSC H DS CA PM AT INR AVC IIP ISN CMS",
        "This message is confidential and privileged. If you are not the intended recipient, any disclosure, copying "
        "or distribution is prohibited: notify the sender and delete it with its attachments.",
    ],
)
def test_distribution_lists_and_legal_notices_are_no_passages(form):
    assert shared(f"{BEFORE} {form} {AFTER}", f"{ELSEWHERE} {form}").passages == ()


def test_whoever_repeats_a_windows_length_has_a_fingerprint_in_common():
    words = [f"word{number}" for number in range(400)]
    text = Shingled(" ".join(words))
    for start in range(0, 380 - WINDOW, 7):
        repeated = Shingled(" ".join(["other", *words[start : start + WINDOW + SHINGLE - 1], "ending"]))

        assert text.fingerprints.keys() & repeated.fingerprints.keys()


def test_fingerprints_are_few_and_the_same_in_every_process():
    text = Shingled(" ".join(f"word{number}" for number in range(2_000)))

    assert len(text.fingerprints) < 0.2 * 2_000
    assert Shingled("the talks have failed again").fingerprints == {-669850626292358026: 0}
    assert ENOUGH > WINDOW
