"""Where boxes, threads and marks stand in the pictures of a proposition."""

from datetime import date

import pytest

from review.propositions.marked import Piece, pieces, places_of
from review.propositions.tellers import TELLERS_SHOWN, Teller, Thread, shortened, tellers_picture
from review.propositions.timeline import Said, timeline

MINISTER = Teller("minister", "The minister", 1, ("1. Memo A", "2. Memo B"))
CLERK = Teller("clerk", "A clerk", 1, ("3. Cable",), (Thread("minister"),))
PILOT = Teller("pilot", "A pilot", 2, ("4. Letter",))


def boxes_of(picture):
    return {box.full_name: box for box in picture.boxes}


def test_who_repeats_stands_right_of_whom_it_was_had_from_and_a_thread_joins_them():
    picture = tellers_picture([MINISTER, CLERK, PILOT])

    boxes = boxes_of(picture)
    assert boxes["A clerk"].x > boxes["The minister"].x + boxes["The minister"].width
    assert boxes["The minister"].x == boxes["A pilot"].x
    assert [line.proposed for line in picture.lines] == [False]
    assert picture.lines[0].path.startswith(f"M{boxes['The minister'].x + boxes['The minister'].width:g},")


def test_each_origin_has_a_frame_of_its_own_around_its_boxes():
    picture = tellers_picture([MINISTER, CLERK, PILOT])

    boxes = boxes_of(picture)
    first, second = picture.bands
    assert (first.number, second.number) == (1, 2)
    assert first.y + first.height < second.y
    for name, band in (("The minister", first), ("A clerk", first), ("A pilot", second)):
        assert band.y < boxes[name].y < boxes[name].y + boxes[name].height < band.y + band.height
    assert picture.height >= second.y + second.height


def test_no_two_boxes_lie_on_each_other_wide_or_narrow():
    many = [Teller("root", "Root", 1)]
    many += [Teller(n, f"Teller {n}", 1, (f"{n}. Memo",) * (n % 4), (Thread("root"),)) for n in range(6)]
    many += [Teller(f"below {n}", f"Below {n}", 1, (), (Thread(n),)) for n in range(6)]
    for narrow in (False, True):
        boxes = tellers_picture(many, narrow=narrow).boxes
        for one in boxes:
            for other in boxes:
                if one is not other:
                    apart_across = one.x + one.width <= other.x or other.x + other.width <= one.x
                    assert apart_across or one.y + one.height <= other.y or other.y + other.height <= one.y


def test_the_narrow_picture_puts_repeaters_below_and_stays_within_its_width():
    picture = tellers_picture([MINISTER, CLERK], narrow=True)

    boxes = boxes_of(picture)
    assert boxes["A clerk"].y > boxes["The minister"].y + boxes["The minister"].height
    assert all(box.x + box.width <= picture.width for box in picture.boxes)


def test_two_who_repeat_each_other_are_both_drawn():
    one = Teller("one", "One", 1, ("1. Memo",), (Thread("two"),))
    two = Teller("two", "Two", 1, ("2. Memo",), (Thread("one"),))

    picture = tellers_picture([one, two])

    assert set(boxes_of(picture)) == {"One", "Two"}
    assert len(picture.lines) == 2


def test_a_proposed_thread_is_told_from_a_confirmed_one():
    doubtful = Teller("clerk", "A clerk", 1, ("3. Cable",), (Thread("minister", proposed=True),))

    assert [line.proposed for line in tellers_picture([MINISTER, doubtful]).lines] == [True]


def test_long_lists_and_long_names_are_shortened_and_what_is_left_out_is_counted():
    long = Teller("x", "An official " * 12, 1, tuple(f"{n}. Memo" for n in range(9)))
    crowd = [Teller(n, f"T{n}", n, ("1. Memo",)) for n in range(2, TELLERS_SHOWN + 10)]

    picture = tellers_picture([long, *crowd])

    assert boxes_of(picture)["An official " * 12].lines[-1] == "+ 6"
    assert boxes_of(picture)["An official " * 12].name.endswith("…")
    assert (len(picture.boxes), picture.left_out) == (TELLERS_SHOWN, 9)


def test_without_tellers_there_is_an_empty_picture():
    assert tellers_picture([]).boxes == []


@pytest.mark.parametrize(
    ("words", "letters", "short"),
    [("A clerk", 7, "A clerk"), ("A clerk of the port", 12, "A clerk of…"), ("Donaudampfschiff", 6, "Donau…")],
)
def test_words_are_cut_between_words_where_that_costs_little(words: str, letters: int, short: str):
    assert shortened(words, letters) == short


def test_claims_for_stand_above_the_line_and_claims_against_below():
    line = timeline([Said(date(2013, 1, 20), 1, False, "Ana"), Said(date(2013, 3, 1), 2, True, "Ben")])

    assert line is not None
    above, below = line.marks
    assert above.y < line.axis < below.y
    assert above.x < below.x
    assert (above.label, below.label) == ("1", "2")
    assert above.say == "1. Ana, 20 Jan 2013"


def test_claims_of_one_week_in_years_become_one_mark_that_names_them():
    said = [Said(date(2013, 1, day), day, False, f"S{day}") for day in (1, 2, 3)]
    line = timeline([*said, Said(date(2019, 1, 1), 4, False, "S4")])

    assert line is not None
    assert [(mark.label, mark.count) for mark in line.marks] == [("3×", 3), ("4", 1)]
    assert line.marks[0].say == "1. S1, 1 Jan 2013; 2. S2, 2 Jan 2013; 3. S3, 3 Jan 2013"


def test_marks_verdict_and_days_stay_within_the_line_even_for_one_day():
    for narrow in (False, True):
        line = timeline([Said(date(2013, 1, 20), 1, False, "Ana")], verdict=date(2013, 1, 20), narrow=narrow)
        assert line is not None
        assert line.verdict is not None
        assert all(line.left <= place <= line.right for place in [line.verdict, *(mark.x for mark in line.marks)])
        assert len(line.days) > 1
        assert all(line.left <= tick.at <= line.right for tick in line.days)


def test_years_are_named_on_a_long_line_and_never_more_than_fit():
    line = timeline([Said(date(1991, 1, 1), 1, False, "A"), Said(date(2020, 1, 1), 2, False, "B")])

    assert line is not None
    assert 3 <= len(line.days) <= 6
    assert all(tick.label.isdecimal() for tick in line.days)


def test_without_a_day_there_is_no_line():
    assert timeline([]) is None


def test_a_text_is_cut_at_its_marks():
    assert pieces("five men died", [[0, 4], [9, 13]]) == [
        Piece("five", "marked"),
        Piece(" men "),
        Piece("died", "marked"),
    ]


@pytest.mark.parametrize("spans", [[[0, 4], [2, 8]], [[0, 4], [5, 8]], [[-3, 8]], [[0, 8], [40, 50], [3, 3]]])
def test_marks_that_touch_overlap_or_lie_outside_are_made_sound(spans: list[list[int]]):
    assert pieces("five men died", spans) == [Piece("five men", "marked"), Piece(" died")]


def test_marks_of_two_kinds_stay_apart_and_the_first_wins_where_they_overlap():
    assert pieces("20 January in Algiers", [(0, 10, "date"), (0, 2, "number"), (14, 21, "name")]) == [
        Piece("20 January", "date"),
        Piece(" in "),
        Piece("Algiers", "name"),
    ]


def test_a_text_without_marks_is_one_piece():
    assert pieces("five men", []) == [Piece("five men")]
    assert pieces("", []) == [Piece("")]


def test_shared_words_are_found_with_their_endings_and_not_inside_others():
    text = "Hostages were freed; one hostage died in the hostelry on 20 January."
    assert [text[start:end] for start, end in sorted(places_of(text, ["hostage", "20"]))] == [
        "Hostages",
        "hostage",
        "20",
    ]
