"""The result of a job as the answer to a request."""

from __future__ import annotations

from django.http.response import StreamingHttpResponse
from django.utils.http import content_disposition_header

from exchange.models import Job


def response_with(job: Job) -> StreamingHttpResponse:
    """Streams the result, a piece at a time, to be saved under its name: never shown inside our pages."""
    response = StreamingHttpResponse(job.result_pieces(), content_type=job.result_type)
    response.headers["Content-Length"] = str(job.result_bytes)
    response.headers["Content-Disposition"] = content_disposition_header(True, job.result_name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response
