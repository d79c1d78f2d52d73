"""How long an analyst waits from a key press to the next claim on the screen: 100 decisions in a real browser.

`python -m tests.bench.deciding` is a part of `make bench`. It makes a database of its own with a collection of 1,000
documents, each a sample document with the claims that the engine finds in it, and beside it one of 500 kB with 2,000
claims. Nobody thinks: the next key comes as soon as a claim is on the screen. `--think 300` waits before each, which
gives the page fetched ahead the time that it has with people.
"""

# ruff: noqa: T201 -- a command
from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import django
from django.core.management import call_command

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from claims.models import Claim
    from documents.models import Collection, Document, TextLayer

DOCUMENTS, DECISIONS = 1_000, 100
LONG_CHARACTERS, LONG_CLAIMS = 500_000, 2_000
SAMPLES = Path(__file__).resolve().parents[2] / "samples"
TEXTS = ("C05797165.txt", "C05779774.txt", "C05780221.txt")
PASSWORD = "correct horse battery"
PRESS = """
key => {
  const old = document.getElementById("workbench");
  const place = old.parentNode;
  let pressed = 0;
  const took = {};
  addEventListener("keydown", event => { pressed = event.timeStamp; }, { once: true, capture: true });
  const until = condition => new Promise(resolve => {
    const look = () => {
      const now = document.getElementById("workbench");
      if (now === old || !condition(now)) return;
      watching.disconnect();
      resolve();
    };
    const watching = new MutationObserver(look);
    watching.observe(place, { childList: true, subtree: true, attributes: true,
                              attributeFilter: ["data-prepared", "aria-busy"] });
  });
  const painted = () => new Promise(resolve => { requestAnimationFrame(() => { // the next task comes after the frame
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(null);
  }); });
  const shown = until(now => now.dataset.prepared).then(painted).then(() => performance.now() - pressed);
  const stored = until(now => now.dataset.prepared && !now.ariaBusy).then(() => performance.now() - pressed);
  return Promise.all([shown, stored]);
}
"""
EMPTY = """
async () => {
  const started = performance.now();
  await (await fetch("/healthz", { cache: "no-store" })).text();
  return performance.now() - started;
}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=DOCUMENTS, metavar="N")
    parser.add_argument("--think", type=int, default=0, metavar="MS", help="Milliseconds before each key.")
    parser.add_argument("--text", type=Path, metavar="FILE", help="Time the page of this document, too.")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _as_in_production(Path(folder))
        _with_a_database(documents=chosen.documents, text=chosen.text, think=chosen.think)


def _as_in_production(folder: Path) -> None:
    """The settings that `make run` uses, with style sheets and scripts collected in a folder of our own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.update(
        SECRET_KEY=secrets.token_urlsafe(50),
        HEARSAY_HTTPS="false",
        HEARSAY_STATIC_ROOT=str(folder / "static"),
        LOG_LEVEL="ERROR",
        DJANGO_ALLOW_ASYNC_UNSAFE="true",  # Playwright runs an event loop in this thread
    )
    django.setup()
    call_command("collectstatic", verbosity=0, interactive=False)


def _with_a_database(*, documents: int, text: Path | None, think: int) -> None:
    from tests.databases import TestDatabase, server_for_tests

    with server_for_tests() as server:
        database = TestDatabase(server, worker="bench")
        database.create()
        try:
            _measure(database.url, documents=documents, text=text, think=think)
        finally:
            database.drop()


def _measure(url: str, *, documents: int, text: Path | None, think: int) -> None:
    from claims.models import Claim

    collection, long = _archive(documents)
    print(f"{documents:,} documents, {Claim.objects.filter(collection=collection).count():,} claims", flush=True)
    extra = [_ingested(text.name, text.read_bytes(), collection)] if text else []
    for document in [long, *extra]:
        _page_at_the_server(document)
    with _server(url) as address, _browser(address) as page:
        empty = [page.evaluate(EMPTY) for _ in range(DECISIONS)]
        _tell("an empty round trip", empty)
        page.goto(f"/review/next/?filters=1&collection={collection.pk}")  # in the order that is usual
        shown, stored = _decide(page, DECISIONS, think)
        _tell("key to next claim, 100 decisions", shown, "p95 <= 150 ms")
        _tell("key to the server's answer", stored)
        page.goto(f"/review/next/?document={long.pk}")
        shown, stored = _decide(page, 20, think)
        _tell(f"the same, {LONG_CHARACTERS // 1000} kB, {LONG_CLAIMS:,} claims", shown)
        _tell("key to the server's answer", stored)


def _decide(page: Page, times: int, think: int) -> tuple[list[float], list[float]]:
    """Three are accepted, the fourth is rejected for a reason, and so on. Milliseconds each.

    Until the next claim is on the screen, and until the server has said that the decision is stored: no key counts
    before that.
    """
    shown, stored = [], []
    for number in range(times):
        page.locator("#workbench[data-prepared]:not([aria-busy])").wait_for()
        if number % 4 == 3:
            page.keyboard.press("r")
            page.locator("dialog#reject[open]").wait_for()
        page.wait_for_timeout(think)
        page.evaluate("key => { window.painted = (" + PRESS + ")(key); }", "")
        page.keyboard.press("1" if number % 4 == 3 else "a")
        for each, milliseconds in zip((shown, stored), page.evaluate("() => window.painted"), strict=True):
            each.append(milliseconds)
    return shown, stored


def _archive(documents: int) -> tuple[Collection, Document]:
    from django.db import transaction

    from tests.factories import CollectionFactory, UserFactory

    ana = UserFactory(username="ana")
    collection = CollectionFactory(name="Archive", members=[ana])
    originals = [_ingested(name, (SAMPLES / name).read_bytes(), collection) for name in TEXTS]
    layers = [document.layers.newest_first()[0] for document in originals]
    with transaction.atomic():
        for number in range(documents - len(originals)):
            _copy(layers[number % len(layers)], number, collection)
        long = _long_document(layers[0], CollectionFactory(name="One long document", members=[ana]))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return collection, long


def _ingested(name: str, data: bytes, collection: Collection) -> Document:
    from documents import leases
    from documents.services import store_document
    from ingest.processing import process

    document, _ = store_document(data, name=name, collection=collection)
    holder = leases.take(document.pk)
    assert holder is not None
    process(document.pk, holder)
    document.refresh_from_db()
    return document


def _copy(layer: TextLayer, number: int, collection: Collection) -> None:
    """A document like one that was read, under another name, with the same claims."""
    from claims.services import store_extraction

    document, copied = _stored(f"{number:04} {layer.document.name}", layer.text, layer.furniture, collection)
    store_extraction(copied, _found_in(layer), engine="engine", engine_version="1")
    del document


def _stored(name: str, text: str, furniture: Any, collection: Collection) -> tuple[Document, TextLayer]:
    from documents.services import mark_extracted, store_document, store_text

    data = f"{name}\n{text}".encode()
    document, _ = store_document(data, name=name, collection=collection, to_be_read=False)
    layer = store_text(document, text=text, reader="text", reader_version="1", facts={}, furniture=furniture)
    mark_extracted(document)
    return document, layer


_found: dict[int, Any] = {}


def _found_in(layer: TextLayer) -> Any:
    import extraction

    if layer.pk not in _found:
        _found[layer.pk] = extraction.extract(layer.text, on=layer.document.document_date)
    return _found[layer.pk]


def _long_document(layer: TextLayer, collection: Collection) -> Document:
    """The text of a document again and again, with a claim wherever the engine found one."""
    from claims.models import Claim, DocumentSource, ExtractionRun

    times = LONG_CHARACTERS // len(layer.text) + 1
    text = (layer.text * times)[:LONG_CHARACTERS]
    furniture = [
        [start + turn * len(layer.text), end + turn * len(layer.text), kind]
        for turn in range(times)
        for start, end, kind in layer.furniture
        if end + turn * len(layer.text) <= len(text)
    ]
    document, long = _stored("long.txt", text, furniture, collection)
    run = ExtractionRun.objects.create(layer=long, engine="engine", engine_version="1", found=LONG_CLAIMS)
    found = list(layer.claims.in_reading_order())
    speakers = DocumentSource.objects.bulk_create(
        DocumentSource(run=run, label=f"S{number}", canonical=f"source {number}", kind="unnamed_person", anonymous=True)
        for number in range(100)
    )
    claims: list[Claim] = []
    for turn in range(times):
        claims += [
            moved
            for claim in found
            if (moved := _moved(claim, turn * len(layer.text), run, speakers[len(claims) % 100])) is not None
            and max(end for _, end in moved.content_fragments) <= len(text)
        ]
    every = max(1, len(claims) // LONG_CLAIMS)
    Claim.objects.bulk_create(claims[::every][:LONG_CLAIMS])
    return document


def _moved(claim: Claim, by: int, run: Any, speaker: Any) -> Claim:
    from claims.models import Claim

    places = {
        f"{role}_fragments": [[start + by, end + by] for start, end in getattr(claim, f"{role}_fragments")]
        for role in ("source", "cue", "content", "circumstance")
    }
    quotes = {f"{role}_quote": getattr(claim, f"{role}_quote") for role in ("source", "cue", "content", "circumstance")}
    return Claim(
        layer=run.layer,
        collection=claim.collection,
        run=run,
        fingerprint=f"{by}-{claim.pk}",
        start=claim.start + by,
        type=claim.type,
        score=claim.score,
        document_source=speaker,
        **places,
        **quotes,
    )


def _page_at_the_server(document: Document) -> None:
    from django.test import Client

    from accounts.models import User
    from claims.models import Claim

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="ana"), "accounts.backends.RolesBackend")
    claims = Claim.objects.of_document(document).in_reading_order()
    taken = []
    for claim in [claims[0], *claims[: 20 * 3 : 3]]:
        started = time.perf_counter()
        answer = client.get(f"/review/claims/{claim.pk}/")
        taken.append(1000 * (time.perf_counter() - started))
        assert answer.status_code == 200
    size = f"{len(answer.content) // 1000} kB of page"
    _tell(f"page at the server: {document.name}, {claims.count():,} claims, {size}", taken[1:], "p95 <= 400 ms")


@contextlib.contextmanager
def _server(url: str) -> Iterator[str]:
    """The web server as `make run` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--preload"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "error"]
    process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            if process.poll() is not None:
                sys.exit("The web server does not start.")
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/healthz"):  # noqa: S310 -- our own
                break
            time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _browser(address: str) -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    from config import chromium

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find_chromium(), args=list(chromium.FLAGS))
        page = running.new_context(base_url=address, viewport={"width": 1280, "height": 800}).new_page()
        page.goto("/login/?next=/review/next/")
        page.get_by_label("User name").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/review/claims/**")
        page.on("console", lambda message: print(message.type, message.text))
        page.on("pageerror", lambda error: print("error", error))
        page.reload()
        yield page
        running.close()


def _tell(what: str, taken: list[float], wanted: str = "") -> None:
    taken = sorted(taken)
    p95 = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    wish = f"  (wanted: {wanted})" if wanted else ""
    print(
        f"{what:42} p50 {median(taken):.0f} ms, p95 {p95:.0f} ms, longest {taken[-1]:.0f} ms{wish}"
        f"  load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
