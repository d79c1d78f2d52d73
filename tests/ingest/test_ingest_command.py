import pytest
from django.core.management import CommandError, call_command

from documents.models import Collection, Document
from documents.services import mark_failed
from ingest import tasks
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_message(monkeypatch):
    monkeypatch.setattr(tasks, "ring", lambda document_id: None)


def test_a_folder_is_walked_and_the_collection_made(tmp_path, capsys):
    (tmp_path / "deep").mkdir()
    (tmp_path / "one.txt").write_text("one")
    (tmp_path / "deep" / "two.txt").write_text("two")
    (tmp_path / "README.md").write_text("about these files")
    ana = UserFactory()

    call_command("ingest", str(tmp_path), "--collection", "Algeria", "--member", ana.username)

    assert sorted(Document.objects.values_list("name", flat=True)) == ["one.txt", "two.txt"]
    assert list(Collection.objects.visible_to(ana).values_list("name", flat=True)) == ["Algeria"]
    assert "one.txt" in capsys.readouterr().out


def test_the_same_folder_again_adds_nothing_and_says_so(tmp_path, capsys):
    (tmp_path / "one.txt").write_text("one")
    call_command("ingest", str(tmp_path))

    call_command("ingest", str(tmp_path))

    assert Document.objects.count() == 1
    assert "known already" in " ".join(capsys.readouterr().out.split())


def test_a_missing_path_is_named():
    with pytest.raises(CommandError, match=r"no file or folder '/nowhere/memo\.txt'"):
        call_command("ingest", "/nowhere/memo.txt")


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match="no file in"):
        call_command("ingest", str(tmp_path))


def test_an_unknown_member_is_named_and_nothing_is_brought_in(tmp_path):
    (tmp_path / "one.txt").write_text("one")

    with pytest.raises(CommandError, match="no user 'nobody'"):
        call_command("ingest", str(tmp_path), "--member", "nobody")

    assert not Document.objects.exists()


def test_a_file_above_the_limit_is_reported_and_the_others_come_in(tmp_path, capsys, settings):
    settings.MAX_UPLOAD_BYTES = 10
    (tmp_path / "big.txt").write_text("x" * 50)
    (tmp_path / "small.txt").write_text("small")

    with pytest.raises(CommandError, match="1 of 2 files"):
        call_command("ingest", str(tmp_path))

    assert Document.objects.get().name == "small.txt"
    assert "Split it" in " ".join(capsys.readouterr().out.split())


def test_waiting_without_a_worker_ends_with_advice(tmp_path):
    (tmp_path / "one.txt").write_text("one")

    with pytest.raises(CommandError, match="Is a worker running"):
        call_command("ingest", str(tmp_path), "--wait", "--timeout", "0.1")


def test_waiting_reports_why_a_document_failed(tmp_path, monkeypatch, capsys, django_capture_on_commit_callbacks):
    (tmp_path / "one.txt").write_text("one")
    call_command("ingest", str(tmp_path))
    mark_failed(Document.objects.get(), code="unreadable", reason="This is a picture.")

    with pytest.raises(CommandError, match="1 of 1 files"):
        call_command("ingest", str(tmp_path), "--wait")

    assert "This is a picture." in capsys.readouterr().out
