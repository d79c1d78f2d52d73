"""A real receiver of webhooks on this machine, as moody as a test wants it."""

from __future__ import annotations

import hmac
import json
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOCAL = "127.0.0.1/32"
Mood = Callable[["BaseHTTPRequestHandler"], None]


@dataclass
class Call:
    headers: dict[str, str]
    body: bytes
    taken: bool

    @property
    def event(self) -> dict[str, Any]:
        event: dict[str, Any] = json.loads(self.body)
        return event

    def signed_with(self, secret: str) -> bool:
        """Checked by the recipe of docs/api.md, without our own code."""
        headers = self.headers
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + self.body
        wanted = hmac.new(b64decode(secret.removeprefix("whsec_")), signed, sha256).digest()
        given = [part.removeprefix("v1,") for part in headers["webhook-signature"].split(" ")]
        recent = abs(time.time() - int(headers["webhook-timestamp"])) < 300
        return recent and any(hmac.compare_digest(b64encode(wanted).decode(), one) for one in given)


@dataclass
class Receiver:
    """moods: how to answer the next calls; when they are used up, with 204. refuses: ids of objects it never takes."""

    url: str = ""
    moods: list[Mood] = field(default_factory=list)
    refuses: set[int] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def taken(self) -> list[dict[str, Any]]:
        """Events that it said it has, in order."""
        with self.lock:
            return [call.event for call in self.calls if call.taken]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in handler.headers.items()}
        with self.lock:
            mood = self.moods.pop(0) if self.moods else takes_it
            if self.refuses and json.loads(body)["object"]["id"] in self.refuses:
                mood = says(400)
            self.calls.append(Call(headers, body, taken=mood is takes_it))
        mood(handler)


def takes_it(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(204)
    handler.end_headers()


def says(status: int, **headers: str) -> Mood:
    def mood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return mood


def drips(text: bytes, seconds: float, over: threading.Event) -> Mood:
    """Sends a byte every so many seconds, and never comes to an end."""

    def mood(handler: BaseHTTPRequestHandler) -> None:
        for byte in text:
            if over.wait(seconds):
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()

    return mood


def hangs(over: threading.Event) -> Mood:
    def mood(_handler: BaseHTTPRequestHandler) -> None:
        over.wait(30)

    return mood


@contextmanager
def listening() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                receiver.answer(self)
            except (ConnectionError, OSError):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?of=hearsay"
    thread = threading.Thread(target=server.serve_forever, args=[0.05], daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
