"""From clusters to `DocumentSource`: kind, anonymity, access, affiliation and condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction import lexicon
from extraction.clusters import Entity
from extraction.spans import DocumentSource, SourceKind, Span

if TYPE_CHECKING:
    from extraction.reading import ReadingView

AFFILIATION = re.compile(
    r"\b(?i:officers?|officials?|members?|commanders?|leaders?|representatives?|advis[eo]rs?|employees?|director|head|chief|minister|"
    r"spokes(?:man|woman|person)|agents?|fighters?|troops|counterparts?|contacts?|sources?|individuals?|diplomats?|ambassador)\s+"
    r"(?:of|from|in|at|within|inside|for|to)\s+((?:the\s+|an?\s+)?(?:[\w'’-]+\s+){0,4}?[A-Z][\w'’.-]*(?:\s+(?:of|and|for|the|[A-Z][\w'’.-]*))*"
    r"(?:\s+(?:[a-z]+\s+){0,2}(?:services?|army|navy|government|ministry|forces|agency|police|party|council|embassy)\b)?)"
)
BODY_BEFORE = re.compile(
    r"^(?!This|That|These|Those|The |Some|Several|Senior|[\w ]+['’]s )(?:(?:the|senior|some|several|an?)\s+)*"
    r"((?:[A-Z][\w'’.-]+\s+)+)(?:officers?|officials?|troops|forces|commanders?|sources?)\b"
)
CONDITION = re.compile(
    r"(?:(?:up)?on (?:the )?condition|in (?:the )?\w* ?(?:confidence|secrecy|private)|off the record"
    r"|on (?:deep )?background).*",
    re.IGNORECASE | re.DOTALL,
)
CUT = re.compile(r",|;|\bwho\b|\bwhich\b")


def document_source(
    name: str, entity: Entity, ids: dict[int, str], view: ReadingView, circumstances: list[str]
) -> DocumentSource:
    """What the analyst sees of one source: its fullest wording as name, its standing from the words around it."""
    mentions = _mentions(entity)
    canonical = _one_line(view.text[mentions[0].start : mentions[0].end]) if not entity.is_author else "the author"
    fullest = entity.fullest or entity.first
    if len(fullest.names) > 1 or mentions[0].form == "pronoun":
        canonical = _one_line(fullest.text)
        if fullest.text.lower().startswith("the ") and len(fullest.names) > 1:
            canonical = " ".join(fullest.names)
    words = " | ".join(_one_line(mention.text) for mention in [*mentions, fullest] if mention.form != "pronoun")
    spans = [Span.cut(view.original, view.to_original(mention.start, mention.end)) for mention in mentions]
    access = next((match.group() for part in words.split(" | ") if (match := lexicon.access().search(part))), "")
    kind = source_kind(entity)
    return DocumentSource(
        id=name,
        canonical=canonical,
        kind=kind,
        anonymous=_is_anonymous(entity, kind, canonical),
        mentions=tuple(spans),
        members=tuple(ids[id(member)] for member in entity.members if id(member) in ids),
        access=CUT.split(access, maxsplit=1)[0].strip(),
        affiliation=_affiliation(words),
        condition=next((_one_line(match.group()) for text in circumstances if (match := CONDITION.search(text))), ""),
    )


def source_kind(entity: Entity) -> SourceKind:
    if entity.is_author:
        return "author"
    if entity.kind == "document":
        return "document"
    if entity.kind == "organisation":
        return "organisation"
    if entity.number == "plural":
        return "group"
    if entity.names or (
        entity.form in {"definite", "possessive"} and entity.kind == "person" and not _is_plain_source(entity)
    ):
        return "named_individual"
    return "anonymous_individual"


def _is_plain_source(entity: Entity) -> bool:
    return bool(
        entity.heads & {"source", "individual", "person", "official", "officer", "man", "woman", "informant", "contact"}
    )


def _is_anonymous(entity: Entity, kind: SourceKind, canonical: str) -> bool:
    if kind in {"author", "named_individual"}:
        return False
    if kind in {"organisation", "document"}:
        return not (
            entity.names
            or any(word[:1].isupper() for word in canonical.split()[1:])
            or canonical.lower().startswith("the ")
        )
    return True


def _mentions(entity: Entity) -> list:  # type: ignore[type-arg]
    """The source mentions, with the antecedent in front when the attributions only point back to it."""
    mentions = list(entity.source_mentions)
    naming = entity.naming
    if naming is not None and all(mention.points_back and mention.start != naming.start for mention in mentions):
        mentions.insert(0, naming)
    mentions.sort(key=lambda mention: mention.start)
    return mentions


def _affiliation(words: str) -> str:
    for part in words.split(" | "):
        match = AFFILIATION.search(part) or BODY_BEFORE.search(part)
        if match:
            return CUT.split(match.group(1), maxsplit=1)[0].strip()
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
