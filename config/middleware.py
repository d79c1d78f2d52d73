"""What every request goes through: an id for all that it logs, a look at the characters of its form, and a word to who
was in another's way.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import structlog
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class RequestIdMiddleware:
    """Ties everything one request logs together by an id, which goes back in the answer too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class StorableFormMiddleware:
    """Refuses a form that holds U+0000, with 400: PostgreSQL stores it in no text, and nobody can type it.

    The API refuses it by itself, and names the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        if request.method != "POST" or request.content_type not in FORMS or request.path.startswith("/api/"):
            return
        if any("\0" in text for name, texts in request.POST.lists() for text in (name, *map(str, texts))):
            raise BadRequest("The form holds the character U+0000.")


class CollisionMiddleware:
    """Answers 503 where the database ended a page's transaction for another one.

    A page may have stored its step before, and been stopped at what comes after: so it says to look, not that nothing
    was changed. The API answers by itself, in its own shape.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not ended_for_another(error):
            return None
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "1"
        return response


def ended_for_another(error: Exception) -> bool:
    """Whether the database ended a transaction because another one was changing the same rows."""
    in_the_way = (DeadlockDetected, SerializationFailure, LockNotAvailable)
    return isinstance(error, OperationalError) and isinstance(error.__cause__, in_the_way)
