"""Heads with a fixed form that are no mail: telegrams of the State Department and information reports of the CIA."""

from __future__ import annotations

import re
from datetime import date

from ingest.readers.dates import find_date
from ingest.readers.reading import Facts

_MONTH = r"JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DATE_TIME_GROUP = re.compile(
    rf"^[ \t]{{0,9}}(?:[ZOPR] ){{1,3}}(\d\d)\d{{4}} ?Z ({_MONTH})[A-Z]{{0,6}} (\d{{4}}|\d\d)\b", re.MULTILINE
)
_FROM = re.compile(r"^[ \t]{0,9}FM (\S.{0,120})", re.MULTILINE)
_TO = re.compile(r"^[ \t]{0,9}TO (\S.{0,120})", re.MULTILINE)
_SUBJECT = re.compile(
    r"^[ \t]{0,9}SUBJ(?:ECT)?:[ \t]{0,9}(\S.{0,200})((?:\r?\n[ \t]{0,9}[A-Z].{0,80}){0,3})", re.MULTILINE
)
_PRECEDENCE = re.compile(r"\s+(?:(?:NIACT |FLASH|IMMEDIATE|PRIORITY|ROUTINE)\s?)*\d{0,5}\s*$")
_ATTRIBUTES = re.compile(r"^\s{0,9}Message Attributes\s*$", re.MULTILINE)

_REPORT_DATE = re.compile(
    r"\bDATE (?:OF REPORT|DISTR\.?)[\s:.,«=_~-]{1,12}(\d{1,2}\W{1,4}[A-Za-z]{3,9}\W{1,3}\d{4})", re.IGNORECASE
)
_REPORT_NUMBER = re.compile(
    r"(?<!FIELD )\bREPORT NO[.,:?]?[\s|—-]{1,8}((?:CSCI|CS|TDCS|DB)[ -]?[\w/.,-]{4,24}\d)", re.IGNORECASE
)
_REPORT_SUBJECT = re.compile(
    r"^\W{0,4}SUBJECT[ \t:.]{1,9}(\S.{2,120}?)(?:[ \t]{3,}|\W{1,6}DATE (?:DISTR|OF)|$)", re.MULTILINE | re.IGNORECASE
)
_HEAD = 6000


def telegram_facts(text: str) -> Facts | None:
    """The facts of a telegram, or None when `text` has neither a date-time group nor a page "Message Attributes"."""
    group = _DATE_TIME_GROUP.search(text[:_HEAD])
    attributes = _attributes(text)
    if group is None and "Document Number" not in attributes:
        return None
    head = text[group.end() : group.end() + _HEAD] if group else text[:_HEAD]
    day = find_date(" ".join(group.groups())) if group else None
    return Facts(
        title=_subject(head) or attributes.get("Subject", ""),
        doc_number=attributes.get("Document Number", ""),
        author=_first(_FROM, head) or attributes.get("From", ""),
        recipients=_PRECEDENCE.sub("", _first(_TO, head)) or attributes.get("To", ""),
        document_date=day or find_date(attributes.get("Draft Date", "")),
        classification=attributes.get("Original Classification", ""),
    )


def report_facts(text: str) -> Facts | None:
    """The facts of an information report's form, or None when `text` prints neither its number nor its date."""
    head = text[:_HEAD]
    day = _report_day(head)
    number = _first(_REPORT_NUMBER, head)
    if day is None and not number:
        return None
    return Facts(title=_first(_REPORT_SUBJECT, head), doc_number=number, document_date=day)


def _attributes(text: str) -> dict[str, str]:
    """The key-value lines of the last page, "Message Attributes", as far as a value stands beside its key."""
    page = _ATTRIBUTES.search(text)
    if page is None:
        return {}
    pairs = (line.partition(": ") for line in text[page.end() : page.end() + _HEAD].splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs if value.strip() not in ("", "n/a")}


def _subject(head: str) -> str:
    match = _SUBJECT.search(head)
    if match is None:
        return ""
    first, more = match.groups()
    run_over = [line.strip() for line in more.splitlines()]
    end = next((at for at, line in enumerate(run_over) if ":" in line or re.match(r"\d+\.", line)), len(run_over))
    return " ".join([first.strip(), *filter(None, run_over[:end])])


def _report_day(head: str) -> date | None:
    match = _REPORT_DATE.search(head)
    return find_date(match.group(1)) if match else None


def _first(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return " ".join(match.group(1).split()) if match else ""
