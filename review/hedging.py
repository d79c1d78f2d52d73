"""Where a claim's words lower its commitment: what the engine or an analyst took down as hedges, found in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from claims.models import Claim
from documents.marking import Mark


def hedge_marks(claim: Claim) -> Iterable[Mark]:
    """Each hedge of the claim where its cue and content have it."""
    phrases = [re.escape(phrase) for phrase in claim.hedge.split("; ") if phrase.strip()]
    if not phrases:
        return
    longest_first = sorted((phrase.replace(r"\ ", r"\s+") for phrase in phrases), key=len, reverse=True)
    hedges = re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)
    for start, end in [*claim.cue_fragments, *claim.content_fragments]:
        for found in hedges.finditer(claim.layer.text, start, end):
            yield Mark(found.start(), found.end(), "hedge")
