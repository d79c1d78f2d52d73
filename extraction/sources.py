"""From clusters to `DocumentSource`: kind, anonymity, access, affiliation and condition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from extraction import lexicon
from extraction.clusters import Entity
from extraction.descriptors import expertise, knowledge
from extraction.gradings import Gradings, reliability
from extraction.mentions import Mention
from extraction.spans import DocumentSource, PrintedGrade, SourceKind, Span

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
    r"(?:(?:up)?on (?:the )?condition|in (?:the )?(?:\w+ )?(?:confidence|secrecy|private)\b"
    r"|off the record|on (?:deep )?background"
    r"|(?:speaking |spoke )?(?:privately|confidentially|anonymously|secretly)\b|under oath|without attribution"
    r"|(?:who )?(?:asked|wished|requested|insisted) not to be (?:named|identified|quoted))[^,;:.]*",
    re.IGNORECASE,
)
BARE = re.compile(r"(?:the |this |our )?sources?", re.IGNORECASE)
CUT = re.compile(r",|;|\bwho\b|\bwhich\b")


def document_source(
    name: str,
    entity: Entity,
    ids: dict[int, str],
    view: ReadingView,
    circumstances: list[str],
    around: list[str],
    printed: Gradings,
) -> DocumentSource:
    """What the analyst sees of one source: its fullest wording as name, its standing from the words around it.

    circumstances: those of its attributions. around: its words in them, with what stands beside them.
    """
    mentions = _mentions(entity)
    canonical = _one_line(view.text[mentions[0].start : mentions[0].end]) if not entity.is_author else "the author"
    fullest = entity.fullest or entity.first
    if len(fullest.names) > 1 or mentions[0].form == "pronoun":
        canonical = _one_line(fullest.text)
        if fullest.text.lower().startswith("the ") and len(fullest.names) > 1:
            canonical = " ".join(fullest.names)
    spans = [Span.cut(view.original, view.to_original(mention.start, mention.end)) for mention in mentions]
    words = [_one_line(mention.text) for mention in [*mentions, fullest] if mention.form != "pronoun"]
    line = printed.source_line_before(spans[0].start) if _is_bare(words) else ""
    if line:
        canonical = line
        words.append(line)
    kind = source_kind(entity)
    around = [_one_line(text) for text in around]
    access, affiliation = _access(words), _affiliation(words)
    how, level = next((claim for text in (*words, *around) if (claim := knowledge(text))[0]), knowledge(""))
    return DocumentSource(
        id=name,
        canonical=canonical,
        kind=kind,
        anonymous=_is_anonymous(entity, kind, canonical),
        mentions=tuple(spans),
        members=tuple(ids[id(member)] for member in entity.members if id(member) in ids),
        access=access,
        affiliation=affiliation,
        condition=_condition([*circumstances, *around]),
        knowledge=how,
        knowledge_level=level,
        placement=access or affiliation,
        expertise=next((found for text in words if (found := expertise(text))), ""),
        printed_reliability=_printed_reliability([*words, *around], printed, spans[0]),
    )


def _is_bare(words: list[str]) -> bool:
    """Does a text only ever say "Source", without a word on who that is?"""
    return bool(words) and all(BARE.fullmatch(text) for text in words)


def _access(words: list[str]) -> str:
    found = next((match.group() for text in words if (match := lexicon.access().search(text))), "")
    return CUT.split(found, maxsplit=1)[0].strip()


def _condition(texts: list[str]) -> str:
    return next((_one_line(match.group()) for text in texts if (match := CONDITION.search(text))), "")


def _printed_reliability(texts: list[str], printed: Gradings, first: Span) -> PrintedGrade | None:
    """By the words for the source, else by a code printed for the paragraph of its first mention."""
    found = next((grade for text in texts if (grade := reliability(text))), None)
    return found or printed.reliability_at(first.start)


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
    if naming is not None and all(_is_short(mention, naming) for mention in mentions):
        mentions.insert(0, naming)
    mentions.sort(key=lambda mention: mention.start)
    return mentions


def _is_short(mention: Mention, naming: Mention) -> bool:
    """Does a mention only point back to the naming, or shorten its name?"""
    shorter = len(mention.names) < len(naming.names) or bool(naming.acronym)
    return mention.start != naming.start and (mention.points_back or shorter)


def _affiliation(words: list[str]) -> str:
    for part in words:
        match = AFFILIATION.search(part) or BODY_BEFORE.search(part)
        if match:
            return CUT.split(match.group(1), maxsplit=1)[0].strip()
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
