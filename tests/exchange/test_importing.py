"""A file to import: looked at on a page, taken in by a job, from the page, the API and the command."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Scope
from accounts.services import create_key
from claims.models import Claim
from documents.models import Collection
from exchange.errors import JobFailed
from exchange.importing import run
from exchange.jobs import Report
from exchange.models import ImportFile, Job, JobState
from exchange.services import imports, running
from tests.factories import CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db

ROWS = b"external_id,source,content_quote,state\nc1,The aide,the talks have failed,accepted\nc2,,,\n"


@pytest.fixture
def analyst() -> Any:
    return UserFactory(username="ann")


@pytest.fixture
def collection(analyst: Any) -> Any:
    return CollectionFactory(name="Inbox", members=[analyst])


def worked_off(job: Job) -> Job:
    """As the worker does it."""
    holder = running.take(job.pk)
    assert holder is not None
    report = Report(job.pk, holder)
    run(Job.objects.get(pk=job.pk), report)
    running.finish(report)
    return Job.objects.get(pk=job.pk)


def test_a_file_is_looked_at_taken_in_and_reported(client, analyst, collection):
    client.force_login(analyst)
    sent = {"file": SimpleUploadedFile("claims.csv", ROWS), "kind": "claims", "collection": str(collection.pk)}

    looked_at = client.post(reverse("import:upload"), sent, follow=True)
    assert not Claim.objects.exists()
    page = looked_at.content.decode()
    assert "content_quote is empty" in page
    assert "Import 1 row<" in page

    file = ImportFile.objects.get()
    started = client.post(reverse("import:run", args=[file.pk]))
    job = Job.objects.get()
    waiting = client.get(started.url).content.decode()
    assert 'hx-trigger="load delay:1s"' in waiting

    assert worked_off(job).state == JobState.DONE
    done = client.get(started.url).content.decode()
    assert "content_quote is empty" in done
    assert "hx-trigger" not in done
    assert Claim.objects.get().content_quote == "the talks have failed"
    assert not ImportFile.objects.exists()
    assert "claims.csv" in client.get(reverse("import:start")).content.decode()


def test_a_file_that_cannot_be_read_says_so_on_its_page(client, analyst, collection):
    client.force_login(analyst)
    sent = {"file": SimpleUploadedFile("claims.csv", b"\xff\xfe"), "kind": "claims", "collection": collection.pk}

    page = client.post(reverse("import:upload"), sent, follow=True).content.decode()

    assert "The file is not UTF-8" in page
    assert "Import 1 row" not in page


def test_a_large_file_is_tried_out_by_nobody_who_waits(client, analyst, collection, monkeypatch):
    monkeypatch.setattr(imports, "DRY_RUN_BYTES", 10)
    file = imports.keep(ROWS, name="claims.csv", kind="claims", collection=collection, by=analyst)
    client.force_login(analyst)

    page = client.get(reverse("import:file", args=[file.pk])).content.decode()

    assert "too large to be tried out" in page


def test_pages_are_closed_to_readers_and_to_other_peoples_files(client, analyst, collection):
    file = imports.keep(ROWS, name="claims.csv", kind="claims", collection=collection, by=analyst)
    other = UserFactory()
    client.force_login(other)
    assert client.get(reverse("import:file", args=[file.pk])).status_code == 404
    assert client.post(reverse("import:run", args=[file.pk])).status_code == 404
    sent = {"file": SimpleUploadedFile("a.csv", ROWS), "kind": "claims", "collection": collection.pk}
    assert client.post(reverse("import:upload"), sent).status_code == 404

    client.force_login(UserFactory(groups=["viewer"]))
    assert client.get(reverse("import:start")).status_code == 403
    machine = UserFactory(groups=["integration"])
    collection.members.add(machine)
    client.force_login(machine)
    sent["file"].seek(0)
    assert client.post(reverse("import:upload"), sent | {"kind": "verdicts"}).status_code == 403
    assert client.post(reverse("import:upload"), sent | {"kind": "spells"}).status_code == 404


def test_over_the_api_a_job_takes_the_file_in(analyst, collection):
    api = APIClient()
    api.force_authenticate(analyst)
    sent = {"file": SimpleUploadedFile("claims.csv", ROWS), "kind": "claims", "collection": collection.pk}

    tried = api.post("/api/v1/imports/", {**sent, "dry_run": True}, format="multipart")
    job = worked_off(Job.objects.get(pk=tried.json()["id"]))
    assert (tried.status_code, Claim.objects.count()) == (202, 0)
    report = json.loads(b"".join(job.result_pieces()))
    assert report["counts"] == {"added": 1, "known": 0, "differs": 0, "refused": 1}
    assert [row["line"] for row in report["rows"]] == [3]

    sent["file"].seek(0)
    done = api.post("/api/v1/imports/", sent, format="multipart")
    worked_off(Job.objects.get(pk=done.json()["id"]))
    assert Claim.objects.count() == 1


def test_a_key_that_may_only_propose_decides_nothing(analyst, collection):
    _, token = create_key(analyst, name="feed", scopes=[Scope.PROPOSE, Scope.READ])
    api = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
    sent = {"file": SimpleUploadedFile("claims.csv", ROWS), "kind": "claims", "collection": collection.pk}

    started = api.post("/api/v1/imports/", sent, format="multipart")
    job = worked_off(Job.objects.get(pk=started.json()["id"]))

    report = json.loads(b"".join(job.result_pieces()))
    assert "may not decide on claims" in report["rows"][0]["detail"]
    sent["file"].seek(0)
    refused = api.post("/api/v1/imports/", sent | {"kind": "verdicts"}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


def test_the_job_runs_with_what_its_maker_may_by_then(analyst, collection):
    file = imports.keep(ROWS, name="claims.csv", kind="claims", collection=collection, by=analyst)
    job = imports.start_import(file, by=analyst)
    collection.members.remove(analyst)

    with pytest.raises(JobFailed, match="not yours to see"):
        worked_off(job)
    assert not Claim.objects.exists()


def test_files_that_nobody_took_in_are_forgotten(analyst, collection):
    old = imports.keep(ROWS, name="a.csv", kind="claims", collection=collection, by=analyst)
    ImportFile.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))

    new = imports.keep(ROWS, name="b.csv", kind="claims", collection=collection, by=analyst)

    assert list(ImportFile.objects.all()) == [new]


def test_the_command_reports_each_row_and_fails_where_one_was_refused(analyst, collection, tmp_path, capsys):
    file = tmp_path / "claims.csv"
    file.write_bytes(ROWS)

    with pytest.raises(CommandError, match="1 rows were refused"):
        call_command("import_rows", "claims", str(file), "--collection", "Inbox", "--by", "ann")

    assert "line 3: refused: it says nothing" in capsys.readouterr().out
    assert Claim.objects.count() == 1
    with pytest.raises(CommandError, match="There is no user"):
        call_command("import_rows", "claims", str(file), "--collection", "Inbox", "--by", "nobody")
    with pytest.raises(CommandError, match="not JSON"):
        call_command("import_rows", "claimreview", str(file), "--collection", "Inbox", "--by", "ann")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"caf\xe9", "The file is not UTF-8"),
        ("uid".encode("utf-16"), "The file is not UTF-8"),
        (b"PK\x03\x04\x00", "has no rows"),
        (b"a,a\n1,2\n", "names the columns, each once"),
        (b'uid\n"open', "is no CSV"),
    ],
)
def test_of_a_file_that_cannot_be_read_not_even_a_collection_is_made(analyst, tmp_path, content, said):
    file = tmp_path / "claims.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=said):
        call_command("import_rows", "claims", str(file), "--collection", "New", "--by", "ann")
    assert not Collection.objects.filter(name="New").exists()


def test_a_dry_run_makes_no_collection(analyst, tmp_path):
    file = tmp_path / "claims.csv"
    file.write_bytes(ROWS)

    with pytest.raises(CommandError, match="1 rows were refused"):
        call_command("import_rows", "claims", str(file), "--collection", "New", "--by", "ann", "--dry-run")
    assert not Collection.objects.filter(name="New").exists()
