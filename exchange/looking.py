"""The job that looks for printed gradings, through the accepted claims of a collection."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, User
from documents.models import Collection
from exchange.errors import JobFailed
from exchange.jobs import Kind, Report
from exchange.models import Job
from exchange.services.jobs import start
from exchange.services.printed import gather

KIND = "printed_gradings"
NEEDED = "claims.assess_claim"


def start_look(collection: Collection, *, by: User) -> Job:
    """Have a worker propose the gradings printed beside the accepted claims of a collection. Raises TooManyJobs."""
    return start(KIND, by=by, parameters={"collection": collection.pk, "name": collection.name})


def run(job: Job, report: Report) -> None:
    """What a killed run has proposed is known to the next one, and not counted again."""
    user = job.maker
    collection = Collection.objects.visible_to(user).filter(pk=job.parameters["collection"]).first()
    if collection is None or not user.has_perm(NEEDED):
        raise JobFailed("The collection is not there any more, or looking through it is not allowed to you any more.")
    looked_at, found = gather(collection, progress=report.progress)
    report.progress(looked_at, looked_at, f"{found} new printed grading{'' if found == 1 else 's'}.")


LOOK = Kind(_("Look for printed gradings"), run, NEEDED, Scope.REVIEW)
