"""The day each message of a text was written, which "yesterday" and "13 December" lean on."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

from extraction.commitment.times import times

if TYPE_CHECKING:
    from extraction.reading import ReadingView, Segment

DATED_BY = ("sent", "date", "date-time")
LONGEST_FIELD = 200


class Dating:
    """`on(position)` of a text: its message's own date, else the date given for the whole text."""

    def __init__(self, view: ReadingView, given: date | None) -> None:
        self.starts = [paragraph.start for paragraph in view.paragraphs]
        self.segments = [paragraph.segment for paragraph in view.paragraphs]
        self.dates = [_written_on(segment) or given for segment in view.segments]
        self.given = given

    def on(self, position: int) -> date | None:
        """The date for an offset of the view's text."""
        at = bisect_right(self.starts, position) - 1
        segment = self.segments[at] if at >= 0 else 0
        return self.dates[segment] if segment < len(self.dates) else self.given


def _written_on(segment: Segment) -> date | None:
    for label in DATED_BY:
        for one in times(segment.field(label)[:LONGEST_FIELD]):
            if one.earliest is not None and one.earliest == one.latest:
                return one.earliest
    return None
