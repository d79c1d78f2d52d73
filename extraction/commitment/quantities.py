"""How many and how much: "as many as 35 of the hostages", "5,000-10,000 fighters", "$11.4 million", "dozens of men"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extraction import lexicon
from extraction.commitment.numbers import ARTICLES, DASHES, Number, number_at, tokens, words
from extraction.commitment.time_patterns import clock_times
from extraction.commitment.times import times
from extraction.commitment.units import Unit, signs, unit_at, unit_names
from extraction.lexicon import word_set
from extraction.spans import Comparator, Quantity, Span

ABOUT = 0.1
"""Share by which "about" widens a number on each side (GRADING.md, relation rules)."""
LONGEST_COMPARATOR = 5
GATE = re.compile(
    r"\d|\b(?:ones?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirt(?:een|y)|fou?rt(?:een|y)|fift(?:een|y)|"
    r"sixt(?:een|y)|sevent(?:een|y)|eight(?:een|y)|ninet(?:een|y)|twenty|dozens?|hundreds?|thousands?|[mbtr]{1,2}illions?|half|"
    r"thirds?|quarters?|fifths?|fourths?|tenths?|scores|tens|several|few|couple|zero|"
    r"(?:least|most|than|over|about|nearly|almost|around|exceeding) an?)\b",
    re.IGNORECASE,
)
"""A text in which nothing of this stands has no quantities."""


@dataclass(frozen=True, slots=True)
class _Money:
    unit: str
    start: int


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order; dates, hours, ordinals and the numbers of things ("Article 5") are none.

    Linear in the length of the text.
    """
    if not GATE.search(text):
        return []
    return read_quantities(text, [(one.span.start, one.span.end) for one in times(text)])


def read_quantities(text: str, taken: list[tuple[int, int]]) -> list[Quantity]:
    """As `quantities`, for a text whose times are known to stand at `taken`."""
    if not GATE.search(text):
        return []
    return _Reader(text, [*taken, *clock_times(text)]).read()


@cache
def _comparators(place: str) -> dict[tuple[str, ...], str]:
    return {
        tuple(row["words"].split()): row["comparator"] for row in lexicon.rows("comparators") if row["place"] == place
    }


class _Reader:
    """One walk through the tokens of a text."""

    def __init__(self, text: str, taken: list[tuple[int, int]]) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.taken = sorted(taken)

    def read(self) -> list[Quantity]:
        found: list[Quantity] = []
        at = beyond = 0
        while at < len(self.tokens):
            while beyond < len(self.taken) and self.taken[beyond][1] <= self.tokens[at].start:
                beyond += 1
            if beyond < len(self.taken) and self.taken[beyond][0] < self.tokens[at].end:
                at += 1
                continue
            at = self._read_one(at, found)
        return found

    def _read_one(self, at: int, found: list[Quantity]) -> int:
        """Read what begins at token `at`; the token to go on from."""
        number = number_at(self.tokens, at) or self._article(at)
        if number is None:
            return at + 1
        money = self._money(at)
        if money is None and self._is_name(at, number):
            return self._range(at, number)[2]
        low, high, end, is_range = self._range(at, number)
        unit = unit_at(self.text, self.tokens, end, number, is_money=bool(money))
        if not money and not self._counts(at, number, unit, is_range):
            return end
        name = money.unit if money else unit.name
        if number.kind == "fraction":
            low, high, name = round(low * 100, 2), round(high * 100, 2), "%"
        found.append(self._quantity(at, money, (low, high), end, unit, name, number.kind, is_range))
        return end

    def _article(self, at: int) -> Number | None:
        """ "at least a month": the article counts where a comparator and a unit say so."""
        if self._low(at) in ARTICLES and self._low(at + 1) in unit_names() and self._before(at)[0]:
            return Number(1, 1, at + 1, "words")
        return None

    def _quantity(
        self,
        at: int,
        money: _Money | None,
        bounds: tuple[float, float],
        end: int,
        unit: Unit,
        name: str,
        kind: str,
        is_range: bool,
    ) -> Quantity:
        first = money.start if money else at
        comparator, start = self._before(first)
        if not comparator:
            comparator, end = self._after(max(end, unit.end if unit.name else end), end)
        low, high, sign = _interval(bounds, comparator, kind, is_range)
        through = unit.end if unit.name and kind != "fraction" and not self._crosses(end, unit.end) else end
        stretch = (self.tokens[start].start, self.tokens[max(end, through) - 1].end)
        return Quantity(low, high, name, sign, Span.cut(self.text, [stretch]))

    def _crosses(self, start: int, end: int) -> bool:
        """Does another number stand between a number and its unit: "35 of the 40 hostages"?"""
        return any(self.tokens[at].is_number for at in range(start, end))

    def _low(self, at: int) -> str:
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def _touches(self, at: int) -> bool:
        """Does token `at` follow the one before without a space?"""
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def _is_name(self, at: int, number: Number) -> bool:
        """Is the number part of a name or an ordinal: "F-16", "Article 5", "No. 7", "3rd", "2." before a paragraph?"""
        if not self.tokens[at].is_number:
            return self._low(at) == "one" and (
                self._low(at - 1) in word_set("before_pronoun_one") or self._low(at + 1) in {"of", "another", "'", "’"}
            )
        before = self._low(at - 1)
        glued_left = self._touches(at) and (before.isalpha() or before in {"_", "/", "#", "."} or self._hyphenated(at))
        glued_right = self._touches(number.end) and (
            self._low(number.end) in {"st", "nd", "rd", "th", "/", "_"} or self._is_glued_word(number.end)
        )
        label = self._low(at - 2) if before in {".", "(", "#"} else before
        numbering = self._low(number.end) in {".", ")"} and (at == 0 or before in {".", "(", ";", ":"})
        return glued_left or glued_right or label in word_set("numbered_nouns") or numbering or before == "#"

    def _hyphenated(self, at: int) -> bool:
        """ "F-16", "555-1234-5": a dash before, and something glued to its left that is no range's beginning."""
        return self._low(at - 1) in DASHES and self._touches(at - 1)

    def _is_glued_word(self, at: int) -> bool:
        low = self._low(at)
        return low.isalpha() and low not in words() and low not in unit_names() and low not in {"m", "k", "b"}

    def _money(self, at: int) -> _Money | None:
        """The currency sign before a number: "$40", "US$40", "$US 40", "$B400"."""
        for back in (2, 1):
            start = at - back
            if start < 0:
                continue
            sign = "".join(self.tokens[number].low for number in range(start, at))
            unit = signs().get(sign)
            if unit is None:
                continue
            if start and self._touches(start) and self._low(start - 1) + sign in signs():
                start -= 1
            return _Money(unit, start)
        return None

    def _range(self, at: int, number: Number) -> tuple[float, float, int, bool]:
        """The bounds of "5,000-10,000", "four or five", "between 2 and 3 million"; else the number's own."""
        joint = self._low(number.end)
        dash = joint in DASHES and self._touches(number.end) and self._touches(number.end + 1)
        linked = (joint in {"to", "or"} and not self._falls(at)) or (joint == "and" and self._low(at - 1) == "between")
        following = number.end + 1
        while following < len(self.tokens) and self._low(following) in {"$", "us", "£", "€"}:
            following += 1
        if not (dash or linked) or following >= len(self.tokens):
            return number.low, number.high, number.end, False
        other = number_at(self.tokens, following)
        if other is None or other.kind == "fraction" or number.kind == "fraction":
            return number.low, number.high, number.end, False
        low = number.low
        if number.scale == 1 and other.scale > 1 and low < other.high / other.scale:
            low *= other.scale
        if low >= other.high:
            return number.low, number.high, number.end, False
        return low, other.high, other.end, True

    def _falls(self, at: int) -> bool:
        """ "fell from 50 to 20", "rose from 3 to 4": a change, not a range."""
        return self._low(at - 1) == "from" and any(
            self._low(before) in word_set("verbs_of_change") for before in (at - 2, at - 3)
        )

    def _counts(self, at: int, number: Number, unit: Unit, is_range: bool) -> bool:
        """Does the number count something? A bare year, a bare "one" and a bare vague word do not."""
        if number.kind == "fraction":
            return True
        bare = not unit.name
        if number.kind == "digits":
            year = (
                number.low == number.high
                and 1800 <= number.low <= 2099
                and "," not in self._low(at)
                and number.scale == 1
            )
            return not (year and bare) and not (bare and self._low(at)[0] == "0" and len(self._low(at)) > 1)
        if number.kind == "vague" or number.low == number.high == 1:
            return not bare
        return True

    def _before(self, at: int) -> tuple[str, int]:
        """The comparator before token `at`, and where it begins: ("<=", ...) for "as many as"."""
        start = at
        if self._low(at - 1) in {"a", "an", "the", "one"} and at > 1:
            at -= 1
        for length in range(LONGEST_COMPARATOR, 0, -1):
            if length > at:
                continue
            found = _comparators("before").get(tuple(self._low(number) for number in range(at - length, at)))
            if found:
                return found, at - length
        return "", start

    def _after(self, at: int, end: int) -> tuple[str, int]:
        """The comparator after a number or its unit: "40 or more", "40 tanks, or more"."""
        for place in dict.fromkeys((end, at)):
            begin = place + 1 if self._low(place) == "," else place
            found = _comparators("after").get((self._low(begin), self._low(begin + 1)))
            if found:
                return found, begin + 2
        return "", end


def _interval(
    bounds: tuple[float, float], comparator: str, kind: str, is_range: bool
) -> tuple[float | None, float | None, Comparator]:
    low, high = bounds
    if comparator == "<=":
        return 0.0, high, "<="
    if comparator == ">=":
        return low, None, ">="
    if comparator == "nearly":
        return _widened(low, -1), high, "~"
    if comparator == "~":
        return _widened(low, -1), _widened(high, 1), "~"
    if is_range:
        return low, high, "range"
    return low, high, "~" if kind == "vague" else "="


def _widened(value: float, sign: int) -> float:
    return round(value * (1 + sign * ABOUT), 6)
