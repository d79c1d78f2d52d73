import random
from collections.abc import Sequence

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction

from claims.models import CalibrationMethod, Claim, Decision, EngineScore, Review, ScoreCalibration
from claims.models.review import Picked
from claims.services import accept, edit, reject, store_extraction, undo
from claims.services.calibrate import decisions, recalibrate, standing
from claims.tasks import recalibrate as weekly
from extraction.pipeline import engine_version
from extraction.spans import Attribution, Extraction
from grading.calibration import TooFewDecisions
from tests.factories import SENTENCE, ClaimFactory, ExtractionRunFactory, TextLayerFactory, UserFactory, place

pytestmark = pytest.mark.django_db

ENGINE = {"engine": "test-engine", "engine_version": "1"}


def decided(
    scores: Sequence[float], accepted: Sequence[bool], *, run=None, picked: str = Picked.PRIORITY
) -> list[Claim]:
    """Claims of one run with these scores, each decided by one review."""
    run = run or ExtractionRunFactory()
    first = Claim.objects.count()
    claims = [
        ClaimFactory(layer=run.layer, run=run, document_source=None, score=score, fingerprint=f"{first + number}")
        for number, score in enumerate(scores)
    ]
    analyst = UserFactory()
    Review.objects.bulk_create(
        Review(
            claim=claim,
            analyst=analyst,
            decision=Decision.ACCEPT if yes else Decision.REJECT,
            reason="x",
            version=1,
            picked=picked,
        )
        for claim, yes in zip(claims, accepted, strict=True)
    )
    return claims


def overconfident(count: int) -> tuple[list[float], list[bool]]:
    """An engine that says .9 where six in ten are accepted, and .6 where four are."""
    scores = [0.9 if number % 2 else 0.6 for number in range(count)]
    return scores, [(number // 2) % 10 < (6 if number % 2 else 4) for number in range(count)]


def found(score: float) -> Extraction:
    source, cue, content = (
        place(SENTENCE, words) for words in ("A source close to the cabinet", "stated", "the talks have failed")
    )
    return Extraction((), (Attribution("A1", None, source, cue, content, "indirect", (), score),))


def test_what_analysts_decided_counts_once_and_undone_steps_do_not():
    analyst = UserFactory()
    run = ExtractionRunFactory()
    plain, edited, wrong, undone, by_hand = (
        ClaimFactory(layer=run.layer, run=run, fingerprint=name, document_source__run=run, score=0.7)
        for name in ("plain", "edited", "wrong", "undone", "by hand")
    )
    Claim.objects.filter(pk=by_hand.pk).update(run=None, score=None)
    accept(plain, by=analyst)
    edit(edited, by=analyst, hedge="may")
    accept(edited, by=analyst, picked=Picked.RANDOM)
    reject(wrong, by=analyst, reason="No claim.")
    undo(accept(undone, by=analyst), by=analyst)
    by_hand.refresh_from_db()
    accept(by_hand, by=analyst)

    rows = decisions(**ENGINE)

    assert [(one.score, one.accepted, one.at_random) for one in rows] == [
        (0.7, True, False),
        (0.7, True, True),
        (0.7, False, False),
    ]


def test_a_fit_to_fewer_than_two_hundred_decisions_is_refused_with_their_number():
    decided(*overconfident(199))

    with pytest.raises(TooFewDecisions) as refused:
        recalibrate(**ENGINE)

    assert refused.value.decisions == 199
    assert not ScoreCalibration.objects.exists()


def test_decisions_on_what_another_engine_version_found_do_not_count():
    decided(*overconfident(150))
    decided(*overconfident(150), run=ExtractionRunFactory(engine_version="2"))

    with pytest.raises(TooFewDecisions):
        recalibrate(**ENGINE)


def test_from_two_hundred_decisions_on_the_score_reads_as_what_is_accepted_here():
    decided(*overconfident(200))

    calibration = recalibrate(**ENGINE)

    assert (calibration.method, calibration.decisions) == (CalibrationMethod.PLATT, 200)
    assert calibration.probability(0.9) == pytest.approx(0.6, abs=0.02)
    assert calibration.probability(0.6) == pytest.approx(0.4, abs=0.02)


def test_from_a_thousand_decisions_on_steps_are_used_where_they_foretell_better():
    chance = random.Random(5)
    scores = [round(chance.uniform(0.02, 0.98), 3) for _ in range(1000)]
    decided(scores, [chance.random() < (0.1 if score < 0.5 else 0.85) for score in scores])

    calibration = recalibrate(**ENGINE)

    assert calibration.method == CalibrationMethod.ISOTONIC
    assert calibration.probability(0.3) == pytest.approx(0.1, abs=0.06)
    assert calibration.probability(0.7) == pytest.approx(0.85, abs=0.06)


def test_new_extractions_use_it_and_keep_what_the_engine_said_while_old_scores_stay():
    old = decided(*overconfident(200))[1]
    before = old.score
    calibration = recalibrate(**ENGINE)

    store_extraction(TextLayerFactory(), found(0.9), **ENGINE)

    new = Claim.objects.order_by("-pk")[0]
    old.refresh_from_db()
    kept = EngineScore.objects.get()
    assert (new.score, new.score_calibrated) == (calibration.probability(0.9), True)
    assert (kept.claim, kept.score, kept.calibration) == (new, 0.9, calibration)
    assert old.score == before


def test_another_engine_version_is_not_touched_by_it():
    decided(*overconfident(200))
    recalibrate(**ENGINE)

    store_extraction(TextLayerFactory(), found(0.9), engine="test-engine", engine_version="2")

    assert Claim.objects.order_by("-pk").values_list("score", "score_calibrated")[0] == (0.9, False)


def test_the_next_fit_starts_from_what_the_engine_said():
    decided(*overconfident(200))
    recalibrate(**ENGINE)
    store_extraction(TextLayerFactory(), found(0.9), **ENGINE)
    reject(Claim.objects.order_by("-pk")[0], by=UserFactory(), reason="No claim.")

    assert decisions(**ENGINE)[-1].score == 0.9
    assert recalibrate(**ENGINE).decisions == 201


def test_doing_it_twice_without_a_new_decision_stores_one():
    decided(*overconfident(200))

    assert recalibrate(**ENGINE) == recalibrate(**ENGINE)
    assert ScoreCalibration.objects.count() == 1


def test_it_is_measured_on_decisions_made_after_the_fit_and_at_random_apart():
    decided(*overconfident(200))
    recalibrate(**ENGINE)
    decided([0.9] * 10, [True] * 6 + [False] * 4)
    decided([0.6] * 5, [True] * 2 + [False] * 3, picked=Picked.RANDOM)

    report = standing(**ENGINE)

    assert (report.every.count, report.at_random.count) == (15, 5)
    assert report.at_random.calibration_error < 0.03


def test_before_a_fit_the_engines_own_score_is_measured_on_all_decisions():
    decided([0.9] * 4, [True, True, True, False])

    report = standing(**ENGINE)

    assert (report.calibration, report.at_random) == (None, None)
    assert report.every.calibration_error == pytest.approx(0.15)


def test_the_database_refuses_a_fit_to_too_few_and_a_changed_one():
    decided(*overconfident(200))
    calibration = recalibrate(**ENGINE)

    with pytest.raises(IntegrityError, match="score_calibration_enough_decisions"), transaction.atomic():
        ScoreCalibration.objects.create(**ENGINE, method="platt", parameters={}, decisions=199, newest_review=1)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        ScoreCalibration.objects.filter(pk=calibration.pk).update(decisions=300)


@pytest.mark.slow
def test_the_command_refuses_shows_and_keeps(capsys):
    engine, version = engine_version()
    run = ExtractionRunFactory(engine=engine, engine_version=version)
    decided(*overconfident(100), run=run)
    with pytest.raises(CommandError, match="100 decisions"):
        call_command("recalibrate")
    weekly()
    assert not ScoreCalibration.objects.exists()

    decided(*overconfident(100), run=run)
    call_command("recalibrate", "--dry-run")
    assert not ScoreCalibration.objects.exists()
    call_command("recalibrate")
    weekly()
    assert ScoreCalibration.objects.get().decisions == 200

    decided([0.9] * 10, [True] * 6 + [False] * 4, run=run, picked=Picked.RANDOM)
    capsys.readouterr()
    call_command("recalibrate", "--report")
    printed = capsys.readouterr().out
    assert "Picked at random (unbiased): 10 decisions, ECE" in printed
    assert "60%" in printed
