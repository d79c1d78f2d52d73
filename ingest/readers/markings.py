"""The classification a document carries, as printed."""

from __future__ import annotations

import re

from ingest.readers.layout import without_margin

_LEVEL = (
    r"TOP SECRET|SECRET|CONFIDENTIAL|LIMITED OFFICIAL USE|SENSITIVE BUT UNCLASSIFIED|SBU|FOR OFFICIAL USE ONLY|"
    r"OFFICIAL USE ONLY|FOUO|CONTROLLED UNCLASSIFIED INFORMATION|CUI|RESTRICTED|UNCLASSIFIED"
)
_LONGEST_LINE = 250
_ALONE = re.compile(rf"\W{{0,3}}((?:{_LEVEL})(?: ?//? ?[A-Z][A-Z /,-]{{1,40}})?)\W{{0,3}}", re.IGNORECASE)
_CANDIDATE = re.compile(
    rf"(?:^|\f)[^\w\n\f]{{0,200}}+(?:{_LEVEL})\b[^\n\f]{{0,{_LONGEST_LINE}}}", re.IGNORECASE | re.MULTILINE
)
_STATED = re.compile(
    rf"\b(?:this (?:e-?mail|message|document|memo|cable) is|(?:Original )?Classification:)\s{{1,9}}({_LEVEL})\b",
    re.IGNORECASE,
)
_PORTION = re.compile(
    r"\((SBU|FOUO|LOU)(?://? ?[A-Z, -]{2,20})?\)|^\W{0,9}(?:\d{1,2}\.\s{0,3})?\((TS|S)(?://? ?[A-Z, -]{2,20})?\)(?=\s)",
    re.MULTILINE,
)
"""(S) and (TS) only at the beginning of a paragraph: behind a name they are an office."""
_STAMP = re.compile(r"\bClass:\s{1,200}(TOP SECRET|SECRET|CONFIDENTIAL)\b")
_UNCLASSIFIED = re.compile(
    r"^\W{0,9}UNCLASSIFIED\W{0,9}$|\bUNCLASSIFIED\s{1,60}(?:U\.S\. Department of State|STATE DEPT\.)", re.MULTILINE
)
_PORTIONS = {"TS": "TOP SECRET", "S": "SECRET", "SBU": "SBU", "FOUO": "FOUO", "LOU": "LIMITED OFFICIAL USE"}


def marking_alone(line: str) -> str:
    """The marking when a line holds nothing else but margin notes; else empty."""
    alone = _ALONE.fullmatch(without_margin(line).strip()) if len(line) <= _LONGEST_LINE else None
    return alone.group(1).upper() if alone else ""


def find_classification(text: str) -> str:
    """The marking of the document, the surest evidence first; empty when it prints none.

    A line of its own, then portion marks such as (SBU), then a sentence that states it, then the reviewer's stamp, and
    last the page banner, which says what the release is and not what the document was. "UNCLASSIFIED" yields to any
    other marking: banners and footers print it on everything that is released.
    """
    alone = filter(None, (marking_alone(line.group()) for line in _CANDIDATE.finditer(text)))
    if marking := next((marking for marking in alone if marking != "UNCLASSIFIED"), ""):
        return marking
    portions = {match.group(1) or match.group(2) for match in _PORTION.finditer(text)}
    for mark, marking in _PORTIONS.items():
        if mark in portions:
            return marking
    if stated := _STATED.search(text):
        return stated.group(1).upper()
    if stamp := _STAMP.search(text):
        return stamp.group(1)
    return "UNCLASSIFIED" if _UNCLASSIFIED.search(text) else ""
