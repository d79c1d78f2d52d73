"""A thin client of Hearsay's REST API, in one file without dependencies: copy it, or install this folder.

It knows no resources, only what all have in common and every integration would otherwise write again: pages to the
end, calls that take effect once however often the line breaks, edits that overwrite nothing unseen, and waiting when
told to. Paths and fields are those of the API's own description (`/api/v1/docs/`).
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

__version__ = "0.1"

JSON = "application/json"
NOT_DONE = (429, 503)
"""Nothing was changed: the call may be sent again."""
PERHAPS_DONE = (502, 504)
"""From something between us and the server: sent again only where that is harmless."""
UNDERWAY = "call_underway"
"""The code of a 409: the same call, sent before, is still being worked on."""

Values = Mapping[str, str | int | float | bool]
Send = Callable[[Request, float], Any]


class Refused(Exception):
    """The API said no. Nothing was changed. status: of HTTP. code: for machines. fields: what is wrong with which."""

    def __init__(self, status: int, said: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(said.get("code", ""))
        self.detail = str(said.get("detail", ""))
        self.fields: dict[str, list[str]] = dict(said.get("fields", {}))
        super().__init__(f"{status} {self.code}: {self.detail}")


class Stale(Refused):
    """Somebody changed the row first. current: the row as it is now, with the tag to edit that."""

    def __init__(self, status: int, said: Mapping[str, Any], tag: str) -> None:
        super().__init__(status, said)
        self.current = Row(said.get("current") or {}, tag=tag)


class Row(dict[str, Any]):
    """What the API shows. tag: names this state of it, for an edit; empty where there is nothing to edit."""

    def __init__(self, shown: Mapping[str, Any], *, tag: str = "") -> None:
        super().__init__(shown)
        self.tag = tag


@dataclass(frozen=True)
class _Call:
    method: str
    address: str
    body: bytes | None
    headers: Mapping[str, str]

    @property
    def harmless_twice(self) -> bool:
        return self.method == "GET" or "Idempotency-Key" in self.headers

    def request(self) -> Request:
        return Request(self.address, self.body, dict(self.headers), method=self.method)  # noqa: S310 -- Hearsay looked


class _NoRedirects(HTTPRedirectHandler):
    """The key goes to the address it was given for, and to no other."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Request | None:
        return None


def _send(request: Request, timeout: float) -> Any:
    return build_opener(_NoRedirects).open(request, timeout=timeout)


@dataclass(frozen=True)
class Hearsay:
    """address: with /api/v1. timeout: seconds for one answer. patience: seconds that one call may wait in all before it
    is sent for the last time."""

    address: str
    key: str = field(repr=False)
    timeout: float = 30.0
    patience: float = 120.0
    send: Send = field(default=_send, repr=False)

    def __post_init__(self) -> None:
        if urlsplit(self.address).scheme not in ("http", "https"):
            raise ValueError("The address begins with https://, or http:// on this machine.")

    def get(self, path: str, **parameters: str | int | float | bool) -> Row:
        """One row, or whatever is at a path. Raises Refused, and OSError when nobody answers."""
        return self._ask(self._call("GET", path, parameters=parameters))

    def rows(self, path: str, **parameters: str | int | float | bool) -> Iterator[dict[str, Any]]:
        """All rows of a list, page by page as they are asked for. Rows added meanwhile move none of them."""
        query = dict(parameters)
        while True:
            page = self._ask(self._call("GET", path, parameters=query))
            yield from page["results"]
            if not page["next"]:
                return
            query["cursor"] = _cursor_of(page["next"])

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, call: str = "") -> Row:
        """Something new. It takes effect once, whatever happens on the way.

        call: a name of your own for this call (a new UUID otherwise): who sends it again under this name within 24
        hours, after a crash for instance, gets the first answer.
        """
        return self._ask(self._call("POST", path, body, named=call or str(uuid.uuid4())))

    def edit(self, path: str, body: Mapping[str, Any], *, tag: str, method: str = "POST") -> Row:
        """Change a row as you have seen it. tag: of that `Row`. method: PATCH where the description says so.

        Raises Stale, with the row as it is now, when somebody was there first.
        """
        named = str(uuid.uuid4()) if method == "POST" else ""
        return self._ask(self._call(method, path, body, named=named, tag=tag))

    def upload(self, file: Path, *, collection: str, call: str = "") -> Row:
        """Bring in a document. The same bytes in one collection are the same document."""
        body, kind = _form({"collection": collection}, file)
        call = call or str(uuid.uuid4())
        headers = self._headers | {"Content-Type": kind, "Idempotency-Key": call}
        return self._ask(_Call("POST", self._at("documents/"), body, headers))

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Accept": JSON, "User-Agent": f"hearsay-client/{__version__}"}

    def _at(self, path: str, parameters: Values | None = None) -> str:
        shown = {name: _as_text(value) for name, value in (parameters or {}).items()}
        return f"{self.address.rstrip('/')}/{path.strip('/')}/" + (f"?{urlencode(shown)}" if shown else "")

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        parameters: Values | None = None,
        named: str = "",
        tag: str = "",
    ) -> _Call:
        headers = self._headers
        if method != "GET":
            headers["Content-Type"] = JSON
        if named:
            headers["Idempotency-Key"] = named
        if tag:
            headers["If-Match"] = tag
        packed = None if method == "GET" else json.dumps(body or {}).encode()
        return _Call(method, self._at(path, parameters), packed, headers)

    def _ask(self, call: _Call) -> Row:
        """The answer; the call is sent again where that is harmless, after as long as the server says."""
        until, pause = time.monotonic() + self.patience, 1.0
        while True:
            try:
                with self.send(call.request(), self.timeout) as answer:
                    text = answer.read()
                    return Row(json.loads(text) if text else {}, tag=answer.headers.get("ETag") or "")
            except HTTPError as error:
                refusal, wait = _refusal(error), _wait(error, pause)
                again = error.code in NOT_DONE or refusal.code == UNDERWAY
                again = again or (error.code in PERHAPS_DONE and call.harmless_twice)
                if not again or time.monotonic() + wait > until:
                    raise refusal from None
            except (URLError, HTTPException, ConnectionError, TimeoutError):
                wait = pause
                if not call.harmless_twice or time.monotonic() + wait > until:
                    raise
            time.sleep(wait)
            pause = min(2 * pause, 30.0)


def _refusal(error: HTTPError) -> Refused:
    with error:
        try:
            said = json.loads(error.read())
        except (ValueError, HTTPException):
            said = {}
    shape = said if isinstance(said, dict) else {}
    if error.code == 412:
        return Stale(error.code, shape, error.headers.get("ETag") or "")
    return Refused(error.code, shape or {"detail": error.reason})


def _wait(error: HTTPError, pause: float) -> float:
    """Seconds, by Retry-After where it gives some."""
    said = error.headers.get("Retry-After") or ""
    return float(said) if said.isascii() and said.isdigit() else pause


def _cursor_of(following: str) -> str:
    """Of the address of the next page only where to go on: the rest is as we asked, and so is the host."""
    pairs = (pair.partition("=") for pair in urlsplit(following).query.split("&"))
    return next(value for name, _, value in pairs if name == "cursor")


def _as_text(value: str | float | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _form(fields: Mapping[str, str], file: Path) -> tuple[bytes, str]:
    """A form with one file, and its media type."""
    boundary = uuid.uuid4().hex
    name = file.name.translate({ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"})
    parts = [f'name="{key}"\r\n\r\n{value}'.encode() for key, value in fields.items()]
    head = f'name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    parts.append(head.encode() + file.read_bytes())
    before = f"--{boundary}\r\nContent-Disposition: form-data; ".encode()
    body = b"".join(before + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"
