"""What a number counts: known units of measure and money, else the noun that follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from extraction import lexicon
from extraction.commitment.numbers import DASHES, Number, Token, number_at
from extraction.lexicon import word_set
from extraction.spans import Quantity

REACH = 6
"""Tokens after a number among which its unit may stand."""
LINKS = frozenset(
    ("of", "the", "its", "his", "her", "their", "our", "these", "those", "such", "all", "other", "more", "additional")
)
STOPS = word_set("function_words") | word_set("be_forms")
"""Words no unit lies beyond."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name, "" for none; it ends before token `end`."""

    name: str
    end: int


def in_base_unit(quantity: Quantity) -> Quantity:
    """The same quantity in the unit its kind is compared in: miles in metres, weeks in days, years in months."""
    base, factor = _bases().get(quantity.unit, (quantity.unit, 1.0))
    low = None if quantity.low is None else quantity.low * factor
    high = None if quantity.high is None else quantity.high * factor
    return replace(quantity, low=low, high=high, unit=base)


@cache
def _bases() -> dict[str, tuple[str, float]]:
    return {row["unit"]: (row["base"], float(row["factor"])) for row in lexicon.rows("units")}


@cache
def unit_names() -> dict[str, str]:
    return {form: row["unit"] for row in lexicon.rows("units") for form in row.get("forms", ())}


@cache
def signs() -> dict[str, str]:
    return {sign: row["unit"] for row in lexicon.rows("units") for sign in row.get("signs", ())}


def unit_at(text: str, tokens: list[Token], at: int, number: Number, *, is_money: bool) -> Unit:
    """What is counted by a number that ends before token `at`.

    A known unit, else the first plural among the words that follow, else, for one thing, a lone noun.
    """
    run: list[int] = []
    for step in range(_after_links(tokens, at), len(tokens))[:REACH]:
        unit = _measure(tokens, step, run)
        if unit:
            return unit
        low = tokens[step].low
        ends_run = run and _is_capital(text, tokens[step]) and not _is_capital(text, tokens[step - 1])
        if ends_run or not (low.isalpha() and low.isascii()) or low in STOPS:
            break
        run.append(step)
        if is_plural(low):
            return Unit(singular(low), step + 1)
    if is_money or number.high > 1:
        return Unit("", at)
    verbs = lexicon.verbs()
    nouns = [step for step in run[:2] if tokens[step].low not in verbs and not tokens[step].low.endswith("ed")]
    return Unit(tokens[nouns[-1]].low, nouns[-1] + 1) if nouns else Unit("", at)


def _low(tokens: list[Token], at: int) -> str:
    return tokens[at].low if 0 <= at < len(tokens) else ""


def _touches(tokens: list[Token], at: int) -> bool:
    return 0 < at < len(tokens) and tokens[at - 1].end == tokens[at].start


def _is_capital(text: str, token: Token) -> bool:
    return text[token.start].isupper()


def _after_links(tokens: list[Token], at: int) -> int:
    """Past what stands between a number and its noun: "of the", the dash of "20-year", the "40" of "35 of the 40"."""
    place = at + 1 if _low(tokens, at) in DASHES and _touches(tokens, at) else at
    while _low(tokens, place) in LINKS:
        place += 1
    whole = number_at(tokens, place) if _low(tokens, at) == "of" and place < len(tokens) else None
    return whole.end if whole and whole.kind == "digits" else place


def _measure(tokens: list[Token], at: int, run: list[int]) -> Unit | None:
    """The known unit at a token: "per cent", "km", "Kuwaiti dinars", "killed"; not the "Euro" of "Euro-zone"."""
    low = tokens[at].low
    name = unit_names().get(low)
    is_compound = _low(tokens, at + 1) in DASHES and _touches(tokens, at + 1)
    if name and not is_compound and (not run or (len(run) == 1 and is_plural(low))):
        return Unit(name, at + 1)
    if run:
        return None
    if low == "per" and _low(tokens, at + 1) in {"cent", "centum"}:
        return Unit("%", at + 2)
    return Unit(low, at + 1) if low in word_set("casualty_words") else None


def is_plural(word: str) -> bool:
    if word in word_set("plural_nouns"):
        return True
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


@cache
def _irregular() -> dict[str, str]:
    return {row["plural"]: row["singular"] for row in lexicon.rows("plurals")}


def singular(word: str) -> str:
    """ "hostages" -> "hostage", "centers" -> "center", "men" -> "man"; "people" stays."""
    if word in _irregular():
        return _irregular()[word]
    if word.endswith("men"):
        return word[:-3] + "man"
    if word in word_set("plural_nouns"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word.removesuffix("s")
