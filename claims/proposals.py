"""Which propositions an accepted claim may belong to, best first, with what they share. Nothing here writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from claims.models import Claim, LinkState, Proposition, PropositionLink, RelationKind, Stance
from claims.search import Match, propositions_like
from extraction.relations import Relation, read_statements, relate

MOST_PROPOSED = 8
MOST_COMPARED = 20
LEAST_LIKE = 0.3
"""How alike two wordings must be to be put before an analyst when no rule fired."""

_AHEAD = {RelationKind.CORROBORATES.value: 0.5, RelationKind.CONTRADICTS.value: 0.4, RelationKind.REFINES.value: 0.3}
"""What a relation adds to the likeness when proposals are ranked."""
_NUMBER = re.compile(r"\b\d[\d.,:]*\b")
_DATE = re.compile(
    r"\b(?:(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)(?:\s+\d{1,2}\b)?(?:,?\s+\d{4})?|(?:1[5-9]|20)\d\d|\d{4}-\d\d-\d\d|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Compared:
    """How one wording stands to a proposition's, and by which of their words."""

    proposition: Proposition
    match: Match
    said: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class PropositionProposal:
    """A proposition the claim may belong to.

    score: 0 to 1, how alike the wordings are. relation: contradicts, corroborates, refines (the claim says more),
    "refined by", or empty where no rule fired. said: the claim's words. spans, other_spans: where in them and in the
    proposition's text the rule found what it rests on. marks, other_marks: (start, end, kind) of what both share, kind
    one of word, name, number, date. stance: how the claim would join. link: the stored link, where there is one.
    """

    proposition: Proposition
    score: float
    channel: str
    relation: str
    rule: str
    said: str
    spans: tuple[Stretch, ...]
    other_spans: tuple[Stretch, ...]
    marks: tuple[tuple[int, int, str], ...]
    other_marks: tuple[tuple[int, int, str], ...]
    shared: dict[str, tuple[str, ...]]
    stance: str
    link: PropositionLink | None = None

    @property
    def rank(self) -> float:
        return self.score + _AHEAD.get(self.relation, _AHEAD["refines"] if self.relation else 0.0)


def proposals_for(claim: Claim, user: User, *, most: int = MOST_PROPOSED) -> list[PropositionProposal]:
    """The propositions that a claim, accepted or not, may belong to, best first, out of those the user may see.

    Reads the wordings with the engine, some ten milliseconds each: not inside a transaction. Eight queries at most.
    """
    own = claim.proposition_id or 0
    compared = compare(claim.wording, user=user, on=_day(claim), apart_from=[own])
    return _ranked(compared, claim.proposition_id, most)


def proposals_on(proposition: Proposition, user: User, *, most: int = MOST_PROPOSED) -> list[PropositionProposal]:
    """The same for a proposition by its own text."""
    day = _days([proposition.pk], user).get(proposition.pk)
    return _ranked(compare(proposition.text, user=user, on=day, apart_from=[proposition.pk]), proposition.pk, most)


def _ranked(compared: list[Compared], own: int | None, most: int) -> list[PropositionProposal]:
    links = _links(own, [each.proposition.pk for each in compared])
    dismissed = {pk for pk, link in links.items() if link.state == LinkState.DISMISSED}
    found = [
        _proposal(each, links.get(each.proposition.pk))
        for each in compared
        if each.proposition.pk not in dismissed and (each.match.score >= LEAST_LIKE or _named(each.relation))
    ]
    return sorted(found, key=lambda each: (-each.rank, each.proposition.pk))[:most]


def compare(
    text: str, *, user: User, on: date | None, apart_from: Iterable[int] = (), most: int = MOST_COMPARED
) -> list[Compared]:
    """What a wording is like, in both channels, and how it stands to each; as far as the user may see."""
    matches = propositions_like(text, user=user, on=on, apart_from=apart_from, most=most)
    rows = Proposition.objects.defer("search").in_bulk([match.proposition_id for match in matches])
    matches = [match for match in matches if match.proposition_id in rows]
    days = _days(list(rows), user)
    wanted = [(text, on), *((rows[m.proposition_id].text, days.get(m.proposition_id)) for m in matches)]
    own, *others = read_statements(wanted) if matches else [None]
    return [
        Compared(rows[match.proposition_id], match, text, relate(own, other))
        for match, other in zip(matches, others, strict=True)
        if own is not None and other is not None
    ]


def _day(claim: Claim) -> date | None:
    return claim.reported_date or claim.information_date


def _days(propositions: list[int], user: User) -> dict[int, date]:
    """When each was first reported, by the claims the user may see."""
    rows = Claim.objects.visible_to(user).accepted().filter(proposition__in=propositions, reported_date__isnull=False)
    latest_first = rows.order_by("-reported_date").values_list("proposition_id", "reported_date")
    return {proposition: day for proposition, day in latest_first if proposition and day}


def _links(proposition: int | None, others: Sequence[int]) -> dict[int, PropositionLink]:
    """By proposition at the other end."""
    if proposition is None:
        return {}
    rows = PropositionLink.objects.touching([proposition]).touching(others)
    return {link.seen_from(proposition): link for link in rows}


def _named(relation: Relation) -> str:
    """As a proposal names it, seen from the claim (side a)."""
    if relation.relation == "neither":
        return ""
    return "refined by" if relation.relation == "refines" and relation.narrower == "b" else relation.relation


def _proposal(each: Compared, link: PropositionLink | None) -> PropositionProposal:
    relation, text = each.relation, each.proposition.text
    shared = _shared(each)
    opposed = relation.relation == "contradicts" and relation.rule.startswith(("negat", "polar", "anton"))
    return PropositionProposal(
        proposition=each.proposition,
        score=each.match.score,
        channel=each.match.channel,
        relation=_named(relation),
        rule=relation.rule if _named(relation) else "",
        said=each.said,
        spans=relation.spans_a,
        other_spans=relation.spans_b,
        marks=_marks(each.said, shared),
        other_marks=_marks(text, shared),
        shared=shared,
        stance=Stance.DENIES if opposed else Stance.ASSERTS,
        link=link,
    )


def _shared(each: Compared) -> dict[str, tuple[str, ...]]:
    """What both wordings hold, by kind."""
    said, text = each.said, each.proposition.text
    dates = _in_both(_DATE, said, text)
    numbers = tuple(number for number in _in_both(_NUMBER, said, text) if not any(number in day for day in dates))
    names = each.match.shared_entities
    apart = {word for group in (names, dates, numbers) for words in group for word in words.casefold().split()}
    words = tuple(word for word in each.match.shared_words if word.casefold() not in apart)
    return {"word": words, "name": names, "number": numbers, "date": dates}


def _in_both(pattern: re.Pattern[str], one: str, other: str) -> tuple[str, ...]:
    theirs = {match[0].strip(".,:").casefold() for match in pattern.finditer(other)}
    found = (match[0].strip(".,:") for match in pattern.finditer(one))
    return tuple(dict.fromkeys(words for words in found if words.casefold() in theirs))


def _marks(text: str, shared: dict[str, tuple[str, ...]]) -> tuple[tuple[int, int, str], ...]:
    """Where a text holds them; of two that overlap the earlier kind, longest first. Words in any of their forms."""
    taken: list[tuple[int, int, str]] = []
    for kind in ("date", "name", "number", "word"):
        for words in sorted(shared[kind], key=len, reverse=True):
            for match in _places(words, text, bends=kind == "word"):
                if all(match.end() <= start or end <= match.start() for start, end, _ in taken):
                    taken.append((match.start(), match.end(), kind))
    return tuple(sorted(taken))


def _places(words: str, text: str, *, bends: bool) -> Iterable[re.Match[str]]:
    """bends: in other forms, too, as far as the ending tells."""
    stem = re.escape(words[: len(words) - 2] if bends and len(words) >= 6 else words)
    ending = r"\w{0,4}" if bends else ""
    return re.finditer(rf"\b{stem}{ending}(?!\w)", text, re.IGNORECASE)
