"""Judged claims as JSON lines: the input of the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from grading.record import JudgedClaim, Outcome

_UNKNOWN_DATES = (None, "", "unknown")
_MOST_MISTAKES_NAMED = 10
_OUTCOMES = ", ".join(f'"{outcome}"' for outcome in Outcome)


class UnreadableLines(ValueError):
    """Some lines are not judged claims. The message names each, by number, with what to do about it."""

    def __init__(self, mistakes: list[str]) -> None:
        named = mistakes[:_MOST_MISTAKES_NAMED]
        if len(mistakes) > len(named):
            named.append(f"... and {len(mistakes) - len(named)} more lines")
        super().__init__("\n".join(named))


def read_judged_claims(lines: Iterable[bytes]) -> list[JudgedClaim]:
    """One claim per UTF-8 line: {"outcome": "true", "claimed_on": "2013-01-29"}; empty lines are skipped.

    Optional keys are "decided_on" (a date) and "derived" (true or false); other keys are ignored.
    A date that is absent, null, "" or "unknown" is unknown.
    Raises UnreadableLines, naming every line that cannot be read.
    """
    claims, mistakes = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            claims.append(_judged_claim(line))
        except ValueError as mistake:
            mistakes.append(f"line {number}: {mistake}")
    if mistakes:
        raise UnreadableLines(mistakes)
    return claims


def _judged_claim(line: bytes) -> JudgedClaim:
    row = _json_object(line)
    derived = row.get("derived", False)
    if not isinstance(derived, bool):
        raise ValueError(f'"derived" is {_shown(derived)}; write true or false without quotes, or leave the key out')
    return JudgedClaim(
        outcome=_outcome(row),
        claimed_on=_day(row, "claimed_on"),
        decided_on=_day(row, "decided_on"),
        derived=derived,
    )


def _json_object(line: bytes) -> dict[str, object]:
    remedy = 'write one object per line, such as {"outcome": "true", "claimed_on": "2013-01-29"}'
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8; save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno}); {remedy}") from None
    except RecursionError:
        raise ValueError(f"nested too deeply; {remedy}") from None
    if not isinstance(row, dict):
        raise ValueError(f"not a JSON object; {remedy}")
    return row


def _outcome(row: dict[str, object]) -> Outcome:
    if "outcome" not in row:
        raise ValueError(f'no "outcome"; add one of {_OUTCOMES}')
    outcome = row["outcome"]
    try:
        return Outcome(str(outcome))
    except ValueError:
        raise ValueError(
            f'"outcome" is {_shown(outcome)}; write one of {_OUTCOMES}, and leave out the line of a withdrawn verdict'
        ) from None


def _day(row: dict[str, object], key: str) -> date | None:
    value = row.get(key)
    if value in _UNKNOWN_DATES:
        return None
    try:
        return day_from_iso(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(
            f'"{key}" is {_shown(value)}; write a day of the calendar as "YYYY-MM-DD", or null when it is not known'
        ) from None


def day_from_iso(text: str) -> date:
    """The day written YYYY-MM-DD, and in no other form. Raises ValueError."""
    day = date.fromisoformat(text)
    if text != day.isoformat():  # fromisoformat also takes 20130129 and 2013-W05-2
        raise ValueError(f"{text} is not written YYYY-MM-DD")
    return day


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}..."
