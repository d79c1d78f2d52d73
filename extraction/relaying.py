"""Words by which a text says who had it from whom: "told a usually reliable source", "heard from Colonel Haddad"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extraction import lexicon

LONGEST_NAME = 80
"""Characters looked at behind the words for who is meant."""

_ENDS = re.compile(
    r"[,;:.!?\n()\"“”]|\b(?:that|who|which|whose|when|while|as|and said|in (?:early|late|mid|\d)|on \d)\b"
)
_SMALL = frozenset(
    (
        *(
            "a",
            "an",
            "the",
            "this",
            "that",
            "these",
            "those",
            "his",
            "her",
            "their",
            "its",
            "our",
            "my",
            "another",
            "said",
        ),
        *("of", "to", "in", "on", "at", "for", "by", "with", "from", "and", "or", "very", "one", "some"),
        *("colonel", "col", "general", "gen", "major", "captain", "capt", "mr", "mrs", "ms", "dr", "professor", "prof"),
    )
)
"""Words that tell nobody apart."""
ENOUGH_IN_COMMON = 0.6
"""Part of the shorter naming's words that the other one has as well."""


@dataclass(frozen=True, slots=True)
class Relaying:
    """kind: "heard from" -- the speaker had it from `whom`; "told" -- the speaker told it to `whom`.

    words: those that say so, at `[start, end)` of the text.
    """

    kind: Literal["heard from", "told"]
    whom: str
    words: str
    start: int
    end: int


def relayings(text: str) -> tuple[Relaying, ...]:
    """Each place where a text says who had it from whom, in order. Spans count characters of `text`."""
    found = []
    for pattern, kind in _patterns():
        for match in pattern.finditer(text):
            behind = text[match.end() : match.end() + LONGEST_NAME]
            end = _ENDS.search(behind, len(behind) - len(behind.lstrip()))
            whom = " ".join(behind[: end.start() if end else None].split())
            if _telling(whom):
                found.append(Relaying(kind, whom, match[0], match.start(), match.end()))
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def names_alike(one: str, other: str) -> bool:
    """Whether two namings in one context may mean the same: "a usually reliable source", "usually reliable source"."""
    words, others = _telling(one), _telling(other)
    fewest = min(len(words), len(others))
    return fewest > 0 and len(words & others) / fewest >= ENOUGH_IN_COMMON and len(words & others) >= min(2, fewest)


def _telling(naming: str) -> set[str]:
    return {word for word in re.findall(r"[^\W\d_][\w'’-]*", naming.casefold()) if word not in _SMALL}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Literal["heard from", "told"]], ...]:
    return tuple((re.compile(row["pattern"], re.IGNORECASE), row["kind"]) for row in lexicon.rows("relaying"))
