"""A full dump, loaded into an empty installation and dumped there, is the same dump."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from claims import services
from claims.models import Claim, Proposition, Review, SourceSplit, Verdict
from claims.services.split import undo_split
from documents.models import Dispatch, Document, Fingerprint
from exchange.dump import reading, writing
from exchange.dump.errors import BadDump, NotEmpty
from exchange.dump.inner import SHAPES
from exchange.dump.reading import load
from exchange.dump.tables import TABLES
from exchange.dump.writing import dump
from exchange.formats.rows import stream
from sources.models import Source, SourceMerge, TrackRecord
from tests.exchange.archive import ArchiveMaker
from tests.factories import ClaimFactory, DispatchFactory, UserFactory

pytestmark = pytest.mark.django_db


def an_archive(seed: int = 1, **size: int) -> ArchiveMaker:
    maker = ArchiveMaker(seed)
    maker.make(**size)
    return maker


def dumped() -> list[bytes]:
    return [line.encode() for line in dump()]


def rows_of(lines: list[bytes]) -> list[Any]:
    """Without the heading, which says when and where."""
    return [json.loads(line) for line in lines[1:]]


def empty_everything() -> None:
    """As after `migrate` in another place. TRUNCATE asks no trigger."""
    tables = ", ".join(f'"{table.model._meta.db_table}"' for table in TABLES)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {tables}, exchange_instance, exchange_knownrow RESTART IDENTITY CASCADE")
        for model in (Claim, Source, Proposition, Document, Verdict, Review):  # ids there are other ids
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), 5000)")


@pytest.mark.parametrize("seed", range(4))
def test_a_dump_goes_round_without_loss(seed):
    an_archive(seed)
    before = dumped()
    held = Counter(json.loads(line).get("row") for line in before)

    empty_everything()
    load(before)
    after = dumped()

    assert rows_of(after) == rows_of(before)
    assert json.loads(after[0])["namespace"] != json.loads(before[0])["namespace"]
    assert held["claim"] == 16
    assert min(Claim.objects.values_list("pk", flat=True)) > 5000


def test_the_archives_hold_what_is_hard_to_carry_over():
    held = Counter[str]()
    for seed in range(6):
        an_archive(seed)
    for row in rows_of(dumped()):
        held[row["row"]] += 1
        held["denial"] += row.get("stance") == "denies"
        held["withdrawn"] += row["row"] == "verdict" and row["withdrawn_at"] is not None
        held["merged"] += row.get("merged_into") is not None
        held["undo"] += row.get("undoes") is not None
        held["second layer"] += row["row"] == "layer" and row["version"] == 2
        held["moved"] += row["row"] == "claim" and row["source"] != row["given_source"] is not None
        held["group"] += bool(row.get("members"))

    assert all(held[what] for what in ("denial", "withdrawn", "merged", "undo", "second layer", "moved", "group"))
    expected = {table.kind for table in TABLES} - {"passage", "calibration", "engine_score", "second_review", "notice"}
    assert expected - {"independence", "move"} <= held.keys()


def test_claims_leave_the_new_place_under_the_ids_they_had(django_user_model):
    an_archive()
    before = {record.uid: record.content.quote for record in stream(UserFactory(groups=["admin"]))}
    lines = dumped()

    empty_everything()
    load(lines)

    reader = UserFactory(groups=["admin"])
    assert {record.uid: record.content.quote for record in stream(reader)} == before
    sources = [record.source.uid for record in stream(reader) if record.source]
    told = {row["uid"] for row in rows_of(lines) if row["row"] == "source"}
    assert sources
    assert {str(uid) for uid in sources} <= told


def test_steps_merges_and_splits_can_be_undone_in_the_new_place():
    maker = an_archive(3)
    split = SourceSplit.objects.in_force().first()
    merge = SourceMerge.objects.in_force().first()
    claim = Claim.objects.accepted().filter(layer__document__collection__members=maker.analyst).last()
    assert split is not None
    assert merge is not None
    assert claim is not None
    of_split = {str(pk): source for pk, source in split.claims.items()}
    lines = dumped()

    empty_everything()
    load(lines)

    reviewer = UserFactory(groups=["admin"])
    loaded_split, loaded_merge = SourceSplit.objects.in_force().first(), SourceMerge.objects.in_force().first()
    assert loaded_split is not None
    assert loaded_merge is not None
    assert loaded_split.claims.keys().isdisjoint(of_split)
    undo_split(loaded_split, by=reviewer, reason="one man")
    services.undo_merge(loaded_merge, by=reviewer, reason="two men")
    last = Review.objects.deciding().filter(decision="accept").order_by("-pk").first()
    assert last is not None
    services.undo(last, by=reviewer)
    assert Claim.objects.get(pk=last.claim_id).state == "candidate"


def test_the_same_dump_again_changes_nothing():
    an_archive()
    lines = dumped()
    empty_everything()
    load(lines)
    first = dumped()

    again = load(lines)

    assert (again.rows, again.known) == (Counter(), len(lines) - 2)
    assert dumped()[1:] == first[1:]


def test_a_dump_is_refused_where_there_is_something_else():
    an_archive()
    lines = dumped()
    empty_everything()
    ClaimFactory()

    with pytest.raises(NotEmpty, match="This installation has collections already"):
        load(lines)


def test_people_are_found_by_name_and_newcomers_cannot_log_in():
    maker = an_archive()
    lines = dumped()
    empty_everything()
    known = UserFactory(username=maker.reviewer.username, email="r@example.org")

    load(lines)

    added = type(known).objects.get(username=maker.analyst.username)
    assert (added.is_active, added.has_usable_password(), added.groups.count()) == (False, False, 0)
    assert Verdict.objects.filter(by=known).exists()
    assert not any(b"@" in line for line in lines if b'"row":"user"' in line)


def test_what_is_computed_is_computed_anew():
    an_archive(claims=12)
    Document.objects.filter(pk=DispatchFactory().document_id).update(state="received")
    lines = dumped()
    empty_everything()

    load(lines)

    assert Fingerprint.objects.exists()
    assert Dispatch.objects.count() == Document.objects.unfinished().count() > 0
    assert not TrackRecord.objects.exists()


def changed(lines: list[bytes], kind: str, **values: Any) -> list[bytes]:
    """With other values in the first row of that kind."""
    found = [json.loads(line) for line in lines]
    next(row for row in found if row.get("row") == kind).update(values)
    return [json.dumps(row).encode() for row in found]


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda lines: lines[:-1], "the file ends before its last line"),
        (lambda lines: [*lines[:40], *lines[41:]], "speaks of|does not stand before"),
        (lambda lines: lines[1:], "line 1: this is no full dump"),
        (lambda lines: [b"\xff\xfe", *lines], "line 1: it is not UTF-8"),
        (lambda lines: [lines[0], b"[" * 100_000, *lines[1:]], "line 2: it is not JSON"),
        (lambda lines: [*lines, lines[-1]], "there is more after the last line"),
        (lambda lines: [lines[0], lines[-2], *lines[1:]], "stands after|does not stand before"),
        (lambda lines: [*lines[:5], lines[4], *lines[5:]], "twice|refused"),
        (lambda lines: changed(lines, "claim", state="agreed"), "violates check constraint"),
        (lambda lines: changed(lines, "claim", source="x", given_source="x"), "it names the source 'x'"),
        (lambda lines: changed(lines, "claim", layer=["x"]), "it names the layer"),
        (lambda lines: changed(lines, "claim", reported_date="yesterday"), "reported_date cannot be read"),
        (lambda lines: changed(lines, "claim", content_quote="a\u0000b"), "refused"),
        (lambda lines: changed(lines, "claim", uid="7"), "'7' is no UUID"),
        (lambda lines: changed(lines, "review", before=[7], made=7), "before cannot be read"),
        (lambda lines: changed(lines, "original", content="!!"), "its content is not what sha256 says"),
        (lambda lines: changed(lines, "verdict", outcome="maybe"), "verdict_outcome_known"),
        (lambda lines: changed(lines, "user", username=7), "a user has a username"),
    ],
)
def test_a_file_with_a_mistake_anywhere_leaves_nothing(harm, said):
    an_archive(2, documents=1, claims=6)
    lines = harm(dumped())
    empty_everything()

    with pytest.raises(BadDump, match=said):
        load(lines)

    assert not any(table.model._base_manager.exists() for table in TABLES)


def test_a_line_that_is_too_long_is_refused(monkeypatch):
    an_archive(documents=1)
    lines = dumped()
    empty_everything()
    monkeypatch.setattr(reading, "LONGEST_LINE", 200)

    with pytest.raises(BadDump, match="longer than 200 bytes"):
        load(lines)


def test_every_id_inside_json_is_known_to_the_dump():
    """A field for JSON that comes to a model may hold ids: say so in SHAPES, or here that it holds none."""
    without_ids = {
        ("layer", "segments"),
        ("layer", "furniture"),
        ("document_source", "mentions"),
        ("claim", "commitment"),
        ("proposition_link", "spans"),
        ("proposition_link", "other_spans"),
        ("calibration", "parameters"),
    }
    there = {
        (table.kind, field.name)
        for table in TABLES
        for field in table.plain
        if field.get_internal_type() == "JSONField"
    }

    assert there - without_ids <= SHAPES.keys()


def test_rows_are_read_in_chunks(monkeypatch):
    an_archive()
    whole = rows_of(dumped())
    monkeypatch.setattr(writing, "CHUNK", 3)

    assert rows_of(dumped()) == whole


def test_the_commands_write_and_load_a_file(tmp_path, capsys):
    maker = an_archive()
    file = tmp_path / "all.jsonl"
    services.settle(
        Proposition.objects.unsettled().earliest("pk"),
        outcome="unverifiable",
        decided_on=date(2013, 1, 1),
        evidence="none",
        by=maker.reviewer,
    )

    call_command("dump_everything", str(file))
    empty_everything()
    call_command("load_dump", str(file))

    assert file.stat().st_mode & 0o077 == 0
    assert TrackRecord.objects.exists()
    assert "claim" in capsys.readouterr().out
    with pytest.raises(CommandError, match="line 1: it is not JSON"):
        call_command("load_dump", __file__)
    with pytest.raises(CommandError, match="is there already"):
        call_command("dump_everything", str(file))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("dump_everything", str(tmp_path / "nowhere" / "all.jsonl"))


def test_a_dump_that_breaks_leaves_no_file(tmp_path, monkeypatch):
    def breaking() -> Iterator[str]:
        yield "{}"
        raise OSError("no space left")

    monkeypatch.setattr("exchange.management.commands.dump_everything.dump", breaking)

    with pytest.raises(CommandError, match="no space left"):
        call_command("dump_everything", str(tmp_path / "all.jsonl"))
    assert list(tmp_path.iterdir()) == []


NOT_IN_A_DUMP = {
    # Who may do and see what, and what runs: decided where it is loaded.
    "accounts": "all but the names of users",
    "exchange": "jobs, events, webhooks, files on their way in; ids and gradings are found anew",
    "review": "how each person works: keys, leases, saved searches",
    # Computed anew.
    "documents.Dispatch": "for documents that wait",
    "documents.TextPart": "by a trigger",
    "documents.Fingerprint": "of texts, for reuse",
    "sources.TrackRecord": "of verdicts",
    "sources.PopulationPrior": "of verdicts",
}


def test_whoever_adds_a_model_says_whether_it_is_in_a_dump():
    """In `exchange.dump.tables`, or here with the reason why not."""
    ours = ("accounts", "documents", "sources", "claims", "exchange", "review", "ingest")
    models = [model for app in ours for model in apps.get_app_config(app).get_models() if not model._meta.proxy]
    dumped = {table.model for table in TABLES}

    forgotten = {
        model._meta.label
        for model in models
        if model not in dumped
        and not NOT_IN_A_DUMP.keys() & {model._meta.label, model._meta.app_label}
        and not hasattr(model, "pgh_tracked_model")
    }

    assert forgotten == set()
