"""The job that computes all track records anew."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Scope
from claims.services.records import recompute
from exchange.errors import JobFailed
from exchange.jobs import Kind, Report
from exchange.models import Job


def run(_job: Job, report: Report) -> None:
    """Learn the prior and compute every stored record as of today."""
    report.progress(0, None, "The records of all sources are computed.")
    done = recompute()
    if done is None:
        raise JobFailed("The records are being recomputed already. Look again in a minute.", code="recompute_running")
    report.progress(done.sources, done.sources, f"Records of {done.sources} sources, {done.written} of them changed.")


RECOMPUTE = Kind(_("Recompute all records"), run, "exchange.recompute", Scope.ADMIN)
