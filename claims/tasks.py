"""Background work on claims. Every task may run twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.db import OperationalError

from claims.models import Claim
from claims.services import calibrate
from claims.services.awaited import TASK as COMPARE
from claims.services.comparing import awaited, propose_links
from claims.services.origins import find_common_origins as search_common_origins
from claims.services.records import recompute
from extraction.pipeline import engine_version
from grading.calibration import TooFewDecisions

logger = logging.getLogger(__name__)


@shared_task(name="claims.recalibrate")
def recalibrate() -> None:
    """Fit the engine's score to the decisions made so far; with too few of them it stays as it is."""
    engine, version = engine_version()
    try:
        calibration = calibrate.recalibrate(engine=engine, engine_version=version)
    except TooFewDecisions as error:
        logger.info("the score was not recalibrated: %s decisions", error.decisions)
    else:
        logger.info("score calibration %s is in use, fitted to %s decisions", calibration.pk, calibration.decisions)


@shared_task(name="claims.recompute_records")
def recompute_records() -> int:
    """Learn the prior and compute all track records as of today. Returns how many records were written."""
    done = recompute()
    if done is None:
        logger.info("the records are being recomputed already")
        return 0
    logger.info("records of %s sources as of %s: %s written", done.sources, done.as_of, done.written)
    return done.written


@shared_task(name="claims.find_common_origins")
def find_common_origins() -> int:
    """Look for sources that may copy each other, by the verdicts there are. Returns how many pairs are suspected."""
    found = search_common_origins()
    logger.info("common origins: %s pairs suspected, %s new, %s gone", found.suspected, found.new, found.gone)
    return found.suspected


@shared_task(name=COMPARE)
def compare(claims: list[int] | None = None) -> int:
    """Propose links for these accepted claims, or for all that still wait to be compared. Returns how many are new.

    One that fails keeps its place in the queue and does not keep the others from theirs.
    """
    new = 0
    waiting = Claim.objects.filter(pk__in=awaited() if claims is None else claims, awaited_comparison__isnull=False)
    for claim in waiting.select_related("source", "document_source", "layer", "proposition").order_by("pk"):
        try:
            new += propose_links(claim)
        except OperationalError:
            raise
        except Exception:
            logger.exception("claim %s could not be compared; the sweep will try again", claim.pk)
    return new
