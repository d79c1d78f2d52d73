import pytest

from grading.credibility import suggest_credibility
from grading.fusion import Evidence, Question, Weighing
from grading.scales import Credibility

OWN = Evidence(claim=1, source=1, value="yes", accuracy=0.6)


def others(*values: str, confirmed: bool = False) -> list[Evidence]:
    return [
        Evidence(claim=n, source=n, value=value, accuracy=0.8, independent=confirmed)
        for n, value in enumerate(values, start=2)
    ]


@pytest.mark.parametrize(
    ("evidence", "probability", "grade"),
    [
        (others("yes", confirmed=True), 0.6667, Credibility.CONFIRMED),
        (others("yes"), 0.6667, Credibility.POSSIBLY_TRUE),
        (others("yes", "yes"), 0.8, Credibility.PROBABLY_TRUE),
        (others("no"), 0.3333, Credibility.DOUBTFUL),
        (others("no", "no", "no"), 0.1111, Credibility.IMPROBABLE),
        ([], 0.5, Credibility.CANNOT_BE_JUDGED),
    ],
)
def test_what_others_say_suggests_the_worked_grade(evidence, probability, grade):
    corroboration = Question([OWN, *evidence]).fuse(OWN.claim).corroboration

    assert corroboration.probability == pytest.approx(probability, abs=1e-4)
    assert suggest_credibility(corroboration).grade is grade


def test_an_open_contradiction_stands_against_confirmed():
    evidence = [*others("yes", "yes", "yes", confirmed=True), Evidence(claim=9, source=9, value="no", accuracy=0.6)]

    suggestion = suggest_credibility(Question([OWN, *evidence]).fuse(OWN.claim).corroboration)

    assert suggestion.grade is Credibility.PROBABLY_TRUE
    assert suggestion.why == (
        "3 other origins support it, one of them confirmed independent, 1 contradicts it; 87 % without its own origin"
    )


def test_weak_support_is_not_confirmation_even_when_independent():
    weak = Evidence(claim=2, source=2, value="yes", accuracy=0.6, independent=True)

    suggestion = suggest_credibility(Question([OWN, weak]).fuse(OWN.claim).corroboration)

    assert suggestion.grade is Credibility.POSSIBLY_TRUE


def test_a_confirmed_contradiction_confirms_nothing():
    denial = others("no", confirmed=True)

    suggestion = suggest_credibility(Question([OWN, *denial]).fuse(OWN.claim).corroboration)

    assert suggestion.grade is Credibility.DOUBTFUL


@pytest.mark.parametrize(
    ("probability", "grade"),
    [(0.7, "2"), (0.69, "3"), (0.4, "3"), (0.39, "4"), (0.2, "4"), (0.19, "5"), (0.7 - 1e-12, "2")],
)
def test_each_bound_belongs_to_the_better_grade(probability, grade):
    (group,) = Question([OWN]).groups()

    assert suggest_credibility(Weighing(probability, (group,), ())).grade == grade
