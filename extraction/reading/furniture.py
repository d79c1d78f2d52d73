"""Page banners, release marks, exemption codes and stamps: what a release adds to a document's own text."""

from __future__ import annotations

import re

from extraction.reading.lines import LONGEST_FURNITURE_LINE, Line

CODE = r"(?:B[1-9](?:\([A-F]\)|\b)(?: ?CIA PERS/ORG)?|1\.4 ?\([A-H]\)(?: ?\([A-H]\))*|CIA PERS/ORG)"
CODES = rf"{CODE}(?:[ ,;]{{1,3}}{CODE})*"
RELEASE = r"(?:RELEASE IN (?:PART|FULL)|RELEASE IN|RELEASE|IN (?:PART|FULL)|PART|FULL|DENY IN FULL)"

BANNER_CORE = re.compile(
    r"\bCase No\.? ?[A-Z]{1,2}-\d{4}-\d+|\bDoc No\.? ?C\d{7,9}\b|PRODUCED TO HOUSE SELECT"
    r"|SUBJECT TO AGREEMENT ON SENSITIVE|\bSTATE-[S5]CB ?\d+"
    r"|Declassified/Released\s+US Department of State|Approved [Ff]or [Rr]elease:? \d{4}|\bCIA-RDP\d{2}"
)
BANNER_WEAK = re.compile(
    r"(?:UNCLASSIFIED|U\.? ?S\.? Department of State|Date:? ?\d{1,2}/\d{1,2}/\d{4}"
    r"|(?:Page )?\d{1,4}(?: of \d+)?|-\d{1,4}-)"
    r"(?:\s{2,}.*|[\s\W_]{0,4})"
)
STUB = re.compile(r"\S{1,3}")
SMALL_WORD = re.compile(
    r"an?|and?|are|as|at|be|but|by|for|fyi|ha[ds]|he|her|his|i|i[fnst]|its|not?|o[fnr]|our|s?he|so|the|to|us|was|we",
    re.IGNORECASE,
)
"""No stubs: they may stand alone on a line above a page break."""
MARGIN_CODE = re.compile(rf"(?:\s{{2,}}|^\s*){CODES}[\s.,_]*$|\s1\.4 ?\([A-H]\)\s*$")
FAR_MARGIN_CODE = re.compile(r"[ _]B[1-9]\s*$")
FAR_MARGIN_COLUMN = 90
"""Columns. Beyond it a bare "B5" at a line end is a margin code even when one space away from the text."""
MARGIN_RELEASE = re.compile(rf"(?:\s{{3,}}|^\s*){RELEASE}(?:[ ,]{{1,3}}{CODES})?\s*$")
RELEASE_ALONE = re.compile(rf"{RELEASE}(?:[ ,]{{1,3}}{CODES})?|{CODES}")
STAMP = re.compile(
    r"(?:^|\s{2,}):? ?(?:Classified by (?:DAS|A/|[A-Z])"
    r"|(?:CONFIDENTIAL|SECRET|TOP SECRET) ?[—–-] ?Reason|Declassify on)"
    r"|(?:^|\s)Reason: ?(?:B1,? ?)?1\.4"
)
STAMP_REST = re.compile(r"\W{0,3}(?:on:? ?)?\d{1,2}[/-]\d{1,2}[/-]\d{4}\W{0,2}|\W{0,2}on:")
STAMP_REACH = 4
"""Lines below a stamp in which its date may still follow."""
MAY_HAVE_MARGIN = re.compile(
    r"B[1-9]|1\.4|PERS/ORG|RELEASE|PART|FULL|Original Message|Classified by|Declassify on|Reason"
)
"""Something of this stands in every margin."""
MARKING = re.compile(
    r"(?:TOP SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|SENSITIVE BUT UNCLASSIFIED|LIMITED OFFICIAL USE|SBU|NOFORN"
    r"|FOR OFFICIAL USE ONLY|NO FOREIGN DISSEM|RESTRICTED)"
    r"(?:[ /,-]+(?:NO FOREIGN DISSEM|NOFORN|SENSITIVE|NODIS|EXDIS|LIMDIS|STADIS|PRIORITY|UNCLASSIFIED|POSS DUPE))*"
    r"[\W_]{0,4}"
)
MAIL_MARKING = re.compile(
    r"This (?:e-?mail|message|document) is (?:UNCLASSIFIED|SBU|CONFIDENTIAL|unclassified)\b.{0,40}"
)
ORIGINAL_MESSAGE = re.compile(
    r"\W{0,8}(?:Original (?:Message|Appointment)|Forwarded [Mm]essage|Begin forwarded message)\b"
    r"(?: from .{1,60})?[\W_]{0,12}"
)
TRAILING_ORIGINAL_MESSAGE = re.compile(r"\s{2,}\W{0,6}Original Message[\W_]{0,12}$")
TELEGRAM_PAGE = re.compile(r"PAGE +\d{1,3} +[A-Z][A-Z .]+ \d{3,6}(?: +\d\d OF \d\d)? +\d{6}Z.*")
TELEGRAM_STATION = re.compile(r"(?:[A-Z]+ ){1,4}\d{3,6}(?: \d\d OF \d\d)?")
NOISE = re.compile(r"[\W_]{1,6}|N{3,4}|EXDIS|NODIS|LIMDIS|\*{3,}.*|(?:_|-|=|\*| ){5,}")


def mark_furniture(lines: list[Line]) -> None:
    """Mark the lines, and the right margins of lines, that are furniture. Linear in the length of the text."""
    foia = _mark_banners(lines)
    stamp_until = -1
    release_until = -1
    for number, line in enumerate(lines):
        if not line.is_text or line.edge > LONGEST_FURNITURE_LINE:
            continue
        words = line.words
        # Only the rest of a stamp fills a line and begins with a small letter.
        kind = "" if words[0].islower() and number > stamp_until else _kind(words, number <= stamp_until)
        if kind == "release" and (number <= release_until or words not in {"PART", "FULL", "RELEASE"}):
            release_until = number + STAMP_REACH
            line.become("release" if "RELEASE" in words or "PART" in words or "FULL" in words else "exemption")
        elif kind and kind != "release":
            line.become(kind)
        elif MAY_HAVE_MARGIN.search(line.text):
            _mark_margins(line, foia)
            if line.margins or not line.is_text:
                kinds = {margin.kind for margin in line.margins} | {line.kind}
                stamp_until = number + STAMP_REACH if "stamp" in kinds else stamp_until
                release_until = number + STAMP_REACH if "release" in kinds else release_until


def _kind(words: str, below_stamp: bool) -> str:
    """The furniture that a line of these words is as a whole, "" for none."""
    if below_stamp and STAMP_REST.fullmatch(words):
        return "stamp"
    if ORIGINAL_MESSAGE.fullmatch(words):
        return "header"
    if RELEASE_ALONE.fullmatch(words):
        return "release"
    if TELEGRAM_PAGE.fullmatch(words):
        return "banner"
    if MARKING.fullmatch(words) or MAIL_MARKING.fullmatch(words) or _is_station_line(words):
        return "marking"
    return "noise" if NOISE.fullmatch(words) else ""


def _mark_banners(lines: list[Line]) -> bool:
    """Mark banner lines: those that name the release, and the weak ones ("UNCLASSIFIED", a page number) beside them."""
    texts = [n for n, line in enumerate(lines) if line.is_text and line.edge <= LONGEST_FURNITURE_LINE]
    core = [bool(BANNER_CORE.search(lines[n].words)) for n in texts]
    banner = list(core)
    for order in (range(len(texts)), range(len(texts) - 1, -1, -1)):
        near = False
        for i in order:
            words = lines[texts[i]].words
            if not banner[i] and near:
                banner[i] = bool(BANNER_WEAK.fullmatch(words)) or (
                    STUB.fullmatch(words) is not None and not SMALL_WORD.fullmatch(words)
                )
            near = banner[i]
    for i, n in enumerate(texts):
        if banner[i]:
            lines[n].become("banner")
    return any(core)


def _is_station_line(words: str) -> bool:
    """ "LIMITED OFFICIAL USE LA PAZ 1488": the marking above a telegram's text."""
    marking = MARKING.match(words)
    return bool(marking and marking.end() < len(words) and TELEGRAM_STATION.fullmatch(words[marking.end() :].strip()))


def _mark_margins(line: Line, foia: bool) -> None:
    """Cut what stands right of the text: stamp first, then release mark and exemption codes, from the outside in."""
    stamp = STAMP.search(line.text)
    if stamp:
        line.cut_margin(stamp.start(), "stamp")
    for _ in range(3):
        if not line.is_text:
            return
        words = line.text[: line.edge]
        code = MARGIN_CODE.search(words)
        if not code and foia and line.edge > FAR_MARGIN_COLUMN:
            code = FAR_MARGIN_CODE.search(words)
        release = MARGIN_RELEASE.search(words)
        forwarded = TRAILING_ORIGINAL_MESSAGE.search(words)
        if release:
            line.cut_margin(release.start(), "release")
        elif code:
            line.cut_margin(code.start(), "exemption")
        elif forwarded:
            line.cut_margin(forwarded.start(), "header")
        else:
            return
