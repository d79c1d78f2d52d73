"""Where claims stand in a document's text, as marks that documents.marking shows."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim, ClaimState
from documents.marking import Mark, marked_text
from documents.models import TextLayer

ROLE_NAMES = {
    "source": gettext_lazy("Source"),
    "cue": gettext_lazy("Cue"),
    "content": gettext_lazy("Content"),
    "circumstance": gettext_lazy("Circumstance"),
}


def claims_in_text(layer: TextLayer, claims: Iterable[Claim]) -> SafeString:
    """A document's text as HTML with all its claims marked alike."""
    return marked_text(layer.text, [*faint_marks(claims), *furniture_marks(layer)], page_starts=layer.page_starts)


def lit_marks(claim: Claim) -> Iterable[Mark]:
    """Each part of the claim under review in its own colour and kind of underline."""
    for role, name in ROLE_NAMES.items():
        for number, (start, end) in enumerate(getattr(claim, f"{role}_fragments")):
            say = str(name) if number == 0 else _("%s, continued") % name
            yield Mark(start, end, f"lit {role}", say=say, lit=True)


def faint_marks(claims: Iterable[Claim]) -> Iterable[Mark]:
    """Source and cue of each claim; the cue (the source, where there is none) leads to the claim."""
    first, last = reverse("review:claim", args=[0]).split("0")  # looked up once: a document may have thousands
    names = {state: str(name) for state, name in ClaimState.choices}
    for claim in claims:
        for start, end in claim.source_fragments:
            yield Mark(start, end, f"other {claim.state}")
        for start, end in claim.cue_fragments or claim.source_fragments:
            address = f"{first}{claim.pk}{last}"
            yield Mark(start, end, f"other cue-of {claim.state}", href=address, title=names[claim.state])


def mention_marks(mentions: Iterable[Iterable[list[int]]]) -> Iterable[Mark]:
    """Where else the document speaks of the source under review."""
    for pieces in mentions:
        for start, end in pieces:
            yield Mark(start, end, "mention", say=_("same source"))


def furniture_marks(layer: TextLayer) -> Iterable[Mark]:
    """Banners, margin codes, headers: shown dimmed, never left out."""
    for start, end, _kind in layer.furniture:
        yield Mark(start, end, "furniture")
