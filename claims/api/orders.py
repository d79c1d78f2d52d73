"""In which orders claims and verdicts can be listed."""

from __future__ import annotations

from typing import Any

from django.db.models import DateField, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Least

from accounts.api.orders import Key, Order, Orders, a_day, a_number, a_place, a_row_id, both_ways
from accounts.models import User
from claims.models import SecondReview


def _own_version(user: User) -> Any:
    """Of a claim: the version that the user sees instead, if there is one."""
    return SecondReview.objects.worked_on_by(user).filter(claim=OuterRef("pk"))


def _seen_information_date(user: User) -> Combinable:
    day = Cast(KeyTextTransform("information_date", "seen"), DateField())
    return Subquery(_own_version(user).values(day=day)[:1])


def _seen_start(user: User) -> Combinable:
    """Where the version begins: as `Claim.first_character`."""
    begins = [
        Cast(KeyTextTransform(0, KeyTransform(0, KeyTransform(f"{role}_fragments", "seen"))), IntegerField())
        for role in ("source", "cue", "content")
    ]
    return Subquery(_own_version(user).values(begins=Least(*begins))[:1])


def _worked_on(user: User) -> QuerySet[Any]:
    versions: QuerySet[Any] = SecondReview.objects.worked_on_by(user)
    return versions


SCORE = Key(F("score"), a_number, nullable=True)
REPORTED = Key(F("reported_date"), a_day, nullable=True)
INFORMATION = Key(F("information_date"), a_day, nullable=True, seen=_seen_information_date)
LAYER, START = Key(F("layer"), a_row_id), Key(F("start"), a_place, seen=_seen_start)

CLAIM_ORDERS: Orders = {
    **both_ways("score", Order("Lowest score first.", (SCORE,), alongside="collection"), turned="Highest score first."),
    **both_ways(
        "reported_date",
        Order("What was reported first comes first.", (REPORTED,), alongside="collection"),
        turned="What was reported last comes first.",
    ),
    **both_ways(
        "information_date",
        Order(
            "By when it happened or was known, earliest first.",
            (INFORMATION,),
            alongside="collection",
            otherwise=_worked_on,
        ),
        turned="The same, latest first.",
    ),
    "reading": Order(
        "As they stand in the text. With `document` only.", (LAYER, START), within="document", otherwise=_worked_on
    ),
}
"""None by what a first decision tells: whoever gives a second opinion could read it off the order."""

VERDICT_ORDERS: Orders = both_ways(
    "decided_on",
    Order("What was decided first comes first.", (Key(F("decided_on"), a_day),)),
    turned="What was decided last comes first.",
)
