"""What somebody typed into the search, taken apart: in PostgreSQL's web syntax, but also by whole documents."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery
from django.db import connection

CONFIG = "english"
_ATOM = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Atom:
    """A word or a phrase, wanted or not."""

    text: str
    wanted: bool = True

    @property
    def query(self) -> SearchQuery:
        return SearchQuery(f'"{self.text}"', search_type="websearch", config=CONFIG)


@dataclass(frozen=True, slots=True)
class Words:
    """`text` as typed. groups: one of them has to fit, and one fits where all its atoms do.

    skipped: there were words, but only such as stand in every text ("the", "of").
    """

    text: str
    groups: tuple[tuple[Atom, ...], ...]
    skipped: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups) or self.skipped

    @property
    def query(self) -> SearchQuery:
        """For what is short enough to be searched in one piece."""
        return SearchQuery(self.text, search_type="websearch", config=CONFIG)

    @property
    def shown(self) -> SearchQuery | None:
        """Any of the wanted words: what is lit up in a snippet."""
        wanted = [atom.query for group in self.groups for atom in group if atom.wanted]
        return reduce(or_, wanted) if wanted else None


def parsed(*texts: str) -> list[Words]:
    """Each as `websearch_to_tsquery` reads it: "a phrase", -without, or. One query for all, if there is any word."""
    read = [_groups(text) for text in texts]
    telling = _telling({atom.text for groups in read for group in groups for atom in group})
    return [_words(text, groups, telling) for text, groups in zip(texts, read, strict=True)]


def _words(text: str, groups: list[list[Atom]], telling: set[str]) -> Words:
    kept = [tuple(atom for atom in group if atom.text in telling) for group in groups]
    return Words(text, tuple(filter(None, kept)), skipped=bool(text.strip()) and not any(kept))


def _groups(text: str) -> list[list[Atom]]:
    groups: list[list[Atom]] = [[]]
    for found in _ATOM.finditer(text):
        word = found["word"]
        if word is not None and word.lower() == "or" and not found["no"]:
            groups.append([])
        elif (said := found["phrase"] or word or "").strip():
            groups[-1].append(Atom(said.strip(), wanted=not found["no"]))
    return groups


def _telling(texts: Iterable[str]) -> set[str]:
    """Those that are more than words which every text has."""
    listed = list(texts)
    if not listed:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) given(word)"
            " WHERE numnode(websearch_to_tsquery('english', '\"' || word || '\"')) > 0",
            [listed],
        )
        return {word for (word,) in cursor.fetchall()}
