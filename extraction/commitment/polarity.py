"""Is a clause negative? Negations of the main clause, two of which cancel out ("not impossible")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extraction import lexicon
from extraction.commitment.numbers import Token, tokens
from extraction.lexicon import word_set

RELATIVE = frozenset(("who", "which", "whom", "whose"))
RELATIVE_REACH = 5
"""Tokens of a relative clause without a comma in which its own negation stands."""

JOINED = word_set("auxiliaries") | word_set("be_forms") | word_set("self_embedded_pronouns")
"""What after "and" begins another clause."""
DUMMIES = frozenset(("it", "there"))
INFINITIVES = frozenset(("deny", "lack", "fail", "refuse"))


@dataclass(frozen=True, slots=True)
class Polarity:
    """`words`: the negations of the main clause, in order."""

    negative: bool
    words: tuple[str, ...]


@cache
def _negations() -> dict[str, list[tuple[tuple[str, ...], bool]]]:
    """Phrases by first word, longest first, each with whether it negates."""
    found: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for row in lexicon.rows("negations"):
        phrase = ("n't",) if row["words"] == "n't" else tuple(row["words"].split())
        found.setdefault(phrase[0], []).append((phrase, row["negates"]))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in found.items()}


@cache
def _gate() -> re.Pattern[str]:
    """What a text without negations does not hold."""
    firsts = sorted(re.escape(first) for first in _negations() if first != "n't")
    return re.compile(rf"\b(?:{'|'.join(firsts)})\b|n['’]t\b", re.IGNORECASE)


def may_negate(text: str) -> bool:
    """False where no word of the text negates; quick."""
    return _gate().search(text) is not None


def negations(words: Sequence[str]) -> list[str]:
    """The negations among some words in small letters, as they come."""
    found = []
    at = 0
    while at < len(words):
        at, word = _negation(words, at)
        if word:
            found.append(word)
    return found


def _negation(words: Sequence[str], at: int) -> tuple[int, str]:
    """Where to go on after what stands at `at`, and the negation read there or ""."""
    first = words[at].replace("’", "'")
    if first == "not" and tuple(words[at + 1 : at + 3]) in {("rpt", "not"), ("repeat", "not")}:
        return at + 3, "not"
    if first == "no" and tuple(words[at + 1 : at + 3]) in {("rpt", "no"), ("repeat", "no")}:
        return at + 3, "no"
    if first in INFINITIVES and at and words[at - 1] == "to":
        return at + 1, ""
    for phrase, negates in _negations().get(first, ()):
        here = tuple(word.replace("’", "'") for word in words[at : at + len(phrase)])
        if here == phrase:
            return at + len(phrase), " ".join(phrase) if negates else ""
    return at + 1, ""


def polarity(text: str) -> Polarity:
    """Whether the main clause of a text says that something is not so. Linear in the length of the text."""
    if not may_negate(text):
        return Polarity(False, ())
    found = negations(_main_clause(tokens(text)))
    return Polarity(len(found) % 2 == 1, tuple(found))


def _main_clause(found: list[Token]) -> list[str]:
    """The words of the first main clause, without leading and relative clauses."""
    at = _after_leading_clause(found)
    words: list[str] = []
    ends = word_set("clause_ends")
    while at < len(found):
        low = found[at].low
        if low in RELATIVE:
            at = _after_relative(found, at)
            continue
        goes_on = low == "but" and words[-1:] == ["nothing"]
        if words and not goes_on and (low in ends or low in {";", ":"} or _begins_another(found, at, words)):
            break
        words.append(low)
        at += 1
    return words


def _after_leading_clause(found: list[Token]) -> int:
    """Where the main clause begins: after the comma that ends "if the talks do not resume, ..."."""
    if not found or found[0].low not in word_set("clause_ends") or found[0].low in {"but", "and"}:
        return 0
    comma = next((number for number, token in enumerate(found) if token.low == ","), None)
    return comma + 1 if comma is not None else 0


def _after_relative(found: list[Token], at: int) -> int:
    """Past a relative clause: to its closing comma if one opened it, else over the words of its verb."""
    if at and found[at - 1].low == ",":
        comma = next((number for number in range(at, len(found)) if found[number].low == ","), len(found))
        return comma + 1
    return min(at + RELATIVE_REACH, len(found))


def _begins_another(found: list[Token], at: int, words: list[str]) -> bool:
    """Does another clause begin: "... and will not", "..., and he", "..., suggesting", "ensure that"?

    After "it is possible that" the clause that counts only begins.
    """
    low = found[at].low
    after_comma = words[-1] == ","
    if low == "that":
        return words[0] not in DUMMIES and not after_comma
    if low.endswith("ing") and after_comma:
        return True
    if low not in {"and", "or"}:
        return False
    following = found[at + 1].low if at + 1 < len(found) else ""
    has_verb = any(word in JOINED or word.endswith("ed") for word in words)
    return following in JOINED or (after_comma and has_verb)
