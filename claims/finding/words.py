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


def parsed(text: str) -> Words:
    """As `websearch_to_tsquery` reads it: "a phrase", -without, or. One query, if there is anything to read."""
    groups: list[list[Atom]] = [[]]
    for found in _ATOM.finditer(text):
        word = found["word"]
        if word is not None and word.lower() == "or" and not found["no"]:
            groups.append([])
        elif (found["phrase"] or word or "").strip():
            groups[-1].append(Atom((found["phrase"] or word).strip(), wanted=not found["no"]))
    atoms = [atom for group in groups for atom in group]
    telling = _telling(atoms)
    kept = tuple(tuple(atom for atom in group if atom in telling) for group in groups)
    kept = tuple(group for group in kept if group)
    return Words(text, kept, skipped=bool(atoms) and not kept)


def _telling(atoms: Iterable[Atom]) -> set[Atom]:
    """Those that are more than words which every text has."""
    listed = list(atoms)
    if not listed:
        return set()
    texts = [f'"{atom.text}"' for atom in listed]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT numnode(websearch_to_tsquery('english', word)) > 0"
            " FROM unnest(%s::text[]) WITH ORDINALITY given(word, place) ORDER BY place",
            [texts],
        )
        return {atom for atom, (tells,) in zip(listed, cursor.fetchall(), strict=True) if tells}
