"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): a POST that is sent twice takes effect once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import caller
from accounts.models import ApiKey, StoredAnswer
from accounts.services import claim_name, keep_answer
from config.api.renderers import JSONRenderer

KEPT_HEADERS = ("Content-Type", "ETag", "Location")
NAME = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')


def answered_once(request: Request, call: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What `call` answers; or what it answered before, when the same call was sent under the same Idempotency-Key.

    Effect and answer are written in one transaction. A refused call writes neither, and may be sent again corrected.
    """
    name = _name(request.headers["Idempotency-Key"])
    key = request.auth if isinstance(request.auth, ApiKey) else None
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        answer, is_new = claim_name(name, fingerprint, user=caller(request), api_key=key)
        if not is_new:
            return _replayed(answer)
        response = call()
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        body = _body(response)
        headers = {header: response.headers[header] for header in KEPT_HEADERS if header in response.headers}
        keep_answer(answer, status=response.status_code, headers=headers, body=body)
    return response


def _name(header: str) -> str:
    found = NAME.fullmatch(header.strip())
    if found is None:
        raise ValidationError({"Idempotency-Key": ["Give 1 to 255 visible ASCII characters, a UUID for instance."]})
    return found[1]


def _replayed(answer: StoredAnswer) -> HttpResponse:
    given = HttpResponse(bytes(answer.body), status=answer.status, headers=answer.headers)
    given.headers["Idempotency-Replayed"] = "true"
    return given


def _body(response: HttpResponseBase) -> bytes:
    if isinstance(response, Response):
        response.headers["Content-Type"] = "application/json"
        hidden = dict.fromkeys(getattr(response, "shown_once", ()))  # secrets: the answer is kept without them
        shown = {**response.data, **hidden} if hidden else response.data
        return b"" if shown is None else JSONRenderer().render(shown)
    return bytes(response.content) if isinstance(response, HttpResponse) else b""


def _fingerprint(request: Request) -> str:
    """Of method, address and content: what was meant, not how it was packed (a form's boundary is new each time)."""
    digest = sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for piece in _pieces(request.data):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(data: Any) -> Iterator[bytes]:
    if isinstance(data, MultiValueDict):
        for name in sorted(data):
            for value in data.getlist(name):
                yield json.dumps(name).encode()
                yield from _pieces(value)
    elif isinstance(data, UploadedFile):
        yield json.dumps([data.name, data.size]).encode()
        yield from data.chunks()
        data.seek(0)
    elif isinstance(data, bytes):
        yield data
    elif isinstance(data, dict) and any(isinstance(value, UploadedFile) for value in data.values()):
        yield from _pieces(MultiValueDict({name: [value] for name, value in data.items()}))
    else:
        yield json.dumps(data, sort_keys=True, default=str).encode()
