"""What one attribution commits to, read where it stands: its content, its cue, and the rest of its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from extraction.commitment.numbers import tokens
from extraction.commitment.polarity import may_negate, negations, polarity
from extraction.commitment.quantities import read_quantities
from extraction.commitment.times import times
from extraction.lexicon import word_set
from extraction.spans import Modality, Quantity, Span, TimeExpression

if TYPE_CHECKING:
    from extraction.linking import Draft, Stretch
    from extraction.reading import ReadingView

    Placed = TypeVar("Placed", Quantity, TimeExpression)

BEFORE_CUE = 30
"""Characters before a cue in which its negation stands: "did not say"."""
AUXILIARIES_BETWEEN = 5
"""Tokens, counted from the cue backwards, among which a negation is the cue's."""
CUE_NEGATIONS = frozenset(("not", "never", "n't", "cannot", "neither", "nobody", "none", "nothing"))
CUT = re.compile(r"[,;:.()\"“”\n]")
BEGINNING = 200
"""Characters of a content in which its main verb stands."""
PLANNED = re.compile(rf"\b(?:{'|'.join(sorted(word_set('planning_verbs')))})\s+to\b", re.IGNORECASE)
REPORT = re.compile(
    r"\b(?:reports?|documents?|memorand(?:um|a)|letters?|cables?|telegrams?|messages?|statements?)\s+(?:dated|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
BESIDE = 8
"""Characters between the source or cue and a time that says when it was said: ", ", " on ", " late in "."""
LONGEST_SENTENCE = 2_000
"""Characters of a sentence in which the time of saying is looked for, on either side of the cue."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the words of a content say by themselves."""

    quantities: tuple[Quantity, ...]
    times: tuple[TimeExpression, ...]
    negated: bool

    @property
    def one_day(self) -> date | None:
        """The day a content speaks of, where it names one day and no other time."""
        if len(self.times) != 1 or self.times[0].granularity != "day":
            return None
        return self.times[0].earliest if self.times[0].earliest == self.times[0].latest else None


@dataclass(frozen=True, slots=True)
class Commitment:
    """The parts of an `Attribution` that this package reads; spans lie in the original text."""

    negated_cue: bool
    negated: bool
    quantities: tuple[Quantity, ...]
    times: tuple[TimeExpression, ...]
    reported: TimeExpression | None
    information_date: date | None
    is_planned: bool
    """The content's main verb is one of planning: what is said to happen is still to come."""

    def modality(self, of_cue: Modality) -> Modality:
        return "plan" if of_cue == "fact" and self.is_planned else of_cue


UNREAD = Commitment(False, False, (), (), None, None, False)
"""Of attributions whose commitment nobody asks for."""


def commitment(view: ReadingView, draft: Draft, on: date | None) -> Commitment:
    """Read a draft's commitment; `on`: the day its message was written, if known."""
    content = read_content(view.text, draft.content, on)
    return Commitment(
        negated_cue=_is_negated(view.text, draft),
        negated=content.negated,
        quantities=tuple(_placed(view, one) for one in content.quantities),
        times=tuple(_placed(view, one) for one in content.times),
        reported=_reported(view, draft, on),
        information_date=content.one_day,
        is_planned=_is_planned(" ".join(view.text[start:end] for start, end in draft.content)),
    )


def read_content(text: str, stretches: Sequence[Sequence[int]], on: date | None) -> Content:
    """Read the content that stands at some stretches `[start, end)` of a text; spans lie in that text."""
    quantities: list[Quantity] = []
    found: list[TimeExpression] = []
    for start, end in stretches:
        words = text[start:end]
        here = times(words, on)
        taken = [(one.span.start, one.span.end) for one in here]
        quantities.extend(_moved(text, start, one) for one in read_quantities(words, taken))
        found.extend(_moved(text, start, one) for one in here)
    content = " ".join(text[start:end] for start, end in stretches)
    return Content(tuple(quantities), tuple(found), polarity(content).negative)


def _moved(text: str, offset: int, one: Placed) -> Placed:
    return replace(one, span=Span.cut(text, [(offset + one.span.start, offset + one.span.end)]))


def _placed(view: ReadingView, one: Placed) -> Placed:
    """The same with its span in the original text."""
    return replace(one, span=Span.cut(view.original, view.to_original(one.span.start, one.span.end)))


def _is_negated(text: str, draft: Draft) -> bool:
    """Is the cue negated, in its own words or in those right before it: "did not say that"?"""
    start, end = draft.cue[0]
    low = max(draft.sentence[0], start - BEFORE_CUE)
    if not may_negate(text[low:end]):
        return False
    before = CUT.split(text[low:start])[-1]
    near = [token.low for token in tokens(before)][-AUXILIARIES_BETWEEN:]
    own = [token.low for token in tokens(text[start:end])]
    return sum(word in CUE_NEGATIONS for word in negations([*near, *own])) % 2 == 1


def _is_planned(content: str) -> bool:
    """ "Belmokhtar plans to use ...": a verb of planning with an infinitive, before anything else is said."""
    beginning = content[:BEGINNING]
    if not PLANNED.search(beginning):
        return False
    found = [token.low for token in tokens(beginning)]
    for at, word in enumerate(found):
        if word in word_set("clause_openers") or word in {",", ";"}:
            return False
        if word in word_set("planning_verbs") and found[at + 1 : at + 2] == ["to"]:
            return True
    return False


def _reported(view: ReadingView, draft: Draft, on: date | None) -> TimeExpression | None:
    """When it was said: a time beside source or cue, or the date of "a report dated ...", outside the content."""
    for start, end in _outside(draft):
        for one in times(view.text[start:end], on):
            if _dates_the_saying(view.text, draft, start, one):
                return _placed(view, _moved(view.text, start, one))
    return None


def _dates_the_saying(text: str, draft: Draft, offset: int, one: TimeExpression) -> bool:
    start, end = offset + one.span.start, offset + one.span.end
    if REPORT.search(text[max(offset, start - BEFORE_CUE) : start]):
        return True
    if one.granularity not in {"day", "week", "month"} or (one.earliest is None) != (one.latest is None):
        return False
    edges = (*draft.source, *draft.cue)
    return any(0 <= first - end <= BESIDE or 0 <= start - last <= BESIDE for first, last in edges)


def _outside(draft: Draft) -> Iterator[Stretch]:
    """The stretches of a sentence around source, cue and content, as far as they are the attribution's own."""
    low, high = draft.sentence
    if draft.outer is not None:
        inner = [stretch for stretch in draft.outer.content if stretch[0] <= draft.cue[0][0] < stretch[1]]
        low, high = inner[0] if inner else draft.cue[0]
    edge = draft.cue[0][0]
    low, high = max(low, edge - LONGEST_SENTENCE), min(high, edge + LONGEST_SENTENCE)
    for start, end in sorted((*draft.source, *draft.content)):
        if low < start <= high:
            yield low, start
        low = max(low, end)
    if low < high:
        yield low, high
