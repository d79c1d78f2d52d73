"""What the workbench shows of one claim: the marked text, who said it, what was said, what was done so far."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from claims.marks import ROLE_NAMES, faint_marks, furniture_marks, lit_marks, mention_marks
from claims.models import (
    AnalyticConfidence,
    ChainLink,
    Claim,
    ClaimState,
    ClaimType,
    Decision,
    DocumentSource,
    Modality,
    Review,
    Stance,
)
from documents.marking import columns, marked_text
from documents.models import TextLayer
from documents.nested import nested_messages
from grading.scales import Credibility
from review import commitment
from review.commitment import Reading
from review.forms import are_spans
from review.hedging import hedge_marks
from review.models import Lease
from review.notes.thread import context_of, notes_on_claim
from review.reader import Reader
from review.sources.names import name_beside
from review.worklist import Place, claims_of_layer
from sources.models import Source

EDITABLE = {
    **{f"{role}_fragments": name for role, name in ROLE_NAMES.items()},
    "document_source_id": gettext_lazy("who said it"),
    "source_id": gettext_lazy("who said it"),
    "type": gettext_lazy("type"),
    "modality": gettext_lazy("modality"),
    "hedge": gettext_lazy("hedge"),
    "information_date": gettext_lazy("date"),
}
"""The fields an edit may change, as the history names them."""

ENTERED = {
    "wording": gettext_lazy("Proposition"),
    "reason": gettext_lazy("Reason"),
    "who_label": gettext_lazy("Who said it"),
    "hedge": gettext_lazy("Hedged by"),
}
"""What else an analyst enters in words."""


WORDINGS_SHOWN = 6
GRADES = [(grade.value, f"{grade.value} {grade.label}") for grade in Credibility]


@dataclass(frozen=True, slots=True)
class Role:
    """One part of a claim: its words, where they stand, and its name on the screen."""

    key: str
    name: str
    quote: str
    fragments: list[list[int]]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where the document speaks of a source."""

    start: int
    words: str
    page: int


@dataclass(frozen=True, slots=True)
class Who:
    """The source of a claim as its document speaks of it, and the known source it would count for."""

    in_document: DocumentSource
    elsewhere: list[Mention]
    """Where else the document speaks of it: the first place of each wording."""
    here: str
    """The words used in this claim: "This source"."""
    known: Source | None

    @property
    def printed_reliability(self) -> Reading | None:
        return commitment.printed_reliability(self.in_document)

    @property
    def named_differently(self) -> bool:
        return bool(self.here) and one_line(self.here).lower() != one_line(self.in_document.canonical).lower()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a claim's history."""

    review: Review
    undone: bool
    changed: list[str]
    """Names of what the step replaced, for an edit."""


@dataclass(frozen=True, slots=True)
class Held:
    """Who else has a claim before them, and since when."""

    name: str
    since: datetime


def find_claim(reader: Reader, claim_id: int) -> Claim | None:
    """The claim with all that its page shows, if the reader may see it, in one query.

    tellers: from the outermost to its own source, as the document names them. lease: who else has it before them, and
    since when; None where nobody has. notes_told: the notes on it that the reader may read. has_history: whether
    anything was done to it, whoever may know.
    """
    chain = ChainLink.objects.filter(claim=OuterRef("pk")).order_by("position")
    lease = Lease.objects.before_them().of_others(reader.user).filter(claim=OuterRef("pk")).with_name()
    return (
        reader.claims.filter(pk=claim_id)
        .select_related("layer__document__collection", "run", "source", "document_source__source", "proposition")
        .defer("search", "source__search", "document_source__source__search", "proposition__search")
        .as_seen_by(reader.user)
        .with_grades()
        .annotate(
            tellers=ArraySubquery(chain.values("document_source__canonical")),
            lease=Subquery(lease.values(held=JSONObject(name="name", since="since"))[:1]),
            notes_told=notes_on_claim(reader.user),
            has_history=Exists(Review.objects.filter(claim=OuterRef("pk"))),
        )
        .first()
    )


def held_by_another(claim: Claim) -> Held | None:
    """Of a claim from `find_claim`."""
    lease: dict[str, str] | None = claim.lease  # type: ignore[attr-defined]  # an annotation
    return Held(lease["name"], datetime.fromisoformat(lease["since"])) if lease else None


def decided_words(claim: Claim) -> dict[str, str]:
    """What the next page says when a claim is decided, by decision. The browser says it before it is stored."""
    short = Truncator(claim.wording).chars(90)
    return {Decision.ACCEPT: _("Accepted: %s") % short, Decision.REJECT: _("Rejected: %s") % short}


def page_of(claim: Claim, reader: Reader, *, decided: int | None = None) -> dict[str, Any]:
    """The template context of a claim's page; the number of queries does not depend on the document.

    decided: the claim that is to be shown as accepted, whatever it is.
    """
    user = reader.user
    claims = claims_of_layer(claim, user)
    for other in claims:
        if other.pk == decided:
            other.state = ClaimState.ACCEPTED
    who = who_said(claim)
    may_review = reader.may_review
    steps = history(claim, user)
    text = claim_in_text(claim, claims, who)
    source = claim.source or (who.known if who else None)
    return {
        "claim": claim,
        "document": claim.layer.document,
        "place": Place.of(claim, claims),
        "text": text,
        "columns": columns(claim.layer.text),
        "roles": roles(claim),
        "commitment": {
            "quantities": commitment.quantities(claim),
            "times": commitment.times(claim),
            "reported": commitment.reported(claim),
            "negation": commitment.negation(claim),
            "printed": commitment.printed_credibility(claim),
        },
        "who": who,
        "source": source,
        "source_name": name_beside(claim, source, reader) if source else "",
        "steps": steps,
        "decided": None if claim.state == ClaimState.CANDIDATE else _standing(steps, claim),
        "decided_words": decided_words(claim),
        "undoable": may_review and _undoable(steps, claim, user),
        "may_review": may_review,
        "third": works_beside(claim) and "why" in claim.seen,  # type: ignore[attr-defined]  # an annotation
        "open": claim.state == ClaimState.CANDIDATE,
        "stance": Stance.DENIES if claim.modality == Modality.DENIAL else Stance.ASSERTS,
        "stances": Stance.choices,
        "types": ClaimType.choices,
        "modalities": Modality.choices,
        "grades": GRADES,
        "confidences": AnalyticConfidence.choices,
        **context_of(claim.notes_told, claim.layer.document.collection, user),  # type: ignore[attr-defined]  # an annotation
        "has_messages": 'class="message"' in text,
        "pages": len(claim.layer.page_starts),
        "furniture_json": json.dumps([[start, end] for start, end, _kind in claim.layer.furniture]),
    }


def roles(claim: Claim) -> list[Role]:
    return [
        Role(key, str(name), getattr(claim, f"{key}_quote"), getattr(claim, f"{key}_fragments"))
        for key, name in ROLE_NAMES.items()
    ]


def as_entered(claim: Claim, who: Who | None, source_name: str, draft: dict[str, str] | None) -> dict[str, str]:
    """The values of the edit form: the claim's, or what an analyst had entered when a save was refused."""
    values = {
        "spans": json.dumps({role.key: role.fragments for role in roles(claim)}),
        "who": "",
        "who_label": source_name or (who.in_document.canonical if who else _("nobody yet")),
        "type": claim.type,
        "modality": claim.modality,
        "hedge": claim.hedge,
        "information_date": claim.information_date.isoformat() if claim.information_date else "",
    }
    return values | {name: value for name, value in (draft or {}).items() if name in values}


def entered_words(claim: Claim, draft: dict[str, str]) -> list[tuple[str, str]]:
    """What an analyst had entered for a claim that takes no more steps, in words: to be read, noted, not lost."""
    words = [(str(name), draft.get(field, "")) for field, name in ENTERED.items()]
    for role in roles(claim):
        pieces = _spans(draft).get(role.key, role.fragments)
        if pieces != role.fragments:
            words.append((role.name, " ".join(claim.layer.text[start:end] for start, end in pieces)))
    as_it_was = (claim.wording, claim.hedge)
    return [(name, one_line(value)) for name, value in words if value and value not in as_it_was]


def _spans(draft: dict[str, str]) -> dict[str, list[list[int]]]:
    """The pieces by role in a draft; none where they are not readable."""
    try:
        spans = json.loads(draft.get("spans") or "{}")
    except (ValueError, RecursionError):
        return {}
    return spans if are_spans(spans) else {}


def who_said(claim: Claim) -> Who | None:
    """None where the text names nobody and the engine found nobody."""
    found = claim.document_source
    if found is None:
        return None
    here = [start for start, _end in claim.source_fragments]
    by_wording: dict[str, Mention] = {}
    for mention in mentions(claim.layer, found):
        if mention.start not in here:
            by_wording.setdefault(mention.words.lower(), mention)
    return Who(found, list(by_wording.values())[:WORDINGS_SHOWN], claim.source_quote, found.source)


def mentions(layer: TextLayer, found: DocumentSource) -> list[Mention]:
    """Where the document speaks of a source, in text order."""
    places = sorted(pieces for pieces in found.mentions if pieces)
    return [
        Mention(
            start=pieces[0][0],
            words=" ".join(one_line(layer.text[start:end]) for start, end in pieces),
            page=max(1, bisect_right(layer.page_starts, pieces[0][0])),
        )
        for pieces in places
    ]


def history(claim: Claim, user: User) -> list[Step]:
    """What was done to a claim from `find_claim` so far as the user may know, newest first."""
    if not claim.has_history:  # type: ignore[attr-defined]  # an annotation
        return []
    reviews = list(claim.reviews.known_to(user).select_related("analyst").order_by("-id"))
    undone = {review.undoes_id for review in reviews}
    steps = []
    after = {field: getattr(claim, field) for field in EDITABLE}
    after["information_date"] = claim.information_date.isoformat() if claim.information_date else None
    for review in reviews:
        if review.beside and not works_beside(claim):
            steps.append(Step(review, review.pk in undone, []))
            continue
        changed = [name for field, name in EDITABLE.items() if review.before.get(field) != after.get(field)]
        names = dict.fromkeys(str(name) for name in changed) if review.decision == Decision.EDIT else {}
        steps.append(Step(review, review.pk in undone, list(names)))
        after = review.before
    return steps


def works_beside(claim: Claim) -> bool:
    """Whether the user it was found for sees a version of their own instead of the claim."""
    return getattr(claim, "seen", None) is not None


def latest_step(claim: Claim, user: User) -> Review | None:
    """The step that an undo on the claim's page takes back."""
    return next((step.review for step in history(claim, user) if _counts(step, claim)), None)


def claim_in_text(claim: Claim, claims: Iterable[Claim], who: Who | None) -> SafeString:
    """The document with one claim lit up, the others marked faintly and clickable, and page furniture dimmed."""
    layer = claim.layer
    same_source = who.in_document.mentions if who else []
    marks = [*lit_marks(claim), *hedge_marks(claim), *mention_marks(same_source), *furniture_marks(layer)]
    marks += faint_marks(other for other in claims if other.pk != claim.pk)
    messages = nested_messages(layer.text, layer.segments)
    return marked_text(layer.text, marks, page_starts=layer.page_starts, messages=messages)


def one_line(words: str) -> str:
    return " ".join(words.split())


def _counts(step: Step, claim: Claim) -> bool:
    """Whether the claim, or the version of it that is shown, is as this step left it, if no later one counts."""
    of_what_is_shown = step.review.beside == works_beside(claim)
    return of_what_is_shown and not step.undone and step.review.decision != Decision.UNDO


def _standing(steps: list[Step], claim: Claim) -> Step | None:
    """The claim's latest step that counts."""
    return next((step for step in steps if _counts(step, claim)), None)


def _undoable(steps: list[Step], claim: Claim, user: User) -> Step | None:
    """The claim's latest step, if the user may undo it."""
    latest = _standing(steps, claim)
    if latest and (latest.review.analyst_id == user.pk or user.has_perm("claims.undo_others_review")):
        return latest
    return None
