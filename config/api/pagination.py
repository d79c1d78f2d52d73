from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.urls import replace_query_param

from accounts.api.orders import ADDED, BY_TIME, DEFAULT, Orders
from accounts.api.permissions import caller
from accounts.ids import LARGEST_ID
from config.api.ordering import Listed, Place
from documents.models import Collection

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads the settings that name this module

LARGEST_PAGE = 200
OLDER, NEWER = "<", ">"


class Pages(BasePagination):
    """Pages by what the last row seen compares with: as quick a million rows down as at the top, and no row is shown
    twice or left out while others are being added. There is no count: counting what a filter matches costs more than
    the page.

    The newest rows come first, or whichever order of the view's `orders` is asked for.
    """

    parameters = ("cursor", "page_size")
    of_lists = ("order", *parameters)

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self._asked(request, view)
        if self.order in BY_TIME:
            return self._page_by_id(queryset, attrgetter("pk"))
        listed = self._listed(queryset)
        return listed.rows_at(self._places(listed))

    def ids(self, queryset: Any, request: Request, view: APIView) -> list[int]:
        """The page's rows by their ids alone, for a view that loads rows in its own way."""
        self._asked(request, view)
        if self.order in BY_TIME:
            return self._page_by_id(queryset.values_list("pk", flat=True), int)
        return [place.pk for place in self._places(self._listed(queryset))]

    def _asked(self, request: Request, view: APIView | None) -> None:
        self.request = request
        self.orders = orders_of(view)
        self.order = _order(request, self.orders)
        self.size = _page_size(request)

    def _listed(self, queryset: Any) -> Listed:
        return Listed(queryset, self.orders[self.order], caller(self.request), self._collections)

    def _page_by_id(self, queryset: Any, id_of: Callable[[Any], int]) -> list[Any]:
        onward, backward = (NEWER, OLDER) if self.order == ADDED else (OLDER, NEWER)
        direction, position = _decode(self.request.query_params.get("cursor"), self.order)
        if direction:
            _refuse_unless(type(position) is int and 0 < position <= LARGEST_ID)
            queryset = queryset.filter(**{"pk__gt" if direction == NEWER else "pk__lt": position})
        rows = list(queryset.order_by("pk" if (direction or onward) == NEWER else "-pk")[: self.size + 1])
        page = rows[: self.size]
        if direction == backward:
            page.reverse()
        first, last = (id_of(page[0]), id_of(page[-1])) if page else (None, None)
        self._link_to(first, last, direction, backward, onward, more=len(rows) > self.size)
        return page

    def _places(self, listed: Listed) -> list[Place]:
        """Where the page's rows stand, by keys and id."""
        onward, backward = NEWER, OLDER
        direction, position = _decode(self.request.query_params.get("cursor"), self.order)
        after = _place(listed, position) if direction else None
        places = listed.places(after, most=self.size + 1, back=direction == backward)
        page = places[: self.size]
        if direction == backward:
            page.reverse()
        first, last = (_position(page[0]), _position(page[-1])) if page else (None, None)
        self._link_to(first, last, direction, backward, onward, more=len(places) > self.size)
        return page

    def _link_to(self, first: Any, last: Any, direction: str, backward: str, onward: str, *, more: bool) -> None:
        """first, last: where the rows of the page stand that come first and last; nothing if it has none."""
        came_back = direction == backward
        self.next = self._link(onward, last) if last and (more or came_back) else None
        self.previous = self._link(backward, first) if first and (more if came_back else direction) else None

    def _collections(self) -> list[int]:
        """Those that the list is about. A filter may name one that the caller does not see: the rows know."""
        chosen = self.request.query_params.get("collection")
        return [int(chosen)] if chosen else Collection.objects.ids_visible_to(caller(self.request))

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next, "previous": self.previous, "results": data})

    def _link(self, direction: str, position: Any) -> str:
        cursor = _encode(self.order, direction, position)
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", cursor))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {
                    **link,
                    "description": "The page after this one; null on the last.",
                    "example": "https://hearsay.example.org/api/v1/claims/?cursor=PDEy",
                },
                "previous": {
                    **link,
                    "description": "The page before this one; null on the first.",
                    "example": None,
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            *_order_parameter(orders_of(view)),
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "Where to go on, from `next` or `previous` of the page before. Opaque.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "Rows per page.",
                "schema": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LARGEST_PAGE,
                    "default": api_settings.PAGE_SIZE,
                },
            },
        ]


def orders_of(view: Any) -> Orders:
    """In which a view's list can be asked for. What its other actions list comes newest first."""
    if getattr(view, "action", None) != "list":
        return {}
    return {**BY_TIME, **getattr(view, "orders", {})}


def _order_parameter(orders: Orders) -> list[dict[str, Any]]:
    if not orders:
        return []
    told = "\n".join(f"- `{name}`: {order.says}" for name, order in orders.items())
    return [
        {
            "name": "order",
            "in": "query",
            "required": False,
            "description": f"What comes first. Rows without a value come last.\n\n{told}",
            "schema": {"type": "string", "enum": list(orders), "default": DEFAULT},
        }
    ]


def _order(request: Request, orders: Orders) -> str:
    """The name of the order that is asked for."""
    wanted = request.query_params.get("order", DEFAULT)
    if not orders:
        return DEFAULT
    if wanted not in orders:
        said = f"There is no order '{wanted[:100]}' here. Known are: {', '.join(orders)}."
        raise ValidationError({"order": [said]})
    within = orders[wanted].within
    if within and within not in request.query_params:
        raise ValidationError({"order": [f"Give {within}, too: there is this order within one only."]})
    return wanted


def _page_size(request: Request) -> int:
    wanted = request.query_params.get("page_size", str(api_settings.PAGE_SIZE))
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 5 and 1 <= int(wanted) <= LARGEST_PAGE):
        raise ValidationError({"page_size": [f"Give a number from 1 to {LARGEST_PAGE}."]})
    return int(wanted)


def _encode(order: str, direction: str, position: Any) -> str:
    """The cursor of the usual order is the direction and the id alone."""
    name = "" if order == DEFAULT else order
    plain = f"{name}{direction}{json.dumps(position, separators=(',', ':'))}"
    return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _decode(cursor: str | None, order: str) -> tuple[str, Any]:
    """Direction ("" for the first page) and the position to go on from."""
    if cursor is None:
        return "", None
    try:
        plain = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction = OLDER if OLDER in plain.partition(NEWER)[0] else NEWER
        name, _, position = plain.partition(direction)
        read = json.loads(position)
        of_order = name or DEFAULT
        _refuse_unless(_encode(of_order, direction, read) == cursor)
    except (ValueError, RecursionError):
        _refuse_unless(False)
    if of_order != order:
        said = f"This cursor is of another order: go on with order={of_order}, or start from the first page."
        raise ValidationError({"cursor": [said]})
    return direction, read


def _position(place: Place) -> list[Any]:
    """As it stands in a cursor."""
    told = [value.isoformat() if isinstance(value, date) else value for value in place.values]
    return [place.stretch, *told]


def _place(listed: Listed, position: Any) -> Place:
    try:
        return listed.read_place(*position)
    except (TypeError, ValueError, OverflowError):
        raise _not_ours() from None


def _refuse_unless(fits: bool) -> None:
    if not fits:
        raise _not_ours()


def _not_ours() -> ValidationError:
    return ValidationError({"cursor": ["This is no cursor of ours. Start from the first page, without one."]})
