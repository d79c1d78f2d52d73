"""What a page puts between the words of a document: banners, stamps, margin codes, page markers.

Annotated spans never hold any of it. This is only as good as the annotated documents need; the engine reads pages
with its own reading view, so that neither is measured by itself.
"""

from __future__ import annotations

import re

Stretch = tuple[int, int]

_EXEMPTION = r"(?:B[1-9]|1\.4\([A-D]\))"
_LINES = (
    r"UNCLASSIFIED U\.S\. Department of State Case No\..*",
    r"UNCLASSIFIED(?:[ \t]+STATE DEPT\. - PRODUCED TO HOUSE SELECT BENGHAZI COMM\..*)?",
    r"U\.S\. Department of State(?:[ \t]+SUBJECT TO AGREEMENT ON SENSITIVE INFORMATION.*)?",
    r"Case No\. F-\d.*",
    r"Doc No\. C0\d{7}.*",
    r"Date: \d\d/\d\d/\d{4}(?:[ \t].*)?",
    r"RELEASE IN (?:PART|FULL|PART B\d.*)?",
    rf"(?:PART )?{_EXEMPTION}(?:[, \t]+{_EXEMPTION})*",
    r"Classified by .{0,8}DAS, A/GIS, DoS on .*",
    # Telegrams of the Central Foreign Policy Files: markings and page markers.
    r"(?:UNCLASSIFIED|LIMITED OFFICIAL USE|CONFIDENTIAL|SECRET)",
    r"PAGE \d\d +[A-Z ]+ \d{5}(?: +\d\d OF \d\d)? +\d{6}Z",
)
_DECLASSIFIED = (
    r"Declassified/Released[ \t]+US Department of State[ \t]+EO Systematic Review[ \t]+\d\d \w{3} \d{4}[ \t]*"
)
_FURNITURE = re.compile(
    "|".join(
        [rf"^[ \t\f]*(?:{line})[ \t]*\r?$" for line in _LINES]
        + [r"(?<=\S)[ \t]+1\.4\([A-D]\)[ \t]*$"]
        + [r"(?:[ \t]*Sheryl P\. Walter[ \t]+)?" + _DECLASSIFIED]
        + [rf"(?<=\S)[ \t]{{2,}}{_EXEMPTION}(?:[, \t]+{_EXEMPTION})*[ \t]*$", r"\f"]
    ),
    re.MULTILINE,
)


def furniture(text: str) -> list[Stretch]:
    """The stretches of the text that belong to the page and not to the document, in order."""
    return [(m.start(), m.end()) for m in _FURNITURE.finditer(text) if m.end() > m.start()]


def masked(text: str, stretches: list[Stretch]) -> str:
    """The text with these stretches as blanks: same length, same offsets."""
    for start, end in stretches:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def without(span: Stretch, text: str, stretches: list[Stretch]) -> list[Stretch]:
    """The span as fragments around the stretches in it, no fragment with white space at its ends."""
    pieces, at = [], span[0]
    for start, end in sorted(stretches):
        if start < span[1] and end > at:
            pieces.append((at, start))
            at = end
    pieces.append((at, max(at, span[1])))
    return [trimmed for piece in pieces if (trimmed := _trim(piece, text))[0] < trimmed[1]]


def _trim(span: Stretch, text: str) -> Stretch:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
