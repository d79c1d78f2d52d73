"""One shape for every refusal: `{"code", "detail"}`, and `fields` where single parameters or fields are to blame.

400: the request cannot be read, or a value is impossible. 401 and 403: who calls, and what they may do. 404: nothing
there, or nothing the caller may see. 409: the row is not, or no longer, in a state for this. 410: there no longer.
412 and 428: stale and missing If-Match. 413: too large. 422: understood, but a rule of the trade refuses it.
429: too many calls. 503: two calls stood in each other's way in the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import serializers
from rest_framework.exceptions import (
    APIException,
    MethodNotAllowed,
    NotAcceptable,
    NotAuthenticated,
    NotFound,
    UnsupportedMediaType,
    ValidationError,
)
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from accounts.errors import AccountError, CallUnderway, KeyAlreadyRevoked
from claims.errors import (
    AlreadyConfirmed,
    AlreadyDiscredited,
    AlreadyWithdrawn,
    CannotMergeClaims,
    CannotMergePropositions,
    CannotMoveClaim,
    CannotUndo,
    CannotUndoMove,
    ClaimAlreadyDecided,
    ClaimAlreadyThere,
    ClaimChanged,
    ClaimError,
    FlagAlreadyCleared,
    IndependenceInTheWay,
    LinkAlreadyDecided,
    NoteChanged,
    NothingToUndo,
    PropositionAlreadySettled,
    QuestionAlreadyAnswered,
    VerdictAlreadyWithdrawn,
)
from config.api.guard import PreconditionFailed, current_of
from config.middleware import ended_for_another
from documents.errors import DocumentError, LeaseLost, NameTaken, NotRetryable, TooLarge
from exchange.errors import (
    AlreadyDecided,
    ExchangeError,
    JobEnded,
    JobNotDone,
    NoResult,
    ResultGone,
    ResultOutOfSight,
    TooManyJobs,
    TooManyWebhooks,
)
from review.errors import NotWaiting, WeighingError
from sources.errors import CannotMerge, CannotUndoMerge, CannotUndoSplit, SourceChanged, SourceError

Refusal = AccountError | DocumentError | SourceError | ClaimError | ExchangeError | WeighingError

CONFLICTS = (
    AlreadyDecided,
    AlreadyConfirmed,
    AlreadyDiscredited,
    AlreadyWithdrawn,
    CannotMerge,
    CannotMergeClaims,
    CannotMergePropositions,
    CannotMoveClaim,
    CannotUndo,
    CannotUndoMerge,
    CannotUndoMove,
    CannotUndoSplit,
    CallUnderway,
    ClaimAlreadyDecided,
    ClaimAlreadyThere,
    ClaimChanged,
    FlagAlreadyCleared,
    IndependenceInTheWay,
    JobEnded,
    JobNotDone,
    KeyAlreadyRevoked,
    LeaseLost,
    LinkAlreadyDecided,
    NameTaken,
    NoResult,
    NotWaiting,
    NothingToUndo,
    NotRetryable,
    NoteChanged,
    PropositionAlreadySettled,
    QuestionAlreadyAnswered,
    ResultOutOfSight,
    SourceChanged,
    TooManyJobs,
    TooManyWebhooks,
    VerdictAlreadyWithdrawn,
)

TRY_AGAIN = (
    "Another call was changing the same rows, and the database ended this one. Nothing was changed: send it again."
)


class ErrorSerializer(serializers.Serializer[Any]):
    """A refusal. Nothing was changed."""

    code = serializers.CharField(help_text="For machines; stays the same between versions.")
    detail = serializers.CharField(help_text="For people: what happened and what to do next.")
    fields = serializers.DictField(  # type: ignore[assignment]  # DRF takes declared fields off the class
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="By name of the field or parameter: what is wrong with it.",
    )


class StaleSerializer(ErrorSerializer):
    """A refusal because the row is not, or no longer, as If-Match says."""

    current = serializers.DictField(help_text="The row as it is now, as a GET shows it.")


def error_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error raised in a view; None for a fault of ours: Django logs it, `server_error` shapes it."""
    if isinstance(error, Refusal):
        headers = {"Retry-After": "1"} if isinstance(error, CallUnderway) else None
        return Response({"code": error.code, "detail": str(error)}, status=status_of(error), headers=headers)
    if isinstance(error, PreconditionFailed):
        return current_of(error)
    if isinstance(error, SuspiciousOperation):
        return _unreadable(error)
    if ended_for_another(error):
        set_rollback()
        return Response({"code": "try_again", "detail": TRY_AGAIN}, status=503, headers={"Retry-After": "1"})
    response = exception_handler(error, context)
    if response is not None:
        response.data = _shape(error, context.get("view"))
    return response


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal by one of our services."""
    if isinstance(refusal, TooLarge):
        return 413
    if isinstance(refusal, ResultGone):
        return 410
    return 409 if isinstance(refusal, CONFLICTS) else 422


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: JSON where machines call."""
    if not request.path.startswith("/api/"):
        return defaults.server_error(request)
    return JsonResponse(
        {"code": "internal_error", "detail": "Hearsay failed. It is logged under this answer's X-Request-Id."},
        status=500,
    )


def _unreadable(error: SuspiciousOperation) -> Response:
    """For Django's own refusals to read a body."""
    if isinstance(error, RequestDataTooBig):
        limit = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,}"
        return Response(
            {"code": "body_too_large", "detail": f"Files aside, a body has at most {limit} bytes."}, status=413
        )
    return Response({"code": "parse_error", "detail": f"The request cannot be read: {error}"}, status=400)


def _shape(error: Exception, view: Any = None) -> dict[str, Any]:
    if isinstance(error, ValidationError):
        fields = dict(_by_field(error.detail))
        detail = " ".join(f"{name}: {' '.join(said)}" if name else " ".join(said) for name, said in fields.items())
        blamed = {name: said for name, said in fields.items() if name}
        return {"code": error.default_code, "detail": detail, **({"fields": blamed} if blamed else {})}
    if isinstance(error, APIException) and error.get_codes() != "not_found":
        return {"code": error.get_codes(), "detail": f"{error.detail} {_advice(error, view)}".strip()}
    if isinstance(error, Http404 | NotFound):
        return {"code": "not_found", "detail": "There is nothing here that you may see."}
    return {"code": "permission_denied", "detail": "You may not do this."}


def _advice(error: APIException, view: Any) -> str:
    """What to do next, where REST framework does not say it."""
    if isinstance(error, NotAuthenticated):
        return "Send an API key, as `Authorization: Bearer hs_...`, or log in."
    if isinstance(error, MethodNotAllowed):
        return f"Known here are: {', '.join(view.allowed_methods)}."
    if isinstance(error, NotAcceptable):
        return f"Answers here are {_media(view.renderer_classes)}: accept that, or send no Accept."
    return f"Send {_media(view.parser_classes)}." if isinstance(error, UnsupportedMediaType) else ""


def _media(classes: Iterable[Any]) -> str:
    return " or ".join(known.media_type for known in classes)


def _by_field(detail: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Flattens nested messages: `spans.cue.0` -> what is wrong there. "" names the request as a whole."""
    if isinstance(detail, dict):
        for key, inner in detail.items():
            yield from _by_field(inner, name if key == "non_field_errors" else f"{name}.{key}".lstrip("."))
    elif any(isinstance(inner, dict | list) for inner in detail):
        for position, inner in enumerate(detail):
            yield from _by_field(inner, f"{name}.{position}".lstrip("."))
    elif detail:
        yield _sendable(name), [_sendable(str(message)) for message in detail]


def _sendable(text: str) -> str:
    """As it can be sent: where what was given is said again, it may hold half a character."""
    return text.encode(errors="backslashreplace").decode()
