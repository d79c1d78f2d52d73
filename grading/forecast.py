"""What to expect of a source with almost no record but a human grade (section 5): a field of its own.

It forecasts claims and nothing else. It never reaches the evidence-only suggestion, which would then echo the grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from grading.beta import Beta
from grading.record import TrackRecord
from grading.scales import Reliability
from grading.suggestion import FEWEST_VERDICTS

# Middles of the letters' bands: a proposal of section 5, not published values. Another table can be handed in.
PRIMED_BY_GRADE: Mapping[Reliability, Beta] = MappingProxyType(
    {
        Reliability.A: Beta.of(0.95, 8),
        Reliability.B: Beta.of(0.80, 8),
        Reliability.C: Beta.of(0.60, 6),
        Reliability.D: Beta.of(0.38, 6),
        Reliability.E: Beta.of(0.15, 8),
    }
)


def grade_primed_forecast(
    record: TrackRecord, human: Reliability | None, *, table: Mapping[Reliability, Beta] = PRIMED_BY_GRADE
) -> Beta | None:
    """What the source's next claim may be expected to be worth, the few verdicts there are included.

    None without a human grade, and from 5 effective verdicts on, where the record speaks for itself. A letter that is
    not in the table (F) starts from the record's own prior.
    """
    if human is None or record.n_effective >= FEWEST_VERDICTS:
        return None
    return table.get(human, record.prior).after(record.confirmed, record.refuted)
