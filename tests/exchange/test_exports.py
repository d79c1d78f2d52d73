"""Claims as a file over the API, at once and as a job."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_framework.test import APIClient

from exchange.errors import JobCancelled
from exchange.exports import run
from exchange.formats.exporting import FORMATS
from exchange.jobs import Report
from exchange.models import Job
from exchange.services.running import take
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/claims/export/"


@pytest.fixture
def reader() -> Any:
    return UserFactory(groups=["viewer"])


@pytest.fixture
def api(reader: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(reader)
    return client


@pytest.fixture
def collection(reader: Any) -> Any:
    return CollectionFactory(members=[reader])


def a_claim(collection: Any, **fields: Any) -> Any:
    return ClaimFactory(layer=TextLayerFactory(document__collection=collection), **fields)


def test_the_answer_is_a_file_of_what_the_list_shows_for_the_same_filters(api, collection):
    wanted = a_claim(collection, accepted=True)
    a_claim(collection)
    ClaimFactory(accepted=True)

    answer = api.get(ADDRESS, {"state": "accepted"})

    listed = api.get("/api/v1/claims/", {"state": "accepted"}).json()["results"]
    [line] = b"".join(answer.streaming_content).splitlines()
    assert json.loads(line)["id"] == wanted.pk == listed[0]["id"]
    assert answer.headers["Content-Type"] == "application/jsonl"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="claims-')


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_asked_for_whatever_the_caller_accepts(api, collection, name):
    a_claim(collection, accepted=True)

    answer = api.get(ADDRESS, {"format": name}, headers={"Accept": "text/csv"})

    assert answer.status_code == 200
    assert len(b"".join(answer.streaming_content)) > 100


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("sate=accepted", "unknown_parameter", "sate"),
        ("cursor=PDEy", "unknown_parameter", "cursor"),
        ("state=agreed", "invalid", "state"),
        ("state=", "invalid", "state"),
        ("state=accepted&state=candidate", "invalid", "state"),
        ("format=docx", "invalid", "format"),
    ],
)
def test_parameters_are_taken_as_strictly_as_by_the_list(api, query, code, field):
    answer = api.get(f"{ADDRESS}?{query}")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert field in answer.json()["fields"]


def test_a_job_writes_the_same_file(api, reader, collection):
    a_claim(collection, accepted=True)
    a_claim(collection)

    started = api.post(ADDRESS, {"format": "csv", "filters": {"state": "accepted"}})

    assert (started.status_code, started.json()["kind"]) == (202, "export_claims")
    job = Job.objects.get(pk=started.json()["id"])
    holder = take(job.pk)
    assert holder is not None
    report = Report(job.pk, holder)
    run(job, report)
    report.close()
    job.result_run = holder
    at_once = b"".join(api.get(ADDRESS, {"format": "csv", "state": "accepted"}).streaming_content)
    assert b"".join(job.result_pieces()) == at_once
    assert (report.name.endswith(".csv"), report.collections) == (True, [collection.pk])


def test_a_job_is_refused_for_the_same_reasons(api):
    answer = api.post(ADDRESS, {"filters": {"sate": "accepted"}})

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")
    assert list(answer.json()["fields"]) == ["filters.sate"]
    assert not Job.objects.exists()


def test_a_cancelled_export_ends(reader, collection, monkeypatch):
    monkeypatch.setattr("exchange.formats.exporting.COUNTED_BY", 1)
    for _ in range(3):
        a_claim(collection)
    job = Job.objects.create(kind="export_claims", by=reader, parameters={"format": "jsonl", "chosen": {}})
    holder = take(job.pk)
    assert holder is not None
    report = Report(job.pk, holder)
    Job.objects.filter(pk=job.pk).update(cancel_requested=True)
    report.renew()

    with pytest.raises(JobCancelled):
        run(job, report)
