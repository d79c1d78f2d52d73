"""What the engine read of sources and contents, kept with the claims, corrected with them, and passed on."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from claims.models import Claim, DocumentSource
from claims.services import accept, edit, store_extraction, undo
from extraction.commitment import quantities, times
from extraction.spans import Attribution, Extraction, PrintedGrade, TimeExpression
from extraction.spans import DocumentSource as FoundSource
from tests.factories import TextLayerFactory, UserFactory, place

pytestmark = pytest.mark.django_db

TEXT = "A usually reliable source with direct access said on 3 May 1962 that as many as 35 men left since March."
CONTENT = "as many as 35 men left since March"


@pytest.fixture
def claim() -> Claim:
    offset = TEXT.index(CONTENT)
    source = FoundSource(
        id="S1",
        canonical="A usually reliable source with direct access",
        kind="anonymous_individual",
        anonymous=True,
        mentions=(place(TEXT, "A usually reliable source"),),
        knowledge="with direct access",
        knowledge_level="direct",
        expertise="an old hand",
        printed_reliability=PrintedGrade("B", "usually reliable"),
    )
    day = date(1962, 5, 3)
    attribution = Attribution(
        id="A1",
        source_id="S1",
        source=place(TEXT, "A usually reliable source"),
        cue=place(TEXT, "said"),
        content=place(TEXT, CONTENT),
        type="indirect",
        chain=("S1",),
        score=0.7,
        quantities=tuple(quantities(" " * offset + CONTENT)),
        times=tuple(times(" " * offset + CONTENT, day)),
        reported=TimeExpression(day, day, "day", place(TEXT, "3 May 1962")),
        information_date=None,
        printed_credibility=PrintedGrade("3", "Appraisal of Content: 3"),
    )
    layer = TextLayerFactory(text=TEXT, document__document_date=date(1962, 6, 1))
    store_extraction(layer, Extraction((source,), (attribution,)), engine="engine", engine_version="1")
    return Claim.objects.get()


def test_the_reading_of_the_words_is_kept_with_the_claim(claim: Claim):
    start = TEXT.index("as many")

    assert claim.commitment == {
        "negated_cue": False,
        "negated": False,
        "quantities": [
            {
                "low": 0.0,
                "high": 35.0,
                "unit": "man",
                "comparator": "<=",
                "words": "as many as 35 men",
                "fragments": [[start, start + len("as many as 35 men")]],
            }
        ],
        "times": [
            {
                "earliest": "1962-03-01",
                "latest": "1962-05-03",
                "granularity": "month",
                "words": "since March",
                "fragments": [[len(TEXT) - 1 - len("since March"), len(TEXT) - 1]],
            }
        ],
        "reported": {
            "earliest": "1962-05-03",
            "latest": "1962-05-03",
            "granularity": "day",
            "words": "3 May 1962",
            "fragments": [[TEXT.index("3 May"), TEXT.index("3 May") + 10]],
        },
        "printed_credibility": {"grade": "3", "words": "Appraisal of Content: 3"},
    }


def test_the_day_the_source_spoke_comes_before_the_date_of_the_document(claim: Claim):
    assert claim.reported_date == date(1962, 5, 3)


def test_what_the_text_says_of_a_source_is_kept_and_never_a_grade(claim: Claim):
    found = claim.document_source

    assert (found.knowledge, found.knowledge_level, found.expertise) == ("with direct access", "direct", "an old hand")
    assert (found.printed_reliability, found.printed_reliability_words) == ("B", "usually reliable")
    assert Claim.objects.with_grades().get().reliability == "F"


def test_a_source_made_on_accepting_gets_what_the_text_says_of_it(claim: Claim):
    accept(claim, by=UserFactory())

    source = Claim.objects.get().source
    assert (source.access, source.placement, source.expertise) == ("direct", "with direct access", "an old hand")
    assert not source.reliability_assessments.exists()


def test_a_corrected_content_is_read_again_and_an_undo_puts_the_reading_back(claim: Claim):
    before = claim.commitment
    start = TEXT.index("35 men")

    review = edit(claim, by=UserFactory(), spans={"content": [[start, len(TEXT) - 1]]})

    claim.refresh_from_db()
    assert claim.commitment["quantities"][0]["comparator"] == "="
    assert claim.commitment["reported"] == before["reported"]
    undo(review, by=review.analyst)
    claim.refresh_from_db()
    assert claim.commitment == before


@pytest.mark.parametrize("field", ["knowledge_level", "printed_reliability"])
def test_the_database_knows_the_words_of_a_source_s_standing(claim: Claim, field: str):
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentSource.objects.update(**{field: "X"})
