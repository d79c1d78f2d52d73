"""In-document sources: which mentions speak of the same source, read from front to back."""

from __future__ import annotations

from dataclasses import dataclass, field

from extraction.lexicon import word_set
from extraction.mentions import FIRST_PERSON, Mention

NEAR = 8
"""Sentences back in which a pronoun may find what it points to."""
CLOSE_CALL = 0.35
"""Two candidates whose salience differs by less leave it open who is meant."""
SOURCE_WORDS = word_set("source_nouns")
GENERIC = word_set("generic_source_nouns")


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
    last_sentence: int = 0
    last_position: int = 0
    weight: float = 0.0
    """Salience of the last mention: subjects and sources weigh more."""
    is_author: bool = False
    spoke: bool = False
    """Told the author something: the kind of source "these sources" may sum up."""
    segment: int = 0

    @property
    def is_anonymous(self) -> bool:
        return not self.names and not self.is_author

    @property
    def is_person(self) -> bool:
        return self.kind == "person"


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
    return len(a) == 1 or len(b) == 1 or bool({_plain(word) for word in a[:-1]} & {_plain(word) for word in b[:-1]})


def _plain(word: str) -> str:
    word = word.replace("-", "").replace("’", "").replace("'", "").replace("ʼ", "")
    return word[2:] if word.startswith(("al", "el")) and len(word) > 5 else word


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
        self.by_name: dict[str, list[Entity]] = {}
        """Named singular entities by last name, so that a long text takes no longer per mention."""
        self.by_words: dict[str, Entity] = {}
        self.authors: dict[int, Entity] = {}

    def add(self, mention: Mention, *, speaks: bool = False, holder: Entity | None = None) -> tuple[Entity, bool]:
        """The entity of a mention, and whether the text leaves open who it is.

        speaks: the mention is the source of an attribution. holder: the source whose content or quotation it stands in.
        """
        entity, uncertain = self._find(mention, speaks, holder)
        if entity is None:
            entity = Entity(
                mention.kind, mention.number, mention.gender, mention.names, {mention.head}, set(mention.roles),
                mention.form, mention, segment=mention.segment,
            )  # fmt: skip
            entity.is_author = mention.text.lower() in FIRST_PERSON
            if (
                speaks
                and mention.form == "demonstrative"
                and mention.number == "plural"
                and mention.head in SOURCE_WORDS
            ):
                entity.members = self._members()
            self.entities.append(entity)
            if entity.is_author:
                self.authors.setdefault(mention.segment, entity)
            self.by_words[mention.text.lower()] = entity
        self._note(entity, mention, speaks)
        return entity, uncertain

    def _note(self, entity: Entity, mention: Mention, speaks: bool) -> None:
        entity.last_sentence = mention.sentence
        entity.last_position = mention.end
        entity.weight = 0.5 * mention.is_subject + 0.6 * speaks
        entity.gender = entity.gender or (mention.gender if mention.gender != "thing" else "")
        if mention.form != "pronoun":
            entity.heads.add(mention.head)
            entity.roles |= mention.roles
            if len(mention.names) > len(entity.names):
                entity.names = mention.names
                entity.fullest = mention
            if entity.kind == "" and mention.kind:
                entity.kind = mention.kind
            if mention.names and mention.number == "singular":
                holders = self.by_name.setdefault(_plain(mention.names[-1].lower()), [])
                if entity not in holders:
                    holders.append(entity)
        if speaks:
            entity.source_mentions.append(mention)
        if entity in self.recent:
            self.recent.remove(entity)
        self.recent.append(entity)
        del self.recent[:-40]

    def _find(self, mention: Mention, speaks: bool, holder: Entity | None) -> tuple[Entity | None, bool]:
        if mention.form == "pronoun":
            return self._pronoun(mention, holder)
        if mention.names and mention.number == "singular":
            return self._named(mention), False
        if mention.form == "demonstrative":
            return self._demonstrative(mention)
        if mention.form in {"definite", "possessive"}:
            return self._definite(mention), False
        if mention.form in {"bare", "name"}:
            return self._same_words(mention), False
        return None, False

    def _named(self, mention: Mention) -> Entity | None:
        """The latest entity of that name; one with a slip in its spelling only if it is recent."""
        for entity in (*reversed(self.by_name.get(_plain(mention.names[-1].lower()), [])), *reversed(self.recent)):
            fits = entity.number == "singular" and _kinds_fit(mention.kind, entity.kind)
            if fits and same_name(mention.names, entity.names):
                return entity
        return None

    def _same_words(self, mention: Mention) -> Entity | None:
        if not any(word[:1].isupper() for word in mention.text.split()[1:] or [mention.text]):
            return None
        return self.by_words.get(mention.text.lower())

    def _definite(self, mention: Mention) -> Entity | None:
        """ "the source", "the president", "the commanders": the latest with that head or office."""
        words = set(mention.text.lower().replace("the ", "").split())
        for entity in reversed(self.recent):
            if entity.number != mention.number or entity.is_author:
                continue
            if (
                mention.form == "definite"
                and mention.head in SOURCE_WORDS
                and len(words) == 1
                and mention.head in entity.heads
            ):
                return entity
            if entity.first.text.lower().split(" ", 1)[-1] == mention.text.lower().split(" ", 1)[-1]:
                return entity
            if (
                mention.form == "definite"
                and entity.names
                and mention.roles
                and len(words) <= 4
                and mention.head in entity.roles
            ):
                return entity
        return None

    def _demonstrative(self, mention: Mention) -> tuple[Entity | None, bool]:
        """ "this sensitive source", "these individuals": the latest that fits, or a new group."""
        if mention.number == "plural":
            for entity in reversed(self.recent):
                if entity.number != "plural" or not entity.source_mentions:
                    continue
                summed_up = mention.head in GENERIC and entity.spoke and not self._spoke_since(entity)
                if mention.head in entity.heads or summed_up:
                    return entity, bool(entity.members)
            return None, True
        if mention.head in SOURCE_WORDS:
            fitting = [
                e
                for e in self.recent
                if e.number == "singular" and e.source_mentions and e.is_anonymous and e.heads & SOURCE_WORDS
            ]
            exact = [e for e in fitting if mention.head in e.heads]
            if mention.head not in GENERIC and exact:
                return exact[-1], False
            if fitting:
                return fitting[-1], False
            return None, True
        same = [e for e in self.recent if mention.head in e.heads and e.number == "singular"]
        return (same[-1], False) if same else (None, False)

    def _spoke_since(self, entity: Entity) -> bool:
        """Has another anonymous source spoken after the entity's last mention?"""
        return any(
            e.last_position > entity.last_position and e.source_mentions and e.is_anonymous and e.spoke
            for e in self.recent
        )

    def _members(self) -> list[Entity]:
        """Whom "these sources" sums up: the anonymous sources that told the author something, the latest few."""
        return [e for e in self.entities[-200:] if e.spoke and e.is_anonymous and e.source_mentions and not e.members][
            -4:
        ]

    def _pronoun(self, mention: Mention, holder: Entity | None) -> tuple[Entity | None, bool]:
        word = mention.text.lower()
        if word in FIRST_PERSON:
            if holder is not None:
                return holder, False
            return self.authors.get(mention.segment), False
        ranked = []
        for entity in self.recent:
            distance = mention.sentence - entity.last_sentence
            if entity.is_author or distance > NEAR or entity.last_position > mention.start:
                continue
            fit = _fit(entity, mention)
            if fit > 0:
                bonus = 0.8 if holder is entity and distance == 0 else 0.0
                ranked.append((fit + entity.weight + bonus - 0.8 * distance + 1e-7 * entity.last_position, entity))
        if not ranked:
            return None, True
        ranked.sort(key=lambda pair: pair[0])
        best = ranked[-1]
        open_question = len(ranked) > 1 and best[0] - ranked[-2][0] < CLOSE_CALL
        return best[1], open_question or bool(best[1].members)


def _kinds_fit(one: str, other: str) -> bool:
    return one == other or not one or not other


def _fit(entity: Entity, mention: Mention) -> float:
    """How well a pronoun agrees with an entity, 0 when it cannot mean it."""
    if mention.gender == "thing":
        return 1.0 if entity.number == "singular" and entity.kind in {"organisation", "document"} else 0.0
    if mention.number == "plural":
        if entity.number == "plural":
            return 1.0
        return 0.4 if entity.kind == "organisation" else 0.0
    if entity.number == "plural" or entity.kind in {"organisation", "document"}:
        return 0.0
    if entity.gender and mention.gender and entity.gender != mention.gender:
        return 0.0
    if entity.is_person:
        return 1.0
    return 0.5 if entity.kind == "" and (entity.names or entity.form == "indefinite") else 0.0
