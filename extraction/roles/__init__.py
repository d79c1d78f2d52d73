"""Roles: from a parsed text to raw attributions. The one seam where a learnt labeller takes the rules' place."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING

from extraction.roles.phrases import adjective_attributions, noun_attributions, phrase_attributions
from extraction.roles.quotations import parenthetical, quotation_attributions, quotations
from extraction.roles.raw import RawAttribution
from extraction.roles.sentences import Sentences
from extraction.roles.verbs import VerbCues

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["RawAttribution", "label_roles"]


def label_roles(doc: Doc, s: Sentences | None = None) -> list[RawAttribution]:
    """All attributions of a parsed text, in order of their cues, each cue at most once. Linear in the text's length."""
    s = s or Sentences(doc)
    quoted = quotations(s)
    by_cue: dict[int, RawAttribution] = {}
    for attribution in quotation_attributions(s, quoted):
        by_cue.setdefault(attribution.cue[0][0], attribution)
    cues = VerbCues(s)
    for attribution in cues.attributions():
        by_cue.setdefault(attribution.cue[0][1] - 1, attribution)
    for token, entry in cues.found.items():
        if token not in by_cue and {"quote", "clause"} <= entry.frames and not s.is_passive(token):
            aside = parenthetical(s, token, entry)
            if aside is not None:
                by_cue[token] = aside
    by_cue = {token: a for token, a in by_cue.items() if a.quoted or not _is_speakers_own(s, a, quoted)}
    for attribution in noun_attributions(s):
        # "stated his belief that" is one cue: the verb alone is not reported beside it.
        start, end = attribution.cue[0]
        if end - start > 1 or len(attribution.cue) > 1 or start not in by_cue:
            by_cue[start] = attribution
    for find in (phrase_attributions, adjective_attributions):
        for attribution in find(s):
            by_cue.setdefault(attribution.cue[0][0], attribution)
    found = [by_cue[token] for token in sorted(by_cue)]
    _part_tellers(s, found)
    return found


def _part_tellers(s: Sentences, found: list[RawAttribution]) -> None:
    """ "The embassy reports Lund told him": that cue, where the parser took it for a noun, is no part of "Lund"."""
    for one, other in pairwise(found):
        if not other.source or other.quoted:
            continue
        (start, end), after = other.source[0], one.cue[-1][1]
        if not one.source or not start <= one.cue[0][0] < after < end:
            continue
        if start <= one.cue[0][0] < one.source[0][0] and one.source[-1][1] < end:
            after = one.source[-1][1]  # "According to X, the officers": nor is X.
            after += s.low[after] == ","
        elif one.source[0][0] > start:
            continue
        if after < end:
            other.source = ((after, end), *other.source[1:])


def _is_speakers_own(s: Sentences, attribution: RawAttribution, quoted: list[tuple[int, int]]) -> bool:
    """ "I think" inside a quotation: the quoted speaker's own words, no second teller."""
    start, end = attribution.source[0]
    if end - start > 1 or s.low[start] not in {"i", "we"}:
        return False
    at = bisect_right(quoted, (start, len(s.low))) - 1
    return at >= 0 and quoted[at][0] <= start < quoted[at][1]
