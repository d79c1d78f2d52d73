"""How long 100,000 claims take in each format, and how much memory: each in a process of its own.

`python -m tests.bench.exports` is a part of `make bench`.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

from tests.bench.database import MILLION, bench_database
from tests.bench.measure import line, seconds_of_the_database

EXPORTED = 100_000
WANTED = {"jsonl": "<= 60 s, 150 MB", "csv": "<= 60 s, 150 MB", "stix": "<= 120 s"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=MILLION, metavar="N", help="Which size was built.")
    parser.add_argument("--format", help="This one, in this process.")
    chosen = parser.parse_args()
    with bench_database(claims=chosen.claims):
        if chosen.format:
            _measure(chosen.format)
            return
        from exchange.formats.exporting import FORMATS

        for name in FORMATS:
            itself = [sys.executable, "-m", "tests.bench.exports", "--claims", str(chosen.claims), "--format", name]
            subprocess.run(itself, check=True)


def _measure(name: str) -> None:
    from django.utils import timezone

    from accounts.models import User
    from exchange.formats.catalogue import Heading
    from exchange.formats.exporting import FORMATS
    from exchange.formats.rows import stream
    from exchange.models import Instance

    form, user = FORMATS[name], User.objects.get(username="bench-admin")
    heading = Heading(Instance.own_namespace(), user.display_name, timezone.now())
    before = _megabytes()
    started, python, database = time.perf_counter(), time.process_time(), seconds_of_the_database()
    records = stream(user, origins=form.origins, context=form.context, by_proposition=form.by_proposition)
    written = sum(len(text.encode()) for text in form.write(islice(records, EXPORTED), heading))
    took, python = time.perf_counter() - started, time.process_time() - python
    database = seconds_of_the_database() - database
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line(
        f"export: {EXPORTED:,} claims as {name}",
        f"{took:.1f} s, {written / 1e6:.0f} MB written; {peak:.0f} MB of memory, {peak - before:.0f} of them for it; "
        f"processor {python:.1f} s Python, {database:.1f} s database",
        WANTED.get(name, ""),
    )


def _megabytes() -> float:
    """What the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
