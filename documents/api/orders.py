"""In which orders documents and collections can be listed."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Lower

from accounts.api.orders import Key, Order, Orders, a_day, both_ways, words

DOCUMENT_ORDERS: Orders = {
    **both_ways(
        "name",
        Order(
            "By the name of its file, capitals aside, from A to Z.",
            (Key(Lower("name"), words),),
            alongside="collection",
        ),
        turned="The same, from Z to A.",
    ),
    **both_ways(
        "document_date",
        Order(
            "By the date printed on it, earliest first.",
            (Key(F("document_date"), a_day, nullable=True),),
            alongside="collection",
        ),
        turned="The same, latest first.",
    ),
}
COLLECTION_ORDERS: Orders = both_ways(
    "name", Order("By name, from A to Z.", (Key(F("name"), words),)), turned="By name, from Z to A."
)
