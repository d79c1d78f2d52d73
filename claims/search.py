"""Which propositions may a claim belong to? Two channels, always inside what the user may see (docs/search.md).

*Duplicate*: at least two rare words in common. *Corroboration*: one rare word, or a name within a window of dates.
A proposition is found by its own text and by the contents of the accepted claims on it.
"""

from __future__ import annotations

import re
from collections.abc import Collection as Several
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import islice
from typing import Any

from django.db import connection

from accounts.models import User
from claims.likeness import Wording, likeness, plain, rarity
from documents.models import Collection

CANDIDATES = 2_000
"""How many are compared in full; beyond, those whose shared words are rarest."""

RARE_PART, RARE_ROWS = 0.02, 100
"""A word is rare that at most this part of all propositions have, or so few of them."""

SINGLE_ROWS, PAIRED_ROWS = 3_000, 20_000
"""How many propositions the rare words may have in all that are looked up alone, and beside another rare word. A pair
costs less: the index itself finds where both stand."""

ENTITY_ROWS = 10_000
"""A name in more propositions than that is looked up only beside another word of the query."""

DATE_WINDOW = timedelta(31)
"""How far apart two reports that share a name may be, either way, to be about the same."""

LEAST_COMMON = 3
"""So many words must all be shared with a text that has no two rare ones."""

QUERY_CHARACTERS, QUERY_WORDS = 4_000, 60
CLAIMS_READ = 8
"""Of each candidate: whoever says the same adds few words after the eighth."""

_LEXEMES = re.compile(r"'((?:[^']|'')+)':([\dA-D,]+)")
_NAME = re.compile(r"\b[A-Z][\w'’-]+(?:\s+(?:(?:of|the|al|bin|de|la|van|von)\s+)?[A-Z][\w'’-]+)*")


class Channel(StrEnum):
    DUPLICATE = "duplicate"
    CORROBORATION = "corroboration"


@dataclass(frozen=True)
class Match:
    """A proposition found. score: 0 to 1, where 1 is the same words.

    shared_words: those of the query, as the query writes them, rarest first. shared_entities: names found within the
    window of dates.
    """

    proposition_id: int
    score: float
    channel: Channel
    shared_words: tuple[str, ...]
    shared_entities: tuple[str, ...] = ()


def propositions_like(
    text: str,
    *,
    user: User,
    on: date | None = None,
    entities: Sequence[str] | None = None,
    channels: Several[Channel] = tuple(Channel),
    apart_from: Iterable[int] = (),
    most: int = 20,
) -> list[Match]:
    """The propositions that `text` may belong to, best first, each one visible to `user`.

    Five queries or fewer, however many are found, beside those for who the user is.

    on: when it was reported, without which no name is looked up. entities: the names in it; None reads them off the
    capitals. apart_from: ids of propositions not wanted, such as the claim's own.
    """
    visible = Collection.objects.ids_visible_to(user)
    query = _read(plain(text[:QUERY_CHARACTERS]))
    corroborating = Channel.CORROBORATION in channels
    names = (names_in(text) if entities is None else entities) if on and corroborating else ()
    probes = _words(query, alone=corroborating)
    if corroborating and on:
        probes += _names(query, names, on)
    if not probes:
        return []
    found = _candidates(probes, visible=visible, apart_from=set(apart_from))
    wordings = _wordings(list(found), visible)
    ids = list(wordings)
    held = set().union(*(wording.words for wording in wordings.values()))
    rarities = {word: rare for word, rare in query.rarities.items() if word in held}
    scores = likeness(query.wording, list(wordings.values()), rarities)
    ranked = sorted(zip(scores, ids, strict=True), key=lambda pair: (-pair[0], pair[1]))
    matches = (_match(query, number, score, wordings[number], found[number]) for score, number in ranked)
    return list(islice((match for match in matches if match.channel in channels), most))


def names_in(text: str) -> tuple[str, ...]:
    """Names by their capitals, the first word of a sentence left out unless another capital follows it.

    A text all in capitals has none.
    """
    if text.isupper():
        return ()
    found = {}
    for match in _NAME.finditer(text):
        begins = not re.search(r"[\w,;:)]\W*$", text[: match.start()])
        if not begins or " " in match[0]:
            found[" ".join(match[0].split())] = True
    return tuple(found)


@dataclass
class _Query:
    """words: lexeme -> how the query writes it. holding: lexeme -> in the text of how many propositions it stands.

    A word of no proposition's text may still stand in a claim's content, and is looked up as the rarest of all.
    rare: rarest first. telling: the words of which a duplicate shares two; for want of rare ones the least common.
    """

    wording: Wording
    words: dict[str, str]
    holding: dict[str, float]
    propositions: float
    rarities: dict[str, float] = field(init=False)
    rare: list[str] = field(init=False)
    telling: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.rarities = {word: rarity(holding, self.propositions) for word, holding in self.holding.items()}
        most = max(RARE_ROWS, RARE_PART * self.propositions)
        by_rarity = sorted(self.holding, key=lambda word: (self.holding[word], word))
        self.rare = [word for word in by_rarity if self.holding[word] <= most]
        self.telling = self.rare if len(self.rare) > 1 else by_rarity[:LEAST_COMMON]


@dataclass(frozen=True)
class _Probe:
    """What is looked up: a tsquery; what finding it is worth; and, for a name, between which days of report."""

    query: str
    weight: float
    name: str = ""
    since: date | None = None
    until: date | None = None


_TERMS = """
WITH term AS (
    SELECT lexeme, min(token) AS token, count(*) AS times
    FROM ts_debug('english', %s) AS parsed (alias, description, token, dictionaries, dictionary, lexemes),
        unnest(lexemes) AS lexeme
    GROUP BY lexeme
), common AS (
    SELECT elements.lexeme, elements.part
    FROM pg_stats, unnest(most_common_elems::text::text[], most_common_elem_freqs) AS elements (lexeme, part)
    WHERE schemaname = current_schema() AND tablename = 'claims_proposition' AND attname = 'search'
)
SELECT term.lexeme, term.token, term.times, common.part, (
    SELECT CASE WHEN relpages > 0 AND reltuples > 0
        THEN reltuples / relpages * pg_relation_size(oid) / current_setting('block_size')::int
        ELSE (SELECT count(*) FROM (SELECT FROM claims_proposition LIMIT 20000) AS counted) END
    FROM pg_class WHERE oid = 'claims_proposition'::regclass
) FROM term LEFT JOIN common USING (lexeme)
"""
"""The words of a text, and what the planner's statistics know of the common ones: the part of rows that hold them."""

_HOLDING = """
SELECT lexeme, (
    SELECT count(*) FROM (
        SELECT FROM claims_proposition WHERE search @@ word::tsquery LIMIT %s
    ) AS held
) FROM unnest(%s::text[], %s::text[]) AS asked (lexeme, word)
"""

_CANDIDATES = """
WITH probe AS (
    SELECT * FROM unnest(%(queries)s::text[], %(weights)s::float[], %(since)s::date[], %(until)s::date[])
        WITH ORDINALITY AS probe (query, weight, since, until, number)
), hit AS (
    SELECT probe.number, probe.weight, said.id FROM probe CROSS JOIN LATERAL (
        SELECT id FROM claims_proposition WHERE probe.since IS NULL AND search @@ probe.query::tsquery LIMIT %(rows)s
    ) AS said
    UNION
    SELECT probe.number, probe.weight, claimed.id FROM probe CROSS JOIN LATERAL (
        SELECT proposition_id AS id FROM claims_claim
        WHERE search @@ probe.query::tsquery AND state = 'accepted' AND collection_id = ANY (%(visible)s)
            AND (probe.since IS NULL
                OR coalesce(information_date, reported_date) BETWEEN probe.since AND probe.until)
        LIMIT %(rows)s
    ) AS claimed
), ranked AS (
    SELECT id, array_agg(number) AS numbers FROM hit WHERE id <> ALL (%(apart)s)
    GROUP BY id ORDER BY sum(weight) DESC, id
)
SELECT id, numbers FROM ranked WHERE (
    SELECT true FROM claims_claim claim
    WHERE claim.proposition_id = ranked.id AND claim.collection_id = ANY (%(visible)s) LIMIT 1
) LIMIT %(most)s
"""
"""Each probe is an index scan of its own. The last condition is no EXISTS, so that it is asked row by row down to the
limit, and not of all rows beforehand."""

_WORDINGS = """
SELECT proposition.id, proposition.text, proposition.search::text, claim.content, claim.search
FROM claims_proposition proposition LEFT JOIN LATERAL (
    SELECT array_agg(content_quote) AS content, array_agg(said.search::text) AS search FROM (
        SELECT content_quote, search FROM claims_claim
        WHERE proposition_id = proposition.id AND state = 'accepted' AND collection_id = ANY (%(visible)s)
        ORDER BY id LIMIT %(claims)s
    ) AS said
) AS claim ON true
WHERE proposition.id = ANY (%(ids)s)
"""


def _read(text: str) -> _Query:
    rows = _ask(_TERMS, [text])
    propositions = max([1.0, *(float(row[4]) for row in rows)])
    words = {lexeme: token.lower() for lexeme, token, *_ in rows}
    holding = {lexeme: part * propositions for lexeme, _, _, part, _ in rows if part is not None}
    uncommon = [lexeme for lexeme in words if lexeme not in holding][:QUERY_WORDS]
    most = ENTITY_ROWS + 1
    counted = _ask(_HOLDING, [most, uncommon, [_quoted(lexeme) for lexeme in uncommon]]) if uncommon else []
    holding.update({lexeme: float(count) for lexeme, count in counted})
    wording = Wording(text, {lexeme: times for lexeme, _, times, *_ in rows})
    return _Query(wording, words, holding, max([propositions, *holding.values()]))


def _words(query: _Query, *, alone: bool) -> list[_Probe]:
    """The rare words, rarest first: each beside any other rare one; or alone, as far as that is affordable.

    For want of two rare words, the least common ones, all in one place.
    """
    probes, rows = [], 0.0
    if query.telling != query.rare:
        weight = sum(query.rarities[word] for word in query.telling)
        probes.append(_Probe(" & ".join(map(_quoted, query.telling)), weight))
    for place, word in enumerate(query.rare):
        rows += query.holding[word]
        others = query.rare[place + 1 :]
        if alone and (place == 0 or rows <= SINGLE_ROWS):
            probes.append(_Probe(_quoted(word), query.rarities[word]))
        elif others and (place == 0 or rows <= PAIRED_ROWS):
            probes.append(_Probe(f"{_quoted(word)} & ({_any(others)})", query.rarities[word]))
    return probes


def _names(query: _Query, names: Sequence[str], on: date) -> list[_Probe]:
    probes = []
    for name in names:
        words = [word for word in query.holding if query.words[word] in name.lower().split()]
        if not words:
            continue
        asked = " & ".join(map(_quoted, words))
        holding = min(query.holding[word] for word in words)
        if holding > ENTITY_ROWS:
            others = [word for word in query.rarities if word not in words]
            if not others:
                continue
            asked = f"{asked} & ({_any(others)})"
        weight = rarity(holding, query.propositions)
        probes.append(_Probe(asked, weight, name, on - DATE_WINDOW, on + DATE_WINDOW))
    return probes


def _candidates(probes: list[_Probe], *, visible: list[int], apart_from: set[int]) -> dict[int, list[_Probe]]:
    """The ids of propositions, each with the probes that found it, those with the rarest words first."""
    rows = _ask(
        _CANDIDATES,
        {
            "queries": [probe.query for probe in probes],
            "weights": [probe.weight for probe in probes],
            "since": [probe.since for probe in probes],
            "until": [probe.until for probe in probes],
            "rows": PAIRED_ROWS,
            "visible": visible,
            "apart": list(apart_from),
            "most": CANDIDATES,
        },
    )
    return {number: [probes[place - 1] for place in places] for number, places in rows}


def _wordings(ids: list[int], visible: list[int]) -> dict[int, Wording]:
    """What each proposition says: its text and what the accepted claims on it add, as far as the user may see them."""
    rows = _ask(_WORDINGS, {"ids": ids, "visible": visible, "claims": CLAIMS_READ}) if ids else []
    return {
        number: _said(text, search, contents or [], searches or []) for number, text, search, contents, searches in rows
    }


def _said(text: str, search: str, contents: list[str], searches: list[str]) -> Wording:
    different = {text: search, **dict(zip(contents, searches, strict=True))}
    words: dict[str, int] = {}
    for lexemes in different.values():
        for word, places in _LEXEMES.findall(lexemes):
            words[word] = words.get(word, 0) + places.count(",") + 1
    return Wording(" ".join(different), words)


def _match(query: _Query, number: int, score: float, wording: Wording, probes: list[_Probe]) -> Match:
    shared = sorted((-query.rarities[word], word) for word in query.rarities if word in wording.words)
    names = tuple(probe.name for probe in probes if probe.name)
    telling = sum(1 for word in query.telling if word in wording.words)
    return Match(
        proposition_id=number,
        score=score,
        channel=Channel.DUPLICATE if telling >= 2 else Channel.CORROBORATION,
        shared_words=tuple(query.words[word] for _, word in shared),
        shared_entities=names,
    )


def _any(words: Iterable[str]) -> str:
    return " | ".join(map(_quoted, words))


def _quoted(lexeme: str) -> str:
    """A lexeme as tsquery writes it."""
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _ask(query: str, parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
