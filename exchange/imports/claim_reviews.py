"""ClaimReview (schema.org JSON-LD): each review becomes two claims and a verdict.

The one reviewed is asserted by whom the review names as its author, and accepted with the rating as its verdict. The
publisher of the review is a source as well, which asserts or denies it. That claim waits for an analyst: accepted at
once, it would be confirmed by the publisher's own verdict. Field names: schema.org, ClaimReview, Claim and Rating.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from exchange.imports import fields
from exchange.imports.errors import BadRow

WORDS = {
    "unverifiable": (
        "unproven",
        "unverif",
        "unsupported",
        "no evidence",
        "unknown",
        "cannot be",
        "research in progress",
    ),
    "partly": ("partly", "partially", "mostly true", "half", "mixture", "mixed", "misleading", "context", "exaggerat"),
    "false": (
        "false",
        "fake",
        "incorrect",
        "pants on fire",
        "not true",
        "wrong",
        "hoax",
        "untrue",
        "inaccurate",
        "four pin",
    ),
    "true": ("true", "correct", "accurate", "confirmed"),
}
"""How publishers word their ratings, by outcome, looked for in this order."""
MOST_APPEARANCES = 50
"""Of one claim; more are left out."""
STANCE = {"true": "asserts", "partly": "asserts", "false": "denies"}


def reviews_in(found: Any) -> list[Any]:
    """The reviews of a file: one object, a list, a `@graph`, or a feed of items."""
    if isinstance(found, list):
        return [review for member in found for review in reviews_in(member)]
    if not isinstance(found, dict):
        return [found]
    for name in ("@graph", "dataFeedElement", "itemListElement"):
        if name in found:
            return reviews_in(found[name])
    if found.get("@type") in ("DataFeedItem", "ListItem") and "item" in found:
        return reviews_in(found["item"])
    return [found]


def rows_of(number: int, review: Any) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Rows of claims, as `claims.read` takes them, or what is wrong with the review. number: of the review, from 1."""
    try:
        yield from ((number, row) for row in _rows(review))
    except BadRow as error:
        yield number, str(error)


def _rows(review: Any) -> Iterator[dict[str, Any]]:
    kinds = _list(review.get("@type")) if isinstance(review, dict) else []
    if "ClaimReview" in kinds:
        said, item = fields.text(review, "claimReviewed"), _object(review.get("itemReviewed"))
        if not said:
            raise BadRow("it has no claimReviewed.")
        yield from _reviewed(review, said, item)
    elif "Claim" in kinds:
        said = fields.text(review, "text", "name")
        if not said:
            raise BadRow("it has no text.")
        yield from _claims(review, said, fields.line(review, "@id", "url", most=2_000) or said)
    else:
        raise BadRow("it is neither a ClaimReview nor a Claim.")


def _reviewed(review: Mapping[str, Any], said: str, item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    publisher = _name(review.get("author")) or _name(review.get("publisher"))
    if not publisher:
        raise BadRow("it has no author: whose review is it?")
    address = fields.line(review, "url", "@id", most=2_000)
    identity = fields.line(review, "@id", "url", most=2_000) or f"{publisher}: {said}"
    reviewed_on = fields.day(review, "datePublished")
    outcome, rating = outcome_of(_object(review.get("reviewRating")))
    settled = {"verdict": outcome, "verdict_decided_on": reviewed_on}
    settled["verdict_evidence"] = f"{publisher}: {rating}. {address}".strip()
    yield from _claims(item, said, identity, **(settled if outcome and reviewed_on else {}))
    if outcome in STANCE:
        yield {
            "external_id": f"{identity} review"[-500:],
            "source": publisher,
            "source_kind": "organisation",
            "source_anonymous": False,
            "cue": "rated",
            "content_quote": f"{said} {rating}".strip(),
            "proposition": said,
            "stance": STANCE[outcome],
            "document": address[-500:] or f"A review by {publisher}",
            "document_title": fields.line(review, "headline", "name"),
            "reported_date": reviewed_on,
            "source_known": True,
        }


def _claims(item: Mapping[str, Any], said: str, identity: str, **settled: Any) -> Iterator[dict[str, Any]]:
    """The claim at each place where it appeared; by whom the place says it was said, else by the claim's author."""
    for number, place in enumerate(_appearances(item), start=1):
        speaker = _object(next(iter(_list(place.get("spokenByCharacter") or item.get("author"))), None))
        about = _object(place.get("isPartOf")) or place
        document = fields.line(about, "url", "@id", "name", "headline", most=2_000)
        yield {
            "external_id": f"{identity} claim {number}"[-500:],
            "source": _name(speaker) or "Not named in the review",
            "source_kind": "organisation" if speaker.get("@type") == "Organization" else "named_person",
            "source_anonymous": not _name(speaker),
            "content_quote": fields.text(place, "text") or said,
            "proposition": said,
            "document": document[-500:] or "What was reviewed",
            "document_title": fields.line(about, "name", "headline"),
            "reported_date": fields.day(item, "datePublished"),
            "state": "accepted",
            **settled,
        }


def outcome_of(rating: Mapping[str, Any]) -> tuple[str, str]:
    """The outcome that a Rating amounts to, "" where that cannot be told, and how the publisher words it.

    By its words; without words that are known, by its place between worst and best: the lowest quarter is false, the
    highest true (our rule).
    """
    words = fields.line(rating, "alternateName", "name")
    for outcome, known in WORDS.items():
        if any(word in words.lower() for word in known):
            return outcome, words
    try:
        worst, best = (float(rating.get(name) or default) for name, default in (("worstRating", 1), ("bestRating", 5)))
        place = (float(rating["ratingValue"]) - worst) / (best - worst)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return "", words
    if not 0 <= place <= 1:
        return "", words
    return ("false" if place <= 0.25 else "true" if place >= 0.75 else "partly"), words or f"{rating['ratingValue']}"


def _appearances(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Where it was said, the first known place first, each once; an empty one where the review does not say."""
    places = [*_list(item.get("firstAppearance")), *_list(item.get("appearance"))][:MOST_APPEARANCES]
    found = [place if isinstance(place, dict) else {"url": place} for place in places]
    return [place for number, place in enumerate(found) if place not in found[:number]] or [{}]


def _name(value: Any) -> str:
    value = next(iter(_list(value)), "")
    return fields.line(value, "name") if isinstance(value, dict) else fields.line({"name": value}, "name")


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
