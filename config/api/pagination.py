from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.urls import replace_query_param

from accounts.ids import LARGEST_ID

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads the settings that name this module

LARGEST_PAGE = 200
OLDER, NEWER = "<", ">"


class NewestFirstPagination(BasePagination):
    """Pages by `id < last one seen`: as quick a million rows down as at the top, and no row is shown twice or left out
    while others are being added. There is no count: counting what a filter matches costs more than the page."""

    parameters = ("cursor", "page_size")

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self.request = request
        size = _page_size(request)
        direction, position = _decode(request.query_params.get("cursor"))
        if direction == NEWER:
            rows = list(queryset.filter(pk__gt=position).order_by("pk")[: size + 1])
        elif direction == OLDER:
            rows = list(queryset.filter(pk__lt=position).order_by("-pk")[: size + 1])
        else:
            rows = list(queryset.order_by("-pk")[: size + 1])
        more = len(rows) > size
        page = rows[:size]
        if direction == NEWER:
            page.reverse()
        self.older = self._link(OLDER, page[-1].pk) if page and (more or direction == NEWER) else None
        self.newer = self._link(NEWER, page[0].pk) if page and (more if direction == NEWER else direction) else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.older, "previous": self.newer, "results": data})

    def _link(self, direction: str, position: int) -> str:
        return str(replace_query_param(self.request.build_absolute_uri(), "cursor", _encode(direction, position)))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {
                    **link,
                    "description": "The page with older rows; null on the last.",
                    "example": "https://hearsay.example.org/api/v1/claims/?cursor=PDEy",
                },
                "previous": {
                    **link,
                    "description": "The page with newer rows; null on the first.",
                    "example": None,
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
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


def _page_size(request: Request) -> int:
    wanted = request.query_params.get("page_size", str(api_settings.PAGE_SIZE))
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 5 and 1 <= int(wanted) <= LARGEST_PAGE):
        raise ValidationError({"page_size": [f"Give a number from 1 to {LARGEST_PAGE}."]})
    return int(wanted)


def _encode(direction: str, position: int) -> str:
    return urlsafe_b64encode(f"{direction}{position}".encode()).decode().rstrip("=")


def _decode(cursor: str | None) -> tuple[str, int]:
    """Direction ("" for the first page) and the id to go on from."""
    if cursor is None:
        return "", 0
    try:
        plain = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        direction, position = plain[0], int(plain[1:])
        if direction in (OLDER, NEWER) and 0 < position <= LARGEST_ID and _encode(direction, position) == cursor:
            return direction, position
    except (ValueError, IndexError):
        pass
    raise ValidationError({"cursor": ["This is no cursor of ours. Start from the first page, without one."]})
