"""Learnt and ruled attributions of one text as one list.

PolNeAR, from which the labeller learns, marks no attribution inside another one, and knows nothing of page-long memos:
what stands inside a content, and cues peculiar to such documents, come from the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from extraction.learnt.attributions import find_each
from extraction.learnt.model import Model, shipped
from extraction.roles import label_roles
from extraction.roles.raw import Pieces, RawAttribution
from extraction.roles.sentences import Sentences

if TYPE_CHECKING:
    from spacy.tokens import Doc

NEVER = 2.0
"""More than any strength."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is believed where both speak; strengths and certainties from 0 to 1."""

    rule_over_learnt: float
    """A ruled attribution at least as strong replaces the learnt one with the same cue."""
    rule_alone: float
    """A ruled attribution at least as strong stands where no learnt one touches it."""
    learnt_alone: float
    """A learnt attribution at least as certain stands where no ruled one has its cue."""
    inner: float
    """A ruled attribution at least as strong stands inside a learnt content."""


POLICIES = {
    "news": Policy(rule_over_learnt=NEVER, rule_alone=NEVER, learnt_alone=0.0, inner=0.0),
    "units": Policy(rule_over_learnt=NEVER, rule_alone=NEVER, learnt_alone=0.0, inner=0.0),
    "documents": Policy(rule_over_learnt=0.0, rule_alone=0.0, learnt_alone=0.75, inner=0.0),
    "rules first": Policy(rule_over_learnt=0.0, rule_alone=0.0, learnt_alone=0.5, inner=0.0),
}
"""News: the labeller decides, and the rules add what stands inside. Documents: the rules decide, and the labeller adds
what it is sure of, so that no attribution of the rules is lost. Rules first: the same for news, where the labeller adds
what is likelier right than wrong."""


def find_outermost(doc: Doc, s: Sentences | None = None, *, model: Model | None = None) -> list[RawAttribution]:
    """A parsed text's attributions as news annotators mark them, some without a source, in order of their cues.

    The settings file of the model says in which style it labels, and whether the rules go first: they do where it has
    learnt too little. Raises ModelMissing.
    """
    if not len(doc):
        return []
    [found] = find_outermost_each([doc], [s or Sentences(doc)], model=model)
    return found


def find_outermost_each(
    docs: Sequence[Doc], sentences: Sequence[Sentences], *, model: Model | None = None
) -> list[list[RawAttribution]]:
    """As `find_outermost`, for several texts of at least one token at once, which is quicker."""
    model = model or shipped()
    learnt = find_each(docs, sentences, style=model.style, model=model, sourceless=True)
    if not model.rules_first:
        return learnt
    return [
        combine(found, label_roles(doc, s), POLICIES["rules first"])
        for doc, s, found in zip(docs, sentences, learnt, strict=True)
    ]


def combine(learnt: list[RawAttribution], ruled: list[RawAttribution], policy: Policy) -> list[RawAttribution]:
    """One list in order of the cues, no cue word in two attributions."""
    chosen: list[RawAttribution] = []
    matched: set[int] = set()
    for attribution in learnt:
        twin = next(
            (n for n, other in enumerate(ruled) if n not in matched and touch(attribution.cue, other.cue)), None
        )
        if twin is None:
            if attribution.strength >= policy.learnt_alone:
                chosen.append(attribution)
            continue
        matched.add(twin)
        chosen.append(_same(attribution, ruled[twin], policy))
    outer = list(chosen)
    for number, attribution in enumerate(ruled):
        if number not in matched and _stands(attribution, outer, policy):
            chosen.append(attribution)
    return _without_shared_cues(chosen)


def _same(learnt: RawAttribution, ruled: RawAttribution, policy: Policy) -> RawAttribution:
    """One attribution found by both: one of the two, at least as strong as either."""
    strength = max(learnt.strength, ruled.strength)
    if ruled.strength >= policy.rule_over_learnt or not learnt.source:
        return replace(ruled, strength=strength)
    return replace(
        learnt, strength=strength, kind=ruled.kind, hedging=ruled.hedging, told=ruled.told, scope=ruled.scope
    )


def _stands(attribution: RawAttribution, outer: list[RawAttribution], policy: Policy) -> bool:
    holders = [other for other in outer if touch(attribution.cue, other.content)]
    if not holders:
        return attribution.strength >= policy.rule_alone
    roles = (*attribution.cue, *attribution.source, *attribution.content)
    whole = any(covers(other.content, roles) for other in holders)
    return attribution.strength >= (policy.inner if whole else policy.rule_alone)


def _without_shared_cues(attributions: list[RawAttribution]) -> list[RawAttribution]:
    """Of two with a cue word in common the one named first stands."""
    kept: list[RawAttribution] = []
    for attribution in attributions:
        if not any(touch(attribution.cue, other.cue) for other in kept):
            kept.append(attribution)
    return sorted(kept, key=lambda one: one.cue)


def covers(pieces: Pieces, other: Pieces) -> bool:
    """Does every token of `other` stand in `pieces`?"""
    return all(any(start <= low and high <= end for start, end in pieces) for low, high in other)


def touch(pieces: Pieces, others: Pieces) -> bool:
    """Have the two a token in common?"""
    return any(start < high and low < end for start, end in pieces for low, high in others)
