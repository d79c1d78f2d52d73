"""`make bench`: how long records, source pages and lists take with a million claims, beside what the database takes.

Every line ends with the load of the machine: on one that others work on as well, compare the times of processors.
"""

# ruff: noqa: T201 -- a command
from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.core.management import call_command

from tests.bench.database import MILLION, bench_database
from tests.bench.lists import lists
from tests.bench.search import searches

ROUNDS = 40
LISTS = "lists"
RECOMPUTE = "recompute"  # measured in a process of its own, for its memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=MILLION, metavar="N", help="Which size was built.")
    parser.add_argument("--only", choices=(RECOMPUTE, LISTS), help="One part of it.")
    chosen = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with bench_database(claims=chosen.claims):
        if chosen.only == RECOMPUTE:
            _recompute_and_tell()
            return
        call_command("migrate", verbosity=0)
        _say_what_there_is()
        if chosen.only != LISTS:
            _baseline()
            itself = [sys.executable, "-m", "tests.bench.measure", "--only", RECOMPUTE, "--claims", str(chosen.claims)]
            subprocess.run(itself, check=True)
            _verdicts()
            _pages()
            searches(_times, line)
            size = ["--claims", str(chosen.claims)]
            subprocess.run([sys.executable, "-m", "tests.bench.exports", *size], check=True)
        lists(_client("bench-admin"), _asked, line)


def _recompute_and_tell() -> None:
    """As on the night after: every record is aged by a day, and so every row is written."""
    from django.utils import timezone

    from claims.services.records import recompute

    recompute(as_of=timezone.localdate() - timedelta(1))
    started, python, database = time.perf_counter(), time.process_time(), seconds_of_the_database()
    done = recompute()
    took, python = time.perf_counter() - started, time.process_time() - python
    database = seconds_of_the_database() - database
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert done is not None
    line(
        "full recompute",
        f"{took:.1f} s, {memory:.0f} MB; processor {python:.1f} s Python, {database:.1f} s database "
        f"({done.written:,} written)",
        "<= 10 s, 1 GB",
    )


def seconds_of_the_database() -> float:
    """Processor time that our connection's server process has had; 0 where the server is on another machine.

    What its helpers took for it (`max_parallel_workers_per_gather`) is not in it.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not status.exists():
        return 0.0
    ticks = status.read_text().rsplit(")", 1)[1].split()[11:13]  # utime and stime
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


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
        line("baseline: claims counted by source", _times(lambda: cursor.execute(count), rounds=3))


def _verdicts() -> None:
    """From the call to the figure that a page of the next request reads."""
    from django.utils import timezone

    from accounts.models import User
    from claims.models import Claim, Proposition
    from claims.records import record_of
    from claims.services import settle, withdraw_verdict
    from sources.models import Source

    by = User.objects.get(username="bench-reviewer")
    free = Proposition.objects.unsettled().filter(question__isnull=True, claims__state="accepted", pk__gt=200_000)
    chosen = list(free.order_by("pk").distinct()[: ROUNDS * 50 : 50])
    random.Random(4).shuffle(chosen)
    verdicts: list[Any] = []

    def settle_and_look() -> None:
        proposition = chosen.pop()
        fields = {"outcome": "true", "decided_on": timezone.localdate(), "evidence": "measured", "by": by}
        verdicts.append(settle(proposition, **fields))
        claim = Claim.objects.accepted().filter(proposition=proposition).first()
        assert claim is not None
        record_of(Source.objects.get(pk=claim.source_id))

    try:
        taken = _times(settle_and_look, rounds=min(ROUNDS, len(chosen)))
    finally:
        for verdict in verdicts:
            withdraw_verdict(verdict, by=by, reason="measured")
    line("one verdict -> the source's record", taken, "<= 1000 ms")


def _pages() -> None:
    from sources.models import TrackRecord

    client = _client("bench-reviewer")
    active = TrackRecord.objects.overall().filter(claims__gt=0)
    sources = list(active.order_by("?").values_list("source_id", flat=True)[:ROUNDS])
    busiest = list(active.most_active_first().values_list("source_id", flat=True)[:5])
    busy = list(active.most_active_first().values_list("source_id", flat=True)[200:205])  # a hundred claims each
    once = [0] * 10
    for name, address, ids in (
        ("page: a source", "/sources/{}/", sources),
        ("page: the busiest sources", "/sources/{}/", busiest),
        ("page: what rests on a source", "/sources/{}/impact/", sources),
        ("page: what rests on a busy one", "/sources/{}/impact/", busy),
        ("page: sources", "/sources/", once),
        ("page: sources by divergence", "/sources/?order=divergence", once),
        ("page: sources far down", "/sources/?after=4,50000", once),
        ("page: sources called ...", "/sources/?words=official+north", once),
        ("page: sources with a rare name", "/sources/?words=person+in+lum+near+ka", once),
        ("page: sources graded B", "/sources/?grade=B", once),
        ("page: sources of one collection", "/sources/?collection=3", once),
        ("API: a source's record", "/api/v1/sources/{}/track-record/", sources),
        ("API: the record over time", "/api/v1/sources/{}/track-record/series/", sources),
        ("API: the same, busiest sources", "/api/v1/sources/{}/track-record/series/", busiest),
        ("API: what rests on a source", "/api/v1/sources/{}/impact/", sources),
        ("API: what rests on the busiest", "/api/v1/sources/{}/impact/", busiest),
        ("API: sources", "/api/v1/sources/", once),
        ("API: sources far down", "/api/v1/sources/?cursor=PDEwMDAw", once),
        ("API: sources called ...", "/api/v1/sources/?search=official+north", once),
        ("API: verdicts", "/api/v1/verdicts/", once),
    ):
        line(name, _asked(client, [address.format(each) for each in ids]), "p95 <= 200 ms")


def _client(user: str) -> Any:
    """A browser in which that user is logged in, with all loaded as the web server loads it."""
    from django.test import Client

    import config.wsgi  # noqa: F401
    from accounts.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username=user), "accounts.backends.RolesBackend")
    return client


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
    """How long `step` takes, and how much of that processors were busy with it, here and in the database."""
    taken = []
    busy = time.process_time() + seconds_of_the_database()
    for _ in range(rounds):
        started = time.perf_counter()
        step()
        taken.append(1000 * (time.perf_counter() - started))
    busy = 1000 * (time.process_time() + seconds_of_the_database() - busy) / rounds
    taken.sort()
    p95 = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    return f"median {median(taken):.0f} ms, p95 {p95:.0f} ms, processor {busy:.0f} ms"


def line(what: str, found: str, wanted: str = "") -> None:
    wish = f"  (wanted: {wanted})" if wanted else ""
    print(f"{what:36} {found}{wish}  load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
