"""Whom a pronoun, or a phrase like "these officers", takes up: candidates ranked by a few weighted features.

The weights are data (lexicon/antecedents.jsonl), each with its reason; they were set by hand on the training
documents: weights found by a search on three quarters of them did no better on the rest.
A candidate that cannot be meant (number, gender, kind) is no candidate, however near it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from extraction.lexicon import role_nouns, rows, word_set

if TYPE_CHECKING:
    from extraction.clusters import Entity
    from extraction.mentions import Mention

NEAR = 8
"""Sentences back in which a pronoun may find what it points to."""
CLOSE_CALL = 0.35
"""Two candidates whose scores differ by less leave it open who is meant."""
SOURCE_WORDS = word_set("source_nouns")
GENERIC = word_set("generic_source_nouns")
ORGANISATIONS = frozenset(("organisation", "document"))


class Candidate(NamedTuple):
    score: float
    entity: Entity


@cache
def _weights() -> dict[str, float]:
    return {row["feature"]: float(row["weight"]) for row in rows("antecedents")}


def pronoun_candidates(entities: Iterable[Entity], mention: Mention, holder: Entity | None) -> list[Candidate]:
    """Whom a pronoun of the third person may mean, the likeliest last. holder: in whose content it stands."""
    found = []
    for entity in entities:
        distance = mention.sentence - entity.last_sentence
        if entity.is_author or distance > NEAR or entity.last_position > mention.start:
            continue
        fit = pronoun_fit(entity, mention)
        if fit > 0 and entity.segment == mention.segment:
            found.append(_candidate(entity, mention, holder, fit, "sentence", distance))
    return sorted(found, key=_score)


def phrase_candidates(entities: Iterable[Entity], mention: Mention) -> list[Candidate]:
    """Whom "this source", "these officers", "the same official" may mean, the likeliest last."""
    own = described_by(mention)
    found = []
    for entity in entities:
        if entity.is_author or entity.last_position > mention.start or entity.segment != mention.segment:
            continue
        fit = phrase_fit(entity, mention)
        if fit > 0:
            distance = min(mention.sentence - entity.last_sentence, 10)
            score = _candidate(entity, mention, None, fit, "phrase sentence", distance).score
            found.append(Candidate(score + _words_score(entity, own, mention.head), entity))
    return sorted(found, key=_score)


def is_close_call(candidates: list[Candidate]) -> bool:
    return len(candidates) > 1 and candidates[-1].score - candidates[-2].score < CLOSE_CALL


def _score(candidate: Candidate) -> float:
    return candidate.score


def _candidate(
    entity: Entity, mention: Mention, holder: Entity | None, fit: float, unit: str, distance: int
) -> Candidate:
    weight = _weights()
    score = weight["fit"] * fit + weight[unit] * distance
    score += weight["subject"] * entity.was_subject
    score += weight["paragraph"] * (entity.paragraph != mention.paragraph)
    if holder is entity and distance == 0:
        score += weight["holder"]
    if unit == "sentence":
        score += weight["speaker"] * entity.was_speaker
        if entity.was_adjunct and entity.is_anonymous and mention.number == "singular":
            score += weight["adjunct"]
        score += weight["embedded"] * (entity.was_embedded and not mention.is_embedded and not mention.holds)
        if entity.heads & GENERIC and entity.spoke:
            score += weight["teller believes" if mention.holds else "teller adds"]
    else:
        score += weight["phrase speaker"] * entity.was_speaker
        score += weight["phrase embedded"] * (entity.was_embedded and not mention.is_embedded)
        score += weight["teller"] * (entity.spoke and mention.head in GENERIC)
    # Equal in all else, the nearer one is meant.
    return Candidate(score + 1e-7 * entity.last_position, entity)


def _words_score(entity: Entity, own: frozenset[str], head: str) -> float:
    """ "These MB officials" are described as of the MB; "sources with access to the MB" need not be."""
    if not own or (entity.heads <= GENERIC and head not in GENERIC):
        return 0.0
    known = {word.lower() for word in own if word.lower() in entity.words}
    capitals = [word for word in own if word[:1].isupper()]
    foreign = sum(word.lower() not in entity.words for word in capitals) / len(capitals) if capitals else 0.0
    return _weights()["shared words"] * len(known) / len(own) + _weights()["foreign words"] * foreign


def described_by(mention: Mention) -> frozenset[str]:
    """The words of a phrase besides its first (a determiner), its head, and what says only that it points back."""
    pointing = word_set("pointing_words")
    words = [word.strip(",.()\"'“”’") for word in mention.text.split()]
    return frozenset(word for word in words if word and word.lower() not in pointing and word.lower() != mention.head)


def pronoun_fit(entity: Entity, mention: Mention) -> float:
    """How well a pronoun agrees with an entity, 0 when it cannot mean it."""
    if mention.gender == "thing":
        return 1.0 if entity.number == "singular" and entity.kind in ORGANISATIONS else 0.0
    return _plural_fit(entity) if mention.number == "plural" else _he_or_she_fit(entity, mention)


def _plural_fit(entity: Entity) -> float:
    if entity.number == "plural":
        return 1.0 if is_animate(entity) else 0.5
    return 0.4 if entity.kind == "organisation" else 0.0


def _he_or_she_fit(entity: Entity, mention: Mention) -> float:
    if entity.number == "plural" or entity.kind == "document":
        return 0.0
    if entity.kind == "organisation":
        return 0.4 if _may_be_a_last_name(entity) else 0.0
    if entity.gender and mention.gender and entity.gender != mention.gender:
        return 0.0
    if entity.kind == "person":
        return 1.0
    if entity.kind:
        return 0.0
    if entity.has_spoken:
        return 0.9
    if entity.names:
        return 0.8 if entity.was_subject else 0.5
    return 0.2 if entity.form == "indefinite" else 0.0


def _may_be_a_last_name(entity: Entity) -> bool:
    """ "Karim reported": a single name that was taken for a place or an organisation, but speaks like a person."""
    return entity.has_spoken and len(entity.names) == 1 and entity.form == "name" and not entity.names[0].isupper()


def is_animate(entity: Entity) -> bool:
    """Can it speak: persons, organisations, whoever has spoken; not "the levels of growth"."""
    return entity.kind in {"person", "organisation"} or entity.has_spoken or bool(entity.names)


def phrase_fit(entity: Entity, mention: Mention) -> float:
    """How well a definite or demonstrative phrase names an entity, 0 when it cannot mean it."""
    if entity.number != mention.number:
        return 0.0
    if mention.head in GENERIC:
        return _generic_fit(entity, mention.head)
    if mention.head in entity.heads or mention.head in entity.roles:
        return 1.0
    kind = role_nouns().get(mention.head, "")
    if kind == "document" or mention.form != "demonstrative":
        alike = mention.head in SOURCE_WORDS and bool(entity.heads & SOURCE_WORDS - GENERIC)
        return 0.6 if alike else 0.0
    if kind == "person" or (not kind and mention.kind == "person"):
        if entity.heads <= GENERIC:
            return 0.3
        return 0.5 if entity.kind == "person" else 0.3 if entity.has_spoken and not entity.kind else 0.0
    return 0.4 if kind == "organisation" and entity.kind == "organisation" else 0.0


def _holds_office(entity: Entity) -> bool:
    """ "The chief of staff" is somebody known, though the text does not name him here."""
    return entity.form in {"definite", "bare"} and entity.number == "singular" and not entity.heads & SOURCE_WORDS


def _generic_fit(entity: Entity, head: str) -> float:
    """ "this source", "these individuals": a source without a name, above all one called so."""
    if not entity.is_anonymous or entity.kind in ORGANISATIONS or _holds_office(entity):
        return 0.0
    if entity.heads & GENERIC or (entity.heads & SOURCE_WORDS and (entity.spoke or not head.startswith("source"))):
        return 1.0
    if head.startswith("source") and not entity.spoke:
        return 0.1
    return 0.6 if entity.kind == "person" else 0.2 if entity.has_spoken else 0.0
