"""What goes wrong in a browser while nobody looks: broken policy, console errors, script errors, other hosts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

LOCAL_ADDRESSES = ("http://localhost", "http://127.0.0.1", "data:", "blob:", "about:")
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""Chromium says so of each answer from 400 on. Of a page's own answer it is no error; `Response` tells them apart."""

CUT_OFF = re.compile(r"htmx:(afterRequest|sendError|sendAbort)\b")
"""htmx says so of a part of a page that was still on its way when the page was left."""


@dataclass
class Watch:
    """Collects what went wrong in every context it was given."""

    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Patterns of what a test brings about on purpose: `watch.expected.append("net::ERR_FAILED")`."""

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    @property
    def unexpected(self) -> list[str]:
        return [each for each in self.problems if not any(re.search(pattern, each) for pattern in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        policy = "Content Security" in message.text or "Content-Security" in message.text
        harmless = REFUSED.match(message.text) or CUT_OFF.match(message.text)
        if policy or (message.type in ("error", "assert") and not harmless):
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"script error: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(LOCAL_ADDRESSES):
            self.problems.append(f"asked {request.url}")

    def _response(self, response: Response) -> None:
        """A missing script or style sheet is an error; a page that refuses something is not."""
        asset = response.request.resource_type in ("script", "stylesheet", "image", "font")
        if response.status >= 500 or (asset and response.status >= 400):
            self.problems.append(f"{response.status} from {response.url}")
