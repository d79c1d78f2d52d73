"""What the releasing office printed on a document: numbers, the day of release, the mark and the exemption codes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import islice

from ingest.readers.dates import find_date
from ingest.readers.layout import CODE, Line, lines, margin_note

_CASE = re.compile(r"\bCase No\.?[ \t]{0,10}:?[ \t]{0,10}([A-Z]{1,3}-\d{4}-\d{3,6})")
_DOC = re.compile(
    r"\bDoc No\.?[ \t]{0,10}:?[ \t]{0,10}([A-Z][\dOolI]{6,10})\b(.{0,400}?\bDate:[ \t]{0,10}(\d\d/\d\d/\d{4}))?",
    re.DOTALL,
)
_BANNER_LINE = re.compile(r"^[^\n]{0,120}\bDoc No\b[^\n]*$", re.MULTILINE)
_ARCHIVE_RECORD = re.compile(r"(?<!\d)(\d{3}-\d{5}-\d{5})(?!\d)")
_KENNEDY_ACT = re.compile(r"\d{4} RELEASE UNDER THE PRESIDENT JOHN F\. KENNEDY ASSASSINATION RECORDS ACT OF 1992")
_APPROVED = re.compile(
    r"((?:Declassified (?:in Part - Sanitized Copy|and)\W{0,3})?Approved For Release)\W{0,3}"
    r"(\d{4}/\d\d/\d\d)(?: ?: ?(CIA-RDP[\w-]{8,30}))?",
    re.IGNORECASE,
)
_SYSTEMATIC_REVIEW = re.compile(
    r"(Declassified/Released)\s{1,9}US Department of State\s{1,9}EO Systematic Review\s{1,9}(\d\d [A-Za-z]{3} \d{4})"
)
_MARK = re.compile(r"\b(RELEASED?|DENIED) IN (PART|FULL)\b")
_MARK_WORDS = re.compile(rf"\b(?:RELEASED?|DENIED|IN|PART|FULL)\b|{CODE}")
_LAW_NAMES = re.compile(r"(?:[\s,;.'|\[\]()]|\b\w\b|[A-Z][A-Z/\d]{1,14}\b)*")
""""B3 CIA PERS/ORG", "B3 NATSECACT1947": the statute behind a B3; and single characters that scanning adds."""
_CODE = re.compile(CODE)
_HEAD = 4000
_HEAD_LINES = 60
_MISREAD_DIGITS = str.maketrans("OolI", "0011")


@dataclass(frozen=True, slots=True)
class Release:
    """The releasing office's facts; empty or None where it printed none."""

    doc_number: str = ""
    case_number: str = ""
    released_on: date | None = None
    mark: str = ""
    exemptions: tuple[str, ...] = ()


def find_release(text: str) -> Release:
    """What banners, stamps and marks say. Where page banners differ, through scanning, the majority is believed."""
    mark, exemptions = _mark(text)
    banners = list(islice(_DOC.finditer(text), 5000))
    if banners:
        numbers = [banner.group(1)[0] + banner.group(1)[1:].translate(_MISREAD_DIGITS) for banner in banners]
        days = [banner.group(3) for banner in banners if banner.group(3)]
        return Release(_commonest(numbers), _commonest(_CASE.findall(text)), _day(_commonest(days)), mark, exemptions)
    if approved := _APPROVED.search(text):
        day = _day(approved.group(2).replace("/", "-"))
        return Release(approved.group(3) or "", "", day, mark or approved.group(1), exemptions)
    if review := _SYSTEMATIC_REVIEW.search(text):
        return Release("", "", _day(review.group(2)), mark or review.group(1), exemptions)
    if record := _ARCHIVE_RECORD.search(text[:_HEAD]):
        act = _KENNEDY_ACT.search(text[:_HEAD])
        return Release(record.group(1), "", None, mark or (act.group() if act else ""), exemptions)
    return Release("", _commonest(_CASE.findall(text)), None, mark, exemptions)


def page_starts(text: str) -> tuple[int, ...]:
    """Where pages begin: behind each form feed; without any, where a page's bottom banner meets the next one's top."""
    if "\f" in text:
        return (0, *(at.end() for at in re.finditer("\f", text) if at.end() < len(text)))
    starts, bottom = [0], None
    for banner in _BANNER_LINE.finditer(text):
        if bottom is not None and not text[bottom : banner.start()].strip():
            starts.append(banner.start())
            bottom = None
        else:
            bottom = banner.end()
    return tuple(starts)


def _mark(text: str) -> tuple[str, tuple[str, ...]]:
    """The release mark of the first page and its codes, put together from the pieces the right margin broke it into."""
    pieces: list[str] = []
    gap = 0
    for line in islice(lines(text), _HEAD_LINES):
        found = _mark_words(line)
        if not found:
            gap += 1
        if pieces and gap > 2:
            break
        if found and (pieces or found[0] in ("RELEASE", "RELEASED", "DENIED")):
            pieces += found
            gap = 0
    mark = _MARK.match(" ".join(pieces))
    if mark is None:
        return "", ()
    codes = (_tidy(piece) for piece in pieces if _CODE.fullmatch(piece))
    return mark.group(), tuple(dict.fromkeys(codes))


def _mark_words(line: Line) -> list[str]:
    """The words of a release mark at a line's right edge; none when anything but names of laws stands there, too."""
    noted = margin_note(line.words)
    rest = _MARK_WORDS.sub("", noted)
    return _MARK_WORDS.findall(noted) if _LAW_NAMES.fullmatch(rest) else []


def _tidy(code: str) -> str:
    return code.replace(" ", "")


def _commonest(values: list[str]) -> str:
    return Counter(values).most_common(1)[0][0] if values else ""


def _day(words: str) -> date | None:
    return find_date(words)
