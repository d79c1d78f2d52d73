"""What the engine says beside who said what: standing of sources, commitment of contents, in a whole text."""

from __future__ import annotations

from datetime import date

from extraction import extract
from extraction.spans import PrintedGrade

REPORT = """SOURCE: An official of the neighbouring country (B).
Appraisal of Content: 3.

A usually reliable source, in a report dated 22 May 1962, said that as many as 35 officers had left since March.

The consul does not believe that the king will fall. The minister said that the army plans to attack tomorrow.
"""


def test_a_graded_report_yields_gradings_dates_numbers_and_polarity():
    found = extract(REPORT, on=date(1962, 6, 1))

    said, believes, plans = found.attributions
    sources = {source.id: source for source in found.sources}
    assert sources[said.source_id or ""].printed_reliability == PrintedGrade("B", "usually reliable")
    assert [one.printed_credibility for one in found.attributions] == [PrintedGrade("3", "Appraisal of Content: 3")] * 3
    assert (said.reported.earliest if said.reported else None) == date(1962, 5, 22)
    assert [(one.low, one.high, one.unit) for one in said.quantities] == [(0, 35, "officer")]
    assert [(one.earliest, one.latest) for one in said.times] == [(date(1962, 3, 1), date(1962, 6, 1))]
    assert (believes.negated_cue, believes.negated) == (True, False)
    assert (plans.modality, plans.information_date) == ("plan", date(1962, 6, 2))


def test_every_reading_quotes_the_text_it_was_read_from():
    found = extract(REPORT, on=date(1962, 6, 1))

    spans = [one.span for attribution in found.attributions for one in (*attribution.quantities, *attribution.times)]
    assert len(spans) == 3
    for span in spans:
        assert all(REPORT[piece.start : piece.end] == piece.text for piece in span.fragments)


def test_a_message_of_a_chain_is_read_by_its_own_date():
    head = "From: A\nSent: Saturday, January 19, 2013 7:44 PM\nTo: B\nSubject: x\n\n"
    text = head + "The envoy said that the port was taken yesterday.\n"

    (said,) = extract(text, on=date(2016, 1, 7)).attributions

    assert said.information_date == date(2013, 1, 18)
