"""Which known source somebody a document speaks of may be: ranked, with the reasons, never decided here.

Plain Python. What speaks for it is added up as evidence (log odds); a score is how likely one would hold it to be, not
a measured probability. Equal words alone say little of somebody unnamed: "a sensitive source" is many people.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sources.naming import TIED_PARTICLE, NameMatch, compare_names, parse_name

NAMED = "named_person"
PEOPLE = frozenset({NAMED, "unnamed_person", "author"})
SEVERAL = frozenset({"group"})
LEAST_SHOWN = 0.02
LIKELY = 0.5
"""From here on a proposal says more for than against."""

PRIOR = -3.2
SAME_AFFILIATION = 3.4
SAME_STANDING = 0.6
OTHER_STANDING = -0.9
SAME_ROLE = 0.5
OTHER_ROLE = -0.8
SAME_AUTHOR = ((31, 1.2), (183, 0.8), (366, 0.4))
"""Days between two documents of one author, and what that is worth."""
SAME_CASE = 0.3
SAME_COMPANY = 0.6
NAME_EVIDENCE = ((0.99, 6.2), (0.9, 5.6), (0.85, 4.8), (0.8, 4.2), (0.6, 3.3), (0.4, 2.0), (0.0, -3.0))
OTHER_KIND = -2.5
MOST_FOR_WORDS_ALONE = 0.12
MOST_FOR_UNNAMED = 0.85
COMPANIONS_COUNTED = 2

MOSTLY_THE_SAME = 0.75
_GENERIC = """
a an the this that these those one some of with to in for and or by who has had have is are was very extremely highly
particularly especially separate other another same different sensitive knowledgeable reliable trusted credible informed
placed well good excellent direct close regular unique confidential anonymous unnamed additional source sources
individual individuals person persons people contact contacts somebody someone access said speaking condition absolute
secrecy strictest confidence his her their its at level levels inside within from on comment former current new
government general al el
"""
GENERIC = frozenset(_GENERIC.split())
_HIGH = "highest high leadership leaders leader senior top inner circle leading ruling supreme"
_ROLES = {
    "adviser": "adviser advisers advisor advisors counselor counsellor aide aides",
    "officer": "officer officers commander commanders general generals colonel soldier soldiers",
    "official": "official officials minister ministers staffer staffers bureaucrat spokesman representative",
    "member": "member members activist activists supporter supporters",
    "associate": "associate associates friend friends colleague colleagues relative",
    "diplomat": "diplomat diplomats ambassador envoy consul attache",
    "journalist": "journalist journalists reporter reporters correspondent editor",
    "trade": "businessman businessmen banker trader executive",
}
HIGH = frozenset(_HIGH.split())
ROLE_OF = {word: role for role, words in _ROLES.items() for word in words.split()}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_STEM = 5


@dataclass(frozen=True, slots=True)
class Occasion:
    """A document in which somebody was heard: by whom written, when, in which case."""

    author: str = ""
    day: date | None = None
    case: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Somebody as one document speaks of them, or a known source as a reader knows it.

    wordings: namings, access and affiliation as printed. companions: ids of the known sources heard in the same
    documents.
    """

    kind: str
    wordings: tuple[str, ...]
    affiliations: tuple[str, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    companions: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """score: 0 to 1. reasons: sentences, the weightiest first."""

    score: float
    reasons: tuple[str, ...]
    by_family_name: bool = False
    """Whether it rests on a family name without any given name."""


@dataclass(frozen=True, slots=True)
class Affiliation:
    """What a wording ties somebody to: "the Algerian Army", "NTC"; by stems and by initials."""

    words: str
    stems: frozenset[str]
    initials: frozenset[str]

    def meets(self, other: Affiliation) -> bool:
        if self.initials & other.initials:
            return True
        return len(self.stems & other.stems) * 2 > len(self.stems | other.stems)


@dataclass(slots=True)
class Evidence:
    """What was found so far, as log odds with a reason each."""

    odds: float = PRIOR
    reasons: list[tuple[float, str]] = field(default_factory=list)

    def add(self, weight: float, why: str) -> None:
        self.odds += weight
        self.reasons.append((weight, why))

    def likeness(self, most: float = 1.0) -> Likeness:
        ranked = sorted(self.reasons, key=lambda reason: -abs(reason[0]))
        return Likeness(round(min(most, 1 / (1 + math.exp(-self.odds))), 3), tuple(why for _, why in ranked))


def likeness(heard: Profile, known: Profile) -> Likeness:
    """How likely the two are one, and why."""
    if not _comparable(heard.kind, known.kind):
        return Likeness(0.0, ("a group and a single person",))
    name = _best_name(heard, known)
    evidence = Evidence()
    if name is not None:
        weight = next(weight for least, weight in NAME_EVIDENCE if name.score >= least)
        evidence.add(weight, name.why)
        if name.score >= NAME_EVIDENCE[-2][0]:
            _weigh_occasions(evidence, heard, known)
            _weigh_company(evidence, heard, known)
        return replace(evidence.likeness(), by_family_name=name.family_only)
    return _likeness_by_role(evidence, heard, known)


def rank(heard: Profile, known: Mapping[int, Profile], *, most: int = 5) -> list[tuple[int, Likeness]]:
    """The likeliest of the known sources (by id), best first; those that hardly anything speaks for are left out.

    A family name alone that fits several of them speaks for none: each counts as one of so many.
    """
    found = {source: likeness(heard, profile) for source, profile in known.items()}
    open_names = [source for source, like in found.items() if like.by_family_name and like.score >= LEAST_SHOWN]
    if len(open_names) > 1:
        for source in open_names:
            like = found[source]
            shared = f"the family name alone fits {len(open_names)} known sources"
            found[source] = Likeness(round(like.score / len(open_names), 3), (*like.reasons, shared))
    ranked = sorted(found.items(), key=lambda item: (-item[1].score, item[0]))
    return [(source, like) for source, like in ranked if like.score >= LEAST_SHOWN][:most]


def _likeness_by_role(evidence: Evidence, heard: Profile, known: Profile) -> Likeness:
    mine, theirs = affiliations(heard), affiliations(known)
    share, met = _overlap(mine, theirs)
    if met:
        evidence.add(SAME_AFFILIATION * share, f"the same affiliation: {', '.join(met)}")
        _weigh_roles(evidence, heard, known)
    elif mine and theirs:
        evidence.add(-2.0, f"another affiliation: {mine[0].words} and {theirs[0].words}")
    if heard.kind != known.kind:
        evidence.add(OTHER_KIND, "of another kind")
    _weigh_occasions(evidence, heard, known)
    _weigh_company(evidence, heard, known)
    if met:
        return evidence.likeness(MOST_FOR_UNNAMED)
    if same := _same_words(heard, known):
        evidence.reasons.insert(0, (9.0, f"the same words, but “{same}” is many people"))
    return evidence.likeness(MOST_FOR_WORDS_ALONE)


def name_of(who: Profile) -> str:
    """The fullest name among the wordings; empty for somebody who is not named."""
    names = [words for words in who.wordings if parse_name(words)] if _is_named(who) else []
    return max(names, key=lambda words: len(parse_name(words).parts), default="")  # type: ignore[union-attr]  # all have


def affiliations(who: Profile) -> list[Affiliation]:
    """What a profile's wordings tie it to, each once; words that say nothing of the kind are left out."""
    found: dict[frozenset[str], Affiliation] = {}
    for words in (*who.affiliations, *who.wordings):
        for phrase in re.split(r"\b(?:of|in|within|to|from|at|by|with)\b|[,;()]", words):
            tie = _affiliation(phrase)
            if tie is not None:
                found.setdefault(tie.stems, tie)
    return list(found.values())


def _affiliation(phrase: str) -> Affiliation | None:
    kept = [
        word.removesuffix("'s").removesuffix("’s")
        for word in _WORD.findall(TIED_PARTICLE.sub(r"\1 ", phrase))
        if word.lower() not in GENERIC | HIGH | ROLE_OF.keys() and not _is_adverb(word)
    ]
    if not kept:
        return None
    capitals = [word for word in kept if word[:1].isupper()]
    initials = {word.lower() for word in kept if word.isupper() and 1 < len(word) <= 6}
    for start in range(len(capitals)):
        for end in range(start + 2, min(len(capitals), start + 6) + 1):
            initials.add("".join(word[0] for word in capitals[start:end]).lower())
    stems = frozenset(word.lower()[:_STEM] for word in kept)
    return Affiliation(" ".join(kept), stems, frozenset(initials))


def _is_adverb(word: str) -> bool:
    """ "a usually reliable source": how a source is, not where it belongs."""
    return word.islower() and word.endswith("ly") and word not in {"family", "assembly"}


def _overlap(mine: list[Affiliation], theirs: list[Affiliation]) -> tuple[float, list[str]]:
    """Share of ties both have (0 to 1), and their words."""
    met = [tie for tie in mine if any(tie.meets(other) for other in theirs)]
    if not met:
        return _overlap_of_words(mine, theirs)
    back = sum(any(tie.meets(other) for other in mine) for tie in theirs)
    # A known source has been called many things: what was said of it elsewhere counts half against it.
    precision, recall = len(met) / len(mine), back / len(theirs)
    return (2 * precision + recall) / 3, [tie.words for tie in met]


def _overlap_of_words(mine: list[Affiliation], theirs: list[Affiliation]) -> tuple[float, list[str]]:
    """The same words put otherwise: "the rebel commanders in Libya", "Libyan rebel commanders"."""
    one = frozenset[str]().union(*(tie.stems for tie in mine))
    other = frozenset[str]().union(*(tie.stems for tie in theirs))
    share = len(one & other) / len(one | other) if one or other else 0.0
    return (share, [tie.words for tie in mine]) if share >= MOSTLY_THE_SAME else (0.0, [])


def _weigh_roles(evidence: Evidence, heard: Profile, known: Profile) -> None:
    mine, theirs = _lower_words(heard), _lower_words(known)
    if mine & HIGH and theirs & HIGH:
        evidence.add(SAME_STANDING, "the same access: its leadership")
    elif bool(mine & HIGH) != bool(theirs & HIGH):
        evidence.add(OTHER_STANDING, "only one has access to the leadership")
    roles = {ROLE_OF[word] for word in mine if word in ROLE_OF}
    others = {ROLE_OF[word] for word in theirs if word in ROLE_OF}
    if roles & others:
        evidence.add(SAME_ROLE, f"the same role: {', '.join(sorted(roles & others))}")
    elif roles and others:
        evidence.add(OTHER_ROLE, f"other roles: {', '.join(sorted(roles))} and {', '.join(sorted(others))}")


def _weigh_occasions(evidence: Evidence, heard: Profile, known: Profile) -> None:
    """The same author within a year, the closest pair of documents counting; the same release case."""
    apart = [
        abs((mine.day - theirs.day).days)
        for mine in heard.occasions
        for theirs in known.occasions
        if mine.day and theirs.day and mine.author and _same_author(mine.author, theirs.author)
    ]
    closest = min(apart, default=None)
    if closest is not None:
        weight = next((weight for days, weight in SAME_AUTHOR if closest <= days), 0.0)
        if weight:
            days = "on the same day" if closest == 0 else f"{closest} {'day' if closest == 1 else 'days'} apart"
            evidence.add(weight, f"reported by the same author, {days}")
    cases = {mine.case for mine in heard.occasions} & {theirs.case for theirs in known.occasions} - {""}
    if cases:
        evidence.add(SAME_CASE, f"in the same case: {min(cases)}")


def _weigh_company(evidence: Evidence, heard: Profile, known: Profile) -> None:
    shared = len(heard.companions & known.companions)
    if shared:
        others = "source" if shared == 1 else "sources"
        evidence.add(SAME_COMPANY * min(shared, COMPANIONS_COUNTED), f"heard beside {shared} of the same {others}")


def _best_name(heard: Profile, known: Profile) -> NameMatch | None:
    """The best fit of their names; None where one of them has none."""
    if not (_is_named(heard) and _is_named(known)):
        return None
    pairs = [
        (one, other) for one in heard.wordings for other in known.wordings if parse_name(one) and parse_name(other)
    ]
    if not pairs:
        return None
    found = ((compare_names(one, other), one, other) for one, other in pairs)
    best, one, other = max(found, key=lambda pair: pair[0].score)
    shown = f"{best.why}: {one}" if one == other else f"{best.why}: {one} / {other}"
    return replace(best, why=shown)


def _is_named(who: Profile) -> bool:
    return who.kind in (NAMED, "author")


def _comparable(one: str, other: str) -> bool:
    """A person is no group; organisations, outlets and groups are told apart too loosely to exclude each other."""
    return (one in PEOPLE) == (other in PEOPLE)


def _same_author(one: str, other: str) -> bool:
    return bool(one) and (one.casefold() == other.casefold() or compare_names(one, other).score >= 0.7)


def _same_words(heard: Profile, known: Profile) -> str:
    theirs = {" ".join(words.lower().split()) for words in known.wordings}
    return next((words for words in heard.wordings if " ".join(words.lower().split()) in theirs), "")


def _lower_words(who: Profile) -> frozenset[str]:
    words: Iterable[str] = (word for wording in (*who.wordings, *who.affiliations) for word in _WORD.findall(wording))
    return frozenset(word.lower() for word in words)
