"""Numbers in words and digits: "5,000", "twenty-five", "half a million", "several hundred", "forty (40)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from extraction import lexicon

TOKEN = re.compile(
    r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|n['’]t\b|[^\W\d_]+?(?=n['’]t\b)|[^\W\d_]+|[^\w\s]|_", re.IGNORECASE
)
DASHES = frozenset("-–—")
ARTICLES = frozenset(("a", "an"))
LONGEST_DIGITS = 15
"""More digits than this are a serial number, and would not survive as a float either."""


class Token(NamedTuple):
    """A word, number or mark: `text[start:end]`, `low` in small letters."""

    low: str
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        return self.low[0].isdecimal()


@dataclass(frozen=True, slots=True)
class Number:
    """A number or a vague one between two bounds; it ends before token `end`."""

    low: float
    high: float
    end: int
    kind: str
    """digits, words, fraction (a share, 0 to 1) or vague."""
    scale: float = 1.0
    """The "million" in "5 million"."""


def tokens(text: str) -> list[Token]:
    return [Token(found.group().lower(), *found.span()) for found in TOKEN.finditer(text)]


@cache
def words() -> dict[str, dict[str, Any]]:
    return {row["word"]: row for row in lexicon.rows("numbers")}


def number_at(found: list[Token], at: int) -> Number | None:
    """The number that begins at token `at`, or None."""
    token = found[at]
    if token.is_number:
        return _digits(found, at)
    row = words().get(token.low)
    if token.low in ARTICLES:
        return _after_article(found, at)
    if row is None:
        return None
    if row["kind"] in {"vague", "small"}:
        return _vague(found, at, row)
    if row["kind"] == "fraction":
        return _half(found, at, row) if token.low == "half" else None
    if row["kind"] == "scale":
        return None
    return _share(found, at) or _in_words(found, at)


def _word(found: list[Token], at: int) -> str:
    return found[at].low if 0 <= at < len(found) else ""


def _kind(found: list[Token], at: int) -> str:
    row = words().get(_word(found, at))
    return row["kind"] if row else ""


def _digits(found: list[Token], at: int) -> Number | None:
    token = found[at]
    if len(token.low) > LONGEST_DIGITS or not token.low.isascii():
        return None
    value = float(token.low.replace(",", ""))
    scale, end = _scales(found, at + 1)
    return Number(value * scale, value * scale, end, "digits", scale)


def _scales(found: list[Token], at: int) -> tuple[float, int]:
    """The product of the scale words from `at` on ("hundred thousand"), and where they end."""
    scale = 1.0
    while _kind(found, at) == "scale" and scale < 1e12:
        scale *= words()[found[at].low]["value"]
        at += 1
    return scale, at


def _after_article(found: list[Token], at: int) -> Number | None:
    """ "a dozen", "a few hundred", "a quarter of", "a couple of"; None where the article counts nothing."""
    kind = _kind(found, at + 1)
    if kind == "scale":
        scale, end = _scales(found, at + 1)
        return _with_rest(found, scale, end)
    if kind == "small":
        return _vague(found, at + 1, words()[_word(found, at + 1)])
    if kind == "fraction":
        return _share(found, at)
    return None


def _share(found: list[Token], at: int) -> Number | None:
    """ "two thirds", "one half", "a quarter of": a share of the whole."""
    count = 1.0 if found[at].low in ARTICLES else float(words()[found[at].low].get("value", 0))
    part = at + 1 if _word(found, at + 1) not in DASHES else at + 2
    if _kind(found, part) != "fraction" or (_word(found, part) == "half" and count != 1):
        return None
    plural_or_of = count > 1 or _word(found, part + 1) == "of"
    if not plural_or_of:
        return None
    value = count * words()[found[part].low]["value"]
    return Number(value, value, part + 1, "fraction") if 0 < value <= 1 else None


def _half(found: list[Token], at: int, row: dict[str, Any]) -> Number | None:
    if _word(found, at + 1) in ARTICLES and _kind(found, at + 2) == "scale":
        scale, end = _scales(found, at + 2)
        return Number(scale / 2, scale / 2, end, "words", scale)
    if _word(found, at + 1) in {"of", "the", "its", "their", "his"}:
        return Number(row["value"], row["value"], at + 1, "fraction")
    return None


def _vague(found: list[Token], at: int, row: dict[str, Any]) -> Number:
    """ "dozens", "tens of thousands", "several hundred": between the bounds the lexicon gives."""
    low, high, end = float(row["low"]), float(row["high"]), at + 1
    if row["kind"] == "small":
        scale, end = _scales(found, end)
        return Number(low * scale, high * scale, end, "vague", scale)
    following = words().get(_word(found, end + 1)) if _word(found, end) == "of" else None
    if following is not None and following["kind"] == "vague":
        scale = float(following["low"]) / 2
        return Number(low * scale, (high + 1) * scale - 1, end + 2, "vague")
    return Number(low, high, end, "vague")


def _in_words(found: list[Token], at: int) -> Number:
    """ "two", "twenty-five", "three hundred and fifty thousand"."""
    value, end = _below_hundred(found, at)
    scale, end = _scales(found, end)
    number = _with_rest(found, value * scale, end) if scale > 1 else Number(value, value, end, "words")
    return _without_echo(found, number)


def _below_hundred(found: list[Token], at: int) -> tuple[float, int]:
    value = float(words()[found[at].low]["value"])
    following = at + 2 if _word(found, at + 1) in DASHES else at + 1
    if _kind(found, at) == "tens" and _kind(found, following) == "digit":
        unit = float(words()[found[following].low]["value"])
        if 0 < unit < 10:
            return value + unit, following + 1
    return value, at + 1


def _with_rest(found: list[Token], total: float, at: int) -> Number:
    """Add smaller parts: the "and fifty" of "three hundred and fifty", the rest of "two thousand five hundred"."""
    last = total
    while True:
        following = at + 1 if _word(found, at) == "and" else at
        if _kind(found, following) not in {"digit", "tens"}:
            return Number(total, total, at, "words", total)
        part, end = _below_hundred(found, following)
        scale, end = _scales(found, end)
        if part * scale >= last or (following > at and scale > 1):
            return Number(total, total, at, "words", total)
        last = part * scale
        total, at = total + last, end
        if scale == 1:
            return Number(total, total, at, "words", total)


def _without_echo(found: list[Token], number: Number) -> Number:
    """ "forty (40)": the digits repeat the words."""
    end = number.end
    repeated = _word(found, end) == "(" and _word(found, end + 2) == ")" and found[end + 1].is_number
    if repeated and float(found[end + 1].low.replace(",", "")) == number.low:
        return Number(number.low, number.high, end + 3, number.kind, number.scale)
    return number
