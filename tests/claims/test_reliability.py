"""Grades of sources beside what the verdicts suggest, and what the database keeps of them."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import User
from claims.models import Claim, CredibilityAssessment
from claims.services import assess_credibility
from claims.services.reliability import grade_source
from sources.errors import BasisMissing, DepartureUnexplained
from sources.models import ReliabilityAssessment, Source
from tests.factories import ClaimFactory, PropositionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def rea() -> User:
    return UserFactory(groups=["reviewer"])


@pytest.fixture
def wrong(rea: User) -> Source:
    """A source that has been wrong ten times."""
    source = SourceFactory()
    for number in range(10):
        proposition = PropositionFactory(text=f"It rains {number}.")
        ClaimFactory(accepted=True, source=source, proposition=proposition, reported_date=timezone.localdate())
        proposition.verdicts.create(outcome="false", decided_on=timezone.localdate(), evidence="seen", by=rea)
    return source


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def events(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 -- our own tables
        return int(cursor.fetchone()[0])


def test_a_grade_keeps_what_the_verdicts_suggested_that_day(rea: User, wrong: Source):
    made = grade_source(wrong, grade="E", basis="ten of ten were wrong", by=rea, review_by=date(2030, 1, 1))

    assert (made.suggestion, made.departure, made.is_grade) == ("E", "", True)
    assert made.review_by == date(2030, 1, 1)


def test_departing_from_the_suggestion_needs_a_reason_in_the_service_and_in_the_database(rea: User, wrong: Source):
    with pytest.raises(DepartureUnexplained, match="suggest E, and you chose B"):
        grade_source(wrong, grade="B", basis="I trust him", by=rea, departure="  ")
    with pytest.raises(IntegrityError, match="reliability_departure_has_reason"), transaction.atomic():
        ReliabilityAssessment.objects.create(
            source=wrong, grade="B", basis="x", by=rea, is_grade=True, suggestion="E", departure=" "
        )

    made = grade_source(wrong, grade="B", basis="I trust him", by=rea, departure="he was fed these on purpose")

    assert (made.suggestion, made.departure) == ("E", "he was fed these on purpose")


@pytest.mark.parametrize("grade", ["A", "F"])
def test_where_the_verdicts_suggest_nothing_nobody_departs(rea: User, grade: str):
    assert grade_source(SourceFactory(), grade=grade, basis="known for years", by=rea).suggestion == "F"


def test_several_analysts_may_differ_and_the_reviewers_word_is_the_grade(rea: User):
    source = SourceFactory()
    ClaimFactory(accepted=True, source=source)
    grade_source(source, grade="B", basis="long record", by=rea)
    for letter in ("D", "C"):
        grade_source(source, grade=letter, basis="I doubt it", by=UserFactory(groups=["analyst"]))

    opinions = ReliabilityAssessment.objects.filter(source=source, is_grade=False)

    assert {row.grade for row in opinions} == {"C", "D"}
    assert Claim.objects.with_grades().get().reliability == "B"


def test_a_grade_needs_a_basis(rea: User):
    with pytest.raises(BasisMissing):
        grade_source(SourceFactory(), grade="B", basis=" \n", by=rea)


@pytest.mark.parametrize("kind", ["reliability", "credibility"])
def test_by_plain_sql_too_a_judgement_is_only_added_with_a_basis_and_leaves_history(rea: User, kind: str):
    claim = ClaimFactory(accepted=True)
    if kind == "reliability":
        row = grade_source(claim.source, grade="B", basis="record", by=rea)
        table, fields = "sources_reliabilityassessment", "source_id, grade, topic, suggestion, departure, is_grade"
        values = f"{claim.source_id}, 'A', '', '', '', true"
    else:
        row = assess_credibility(claim, grade="2", basis="photographs", by=rea)
        table, fields = "claims_credibilityassessment", "claim_id, grade, confidence"
        values = f"{claim.pk}, '3', ''"
    insert = f"INSERT INTO {table} ({fields}, basis, by_id, at) VALUES ({values}, '%s', {rea.pk}, now())"  # noqa: S608 -- a test's own words

    for refused, why in (
        (f"UPDATE {table} SET grade = '5', basis = 'because'", "Cannot update"),  # noqa: S608
        (f"DELETE FROM {table}", "Cannot update|Cannot delete"),  # noqa: S608
        (insert % "  ", f"{kind}_has_basis"),
    ):
        with pytest.raises(DatabaseError, match=why), transaction.atomic():
            sql(refused)
    before = events(f"{table}event")
    sql(insert % "by hand")

    assert events(f"{table}event") == before + 1 == 2
    row.refresh_from_db()
    assert row.basis in ("record", "photographs")
    assert ReliabilityAssessment.objects.count() + CredibilityAssessment.objects.count() == 2
