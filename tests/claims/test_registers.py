from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.errors import BadRegister, QuestionAlreadyAnswered
from claims.models import Claim, ClaimLink, Outcome, Proposition, Question, Verdict
from claims.predictions import predictions
from claims.registers import read_register
from claims.services import settle, withdraw_verdict
from claims.services.registers import import_register
from documents.models import Dispatch, Document
from sources.models import Source, TrackRecord
from tests.factories import CollectionFactory, UserFactory

CLAIMS = """claim_id,source,question,value,day
C1,Ann,Who commands?,Haddad,10
C2,Ben,Who commands?,Haddad,11
C3,Cy,Who commands?,Mansour,12
C4,Ann,Where is the unit?,Bechar,13
C5,Ben,Where is the unit?,Oran,14
"""
PROVENANCE = "claim_id,derived_from_source\nC2,Ann\nC5,Dora\n"
VERDICTS = "question,true_value\nWho commands?,Haddad\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "units"
    folder.mkdir()
    (folder / "claims.csv").write_text(CLAIMS)
    (folder / "provenance.csv").write_text(PROVENANCE)
    (folder / "verdicts.csv").write_text(VERDICTS)
    return folder


def bring_in(folder: Path, collection=None):
    return import_register(
        read_register(folder),
        collection=collection or CollectionFactory(),
        by=UserFactory(),
        day_zero=date(2020, 1, 1),
        decided_on=date(2021, 1, 1),
    )


def test_every_row_stands_at_its_place_in_the_file(folder: Path):
    register = read_register(folder)

    cut = [(register.text[slice(*c.source_place)], register.text[slice(*c.content_place)]) for c in register.claims]

    assert cut[0] == ("Ann", "Who commands?,Haddad")
    assert cut[4] == ("Ben", "Where is the unit?,Oran")


def test_a_quoted_row_is_cited_as_a_whole(folder: Path):
    (folder / "claims.csv").write_text('claim_id,source,question,value,day\nC1,"Smith, J.",Who?,"A ""B""",3\n')
    (folder / "provenance.csv").unlink()
    (folder / "verdicts.csv").unlink()

    (claim,) = read_register(folder).claims

    assert (claim.source, claim.value) == ("Smith, J.", 'A "B"')
    assert read_register(folder).text[slice(*claim.content_place)] == 'C1,"Smith, J.",Who?,"A ""B""",3'


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("claims.csv", "claim_id,source\n", "lacks question, value, day"),
        ("claims.csv", CLAIMS + "C6,,Who?,X,1\n", "line 7: source is empty"),
        ("claims.csv", CLAIMS + "C1,Ann,Who?,X,1\n", "C1 stands there twice"),
        ("claims.csv", CLAIMS + "C6,Ann,Who?,X,soon\n", "write YYYY-MM-DD"),
        ("provenance.csv", "claim_id,derived_from_source\nC9,Ann\n", "C9 is not in claims.csv"),
        ("verdicts.csv", "question\nWho?\n", "lacks true_value"),
    ],
)
def test_a_broken_register_is_refused_with_file_and_line(folder: Path, file: str, text: str, complaint: str):
    (folder / file).write_text(text)

    with pytest.raises(BadRegister, match=complaint):
        read_register(folder)


@pytest.mark.django_db
def test_rows_become_claims_answers_relays_and_verdicts(folder: Path):
    added = bring_in(folder)

    assert (added.claims, added.sources, added.questions, added.repeats, added.verdicts) == (5, 4, 2, 2, 2)
    claim = Claim.objects.get(source__descriptor="Ann", proposition__question__text="Who commands?")
    assert claim.reported_date == date(2020, 1, 11)
    assert {v.proposition.text: v.outcome for v in Verdict.objects.select_related("proposition")} == {
        "Who commands?: Haddad": Outcome.TRUE,
        "Who commands?: Mansour": Outcome.FALSE,
    }
    relay = ClaimLink.objects.get(claim__source__descriptor="Ben", origin__isnull=False)
    assert relay.origin == claim
    assert ClaimLink.objects.get(origin__isnull=True).origin_source == Source.objects.get(descriptor="Dora")
    assert not Dispatch.objects.exists(), "no worker is to read the file"


@pytest.mark.django_db
def test_who_repeats_gets_no_verdict_of_its_own(folder: Path):
    bring_in(folder)

    records = {r.source.descriptor: (r.confirmed > 0, r.refuted > 0) for r in TrackRecord.objects.filter(topic="")}
    assert records["Ann"] == (True, False)
    assert records["Cy"] == (False, True)
    assert records["Ben"] == (False, False)


@pytest.mark.django_db
def test_the_same_register_again_changes_nothing_and_new_verdicts_are_added(folder: Path):
    collection = CollectionFactory()
    bring_in(folder, collection)
    (folder / "verdicts.csv").write_text(VERDICTS + "Where is the unit?,Bechar\n")

    again = bring_in(folder, collection)

    assert (again.claims, again.sources, again.verdicts) == (0, 0, 2)
    assert (Document.objects.count(), Claim.objects.count(), Question.objects.count()) == (1, 5, 2)


@pytest.mark.django_db
def test_a_verdict_against_one_in_force_stores_nothing(folder: Path):
    collection = CollectionFactory()
    bring_in(folder, collection)
    (folder / "verdicts.csv").write_text("question,true_value\nWho commands?,Mansour\nWhere is the unit?,Oran\n")

    with pytest.raises(BadRegister, match="withdraw it first"):
        bring_in(folder, collection)
    assert Verdict.objects.count() == 2


@pytest.mark.django_db
def test_the_answer_of_the_better_source_is_predicted_and_a_repeater_adds_nothing(folder: Path):
    bring_in(folder)

    settled, predicted = sorted(predictions(Claim.objects.all()), key=lambda each: not each.settled)

    assert (settled.value, settled.probability) == ("Haddad", 1.0)
    assert (predicted.value, predicted.origins) == ("Bechar", 1)


@pytest.mark.django_db
def test_predictions_take_the_same_number_of_queries_for_more_questions(folder: Path, django_assert_max_num_queries):
    collection = CollectionFactory()
    bring_in(folder, collection)
    with django_assert_max_num_queries(14):
        predictions(Claim.objects.filter(collection=collection))
    (folder / "claims.csv").write_text(CLAIMS + "C6,Ann,When?,May,15\nC7,Ben,How?,By air,15\n")
    bring_in(folder, collection)
    with django_assert_max_num_queries(14):
        assert len(predictions(Claim.objects.filter(collection=collection))) == 4


@pytest.mark.django_db
def test_commands_load_predict_and_evaluate(folder: Path, tmp_path: Path):
    (folder / "truth.csv").write_text("question,true_value\nWho commands?,Haddad\nWhere is the unit?,Bechar\n")
    (folder / "sources_truth.csv").write_text("source,true_accuracy\nAnn,0.9\nCy,0.3\n")
    call_command("evaluate_register", str(folder), "--json", stdout=(out := StringIO()))
    assert '"accuracy": 1' in out.getvalue()
    assert not Claim.objects.exists()

    call_command("import_register", str(folder))
    answers = tmp_path / "answers.csv"
    call_command("predict_answers", "units", "--out", str(answers))

    with answers.open() as file:
        rows = {row["question"]: row["value"] for row in csv.DictReader(file)}
    assert rows == {"Who commands?": "Haddad", "Where is the unit?": "Bechar"}


@pytest.mark.django_db
def test_a_folder_without_claims_is_refused(tmp_path: Path):
    with pytest.raises(CommandError, match=r"no claims\.csv"):
        call_command("import_register", str(tmp_path))


@pytest.mark.django_db
def test_a_second_answer_to_a_question_cannot_be_true_as_well(folder: Path):
    bring_in(folder)
    other = Proposition.objects.get(text="Who commands?: Mansour")
    refuted = other.verdicts.get()
    withdraw_verdict(refuted, by=UserFactory(), reason="a new cable")

    with pytest.raises(QuestionAlreadyAnswered, match="exclude each other"):
        settle(other, outcome=Outcome.TRUE, decided_on=date(2021, 2, 1), evidence="cable", by=UserFactory())

    settle(other, outcome=Outcome.PARTLY, decided_on=date(2021, 2, 1), evidence="cable", by=UserFactory())
