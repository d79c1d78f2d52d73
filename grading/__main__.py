"""Track records from the command line: `python -m grading track-record --help`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from datetime import UTC, date, datetime

from grading.beta import Beta
from grading.lines import UnreadableLines, day_from_iso, read_judged_claims
from grading.record import DEFAULT_PRIOR, HALF_LIFE_DAYS, TrackRecord, track_record
from grading.suggestion import band_masses, evidence_in_words, suggest

_HOW_TO = """\
standard input, one JSON object per line:
  {"outcome": "true", "claimed_on": "2013-01-29"}
  outcome     true, partly, false or unverifiable (unverifiable carries no weight)
  claimed_on  the day of the claim; null or absent counts as new, and is flagged
  decided_on  optional: the day of the verdict; verdicts after --as-of are not counted
  derived     optional: true for a copy of somebody else's claim, which is not counted

example:
  echo '{"outcome": "true", "claimed_on": "2013-01-29"}' | python -m grading track-record --as-of 2013-06-01

exit status: 0; 2 when an option or a line cannot be read, and then nothing is printed to standard output
"""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        claims = read_judged_claims(sys.stdin.buffer)
    except UnreadableLines as mistakes:
        print(mistakes, file=sys.stderr)
        return 2
    record = track_record(claims, as_of=options.as_of, half_life_days=options.half_life, prior=options.prior)
    print(json.dumps(_as_json(record, options), ensure_ascii=False) if options.json else _as_sentence(record))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m grading", description="How often has a source been right?")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    record = commands.add_parser(
        "track-record",
        help="the track record of one source, from its verdicts",
        description="The track record of one source: chance that its next claim is confirmed, 80 % interval, and the "
        "reliability letter A-F that the verdicts alone support. Reads verdicts from standard input.",
        epilog=_HOW_TO,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    record.add_argument("--json", action="store_true", help="print one JSON object instead of a sentence")
    record.add_argument(
        "--as-of",
        type=_day,
        default=datetime.now(UTC).date(),
        metavar="YYYY-MM-DD",
        help="the day to judge from (default: today)",
    )
    record.add_argument(
        "--half-life",
        type=_half_life,
        default=HALF_LIFE_DAYS,
        metavar="DAYS",
        help="after so many days a verdict weighs half; 0: verdicts do not age (default: %(default)g)",
    )
    record.add_argument(
        "--prior",
        type=_prior,
        default=DEFAULT_PRIOR,
        metavar="A,B",
        help="pseudo-counts, confirmed and refuted, before any verdict (default: 1,1)",
    )
    return parser


def _day(text: str) -> date:
    try:
        return day_from_iso(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as YYYY-MM-DD, such as 2013-01-29") from None


def _half_life(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = math.nan
    if not (math.isfinite(days) and days >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days; write 0 or more, such as 730")
    return days


def _prior(text: str) -> Beta:
    try:
        confirmed, refuted = (float(part) for part in text.split(","))
        return Beta(confirmed, refuted)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a prior; write two numbers above 0 with a comma between them, such as 1,1"
        ) from None


def _as_json(record: TrackRecord, options: argparse.Namespace) -> dict[str, object]:
    suggestion = suggest(record)
    return {
        "mean": record.mean,
        "deviation": record.posterior.deviation,
        "interval_80": list(record.interval_80),
        "interval_95": list(record.interval_95),
        "n_effective": record.n_effective,
        "verdicts": {
            "total": record.counts.total,
            "true": record.counts.true,
            "partly": record.counts.partly,
            "false": record.counts.false,
            "undated": record.counts.undated,
        },
        "suggestion": str(suggestion),
        "why": suggestion.why,
        "band_masses": band_masses(record.posterior),
        "evidence": evidence_in_words(record),
        "as_of": options.as_of.isoformat(),
        "half_life_days": options.half_life,
        "prior": [record.prior.confirmed, record.prior.refuted],
    }


def _as_sentence(record: TrackRecord) -> str:
    evidence = evidence_in_words(record)
    return f"{evidence[0].upper()}{evidence[1:]} ({suggest(record).why})."


if __name__ == "__main__":
    sys.exit(main())
