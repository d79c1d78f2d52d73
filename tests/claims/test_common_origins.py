"""Sources that share refuted answers: noticed, decided, measured."""

from __future__ import annotations

import csv
import json
import random
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from claims.errors import LinkAlreadyDecided
from claims.models import ClaimLink, LinkKind, LinkState, OriginNotice, Outcome, Proposition, Question, Verdict
from claims.register_quality import Hits, compare_with_declared
from claims.registers import read_register
from claims.services import accept_notice, dismiss_notice, reopen_notice
from claims.services.origins import Found, find_common_origins
from sources.models import Source
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


class Quiz:
    """Questions, the first `settled` of which are settled: the answer 0 is true, any other refuted."""

    def __init__(self, questions: int, *, settled: int) -> None:
        self.settled, self.by, self.collection = settled, UserFactory(), CollectionFactory()
        self.questions = [Question.objects.create(text=f"Q{number}") for number in range(questions)]
        self.propositions: dict[tuple[int, int], Proposition] = {}

    def answered(self, source: Source, answers: list[int | None]) -> None:
        for number, answer in enumerate(answers):
            if answer is not None:
                ClaimFactory(
                    accepted=True,
                    source=source,
                    proposition=self._proposition(number, answer),
                    layer__document__collection=self.collection,
                )

    def _proposition(self, number: int, answer: int) -> Proposition:
        if (number, answer) not in self.propositions:
            made = Proposition.objects.create(text=f"Q{number}: {answer}", question=self.questions[number])
            self.propositions[number, answer] = made
            if number < self.settled:
                outcome = Outcome.FALSE if answer else Outcome.TRUE
                Verdict.objects.create(
                    proposition=made, outcome=outcome, decided_on=date(2020, 1, 1), evidence="known", by=self.by
                )
        return self.propositions[number, answer]


def two_alike(quiz: Quiz, answers: list[int | None]) -> tuple[Source, Source]:
    one, other = SourceFactory(), SourceFactory()
    quiz.answered(one, answers)
    quiz.answered(other, answers)
    return one, other


def test_sources_that_share_refuted_answers_are_noticed_and_those_that_share_true_ones_are_not():
    quiz = Quiz(4, settled=4)
    copiers = two_alike(quiz, [1, 2, 3, 0])
    two_alike(quiz, [0, 0, 0, 0])

    assert find_common_origins() == Found(suspected=1, new=1, gone=0)

    notice = OriginNotice.objects.get()
    assert (notice.one, notice.other, notice.state) == (*copiers, LinkState.PROPOSED)
    assert (notice.shared_true, notice.shared_refuted, notice.different) == (1, 3, 0)
    assert notice.posterior > 0.99


def test_a_second_search_changes_nothing():
    two_alike(Quiz(4, settled=4), [1, 2, 3, 0])
    find_common_origins()
    before = OriginNotice.objects.values().get()

    assert find_common_origins() == Found(suspected=1, new=0, gone=0)
    assert OriginNotice.objects.values().get() == before


def test_open_questions_on_which_they_differ_clear_two_sources():
    quiz = Quiz(24, settled=4)
    one, other = SourceFactory(), SourceFactory()
    quiz.answered(one, [1, 0, 0, 0] + [1] * 20)
    quiz.answered(other, [1, 0, 0, 0] + [2] * 20)

    assert find_common_origins().suspected == 0


def test_a_verdict_withdrawn_takes_an_undecided_notice_away_and_leaves_a_decided_one():
    quiz = Quiz(8, settled=8)
    two_alike(quiz, [1, 2, 3, 4, None, None, None, None])
    two_alike(quiz, [None, None, None, None, 1, 2, 3, 4])
    find_common_origins()
    kept = OriginNotice.objects.last()
    dismiss_notice(kept, by=quiz.by, reason="They sat in different countries.")

    Verdict.objects.all().update(withdrawn_at=timezone.now(), withdrawn_by=quiz.by, withdrawal_reason="error")

    assert find_common_origins() == Found(suspected=0, new=0, gone=1)
    assert OriginNotice.objects.get() == kept


def test_what_is_declared_as_repeated_is_no_news():
    quiz = Quiz(4, settled=4)
    one, other = two_alike(quiz, [1, 2, 3, 4])
    for claim in other.claims.all():
        ClaimLink.objects.create(
            claim=claim,
            origin=one.claims.get(proposition=claim.proposition),
            kind=LinkKind.RELAYS,
            state=LinkState.CONFIRMED,
            rule="declared",
            by=quiz.by,
        )

    assert find_common_origins().suspected == 0


def test_a_merged_source_is_suspected_as_the_one_that_stands():
    quiz = Quiz(4, settled=4)
    one, other = two_alike(quiz, [1, 2, 3, 4])
    standing = SourceFactory()
    Source.objects.filter(pk=other.pk).update(merged_into=standing)

    find_common_origins()

    assert OriginNotice.objects.filter(one=one, other=standing).exists()


def test_a_decision_is_taken_once_and_can_be_taken_back():
    two_alike(Quiz(4, settled=4), [1, 2, 3, 4])
    find_common_origins()
    notice, ana = OriginNotice.objects.get(), UserFactory()

    assert accept_notice(notice, by=ana, reason="Same press office.").state == LinkState.CONFIRMED
    with pytest.raises(LinkAlreadyDecided):
        accept_notice(notice, by=ana)
    assert reopen_notice(notice, by=ana).state == LinkState.PROPOSED
    assert dismiss_notice(notice, by=ana).state == LinkState.DISMISSED


def ring_register(folder: Path) -> Path:
    """Forty honest sources, and four that copy a fifth, which is mostly wrong; a fifth of the questions is settled."""
    folder.mkdir()
    rng = random.Random(7)
    rows, repeats = [], []

    def answer(chance: float) -> int:
        return 0 if rng.random() < chance else rng.randint(1, 5)

    told = [answer(0.4) for _ in range(300)]
    for source in range(45):
        for question in rng.sample(range(300), 150 if source >= 40 else 25):
            copied = source > 40
            value = told[question] if source >= 40 else answer(0.8)
            rows.append([f"C{len(rows)}", f"S{source:02}", f"Q{question:03}", f"Q{question:03}-a{value}", len(rows)])
            if copied:
                repeats.append([rows[-1][0], "S40"])
    truth = [[f"Q{question:03}", f"Q{question:03}-a0"] for question in range(300)]
    asked = {row[2] for row in rows}
    for name, head, body in (
        ("claims", ["claim_id", "source", "question", "value", "day"], rows),
        ("provenance", ["claim_id", "derived_from_source"], repeats),
        ("verdicts", ["question", "true_value"], [row for row in truth[:60] if row[0] in asked]),
        ("truth", ["question", "true_value"], truth),
        ("sources_truth", ["source", "true_accuracy"], [[f"S{n:02}", 0.8 if n < 40 else 0.4] for n in range(45)]),
    ):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([head, *body])
    return folder


def test_an_undeclared_ring_is_found_and_does_not_outvote_the_others(tmp_path: Path):
    folder = ring_register(tmp_path / "ring")

    call_command("evaluate_register", str(folder), "--without-provenance", "--json", stdout=(out := StringIO()))

    (row,) = json.loads(out.getvalue()).values()
    assert row["common_origins"]["pairs"] == {"right": 10, "wrong": 0, "missed": 0, "precision": 1.0, "recall": 1.0}
    assert row["common_origins"]["direct pairs"]["right"] == 4
    assert row["common_origins"]["sources"]["right"] == 5
    assert row["accuracy"] > 0.8  # the ring answers half of all questions, and is right on two in five
    assert not OriginNotice.objects.exists()


def test_findings_are_counted_against_what_is_declared(tmp_path: Path):
    register = read_register(ring_register(tmp_path / "ring"))

    found = compare_with_declared(register, {("S40", "S41"), ("S41", "S42"), ("S01", "S02")})

    assert found.pairs == Hits(right=2, wrong=1, missed=8)
    assert found.direct == Hits(right=1, wrong=1, missed=3)
    assert found.sources == Hits(right=3, wrong=2, missed=2)


def test_the_command_says_what_it_found():
    two_alike(Quiz(4, settled=4), [1, 2, 3, 4])

    call_command("find_common_origins", stdout=(out := StringIO()))

    assert out.getvalue() == "1 pairs of sources are suspected: 1 new, 0 gone.\n"
