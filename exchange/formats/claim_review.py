"""Propositions as schema.org ClaimReview and Claim in JSON-LD, streamed: with verdict and without.

schema.org of August 2026. Needs the claims proposition by proposition; claims without one are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from exchange.formats.catalogue import Heading
from exchange.formats.records import ClaimRecord, DocumentRecord, PropositionRecord, SourceRecord, VerdictRecord
from exchange.formats.writing import encode, said, separated

Json = dict[str, Any]
RATINGS = {"true": 5, "partly": 3, "false": 1}
"""From 1 to 5, as fact checkers use it. What cannot be known has the word and no number."""
WORST, BEST = 1, 5
WORDS = {"true": "True", "partly": "Partly true", "false": "False", "unverifiable": "Unverifiable"}
ORGANISED = {"group", "organisation", "document"}


def write_claim_reviews(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[str]:
    """One graph. `records` come proposition by proposition."""
    yield '{"@context":"https://schema.org","@graph":['
    yield from separated(encode(node) for node in nodes(records, heading.address))
    yield "\n]}\n"


def nodes(records: Iterable[ClaimRecord], address: str = "") -> Iterator[Json]:
    """For each proposition a ClaimReview of it, or without a verdict the Claim alone."""
    about = (record for record in records if record.proposition)
    for _, claims in groupby(about, key=lambda record: record.proposition and record.proposition.uid):
        together = list(claims)
        proposition = together[0].proposition
        assert proposition is not None  # noqa: S101 -- left out above
        if proposition.verdict:
            yield claim_review(proposition, proposition.verdict, together, address)
        else:
            yield claim(proposition, together, address)


def claim_review(
    proposition: PropositionRecord, verdict: VerdictRecord, claims: list[ClaimRecord], address: str = ""
) -> Json:
    rating = {
        "@type": "Rating",
        "ratingValue": RATINGS.get(verdict.outcome),
        "bestRating": BEST,
        "worstRating": WORST,
        "alternateName": WORDS[verdict.outcome],
        "ratingExplanation": verdict.evidence,
    }
    if verdict.outcome not in RATINGS:
        del rating["bestRating"], rating["worstRating"]
    return said(
        {
            "@type": "ClaimReview",
            "@id": f"urn:uuid:{verdict.uid}",
            "url": _page(proposition, address),
            "claimReviewed": proposition.text,
            "itemReviewed": claim(proposition, claims, address),
            "reviewRating": said(rating),
            "author": {"@type": "Person", "name": verdict.by},
            "datePublished": verdict.at.date().isoformat(),
        }
    )


def claim(proposition: PropositionRecord, claims: list[ClaimRecord], address: str = "") -> Json:
    """What is said, with each place that asserts it, oldest first. Those that deny it are no appearances of it."""
    asserting = sorted((one for one in claims if one.stance == "asserts"), key=lambda one: one.age)
    first = next((one for one in asserting if not one.was_had_from_another), None)
    told = first.told_on if first else None
    return said(
        {
            "@type": "Claim",
            "@id": f"urn:uuid:{proposition.uid}",
            "url": _page(proposition, address),
            "text": proposition.text,
            "keywords": proposition.topic,
            "author": _speaker(first.source) if first and first.source else None,
            "datePublished": told.isoformat() if told else None,
            "firstAppearance": quotation(first) if first else None,
            "appearance": [quotation(one) for one in asserting],
        }
    )


def quotation(record: ClaimRecord) -> Json:
    """One place where it is said: the words, whose they are, and the document."""
    source = record.source
    return said(
        {
            "@type": "Quotation",
            "@id": f"urn:uuid:{record.uid}",
            "text": record.content.quote,
            "spokenByCharacter": _speaker(source) if source else None,
            "isPartOf": _document(record.document),
        }
    )


def _speaker(source: SourceRecord) -> Json:
    kind = "Organization" if source.kind in ORGANISED else "Person"
    return {"@type": kind, "@id": f"urn:uuid:{source.uid}", "name": source.name}


def _document(document: DocumentRecord) -> Json:
    dated = document.document_date or document.release_date
    return said(
        {
            "@type": "DigitalDocument",
            "@id": f"urn:uuid:{document.uid}",
            "name": document.title or document.label,
            "identifier": document.doc_number,
            "encodingFormat": document.media_type,
            "datePublished": dated.isoformat() if dated else None,
            "conditionsOfAccess": document.marking,
        }
    )


def _page(proposition: PropositionRecord, address: str) -> str:
    return f"{address}/propositions/{proposition.id}/" if address else ""
