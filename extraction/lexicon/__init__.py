"""The engine's words, as data: one JSON object a line, each with an example sentence that a test runs.

verbs.jsonl        cue verbs. `frames` say how the content may follow:
                   clause (that-clause or bare clause), quote (a direct quotation, or "..., he said"), bare (a clause
                   without "that" is common), np (a noun phrase: "denied the charges"), inf ("claims to hold"),
                   inf_object ("expects the talks to fail"), small ("considers the operation a success"),
                   as ("sees X as Y"), of, for, to, with ("accused X of doing", "blamed X for Y"; after a verb with an
                   addressee only what follows is told: "notified X of leaving"), gerund ("denied firing"), whether,
                   that (only with the word "that", as the verb has other senses), with_noun ("agreed with X's view").
                   kind: speech, belief, knowledge, fear, plan, denial. hedge: the cue itself lowers commitment.
                   addressee: an object names who is told. subject: the kind of source it needs. weak: less reliable.
adjectives.jsonl   "concerned that ...". nouns.jsonl: "expressed concern that ...", "his belief that ...".
phrases.jsonl      "according to X"; "*" stands for a possessive source ("in * view").
hedges.jsonl       words that lower commitment; `before` (a pattern) or `number`: only with that behind them.
conditions.jsonl   under what condition or setting it was said (patterns).
numbers.jsonl      number words; comparators.jsonl, units.jsonl, plurals.jsonl: how many of what (commitment/).
months.jsonl       names of months. negations.jsonl: words that negate, and phrases that only look so.
knowledge.jsonl    how a source claims to know (patterns). expertise.jsonl: what it claims to be expert in.
relaying.jsonl     words that say who had it from whom (patterns; relaying.py).
reliability.jsonl  gradings in words, with their letter where the scale has one.
word_sets.jsonl    closed classes of words that the rules ask for by name.
access.jsonl       descriptors of access or placement (patterns). role_nouns.jsonl: what kind of source a noun names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
VOWELS = "aeiou"
NUMBER_WORDS = (
    "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\w+teen|\\w+ty|hundred|thousand|several)\\b"
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue of the lexicon. `words` is the cue as in the file; `particle` the word after the verb, if any."""

    words: str
    kind: str
    frames: frozenset[str] = frozenset()
    hedge: bool = False
    weak: bool = False
    addressee: bool = False
    subject: str = ""
    particle: str = ""
    example: str = ""


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The entries of `name`.jsonl. Raises ValueError that names the line when one is not valid."""
    path = FOLDER / f"{name}.jsonl"
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except ValueError as error:
            raise ValueError(
                f"{path.name}, line {number}: not a JSON object ({error}). Correct or remove the line."
            ) from error


def _cue(row: dict[str, Any]) -> Cue:
    words = row["cue"].split()
    return Cue(
        words=row["cue"],
        kind=row["kind"],
        frames=frozenset(row.get("frames", ())),
        hedge=row.get("hedge", False),
        weak=row.get("weak", False),
        addressee=row.get("addressee", False),
        subject=row.get("subject", ""),
        particle=words[1] if len(words) == 2 else "",
        example=row["example"],
    )


def inflections(verb: str) -> list[str]:
    """The forms of a regular verb: report, reports, reported, reporting."""
    consonant_y = verb.endswith("y") and verb[-2] not in VOWELS
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing" if not verb.endswith("ee") else verb + "ing"]
    if consonant_y:
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    plural = "es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"
    return [verb, verb + plural, verb + "ed", verb + "ing"]


@cache
def verbs() -> dict[str, tuple[Cue, ...]]:
    """Cue verbs by each of their forms, lower case; those with a particle ("point out") first."""
    found: dict[str, list[Cue]] = {}
    for row in rows("verbs"):
        cue = _cue(row)
        for form in row.get("forms") or inflections(cue.words.split()[0]):
            found.setdefault(form, []).append(cue)
    return {form: tuple(sorted(cues, key=lambda cue: not cue.particle)) for form, cues in found.items()}


@cache
def adjectives() -> dict[str, Cue]:
    return {row["cue"]: _cue(row) for row in rows("adjectives")}


@cache
def nouns() -> dict[str, Cue]:
    """Cue nouns by form, singular and plural."""
    found = {}
    for row in rows("nouns"):
        for form in {row["cue"], inflections(row["cue"])[1]}:
            found[form] = _cue(row)
    return found


@cache
def phrases() -> dict[str, tuple[tuple[tuple[str, ...], Cue], ...]]:
    """Cue phrases by their first word: (words, cue), the longest first. "*" is the place of a possessive source."""
    found: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
    for row in rows("phrases"):
        words = tuple(row["cue"].split())
        found.setdefault(words[0], []).append((words, _cue(row)))
    return {first: tuple(sorted(entries, key=lambda entry: -len(entry[0]))) for first, entries in found.items()}


def word_set(name: str) -> frozenset[str]:
    """A closed class of words from word_sets.jsonl, lower case. Raises KeyError for a set that is not there."""
    return _word_sets()[name]


@cache
def _word_sets() -> dict[str, frozenset[str]]:
    return {row["set"]: frozenset(row["words"]) for row in rows("word_sets")}


@cache
def hedges() -> re.Pattern[str]:
    found = sorted(rows("hedges"), key=lambda row: -len(row["hedge"]))
    words = [re.escape(row["hedge"]) + _condition(row) for row in found]
    return re.compile(r"\b(?:" + "|".join(words) + r")\b", re.IGNORECASE)


def _condition(row: dict[str, Any]) -> str:
    """What must follow a hedge: a number for "up to", "to" for "appears"."""
    if row.get("number"):
        return r"(?= (?:\d|half\b|an? (?:dozen|hundred|thousand|million|quarter|third)|" + NUMBER_WORDS + r"))"
    return rf"(?= {row['before']}\b)" if row.get("before") else ""


@cache
def conditions() -> re.Pattern[str]:
    """Circumstances; a match in the group "extends" runs on to the next comma ("speaking on ...")."""
    fixed = [row["pattern"] for row in rows("conditions") if not row.get("extends")]
    extending = [row["pattern"] for row in rows("conditions") if row.get("extends")]
    pattern = rf"\b(?:(?P<extends>{'|'.join(extending)})|{'|'.join(fixed)})(?!\w)"
    return re.compile(pattern, re.IGNORECASE)


@cache
def access() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(row["pattern"] for row in rows("access")) + r")", re.IGNORECASE)


@cache
def role_nouns() -> dict[str, str]:
    """Kind of source ("person", "organisation", "document") by noun, singular and plural, lower case."""
    found = {}
    for row in rows("role_nouns"):
        noun = row["noun"]
        plural = (
            noun[:-3] + "men" if noun.endswith("man") else noun + "s" if noun.endswith("ey") else inflections(noun)[1]
        )
        found[noun] = row["kind"]
        found.setdefault(plural, row["kind"])
    return found
