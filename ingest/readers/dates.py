"""Days out of printed dates: every order mail programs and clerks use, through the usual scanning errors."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,7}}"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[89]|2[0o])[\dliIoO|]{2})"
_GAP = r"[\s.,;:·•'’«=~_-]{0,4}"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[\s.,]{0,4})?"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?(?:\s?[AP]M)?(?:\s[A-Z]{2,5})?"
_FORMS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)",
        rf"\b{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}",
        rf"\b{_MONTH}\s{{1,3}}{_DAY}\s{{1,3}}{_CLOCK}\s{{1,3}}{_YEAR}",
        rf"(?<!\d){_DAY}{_GAP}(?:of\s)?{_MONTH}{_GAP}{_YEAR}",
        r"(?<![\d/-])(?P<number>\d{1,2})(?P<mark>[/-])(?P<day>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)",
        r"(?<![\d/-])(?P<number>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d\d)(?![\d/])",
        rf"(?<!\d){_DAY}[\s-]{_MONTH}[\s-](?P<year>\d\d)(?![\d:])",
    )
]
_MISREAD_DIGITS = str.maketrans("liIoO|", "111001")
_LONGEST = 400
_CENTURY_TURNS_AT = 30
"""Two-digit years from 30 are of the 1900s: telegrams of the seventies print them, and so do mails after 2000."""

_ALONE = re.compile(
    rf"{_WEEKDAY}"
    rf"(?:{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}|\d{{1,2}}{_GAP}[a-z]{{3,9}}{_GAP}(?:19|20)\d\d)\W{{0,3}}",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"[A-Z][\w.,' ]{1,40}, .{0,60}")


def find_date(words: str) -> date | None:
    """The day named in `words`, of which the first 400 characters are read; None when there is none or it cannot be.

    Slashed dates are read month first, as United States agencies write them, unless that month does not exist.
    """
    found = find_date_span(words)
    return found[0] if found else None


def find_date_span(words: str) -> tuple[date, int] | None:
    """The day named in `words` and the offset behind its last character."""
    words = words[:_LONGEST]
    for form in _FORMS:
        for match in form.finditer(words):
            if day := _day(match):
                return day, match.end()
    return None


def date_alone(line: str) -> date | None:
    """The day when `line` is a date and nothing else: "January 19, 2013", "Monday, 2 May 2011"."""
    line = line.strip()
    return find_date(line) if len(line) <= 60 and _ALONE.fullmatch(line) else None


def dateline(line: str) -> date | None:
    """The day of a line that gives place and date, or only a date: "Moscow, January 21, 1961, 4 p.m." """
    line = line.strip()
    if alone := date_alone(line):
        return alone
    return find_date(line) if len(line) <= 70 and _DATELINE.fullmatch(line) else None


def _day(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = int(parts["year"].translate(_MISREAD_DIGITS))
    if year < 100:
        year += 1900 if year >= _CENTURY_TURNS_AT else 2000
    day = int(parts["day"])
    month = int(parts["number"]) if "number" in parts else _MONTHS.index(parts["month"].lower()) + 1
    if month > 12 and "number" in parts:
        month, day = day, month
    try:
        return date(year, month, day)
    except ValueError:
        return None
