"""In-document sources: which mentions speak of the same source, read from front to back."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from extraction.antecedents import (
    GENERIC,
    SOURCE_WORDS,
    described_by,
    is_close_call,
    phrase_candidates,
    phrase_fit,
    pronoun_candidates,
)
from extraction.lexicon import word_set
from extraction.mentions import FIRST_PERSON, GROUP_WORDS, Mention

COMPARED = 50_000
"""Names, and pairs of them, of which it is remembered how they compare."""
REMEMBERED = 40
"""Entities that may be taken up again by a pronoun or a phrase: the last ones mentioned."""
MOST_UNNAMED = 12
MOST_MEMBERS = 4
FEWEST_MEMBERS = 2
DETERMINERS = frozenset(("the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our"))
BARE_INSTITUTIONS = word_set("bare_institutions")
ARTICLES = frozenset(("al", "el"))
VOWELS = frozenset("aeou")
NEAR_OFFICE = 4
"""Sentences within which "the Soviet Premier" takes up a Premier whose country was not named."""
ANAPHORIC = frozenset(("pronoun", "demonstrative"))


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody the text speaks of; a source once an attribution names them."""

    kind: str
    number: str
    gender: str
    names: tuple[str, ...]
    heads: set[str]
    roles: set[str]
    form: str
    first: Mention
    source_mentions: list[Mention] = field(default_factory=list)
    fullest: Mention | None = None
    members: list[Entity] = field(default_factory=list)
    words: set[str] = field(default_factory=set)
    """Every word it was described by, lower case."""
    last_sentence: int = 0
    last_position: int = 0
    last_start: int = 0
    was_subject: bool = False
    was_speaker: bool = False
    was_adjunct: bool = False
    was_embedded: bool = False
    """How it was last mentioned: as a subject, a source, in "according to", only inside what another source said."""
    paragraph: int = 0
    is_author: bool = False
    spoke: bool = False
    """Told the author something: the kind of source "these sources" may sum up."""
    segment: int = 0

    @property
    def is_anonymous(self) -> bool:
        return not self.names and not self.is_author

    @property
    def has_spoken(self) -> bool:
        return bool(self.source_mentions)

    @property
    def naming(self) -> Mention | None:
        """The mention that says most about who it is: no pronoun, nothing like "this source"."""
        if self.fullest is not None:
            return self.fullest
        return self.first if self.first.form not in ANAPHORIC else None


@lru_cache(COMPARED)
def same_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Do two names fit one person: equal last names, and no first names that disagree?"""
    if not one or not other:
        return False
    a, b = [word.lower() for word in one], [word.lower() for word in other]
    if a == b:
        return True
    last_a, last_b = _plain(a[-1]), _plain(b[-1])
    if not (last_a == last_b or _one_slip(last_a, last_b)):
        return False
    first_a, first_b = _first_names(a), _first_names(b)
    return not first_a or not first_b or bool(first_a & first_b)


def _first_names(names: list[str]) -> set[str]:
    """Without the article of the last name, "al- Sissi", and however often spelled: "Mohamed", "Mohammad"."""
    first = (_plain(word) for word in names[:-1])
    return {_skeleton(word) for word in first if word not in ARTICLES}


def _skeleton(word: str) -> str:
    """Two letters and the consonants behind them, each once: vowels and double letters differ from page to page."""
    letters = [word[:1]] + [letter for before, letter in pairwise(word) if letter != before]
    return "".join(letters[:2] + [letter for letter in letters[2:] if letter not in VOWELS])


@lru_cache(COMPARED)
def _plain(word: str) -> str:
    """A name as it is compared: its article left out, letters that a scan or a writer takes for each other alike."""
    word = word.replace("-", "").replace("’", "").replace("'", "").replace("ʼ", "")
    word = word[2:] if word.startswith(("al", "el")) and len(word) > 5 else word
    return word.replace("ei", "ie").replace("i", "l").replace("1", "l")


def _one_slip(a: str, b: str) -> bool:
    """One letter changed, added or lost, or two swapped, in a word of six letters or more: a slip."""
    if min(len(a), len(b)) < 6 or abs(len(a) - len(b)) > 1 or a[0] != b[0]:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        swapped = a[at + 1 : at + 2] + a[at : at + 1] + a[at + 2 :] == b[at:]
        return a[at + 1 :] == b[at + 1 :] or swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[at + 1 :] == shorter[at:]


class Clusters:
    """Assigns mentions to entities in text order."""

    def __init__(self) -> None:
        self.entities: list[Entity] = []
        self.recent: list[Entity] = []
        self.unnamed: list[Entity] = []
        """The last anonymous ones that spoke: "this source" may go back to them over many that were only mentioned."""
        self.by_name: dict[str, list[Entity]] = {}
        """Named singular entities by last name, so that a long text takes no longer per mention."""
        self.by_words: dict[str, Entity] = {}
        self.by_acronym: dict[str, Entity] = {}
        """Organisations by the initials of their names, lower case: SCAF is a Supreme Council of the Armed Forces."""
        self.authors: dict[int, Entity] = {}

    def add(self, mention: Mention, *, speaks: bool = False, holder: Entity | None = None) -> tuple[Entity, bool]:
        """The entity of a mention, and whether the text leaves open who it is.

        speaks: the mention is the source of an attribution. holder: the source whose content or quotation it stands in.
        """
        entity, uncertain = self._find(mention, holder)
        if entity is None:
            entity = self._new(mention, speaks=speaks)
        self._note(entity, mention, speaks=speaks)
        if speaks and mention.head in GENERIC and not mention.is_embedded:
            entity.spoke = True  # Also "in the opinion of a source": the author has it from them.
        return entity, uncertain

    def _new(self, mention: Mention, *, speaks: bool) -> Entity:
        entity = Entity(
            mention.kind, mention.number, mention.gender, mention.names, {mention.head}, set(mention.roles),
            mention.form, mention, segment=mention.segment,
        )  # fmt: skip
        entity.is_author = mention.text.lower() in FIRST_PERSON
        sums_up = mention.form == "demonstrative" and mention.number == "plural" and mention.head in SOURCE_WORDS
        if speaks and sums_up:
            entity.members = self._members()
        self.entities.append(entity)
        if entity.is_author:
            self.authors.setdefault(mention.segment, entity)
        self.by_words[mention.text.lower()] = entity
        return entity

    def _note(self, entity: Entity, mention: Mention, *, speaks: bool) -> None:
        again = mention.sentence == entity.last_sentence and entity.last_position > 0
        entity.was_subject = mention.is_subject or (again and entity.was_subject)
        entity.was_speaker = speaks or (again and entity.was_speaker)
        entity.was_adjunct = mention.is_adjunct
        entity.was_embedded = mention.is_embedded and (entity.was_embedded or not again)
        entity.last_sentence = mention.sentence
        if mention.apposed_to < 0:
            entity.last_start = mention.start
        entity.last_position = max(mention.end, entity.last_position)
        entity.paragraph, entity.segment = mention.paragraph, mention.segment
        entity.gender = entity.gender or (mention.gender if mention.gender != "thing" else "")
        if mention.form != "pronoun":
            self._note_description(entity, mention)
        if speaks:
            entity.source_mentions.append(mention)
        _to_the_end(self.recent, entity, at_most=REMEMBERED)
        if speaks and entity.is_anonymous:
            _to_the_end(self.unnamed, entity, at_most=MOST_UNNAMED)

    def _note_description(self, entity: Entity, mention: Mention) -> None:
        entity.heads.add(mention.head)
        entity.roles |= mention.roles
        entity.words |= {_bare(word) for word in mention.text.split()}
        acronyms = _acronyms(mention.text) | ({mention.acronym} if mention.acronym else set())
        entity.words |= acronyms
        if mention.kind != "person":
            self.by_acronym.update(dict.fromkeys(acronyms, entity))
        if mention.acronym:
            entity.fullest = mention
        elif len(mention.names) > len(entity.names):
            entity.names = mention.names
            entity.fullest = entity.fullest if entity.fullest and entity.fullest.acronym else mention
        if entity.kind == "" and mention.kind:
            entity.kind = mention.kind
        if entity.names and mention.names and mention.number == "singular":
            holders = self.by_name.setdefault(_plain(mention.names[-1].lower()), [])
            if entity not in holders:
                holders.append(entity)

    def _find(self, mention: Mention, holder: Entity | None) -> tuple[Entity | None, bool]:
        if mention.form == "pronoun":
            return self._pronoun(mention, holder)
        apposed = self._apposed(mention) if mention.apposed_to >= 0 else None
        if apposed is not None:
            return apposed, False
        if mention.acronym:
            return self._shortened(mention.acronym) or self._definite(mention), False
        if mention.names and mention.number == "singular":
            return self._named(mention), False
        if mention.form == "demonstrative":
            return self._demonstrative(mention)
        if mention.form in {"definite", "possessive"}:
            return self._definite(mention), False
        if mention.form in {"bare", "name"}:
            same = self._same_words(mention) or self._same_pair(mention)
            return (self._definite(mention) if same is None and _lacks_article(mention) else same), False
        return None, False

    def _apposed(self, mention: Mention) -> Entity | None:
        """Whom the phrase before the comma names; also where a source's phrase holds both."""
        for entity in reversed(self.recent):
            holds_both = entity.last_start < mention.start and entity.last_position >= mention.end
            if (holds_both or entity.last_position == mention.apposed_to) and entity.number == "singular":
                differ = mention.names and entity.names and not same_name(mention.names, entity.names)
                return None if differ or entity.kind in {"organisation", "document"} else entity
        return None

    def _named(self, mention: Mention) -> Entity | None:
        """The latest entity of that name, spelled alike before all; one with a slip in it only if it is recent."""
        last = mention.names[-1].lower()
        alike = [*reversed(self.by_name.get(_plain(last), []))]
        alike.sort(key=lambda entity: entity.names[-1].lower() != last)
        for entity in (*alike, *reversed(self.recent)):
            fits = entity.number == "singular" and _kinds_fit(mention, entity)
            if fits and same_name(mention.names, entity.names):
                return entity
        return self.by_acronym.get(_bare(mention.names[0])) if len(mention.names) == 1 else None

    def _shortened(self, acronym: str) -> Entity | None:
        """Who goes by an acronym already, by its name or because the text said so."""
        called = [e for e in self.by_name.get(_plain(acronym), []) if len(e.names) == 1]
        return self.by_acronym.get(acronym) or next(reversed(called), None)

    def _same_words(self, mention: Mention) -> Entity | None:
        capital = any(word[:1].isupper() for word in mention.text.split()[1:] or [mention.text])
        if not capital and mention.text.lower() not in BARE_INSTITUTIONS:
            return None
        return self.by_words.get(mention.text.lower())

    def _same_pair(self, mention: Mention) -> Entity | None:
        """ "Schaeuble and Merkel": the pair that was named more fully before."""
        if mention.number != "plural" or " and " not in mention.text or mention.head in SOURCE_WORDS:
            return None
        names = {_bare(word) for word in mention.text.split() if word[:1].isupper()}
        pairs = (e for e in reversed(self.recent) if e.number == "plural" and " and " in e.first.text)
        return next((e for e in pairs if len(names) > 1 and names <= e.words), None)

    def _definite(self, mention: Mention) -> Entity | None:
        """ "the source", "the foreign minister", "the SCAF officers": who has that noun, and no other description."""
        rest = _without_determiner(mention.text)
        same = [e for e in reversed(self.recent) if e.number == mention.number and not e.is_author]
        alike = [entity for entity in same if rest and _without_determiner(entity.first.text) == rest]
        here = next((entity for entity in alike if entity.segment == mention.segment), None)
        if here is not None or mention.form == "possessive":
            return here or next(iter(alike), None)
        return self._described(mention) or next(iter(alike), None) or self._office_holder(mention)

    def _described(self, mention: Mention) -> Entity | None:
        """Who has the noun of a definite phrase, and was described by its other words."""
        own = described_by(mention)
        for _, entity in reversed(phrase_candidates(self._in_reach(), mention)):
            known = all(_bare(word) in entity.words for word in own)
            if own and entity.number == "plural" and " and " in entity.first.text and " and " not in mention.text:
                continue  # "The SCAF officials" are not all of "the MB and SCAF officials".
            if known and (own or phrase_fit(entity, mention) == 1.0):
                return entity
        return self._group_of(mention)

    def _group_of(self, mention: Mention) -> Entity | None:
        """ "The rebels" after "the rebel forces"."""
        if mention.number == "singular" or mention.form != "definite" or not mention.head.endswith("s"):
            return None
        groups = (e for e in reversed(self.recent) if e.number == "plural" and e.segment == mention.segment)
        return next((e for e in groups if e.heads & GROUP_WORDS and mention.head[:-1] in e.words), None)

    def _office_holder(self, mention: Mention) -> Entity | None:
        """ "The Soviet Premier" just after "Premier Khrushchev", where nobody else holds that office."""
        if mention.form != "definite" or mention.number == "plural" or mention.kind != "person":
            return None
        own = described_by(mention)
        if len(own) != 1 or not next(iter(own))[:1].isupper():
            return None
        holders = [e for e in self.recent if mention.head in e.roles and e.names and e.segment == mention.segment]
        near = [e for e in holders if mention.sentence - e.last_sentence < NEAR_OFFICE]
        return near[0] if len(holders) == 1 and near else None

    def _demonstrative(self, mention: Mention) -> tuple[Entity | None, bool]:
        """ "this sensitive source", "these officers": the likeliest that fits, or a new group."""
        ranked = phrase_candidates(self._in_reach(), mention)
        if not ranked:
            return None, mention.number == "plural" or mention.head in SOURCE_WORDS
        best = ranked[-1].entity
        sums_up = mention.number == "plural" and mention.head in GENERIC and not best.members
        if sums_up and self._spoke_since(best) and len(self._members()) >= FEWEST_MEMBERS:
            return None, True
        return best, bool(best.members)

    def _in_reach(self) -> list[Entity]:
        """Whom a phrase may take up."""
        return [entity for entity in self.unnamed if entity not in self.recent] + self.recent

    def _spoke_since(self, entity: Entity) -> bool:
        """Has another anonymous source spoken after the entity's last mention?"""
        return any(
            e.last_position > entity.last_position and e.has_spoken and e.is_anonymous and e.spoke for e in self.recent
        )

    def _members(self) -> list[Entity]:
        """Whom "these sources" sums up: the anonymous sources that told the author something, the latest few."""
        told = [e for e in self.entities[-200:] if e.spoke and e.is_anonymous and e.has_spoken and not e.members]
        return told[-MOST_MEMBERS:]

    def _pronoun(self, mention: Mention, holder: Entity | None) -> tuple[Entity | None, bool]:
        if mention.text.lower() in FIRST_PERSON:
            if holder is not None:
                return holder, False
            return self.authors.get(mention.segment), False
        ranked = pronoun_candidates(self.recent, mention, holder)
        if not ranked:
            return None, True
        best = ranked[-1].entity
        return best, is_close_call(ranked) or bool(best.members)


def _to_the_end(entities: list[Entity], entity: Entity, *, at_most: int) -> None:
    if entity in entities:
        entities.remove(entity)
    entities.append(entity)
    del entities[:-at_most]


def _kinds_fit(mention: Mention, entity: Entity) -> bool:
    """Only in a full name do the words beside it tell a person from an organisation for sure."""
    one, other = mention.kind, entity.kind
    short = len(mention.names) == 1 or len(entity.names) == 1
    return one == other or not one or not other or (short and "document" not in {one, other} and not mention.roles)


def _acronyms(phrase: str) -> set[str]:
    """The initials of the last three capitalised words or more, lower case."""
    initials = [word[0].lower() for word in phrase.split() if word[0].isupper()]
    return {"".join(initials[start:]) for start in range(len(initials) - 2)}


def _without_determiner(phrase: str) -> str:
    """ "the rebel leaders" -> "rebel leaders"; empty where nothing is left but the determiner."""
    words = phrase.lower().split()
    return " ".join(words[1:] if words and words[0] in DETERMINERS else words)


def _lacks_article(mention: Mention) -> bool:
    """ "Source said", "PRESIDENT STATED": in notes and telegrams a role stands without its article."""
    first = mention.text[:1]
    return mention.number == "singular" and not mention.names and bool(mention.roles) and first.isupper()


def _bare(word: str) -> str:
    return word.lower().strip(",.;:()\"'“”’").removesuffix("'s").removesuffix("’s")
