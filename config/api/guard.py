"""What every resource has in common, put around each by the router: ETags, If-Match, Idempotency-Key.

A view says what concerns it by attributes, so that `api/` of an app needs nothing from here:

- `edits`: names of its actions that change a row in place. They are refused without If-Match (428) and when it is stale
  (412, with the row as it is now). The model has `edit_tag`, which names a state of the row.
- `locked(row)`: the row, locked until the transaction ends; by default that row alone. Where a service locks others
  before it, the view does the same, so that all lock in one order.
- `now(row)`: the row after it was changed, None if it is gone; a view whose callers see rows otherwise than they are
  says so here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import transaction
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.filters import parameters_of, refuse_repeated, refuse_unknown
from config.api.repeats import answered_once

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    Viewed = GenericViewSet[Any]
else:
    Viewed = object

Handler = Callable[..., HttpResponseBase]

TAGS = re.compile(r'\s*"([\x21\x23-\x2b\x2d-\x7e]*)"\s*')


class PreconditionRequired(APIException):
    status_code = 428
    default_code = "precondition_required"
    default_detail = "Say which state you have seen: send the row's ETag, as you got it, as If-Match."


class PreconditionFailed(APIException):
    status_code = 412
    default_code = "precondition_failed"
    default_detail = (
        "It was changed since the state that If-Match names, and nothing was written. `current` is how it is now."
    )

    def __init__(self, current: Any, tag: str) -> None:
        super().__init__()
        self.current = current
        self.tag = tag


class Unedited:
    """What a view says of itself when it says nothing."""

    edits: Collection[str] = ()

    def locked(self, row: Any) -> Any:
        return type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)

    def now(self, row: Any) -> Any:
        return type(row)._base_manager.filter(pk=row.pk).first()


class Guarded(Viewed):
    """Goes before a view's own class, and `Unedited` after it. The router makes it so."""

    shown_by: ClassVar[type[GenericViewSet[Any]] | None] = None
    """The view that shows one row of this resource."""
    edits: Collection[str]
    locked: Callable[[Any], Any]
    now: Callable[[Any], Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = (request.method or "").lower()
        handler = getattr(self, method, None)
        if handler is None:
            return  # 405, whatever its parameters
        refuse_repeated(request)
        if request.method not in SAFE_METHODS:  # what looks for no row would ignore them
            refuse_unknown(request, parameters_of(self))
        setattr(self, method, partial(self._guard, handler))  # a view serves one request

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """An answer is for its caller alone: no cache between gives it to another, nor to them without asking."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if not answer.has_header("Cache-Control"):
            patch_cache_control(answer, private=True, no_cache=True)
        patch_vary_headers(answer, ("Authorization", "Cookie"))
        return answer

    def get_object(self) -> Any:
        self.row = super().get_object()
        return self.row

    def _guard(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        call = partial(self._seen_and_called, handler, request, *args, **kwargs)
        if request.method == "POST" and "Idempotency-Key" in request.headers:
            return answered_once(request, call)
        return call()

    def _seen_and_called(self, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.action not in self.edits:
            response = handler(request, *args, **kwargs)
            if self.action == "retrieve" and hasattr(getattr(self, "row", None), "edit_tag"):
                response.headers["ETag"] = f'"{self.row.edit_tag}"'
            return response
        if "If-Match" not in request.headers:
            raise PreconditionRequired
        with transaction.atomic():
            self._refuse_stale(request)
            response = handler(request, *args, **kwargs)
            changed = self.now(self.row)
            if changed is not None:
                response.headers["ETag"] = f'"{changed.edit_tag}"'
        return response

    def _refuse_stale(self, request: Request) -> None:
        seen = _tags(request.headers["If-Match"])
        row = self.locked(self.get_object())
        if seen is not None and row.edit_tag not in seen:
            raise PreconditionFailed(self._as_shown(request), row.edit_tag)

    def _as_shown(self, request: Request) -> Any:
        """The row as a GET shows it."""
        view = (self.shown_by or type(self))()
        view.setup(request, *self.args, **self.kwargs)
        view.action, view.format_kwarg, view.basename, view.detail = "retrieve", None, self.basename, True
        return view.get_serializer(view.get_object()).data


def _tags(header: str) -> list[str] | None:
    """The tags that If-Match names; None for `*`, which any state fits. Weak ones (RFC 9110, 13.1.1) are refused."""
    if header.strip() == "*":
        return None
    found = [TAGS.fullmatch(part) for part in header.split(",")]
    if not all(found):
        raise ValidationError({"If-Match": ['Give the ETag as you got it, with its quotation marks, such as "v3".']})
    return [match[1] for match in found if match]


def current_of(error: PreconditionFailed) -> Response:
    """The answer to a stale If-Match: what is wrong, and the row as it is."""
    return Response(
        {"code": error.default_code, "detail": str(error.detail), "current": error.current},
        status=error.status_code,
        headers={"ETag": f'"{error.tag}"'},
    )
