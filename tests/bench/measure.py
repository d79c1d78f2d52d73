"""`make bench`: how long records, source pages and lists take with a million claims, beside what the database takes."""

# ruff: noqa: T201 -- a command
from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from typing import Any

from tests.bench.database import bench_database

ROUNDS = 40
PASSWORD = "correct horse battery"
RECOMPUTE = "recompute"  # the argument with which this module measures itself in a process of its own


def main() -> None:
    if sys.argv[1:] == [RECOMPUTE]:
        with bench_database():
            _recompute_and_tell()
        return
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with bench_database():
        _say_what_there_is()
        _baseline()
        subprocess.run([sys.executable, "-m", "tests.bench.measure", RECOMPUTE], check=True)
        _verdicts()
        _pages()


def _recompute_and_tell() -> None:
    """As on the night after: every record is aged by a day, and so every row is written."""
    from django.utils import timezone

    from claims.services.records import recompute

    recompute(as_of=timezone.localdate() - timedelta(1))
    started, cpu = time.perf_counter(), time.process_time()
    done = recompute()
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert done is not None
    _line(
        "full recompute",
        f"{took:.1f} s, {memory:.0f} MB, {cpu:.1f} s of it Python ({done.written:,} written)",
        "<= 10 s, 1 GB",
    )


def _say_what_there_is() -> None:
    from claims.models import Claim, Proposition, Verdict
    from sources.models import Source, TrackRecord

    rows = (Claim, Source, Proposition, Verdict, TrackRecord)
    print(", ".join(f"{model.objects.count():,} {model._meta.verbose_name_plural}" for model in rows))


def _baseline() -> None:
    """What PostgreSQL takes to count accepted claims by source: no full recompute can be quicker."""
    from django.db import connection

    count = "SELECT count(*) FROM (SELECT source_id, count(*) FROM claims_claim WHERE state = 'accepted' GROUP BY 1) x"
    with connection.cursor() as cursor:
        _line("baseline: claims counted by source", _times(lambda: cursor.execute(count), rounds=3))


def _verdicts() -> None:
    """From the call to the figure that a page of the next request reads."""
    from django.utils import timezone

    from accounts.models import User
    from claims.models import Claim, Proposition
    from claims.records import record_of
    from claims.services import settle, withdraw_verdict
    from sources.models import Source

    by = User.objects.get(username="bench-reviewer")
    unsettled = Proposition.objects.unsettled().filter(claims__state="accepted", pk__gt=200_000)
    chosen = list(unsettled.order_by("pk").distinct()[: ROUNDS * 50 : 50])
    random.Random(4).shuffle(chosen)
    verdicts: list[Any] = []

    def settle_and_look() -> None:
        proposition = chosen.pop()
        fields = {"outcome": "true", "decided_on": timezone.localdate(), "evidence": "measured", "by": by}
        verdicts.append(settle(proposition, **fields))
        claim = Claim.objects.accepted().filter(proposition=proposition).first()
        assert claim is not None
        record_of(Source.objects.get(pk=claim.source_id))

    _line("one verdict -> the source's record", _times(settle_and_look, rounds=min(ROUNDS, len(chosen))), "<= 1000 ms")
    for verdict in verdicts:
        withdraw_verdict(verdict, by=by, reason="measured")


def _pages() -> None:
    from django.test import Client

    from sources.models import TrackRecord

    client = Client()
    assert client.login(username="bench-reviewer", password=PASSWORD)
    active = TrackRecord.objects.overall().filter(claims__gt=0)
    sources = list(active.order_by("?").values_list("source_id", flat=True)[:ROUNDS])
    busiest = list(active.most_active_first().values_list("source_id", flat=True)[:5])
    for name, address, ids in (
        ("API: a source's record", "/api/v1/sources/{}/track-record/", sources),
        ("API: the record over time", "/api/v1/sources/{}/track-record/series/", sources),
        ("API: the same, busiest sources", "/api/v1/sources/{}/track-record/series/", busiest),
        ("page: a source", "/sources/{}/", sources),
        ("page: the busiest sources", "/sources/{}/", busiest),
        ("page: sources, first", "/sources/", [0] * 5),
        ("page: sources by divergence", "/sources/?sort=divergence", [0] * 5),
        ("API: sources, first", "/api/v1/sources/", [0] * 5),
        ("API: sources, far down", "/api/v1/sources/?cursor=PDEwMDAw", [0] * 5),
        ("API: verdicts, first", "/api/v1/verdicts/", [0] * 5),
    ):
        _line(name, _asked(client, [address.format(each) for each in ids]), "p95 <= 200 ms")


def _asked(client: Any, addresses: list[str]) -> str:
    """How long the server takes for each, the first of them asked once before; and how many queries it takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(addresses[0])
    waiting, counts = list(addresses), set()

    def get() -> None:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(waiting.pop())
        counts.add(len(queries))
        assert answer.status_code == 200, (answer.status_code, answer.request["PATH_INFO"])

    taken = _times(get, rounds=len(addresses))
    return f"{taken}, {min(counts)} queries" if len(counts) == 1 else f"{taken}, {min(counts)}-{max(counts)} queries"


def _times(step: Callable[[], object], *, rounds: int) -> str:
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        step()
        taken.append(1000 * (time.perf_counter() - started))
    taken.sort()
    return f"median {median(taken):.0f} ms, p95 {taken[min(len(taken) - 1, int(0.95 * len(taken)))]:.0f} ms"


def _line(what: str, found: str, wanted: str = "") -> None:
    print(f"{what:36} {found}{f'  (wanted: {wanted})' if wanted else ''}", flush=True)


if __name__ == "__main__":
    main()
