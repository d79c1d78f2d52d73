"""`python -m tests.bench.api`: what the API's lists take with a million claims, and what counting a call costs.

At the database: the sum of the times of a page's queries, as Django saw them. Processor: of this process alone, that is
of Python, for the whole request from address to bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.core.management import call_command

from tests.bench.database import MILLION, bench_database
from tests.bench.measure import line

ROUNDS = 30
DEPTH = 0.9
"""How far down the deep page is, as a share of all rows."""
CALLS_COUNTED = 300


@dataclass(frozen=True)
class Taken:
    """Medians, milliseconds."""

    whole: float
    database: float
    processor: float
    queries: int

    def __str__(self) -> str:
        return (
            f"{self.whole:.0f} ms, {self.database:.1f} ms at the database, "
            f"{self.processor:.1f} ms Python, {self.queries} queries"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=MILLION, metavar="N", help="Which size was built.")
    chosen = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with bench_database(claims=chosen.claims):
        call_command("migrate", verbosity=0)
        _lists()
        _counting()


def _lists() -> None:
    from accounts.models import User
    from documents.models import Collection

    user = User.objects.get(username="bench-admin")
    admin = _client_of(user)
    limited = _client_of(user, collections=list(Collection.objects.order_by("pk")[:1]))
    first = _asked(admin, "/api/v1/claims/")
    line("API: claims with source and document", str(first), "<= 100 ms, <= 15 ms")
    deep = _asked(admin, f"/api/v1/claims/?cursor={_deep_cursor()}")
    line("API: the same, nine tenths down", f"{deep}; {deep.database / first.database:.2f} x the first", "<= 1.2 x")
    for name, address in (
        ("API: claims, id, state and source", "/api/v1/claims/?fields=id,state,source,document"),
        ("API: claims, source whole", "/api/v1/claims/?expand=source"),
        ("API: claims, all whole", "/api/v1/claims/?expand=source,document,proposition"),
        ("API: accepted claims", "/api/v1/claims/?state=accepted"),
        ("API: documents", "/api/v1/documents/"),
        ("API: propositions", "/api/v1/propositions/"),
        ("API: sources", "/api/v1/sources/"),
    ):
        line(name, str(_asked(admin, address)), "<= 100 ms")
    line("API: claims, limited key", str(_asked(limited, "/api/v1/claims/")), "<= 100 ms, <= 15 ms")
    for client, whose in ((admin, ""), (limited, ", limited key")):
        _in_other_orders(client, whose)


def _in_other_orders(client: Any, whose: str) -> None:
    from claims.models import Claim, Verdict
    from documents.models import Document

    for path, column, rows in (
        ("claims", "score", Claim.objects.all()),
        ("claims", "reported_date", Claim.objects.all()),
        ("documents", "document_date", Document.objects.all()),
        ("verdicts", "decided_on", Verdict.objects.all()),
    ):
        for order in (column, f"-{column}"):
            address = f"/api/v1/{path}/?order={order}"
            name = f"API: {path} by {order}{whose}"
            line(name, str(_asked(client, address)), "<= 100 ms")
            deep = f"{address}&cursor={_deep_cursor_of(order, rows)}"
            line(f"{name}, nine tenths down", str(_asked(client, deep)), "<= 100 ms")


def _client_of(user: Any, **limits: Any) -> Any:
    from rest_framework.test import APIClient

    from accounts.services import create_key

    _, secret = create_key(user, name="bench", scopes=["read"], **limits)
    client = APIClient(SERVER_NAME="localhost")
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def _deep_cursor() -> str:
    from claims.models import Claim

    newest, oldest = (Claim.objects.order_by(order).values_list("pk", flat=True)[0] for order in ("-pk", "pk"))
    position = int(newest - DEPTH * (newest - oldest))
    return urlsafe_b64encode(f"<{position}".encode()).decode().rstrip("=")


def _deep_cursor_of(order: str, rows: Any) -> str:
    """As config/api/pagination.py writes it: order, direction, stretch, value, id."""
    column = order.removeprefix("-")
    known = rows.filter(**{f"{column}__isnull": False})
    value, row = known.order_by(order, "pk").values_list(column, "pk")[int(DEPTH * known.count())]
    position = [0, value if isinstance(value, float) else value.isoformat(), row]
    return urlsafe_b64encode(f"{order}>{json.dumps(position, separators=(',', ':'))}".encode()).decode().rstrip("=")


def _asked(client: Any, address: str) -> Taken:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, (answer.status_code, address)
    count = len(queries)  # now: the next request forgets them
    at_database, whole, busy = [], [], []
    for _ in range(ROUNDS):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        at_database.append(1000 * sum(float(query["time"]) for query in asked.captured_queries))
    for _ in range(ROUNDS):
        started, processor = time.perf_counter(), time.process_time()
        client.get(address)
        whole.append(1000 * (time.perf_counter() - started))
        busy.append(1000 * (time.process_time() - processor))
    return Taken(median(whole), median(at_database), median(busy), count)


def _counting() -> None:
    from accounts.services import count_call

    taken = []
    for _ in range(CALLS_COUNTED):
        started = time.perf_counter()
        count_call("bench", limit=CALLS_COUNTED * 2, window=3600)
        taken.append(1000 * (time.perf_counter() - started))
    line("counting one call of a key", f"median {median(taken):.2f} ms, p95 {sorted(taken)[-15]:.2f} ms", "")


if __name__ == "__main__":
    main()
