"""clients/python: its page as it stands there, and what it does when something goes wrong on the way."""

from __future__ import annotations

import io
import re
import sys
import time
from collections.abc import Iterator
from email.message import Message
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest
from django.conf import settings

from accounts.services import create_key
from claims.models import Claim, ClaimState, CredibilityAssessment
from claims.services import edit
from documents.models import Document
from ingest import intake
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory

FOLDER = Path(settings.BASE_DIR, "clients", "python")
ADDRESS = "https://hearsay.example.org/api/v1"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module, as who installed it imports it."""
    spec = spec_from_file_location("hearsay_client", FOLDER / "hearsay_client.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "hearsay_client", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What it would have slept."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


class Line:
    """Stands for the network: gives one prepared answer after the other, and keeps what was sent."""

    def __init__(self, *answers: Any) -> None:
        self.answers: Iterator[Any] = iter(answers)
        self.sent: list[Any] = []

    def __call__(self, request: Any, timeout: float) -> Any:
        self.sent.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Answer(io.BytesIO):
    headers: dict[str, str] = {}


def refused(status: int, body: bytes = b"{}", **headers: str) -> HTTPError:
    told = Message()
    for name, value in headers.items():
        told[name.replace("_", "-")] = value
    return HTTPError(ADDRESS, status, "no", told, io.BytesIO(body))


def test_its_page_works_as_it_stands(
    client: Any, live_server: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(intake, "ring", lambda _: None)
    monkeypatch.chdir(settings.BASE_DIR)
    user = UserFactory(groups=["analyst"])
    collection = CollectionFactory(name="Inbox", members=[user])
    claims = [
        ClaimFactory(layer=TextLayerFactory(document__collection=collection), score=score) for score in (0.25, 0.75)
    ]
    _, secret = create_key(user, name="quick start", scopes=["read", "propose", "review"])
    page = "\n".join(re.findall(r"^```python\n(.*?)^```", (FOLDER / "README.md").read_text(), re.DOTALL | re.MULTILINE))

    exec(page, {"ADDRESS": f"{live_server.url}/api/v1", "KEY": secret})  # noqa: S102 -- our own page

    document = Document.objects.latest("pk")
    said = "the talks have failed"
    assert document.name == "C05797165.txt"
    assert capsys.readouterr().out.splitlines() == [
        f"{document.pk} received",
        f"{claims[1].pk} 0.75 {said}",
        f"{claims[0].pk} 0.25 {said}",
        "accepted",
        "400 invalid {'grade': ['\"9\" is not a valid choice.']}",
    ]
    assert CredibilityAssessment.objects.get().claim_id == claims[0].pk


def test_it_reads_lists_to_the_end_repeats_nothing_and_overwrites_nothing(client: Any, live_server: Any):
    user = UserFactory(groups=["analyst"])
    collection = CollectionFactory(members=[user])
    claims = [ClaimFactory(layer=TextLayerFactory(document__collection=collection)) for _ in range(5)]
    _, secret = create_key(user, name="test", scopes=["read", "review"])
    lost: list[str] = []

    def send(request: Any, timeout: float) -> Any:
        """The answer to the first POST never arrives."""
        answer = client._send(request, timeout)
        if request.method == "POST" and not lost:
            lost.append(request.headers["Idempotency-key"])
            raise URLError("the line broke")
        return answer

    hearsay = client.Hearsay(f"{live_server.url}/api/v1/", secret, send=send)
    grade = {"grade": "3", "basis": "plausible"}

    listed = [row["id"] for row in hearsay.rows("claims", page_size=2, order="added")]
    made = hearsay.post(f"claims/{claims[0].pk}/assess", grade)
    seen = hearsay.get(f"claims/{claims[1].pk}")
    edit(claims[1], by=user, hedge="may")
    with pytest.raises(client.Stale) as stale:
        hearsay.edit(f"claims/{claims[1].pk}/reject", {"reason": "no claim"}, tag=seen.tag)
    done = hearsay.edit(f"claims/{claims[1].pk}/reject", {"reason": "no claim"}, tag=stale.value.current.tag)
    with pytest.raises(client.Refused) as unknown:
        list(hearsay.rows("claims", colour="red"))

    assert listed == [claim.pk for claim in claims]
    assert [row.pk for row in CredibilityAssessment.objects.all()] == [made["id"]]
    assert (stale.value.code, stale.value.current["hedge"]) == ("precondition_failed", "may")
    assert (done["claim"]["state"], done.tag) == (ClaimState.REJECTED, '"v3"')
    assert Claim.objects.get(pk=claims[1].pk).state == ClaimState.REJECTED
    assert (unknown.value.status, unknown.value.code) == (400, "unknown_parameter")
    assert list(unknown.value.fields) == ["colour"]


def test_it_waits_as_long_as_it_is_told_and_sends_the_same_call_again(client: Any, waits: list[float]):
    line = Line(
        refused(429, Retry_After="7"),
        refused(503, b'{"code": "try_again"}', Retry_After="1"),
        refused(409, b'{"code": "call_underway"}', Retry_After="1"),
        refused(502, b"<html>"),
        URLError("gone"),
        Answer(b'{"id": 3}'),
    )

    made = client.Hearsay(ADDRESS, "hs_x", send=line).post("notes", {"text": "Look."})

    assert made == {"id": 3}
    assert waits == [7, 1, 1, 8, 16]
    assert {request.full_url for request in line.sent} == {f"{ADDRESS}/notes/"}
    assert len({request.headers["Idempotency-key"] for request in line.sent}) == 1


@pytest.mark.parametrize("answer", [URLError("gone"), refused(502), refused(500), refused(409, b'{"code": "settled"}')])
def test_what_may_have_been_done_or_is_refused_is_not_sent_again(client: Any, waits: list[float], answer: Exception):
    line = Line(answer, Answer(b"{}"))

    with pytest.raises((client.Refused, URLError)):
        client.Hearsay(ADDRESS, "hs_x", send=line).edit("sources/5", {}, tag='"a"', method="PATCH")

    assert (len(line.sent), waits) == (1, [])
    assert line.sent[0].headers["If-match"] == '"a"'


def test_its_patience_ends(client: Any, waits: list[float]):
    line = Line(refused(429, Retry_After="61"), Answer(b"{}"))

    with pytest.raises(client.Refused):
        client.Hearsay(ADDRESS, "hs_x", send=line, patience=60).get("claims")

    assert (len(line.sent), waits) == (1, [])


def test_the_key_goes_nowhere_else(client: Any):
    following = b"https://elsewhere.example.org/?order=score&cursor=c2M-WzA"
    page = b'{"results": [{"id": 1}], "next": "%b", "previous": null}' % following
    line = Line(Answer(page), Answer(b'{"results": [], "next": null, "previous": null}'))
    hearsay = client.Hearsay(ADDRESS, "hs_secret", send=line)

    rows = list(hearsay.rows("claims", order="score"))

    assert rows == [{"id": 1}]
    assert line.sent[1].full_url == f"{ADDRESS}/claims/?order=score&cursor=c2M-WzA"
    assert client._NoRedirects().redirect_request(None, None, 302, "", {}, "https://elsewhere.example.org/") is None
    assert "hs_secret" not in repr(hearsay)
    with pytest.raises(ValueError, match="https://"):
        client.Hearsay("file:///etc/passwd", "hs_x")
