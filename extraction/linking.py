"""From raw attributions to finished ones: "added that they believe", nesting, circumstances, hedges, types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from extraction import lexicon
from extraction.lexicon import word_set
from extraction.mentions import Mention
from extraction.roles.raw import RawAttribution
from extraction.spans import AttributionType

Stretch = tuple[int, int]
Stretches = tuple[Stretch, ...]
NEAR_CUE = 120
"""Characters after a cue within which a circumstance still belongs to it, the source in between."""
LONGEST_VERB_GROUP = 25
"""Characters between a pronoun and its cue: "they do not really believe"."""
SELF = word_set("self_embedded_pronouns")
PLURAL_PRONOUNS = frozenset(("they", "we", "their", "them", "our"))
SINGULAR_PRONOUNS = frozenset(("he", "she", "his", "her"))
TRAILING = " \t\r\n,;:"
NEGATED_BY = re.compile(r"^(?:\w+\s+)?(?:not|never|n['’]t)\s+|^\w+n['’]t\s+", re.IGNORECASE)
"""The negation in a cue: "did not think" hedges by "think"."""
NEAR_FOLLOWER = 30
"""Characters between a content and a cue that carries it on: ", and also ", ", while "."""
BREAKS_OFF = re.compile(r"[;:()\n]")
QUOTE_MARKS = '"“”„'
EXTENDS_TO = re.compile(r"[,.;:()\"“”\n]")


@dataclass(slots=True)
class Draft:
    """An attribution in characters of the view text, on its way to becoming an `Attribution`."""

    source: Stretches
    """Empty where the text names no source."""
    cue: Stretches
    content: Stretches
    kind: str
    strength: float
    hedging: bool
    told: bool
    quoted: bool
    sentence: Stretch
    scope: Stretches = ()
    circumstance: Stretch | None = None
    merged_source: Stretch | None = None
    """The pronoun of a self-embedded cue: "they" in "advisers added that they believe"."""
    outer: Draft | None = None
    hedge: str = ""
    type: AttributionType = "indirect"
    mention: Mention | None = None

    @property
    def source_stretch(self) -> Stretch:
        return self.source[0][0], self.source[-1][1]


def inside(inner: Stretches, outer: Stretches) -> bool:
    """Does every stretch of `inner` lie in one of `outer`?"""
    return all(any(start <= low and high <= end for start, end in outer) for low, high in inner)


def link(text: str, raw: list[tuple[RawAttribution, Draft]]) -> list[Draft]:
    """Merge, nest and complete the drafts of one parsed stretch of the view text."""
    drafts = [draft for _, draft in raw]
    drafts.sort(key=lambda draft: draft.cue)
    drafts = _merge_self_embedding(text, drafts)
    _take_in_tellers(drafts)
    _take_in_followers(text, drafts)
    _nest(drafts)
    for draft in drafts:
        _find_circumstance(text, draft)
    for draft in drafts:
        draft.hedge = _hedge(text, draft, drafts)
        draft.type = _type(text, draft)
    return drafts


def _merge_self_embedding(text: str, drafts: list[Draft]) -> list[Draft]:
    """ "Advisors added that they believe X" is one attribution with the cue "added" + "believe"."""
    gone: set[int] = set()
    for number, outer in enumerate(drafts):
        if number in gone or outer.quoted:
            continue
        for following in range(number + 1, len(drafts)):
            inner = drafts[following]
            if inner.sentence != outer.sentence or following in gone or not (inner.source and outer.source):
                continue
            if _is_self_embedded(text, outer, inner):
                outer.merged_source = inner.source_stretch
                outer.cue = tuple(sorted(outer.cue + inner.cue))
                outer.content = inner.content
                outer.kind = inner.kind if outer.kind == "speech" else outer.kind
                outer.hedging = outer.hedging or inner.hedging
                outer.strength = max(outer.strength, inner.strength)
                gone.add(following)
                break
    return [draft for number, draft in enumerate(drafts) if number not in gone]


def _is_self_embedded(text: str, outer: Draft, inner: Draft) -> bool:
    start, end = inner.source_stretch
    pronoun = text[start:end].lower()
    if pronoun not in SELF or not inside(inner.cue, outer.content) or len(outer.content) > 1:
        return False
    told_on = inner.told or inner.kind == "speech" or (inner.kind == "denial" and not inner.hedging)
    if told_on or text[outer.content[0][0] : start].strip(" ,"):
        return False  # "said that he told them": what he told is another matter.
    if inner.cue[0][0] > end + LONGEST_VERB_GROUP:
        return False
    holder = text[slice(*outer.source_stretch)].lower()
    if holder in SELF:
        return holder == pronoun
    plural = _looks_plural(holder)
    if pronoun in {"i", "we"}:
        return False
    return plural if pronoun == "they" else not plural


def _looks_plural(phrase: str) -> bool:
    head = re.split(r"\b(?:of|with|to|in|from|at|who|on|for)\b|,", phrase, maxsplit=1)[0].split()
    return bool(head) and (
        " and " in phrase
        or (head[-1].endswith("s") and not head[-1].endswith("ss"))
        or head[-1] in {"people", "police", "staff"}
    )


def _take_in_tellers(drafts: list[Draft]) -> None:
    """ "The office reports Rodriguez told him that X": what the office reports is that Rodriguez told it."""
    for outer, inner in pairwise(drafts):
        if not inner.source or outer.sentence != inner.sentence or outer.content != inner.content:
            continue
        start = inner.source[0][0]
        if outer.cue[-1][1] <= start < inner.cue[0][0] < inner.content[0][0]:
            outer.content = ((start, outer.content[0][1]), *outer.content[1:])


def _take_in_followers(text: str, drafts: list[Draft]) -> None:
    """ "He stated that Ruiz spoke out, saying that X": what somebody within a content goes on to say belongs to it."""
    for number, outer in enumerate(drafts):
        for inner in drafts[number + 1 :]:
            if inner.sentence != outer.sentence or outer.quoted or not inner.source:
                continue
            if text[slice(*inner.source_stretch)].lower() in SELF:
                continue  # "agreed that they will go, noting that they need help": who agreed noted, too.
            end = outer.content[-1][1]
            gap = text[end : inner.cue[0][0]]
            follows = 0 < inner.cue[0][0] - end <= NEAR_FOLLOWER and not BREAKS_OFF.search(gap)
            if follows and inside(inner.source, outer.content) and inner.content[-1][1] > end:
                outer.content = (*outer.content[:-1], (outer.content[-1][0], inner.content[-1][1]))


def _nest(drafts: list[Draft]) -> None:
    """Give each draft the smallest one whose content holds its cue and source."""
    by_sentence: dict[Stretch, list[Draft]] = {}
    for draft in drafts:
        by_sentence.setdefault(draft.sentence, []).append(draft)
    for group in by_sentence.values():
        for draft in group:
            holders = [
                other
                for other in group
                if other is not draft and inside(draft.cue, other.content) and inside(draft.source, other.content)
            ]
            holders = [other for other in holders if not _leads_to(other, draft)]
            if holders:
                draft.outer = min(holders, key=lambda other: sum(end - start for start, end in other.content))


def _leads_to(draft: Draft, target: Draft) -> bool:
    """Is `target` a teller around `draft`? Two asides in a sentence may stand in each other's content."""
    outer: Draft | None = draft
    while outer is not None:
        if outer is target:
            return True
        outer = outer.outer
    return False


def _find_circumstance(text: str, draft: Draft) -> None:
    """Under what condition or setting it was said: before the source, before the cue, or right after it."""
    if draft.outer is not None and draft.outer.quoted:
        return
    low, high = draft.sentence
    cue_start, cue_end = draft.cue[0][0], draft.cue[0][1]
    source_start = draft.source[0][0] if draft.source else cue_start
    best: Stretch | None = None
    for match in lexicon.conditions().finditer(text, low, high):
        start, end = match.span()
        if match.group("extends"):
            stop = EXTENDS_TO.search(text, end)
            end = min(stop.start() if stop else high, high)
            for edge in (source_start, cue_start, draft.content[0][0]):
                if start < edge < end:
                    end = edge
            end -= len(text[start:end]) - len(text[start:end].removesuffix("that ").rstrip())
        near_cue = start >= cue_end and start - cue_end < NEAR_CUE and _is_before_content(draft, start)
        before_cue = end <= cue_start and not inside(((start, end),), draft.source)
        nested = draft.outer is not None and not inside(((start, end),), draft.outer.content)
        if nested or inside(((start, end),), draft.content) or not (near_cue or before_cue):
            continue
        best = (start, end)
        if before_cue and start > source_start:
            break
    draft.circumstance = best


def _is_before_content(draft: Draft, position: int) -> bool:
    return any(start > position for start, _ in draft.content)


def _hedge(text: str, draft: Draft, drafts: list[Draft]) -> str:
    """The hedging words of cue and content, verbatim; those of an attribution nested in the content are its own."""
    nested = [
        other
        for other in drafts
        if other is not draft and other.sentence == draft.sentence and inside(other.cue, draft.content)
    ]
    words = []
    if draft.hedging:
        cue = draft.cue[-1:] if draft.merged_source else draft.cue
        expression = " ".join(text[start:end] for start, end in cue)
        words.append((draft.cue[-1][0], NEGATED_BY.sub("", expression)))
    for start, end in draft.content:
        for match in lexicon.hedges().finditer(text, start, end):
            month = match.group() == "May"
            if not month and not any(
                inside((match.span(),), other.content) or inside((match.span(),), other.cue) for other in nested
            ):
                words.append((match.start(), match.group()))
    return "; ".join(word for _, word in sorted(words))


def _type(text: str, draft: Draft) -> AttributionType:
    """direct when the content is a quotation, mixed when it holds one, else indirect."""
    if draft.quoted:
        return "direct"
    quoted = 0
    for start, end in draft.content:
        words = text[start:end]
        marks = [match.start() for match in re.finditer(f"[{QUOTE_MARKS}]", words)]
        opened_before = start > 0 and text[start - 1] in QUOTE_MARKS
        if opened_before and not marks:
            quoted += 1
        elif marks:
            return "mixed"
    return "direct" if quoted == len(draft.content) else "mixed" if quoted else "indirect"
