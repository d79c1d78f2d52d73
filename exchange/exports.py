"""The job that exports claims, for selections that take longer than a request."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, User
from documents.models import Collection
from exchange.formats.exporting import FORMATS, export, file_name
from exchange.formats.selection import chosen_claims
from exchange.jobs import Kind, Report
from exchange.models import Job
from exchange.services.jobs import start

KIND = "export_claims"


def start_export(user: User, *, form: str, chosen: Mapping[str, str]) -> Job:
    """Have a worker write the file. form: a name in FORMATS, KeyError for another. Raises BadSelection, TooManyJobs."""
    chosen_claims(user, chosen)
    return start(KIND, by=user, parameters={"format": FORMATS[form].name, "chosen": dict(chosen)})


def run(job: Job, report: Report) -> None:
    form, chosen, user = FORMATS[job.parameters["format"]], job.parameters["chosen"], job.maker
    total = chosen_claims(user, chosen).count()
    report.result(name=file_name(form), media_type=form.media_type, collections=Collection.objects.ids_visible_to(user))
    for piece in export(form, user, chosen, progress=lambda done: report.progress(done, total)):
        report.write(piece.encode())


EXPORT = Kind(_("Export claims"), run, "claims.view_claim", Scope.READ)
