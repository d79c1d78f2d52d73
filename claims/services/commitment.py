"""What a claim's words commit to, read again when an analyst corrects them."""

from __future__ import annotations

from typing import Any

from claims.models import Claim
from extraction.commitment.reading import read_content
from extraction.output import quantity_record, time_record

UNREAD: dict[str, Any] = {"negated_cue": False, "reported": None, "printed_credibility": None}
"""What only the engine reads; so it stands for a claim added by hand."""


def read_again(claim: Claim) -> dict[str, Any]:
    """The claim's commitment with quantities, times and polarity as its content reads now; the rest stays."""
    content = read_content(claim.layer.text, claim.content_fragments, claim.layer.document.document_date)
    return {
        **UNREAD,
        **claim.commitment,
        "negated": content.negated,
        "quantities": [quantity_record(quantity) for quantity in content.quantities],
        "times": [time_record(time) for time in content.times],
    }
