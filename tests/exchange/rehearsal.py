"""A job to test with: as long as it is told to be, with a result or without, or failing."""

from __future__ import annotations

import time

from accounts.models import Scope
from claims.errors import TextMissing
from exchange.errors import JobFailed
from exchange.jobs import Kind, Report
from exchange.models import Job


def run(job: Job, report: Report) -> None:
    """parameters: steps, seconds (of each), write (what each adds to the result), raise (which error)."""
    wanted = job.parameters
    steps = wanted.get("steps", 1)
    if "write" in wanted:
        report.result(name="rehearsal.txt", media_type="text/plain", collections=wanted.get("collections", []))
    for step in range(steps):
        report.progress(step, steps, f"Step {step + 1}")
        report.write(wanted.get("write", "").encode())
        time.sleep(wanted.get("seconds", 0))
    _raise(wanted.get("raise", ""))
    report.progress(steps, steps, "All steps")


def _raise(name: str) -> None:
    match name:
        case "understood":
            raise JobFailed("Row 3 has no source. Give it one.", code="bad_row")
        case "refused":
            raise TextMissing("a proposition")
        case "unforeseen":
            raise ZeroDivisionError


REHEARSAL = Kind("Rehearsal", run, "exchange.view_job", Scope.READ)
