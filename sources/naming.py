"""Whether two names mean the same person, however they were brought into our letters: Qaddafi, Gadhafi, Kadafi.

Plain Python. Names are compared by their parts: titles and particles are dropped, initials stand for any name that
begins so, and each part is compared by its letters and by a skeleton that romanisations of one Arabic or Russian name
share.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

_TITLES = """
" mr mrs ms miss dr prof professor sir lord lady dame king queen prince princess emir emperor sultan sheikh shaykh
sheik hajj haji imam ayatollah mullah mufti pope bishop archbishop cardinal father reverend rabbi hon honorable
president vice premier prime minister pm chancellor secretary under deputy assistant acting interim former late
ambassador amb consul charge attache foreign defense defence interior senator sen representative rep congressman
congresswoman governor gov mayor chairman chairwoman director chief judge justice general gen lieutenant lt major maj
colonel col brigadier brig captain capt commander cmdr admiral adm marshal field sergeant sgt corporal private officer
agent leader dictator spokesman spokeswoman spokesperson comrade supreme guide staff marshall envoy adviser advisor
libyan egyptian algerian french british american russian israeli turkish syrian libya egypt algeria tunisia this that
these an one
"""
TITLES = frozenset(_TITLES.split())
"""Words before or after a name that are no part of it; rank and nationality tell apart nobody by themselves."""
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "phd", "md"})
_PARTICLES = "al el ul ad as ash az an ar at bin ben ibn bint de la le du da di von van der den of the"
PARTICLES = frozenset(_PARTICLES.split())
ABD = frozenset({"abd", "abdel", "abdul", "abdal", "abdoul", "abdu", "abud", "abu", "abou", "bou"})
SAME_SKELETON = 0.93
SAME_INITIAL = 0.85
CLOSE = 0.9
NEARLY = 0.93
"""Jaro-Winkler similarity from which two parts are one with a slip: "Belmokhtar", "Belmoktar"."""
FEWEST_CONSONANTS = 2
"""A skeleton of fewer says too little."""

SOUND_FOLDS = (
    (r"shch|tch|sch|sh|ch", "s"),
    (r"dzh|dj|zh", "j"),
    (r"kh|gh|ck|[qgkx]", "k"),
    (r"dh|th|t", "d"),
    (r"ph|[vw]", "f"),
    (r"z", "s"),
    (r"p", "b"),
    (r"h(?![aeiouy])", ""),
    (r"([a-z])\1+", r"\1"),
    (r"[aeiouy'’`ʿʾ]", ""),
)
"""What romanisations of one name do differently, in this order; Python and PostgreSQL read the patterns alike."""
PLAIN = ("áàâäãåçéèêëíìîïñóòôöõøúùûüýğışžščćřūāīō", "aaaaaaceeeeiiiinoooooouuuuygiszsccruaio")
"""Letters with marks, and the same without: for PostgreSQL, which cannot take them apart without an extension."""

LONGEST_ABBREVIATION = 4
LOWER_CASE_NAME = 3
"""Words at most."""
TIED_PARTICLE = re.compile(r"\b(abd|abdel|abdul|abdal|abdoul|abou|abu|al|el)[-’'`]", re.IGNORECASE)
_OFFICE = re.compile(r"\b[A-Z]/[A-Z]\b")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’`ʿʾ-][^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Name:
    """given: in order, in lower case, an initial as one letter. family: the last part."""

    given: tuple[str, ...]
    family: str

    @property
    def parts(self) -> tuple[str, ...]:
        return (*self.given, self.family)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """score: 0 (different people) to 1 (the same name, letter by letter). why: in words."""

    score: float
    why: str
    family_only: bool = False
    """Whether one of the two has no given name."""


def parse_name(words: str) -> Name | None:
    """The parts of a person's name; None where the words hold no name.

    Of "NTC President Mustafa Abdul Jalil" and "Mohammed Badie, the Supreme Guide" only the name: what stands before a
    title, small words and abbreviations go.
    """
    before, comma, after = words.partition(",")
    if comma and _is_family_first(before, after):
        words = f"{after} {before}"
    elif comma:
        words = before
    if words.islower() and len(words.split()) <= LOWER_CASE_NAME and words.split()[0] not in ("a", "an", "the"):
        words = words.title()  # as people type
    parts: list[str] = []
    found = _NAME_WORD.findall(_OFFICE.sub(" ", TIED_PARTICLE.sub(r"\1 ", words)))
    found = [word for word in found if _letters(word) not in SUFFIXES]
    for position, word in enumerate(found, start=1):
        plain = _letters(word)
        if plain in PARTICLES or plain in ABD:
            parts.append(plain)
        elif plain in TITLES and position == len(found) and len(parts) > 1:
            parts.append(plain)  # Martin Luther King
        elif plain in TITLES or word[:1].islower() or word.endswith(("'s", "’s")):
            parts.clear()
        elif not _is_abbreviation(word, words):
            parts.append(plain)
    named = [part for part in _join_abd(parts) if part not in PARTICLES]
    if not named or all(len(part) == 1 for part in named):
        return None
    return Name(tuple(named[:-1]), named[-1])


def compare_names(one: str, other: str) -> NameMatch:
    """How far two names fit one person. Different given names tell people of one family apart."""
    first, second = parse_name(one), parse_name(other)
    if first is None or second is None:
        return NameMatch(0.0, "no name to compare")
    if first == second:
        alone = not first.given
        return NameMatch(0.9 if alone else 1.0, "the same family name" if alone else "the same name", alone)
    family, how = _same_part(first.family, second.family)
    if not family:
        return _crossed(first, second)
    if not first.given or not second.given:
        return NameMatch(0.75 * family, f"family name {how}; one without a given name", family_only=True)
    given, given_how = _same_given(first.given, second.given)
    if not given:
        return NameMatch(0.05, "the same family name but other given names")
    both = how if how == given_how else f"family name {how}, given name {given_how}"
    return NameMatch(min(family, given), f"the same name, {both}")


def same_name(one: str, other: str) -> bool:
    """Whether two names may well be one person's."""
    return compare_names(one, other).score >= 0.5


@lru_cache(maxsize=4096)
def sound(part: str) -> str:
    """What all romanisations of a name have in common: "kdf" for Qaddafi, Gadhafi, Kadafi and Khadafy.

    The database computes the same for every wording (SourceAlias.sounds).
    """
    folded = part
    for pattern, letter in SOUND_FOLDS:
        folded = re.sub(pattern, letter, folded)
    return folded


def skeleton(part: str) -> str:
    """The sound of a part, and with what kind of vowel it begins: Omar and Umar, not Amir."""
    opening = {"o": "o", "u": "o"}.get(part[:1], "a") if part[:1] in "aeiouy" else ""
    return opening + sound(part)


def _is_abbreviation(word: str, among: str) -> bool:
    """NTC and GOL in mixed writing; a telegram has every name in capitals, a file card the family name."""
    return 1 < len(_letters(word)) <= LONGEST_ABBREVIATION and word.isupper() and not among.isupper()


def _letters(word: str) -> str:
    """One word in plain lower-case letters."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = re.sub(r"^(?:ul|ad|as|ash|az|an|ar|at)[-’'`]", "", plain.rstrip("."))
    return "".join(letter for letter in plain if letter.isalpha() and not unicodedata.combining(letter))


def _join_abd(parts: list[str]) -> list[str]:
    """ "Abd al Jalil", "Abdel Jalil" and "Abdul-Jalil" are one part."""
    joined: list[str] = []
    pending = ""
    for part in parts:
        if part in ABD:
            pending = "abd" if "d" in part else "abu"
        elif pending and part in PARTICLES:
            continue  # "Abd al Jalil"
        else:
            joined.append(pending + part)
            pending = ""
    return [*joined, pending] if pending else joined


def _is_family_first(before: str, after: str) -> bool:
    """ "Clinton, Hillary", not "Sidney Blumenthal, an adviser"."""
    words = after.split()
    return (len(before.split()) <= 2 and 0 < len(words) <= 3 and all(word[:1].isupper() for word in words)) or (
        len(words) == len(before.split()) == 1 and f"{before}{after}".islower()
    )


def _same_part(one: str, other: str) -> tuple[float, str]:
    """How surely two parts are one, and how; 0 when not."""
    if one == other:
        return 1.0, "in the same letters"
    bones = skeleton(one)
    if bones == skeleton(other) and len(bones) >= FEWEST_CONSONANTS and _begin_alike(one, other):
        return SAME_SKELETON, "spelt differently"
    if one.removeprefix("abd") == other.removeprefix("abd") and min(len(one), len(other)) >= 4:
        return SAME_INITIAL, "with and without Abd"
    if _is_slip(one, other):
        return CLOSE, "with a slip"
    return 0.0, ""


def _is_slip(one: str, other: str) -> bool:
    """One letter wrong, missing, too many or swapped in a long part, or nearly so from the beginning on."""
    shorter = min(len(one), len(other))
    if shorter >= 6 and DamerauLevenshtein.distance(one, other, score_cutoff=1) <= 1:
        return True
    return shorter >= 5 and JaroWinkler.similarity(one, other) >= NEARLY


def _begin_alike(one: str, other: str) -> bool:
    """A skeleton that begins with a vowel keeps none of it: Omar is not Amir by that alone."""
    return JaroWinkler.similarity(one, other) >= 0.6


def _same_given(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, str]:
    """The best fit between given names, the first of either among them: brothers may share the second."""
    best, how = 0.0, ""
    for number, mine in enumerate(one):
        for position, theirs in enumerate(other):
            if number == 0 or position == 0:
                best, how = max((best, how), _fit(mine, theirs))
    return best, how


def _fit(mine: str, theirs: str) -> tuple[float, str]:
    """As _same_part; an initial fits every name that begins so, a short form the long one."""
    if mine == theirs and len(mine) > 1:
        return 1.0, "in the same letters"
    if 1 in (len(mine), len(theirs)):
        return (SAME_INITIAL, "as an initial") if mine[0] == theirs[0] else (0.0, "")
    if min(len(mine), len(theirs)) >= 3 and (mine.startswith(theirs) or theirs.startswith(mine)):
        return SAME_INITIAL, "as a short form"
    return _same_part(mine, theirs)


def _crossed(first: Name, second: Name) -> NameMatch:
    """A part that stands last here may stand elsewhere there: "Muammar", "Hassan Ali", "Fidel Castro Ruz"."""
    shorter, longer = sorted((first, second), key=lambda name: len(name.parts))
    if not shorter.given:
        found = max((_same_part(shorter.family, part) for part in longer.given if len(part) > 1), default=(0.0, ""))
        if found[0]:
            return NameMatch(0.5 * found[0], f"one of its names alone, {found[1]}", family_only=True)
        return NameMatch(0.0, "other names")
    if sorted(map(skeleton, first.parts)) == sorted(map(skeleton, second.parts)):
        return NameMatch(SAME_INITIAL, "the same names in another order")
    opening, _ = _fit(shorter.parts[0], longer.parts[0])
    rest = max((_same_part(shorter.family, part)[0] for part in longer.given[1:]), default=0.0)
    if opening and rest:
        return NameMatch(0.7 * min(opening, rest), "the same names, one name more")
    return NameMatch(0.0, "other names")
