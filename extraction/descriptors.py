"""What the words for a source claim about it: how it knows, and what it is expert in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from extraction import lexicon
from extraction.spans import Knowledge

if TYPE_CHECKING:
    from extraction.linking import Draft

REACH = 160
"""Characters after a source in which words in apposition to it stand: "a national, untested, whose father ..."."""

CUT = re.compile(r",(?! (?:as well as|and|or) )|;|\b(?:but|while)\b")


@cache
def _knowledge() -> tuple[tuple[re.Pattern[str], Knowledge], ...]:
    rows = lexicon.rows("knowledge")
    return tuple((re.compile(rf"\b(?:{row['pattern']})", re.IGNORECASE), row["level"]) for row in rows)


@cache
def _any_knowledge() -> re.Pattern[str]:
    """One search where most often nothing is found."""
    return re.compile(r"\b(?:" + "|".join(row["pattern"] for row in lexicon.rows("knowledge")) + ")", re.IGNORECASE)


@cache
def _expertise() -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(row["pattern"] for row in lexicon.rows("expertise")) + r")", re.IGNORECASE)


def knowledge(words: str) -> tuple[str, Knowledge]:
    """The words that say how a source knows, and whether that is at first hand: ("with direct access ...", "direct").

    ("", "unknown") where they do not say; access to people in high places alone does not.
    """
    for pattern, level in _knowledge() if _any_knowledge().search(words) else ():
        match = pattern.search(words)
        if match:
            return cut(match.group()), level
    return "", "unknown"


def expertise(words: str) -> str:
    """The words that claim expertise: "knowledgeable", "an expert on the region"."""
    match = _expertise().search(words)
    return cut(match.group()) if match else ""


def words_around(text: str, draft: Draft) -> str:
    """A source with what stands beside it in its sentence, up to the cue or the content that follows it."""
    if not draft.source:
        return ""
    start, end = draft.source[0][0], draft.source[-1][1]
    following = [stretch[0] for stretch in (*draft.cue, *draft.content) if stretch[0] >= end]
    return text[start : min([*following, end + REACH, max(draft.sentence[1], end)])]


def cut(words: str) -> str:
    """On one line, up to where the next thing is said."""
    return " ".join(CUT.split(words, maxsplit=1)[0].split())
