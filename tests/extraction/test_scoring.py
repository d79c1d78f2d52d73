import json
import math

import pytest

from extraction import extract, scoring
from extraction.engine import extract_many
from extraction.linking import Draft
from extraction.scoring import DOCUMENTS, FITTED, OUTERMOST, Regression, evidence, scorer

TEXT = "The colonel stated that the bridge was mined. He thinks it will rain."


def draft(**changes) -> Draft:
    facts = {
        "source": ((0, 11),), "cue": ((12, 18),), "content": ((24, 44),), "kind": "speech", "strength": 0.9,
        "hedging": False, "told": False, "quoted": False, "sentence": (0, 45),
    }  # fmt: skip
    return Draft(**(facts | changes))


def facts_of(changed: Draft, text: str = TEXT, *, pronoun: bool = False, uncertain: bool = False) -> dict[str, float]:
    return evidence(changed, text, pronoun=pronoun, uncertain=uncertain)


def test_scores_lie_between_nought_and_one_and_a_named_source_scores_higher():
    attributions = extract(TEXT).attributions

    assert len(attributions) == 2
    assert all(0 < attribution.score < 1 for attribution in attributions)
    assert attributions[0].score > attributions[1].score


def test_scores_are_calibrated_on_the_models_they_were_fitted_with_and_no_other(monkeypatch):
    assert all(attribution.calibrated for attribution in extract(TEXT).attributions)

    monkeypatch.setattr(scoring, "models_in_use", lambda style: ["en_core_web_sm-3.8.0"])
    scorer.cache_clear()
    try:
        assert not any(attribution.calibrated for attribution in extract(TEXT).attributions)
    finally:
        scorer.cache_clear()


def test_outermost_attributions_have_weights_of_their_own():
    assert scorer(OUTERMOST).weights != scorer(DOCUMENTS).weights
    assert all(attribution.calibrated for attribution in next(extract_many([TEXT], outermost=True)).attributions)


def test_the_score_is_the_logistic_of_the_weighed_evidence():
    score = Regression(intercept=-1.0, weights={"strength": 2.0, "quoted": 0.5}, calibrated=False)

    assert score({"strength": 1.0, "quoted": 1.0, "told": 1.0}) == round(1 / (1 + math.exp(-1.5)), 3)


@pytest.mark.parametrize("strength", [0.0, 1.0, -3.0, 17.0])
def test_no_strength_makes_certain(strength):
    for style in (DOCUMENTS, OUTERMOST):
        assert 0 < scorer(style)(facts_of(draft(strength=strength))) < 1


def test_a_surer_find_never_scores_lower():
    for style in (DOCUMENTS, OUTERMOST):
        scores = [scorer(style)(facts_of(draft(strength=strength / 10))) for strength in range(11)]

        assert scores == sorted(scores)


def test_evidence_sees_what_the_draft_is_like():
    plain = facts_of(draft())

    changed = {
        name
        for name, value in facts_of(
            draft(quoted=True, told=True, kind="belief", outer=draft(), content=((24, 30), (31, 44))),
            TEXT.upper(),
            pronoun=True,
            uncertain=True,
        ).items()
        if value != plain[name]
    }

    assert changed == {
        "quoted", "told", "no speech", "nested", "content in pieces", "content length", "capitals", "pronoun",
        "uncertain",
    }  # fmt: skip


def test_a_missing_source_is_evidence_and_no_error():
    facts = facts_of(draft(source=()))

    assert (facts["no source"], facts["source length"]) == (1.0, 0.0)


def test_the_shipped_weights_know_all_the_evidence_there_is_and_no_other():
    for style, fitted in json.loads(FITTED.read_text(encoding="utf-8"))["styles"].items():
        assert set(fitted["weights"]) == set(facts_of(draft())), style


def test_the_shipped_scores_held_on_documents_they_were_not_fitted_on():
    styles = json.loads(FITTED.read_text(encoding="utf-8"))["styles"]

    assert all(facts["held out"]["ece"] <= 0.05 for facts in styles.values())
    assert all(half["ece"] <= 0.05 for half in styles[OUTERMOST]["one half by the other"])
