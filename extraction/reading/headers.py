"""Message headers, memo heads and telegram heads: which lines they fill, and the messages they divide a text into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.reading.furniture import ORIGINAL_MESSAGE
from extraction.reading.lines import LONGEST_FURNITURE_LINE, Line

LABEL = re.compile(
    r"[>*•\s]{0,6}(From|Frorn|Sent|To|Cc|Bcc|Date|Subject|Subj|Attachments?|Importance|Sensitivity|Reply-To|Re|For)"
    r"(?:\s?[:;]\s*|\.\s|\s{2,}|\s?$)(.*)",
    re.IGNORECASE,
)
BARE_LABEL = re.compile(r"(From|To|Cc|Subject|Re|For|Sent) (?=[A-Z'\"<])(.+)")
MAIL_LABELS = frozenset(
    ("sent", "to", "cc", "bcc", "date", "subject", "attachments", "importance", "sensitivity", "reply-to")
)
MEMO_LABELS = frozenset(("for", "from", "re", "to", "date", "subject"))
LIST_LABELS = frozenset(("to", "cc", "bcc", "attachments"))
WROTE = re.compile(r"(?:On|>+ ?On) .{6,120}\bwrote:|\w{3}, \w{3} \d.{4,100}\bwrote:")
MESSAGE_DATE_TIME = re.compile(r"[ZOPR] +\d{6}Z +[A-Z]{3} +\d\d")
TELEGRAM_FIELD = re.compile(r"(FM|TO|INFO|E\.?O\.? ?\d{4,5}|TAGS?|SUBJ(?:ECT)?|REFS?|ACTION|FROM)\b *[:.]? *(.*)")
TELEGRAM_LISTS = re.compile(r"(?:[A-Z/]{1,6}-\d\d\s*|/?\d{2,3}(?: [A-Z])?\s*|-{6,}\s*\d+\s*)+")
TELEGRAM_BODY = re.compile(r"\d{1,2}\. |\((?:C|S|U|SBU|LOU)\) |(?:BEGIN )?(?:SUMMARY|INTRODUCTION|TEXT|COMMENT)\b")
"""How the text below a telegram's subject begins, even without a blank line between."""
REFERENCE = re.compile(r"\d{3}")
WORDS_OF_A_SENTENCE = 7
ATTRIBUTES = "Message Attributes"
ATTRIBUTE = re.compile(r"[A-Z][A-Za-z ]{2,40}:")
ATTRIBUTES_SEEN = 3
"""Lines that must look like attributes below the title for all the rest to be attributes."""
TEXT_TITLE = "Message Text"
NEAR = 6
BLOCK_REACH = 14
"""Text lines after "From:" in which another label must follow for the block to be a header."""
LONGEST_LIST = 40
"""Lines of recipients, at most, below one "To:"."""


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One labelled line of a header: `label` in lower case, `value` as printed, and where the value stands."""

    label: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One message of a chain: from the first character of its header to the next message's header."""

    start: int
    end: int
    body_start: int
    fields: tuple[HeaderField, ...] = ()

    def field(self, label: str) -> str:
        """The value of the first field of that label as printed, "" if there is none."""
        return next((field.value for field in self.fields if field.label == label), "")


@dataclass(slots=True)
class _Block:
    first: int
    last: int
    kind: str
    fields: list[HeaderField]


def mark_headers(lines: list[Line], length: int) -> tuple[Segment, ...]:
    """Mark header lines as furniture and return the messages of the text, at least one, in order, without gaps."""
    texts = [n for n, line in enumerate(lines) if line.is_text and line.edge <= LONGEST_FURNITURE_LINE]
    blocks = []
    position = 0
    while position < len(texts):
        block = _mail_or_memo_block(lines, texts, position) or _telegram_block(lines, texts, position)
        if block is None:
            position += 1
            continue
        blocks.append(block)
        while position < len(texts) and texts[position] <= block.last:
            if lines[texts[position]].is_text:
                lines[texts[position]].become(block.kind)
            position += 1
    return tuple(_segments(lines, [block for block in blocks if block.kind == "header"], length))


def _label(line: Line, inside: bool) -> tuple[str, int] | None:
    """The label that opens the line, in lower case, and the column where its value starts."""
    match = LABEL.match(line.words)
    if match is None and inside:
        match = BARE_LABEL.match(line.words)
    if match is None:
        return None
    label = match.group(1).lower()
    label = {"frorn": "from", "attachment": "attachments", "subj": "subject"}.get(label, label)
    return label, line.indent + match.start(2)


def _field(line: Line, label: str, column: int) -> HeaderField:
    start = min(line.start + column, line.text_end)
    return HeaderField(label, line.text[start - line.start : line.text_end - line.start], start, line.text_end)


def _mail_or_memo_block(lines: list[Line], texts: list[int], position: int) -> _Block | None:
    line = lines[texts[position]]
    if WROTE.fullmatch(line.words):
        return _Block(
            texts[position],
            texts[position],
            "header",
            [HeaderField("from", line.words, line.text_start, line.text_end)],
        )
    opened = _label(line, inside=False)
    if opened is None or opened[0] in {"re", "attachments", "cc", "bcc", "importance", "sensitivity"}:
        return None
    kind = "memo_head" if opened[0] == "for" else "header"
    allowed = MEMO_LABELS if kind == "memo_head" else MAIL_LABELS | {"from"}
    fields = [_field(line, *opened)]
    last, previous, unlabelled = position, opened[0], 0
    for ahead in range(position + 1, min(len(texts), position + LONGEST_LIST + BLOCK_REACH)):
        line = lines[texts[ahead]]
        found = _label(line, inside=True)
        if found and found[0] in allowed and not (found[0] == "from" and kind == "header" and len(fields) > 1):
            fields.append(_field(line, *found))
            last, previous, unlabelled = ahead, found[0], 0
        elif found or not _continues(lines, texts, ahead, previous, line) or unlabelled >= LONGEST_LIST:
            break
        else:
            unlabelled += 1
            fields[-1] = HeaderField(
                fields[-1].label, f"{fields[-1].value} {line.words}".strip(), fields[-1].start, line.text_end
            )
            last = ahead
    labels = {field.label for field in fields}
    needed = {"from", "re"} if kind == "memo_head" else (MAIL_LABELS | {"from"}) - {opened[0]}
    if not labels & needed or (kind == "header" and "from" not in labels and not labels >= {"to", "subject"}):
        return None
    return _Block(texts[position], texts[last], kind, fields)


def _continues(lines: list[Line], texts: list[int], ahead: int, previous: str, line: Line) -> bool:
    """Does this unlabelled line belong to the field above it: more recipients, or the rest of a long subject?"""
    above = lines[texts[ahead - 1]]
    apart = texts[ahead] - texts[ahead - 1] > 1
    if previous in LIST_LABELS:
        stands_in = not apart and line.indent > above.indent + 8
        listed = ";" in line.words or "@" in line.words or "<" in line.words or stands_in
        wrapped = above.words.endswith((";", ",")) or (not apart and len(line.words) < 40 and ";" in above.words)
        return (listed and not line.words.endswith(".")) or wrapped
    if previous in {"subject", "re"}:
        below_is_blank = texts[ahead] + 1 >= len(lines) or not lines[texts[ahead] + 1].is_text
        return not apart and (line.indent > above.indent + 8 or (above.edge > 85 and below_is_blank))
    return False


def _telegram_block(lines: list[Line], texts: list[int], position: int) -> _Block | None:
    line = lines[texts[position]]
    if line.words == ATTRIBUTES and _opens_attributes(lines, texts, position):
        return _Block(texts[position], len(lines) - 1, "attributes", [])
    if line.words == TEXT_TITLE and _stands_between_marks(lines, texts[position]):
        return _Block(texts[position], texts[position], "banner", [])
    if not (TELEGRAM_LISTS.fullmatch(line.words) or _telegram_field(line) or MESSAGE_DATE_TIME.fullmatch(line.words)):
        return None
    fields: list[HeaderField] = []
    last = position
    for ahead in range(position, min(len(texts), position + 60)):
        line = lines[texts[ahead]]
        found = _telegram_field(line)
        if found:
            fields.append(found)
        elif MESSAGE_DATE_TIME.fullmatch(line.words):
            fields.append(HeaderField("date", line.words, line.text_start, line.text_end))
        elif fields and (
            (_right_below(texts, ahead) and not _begins_body(line.words, below=fields[-1].label))
            or _executive_order_follows(lines, texts, ahead)
        ):
            fields[-1] = HeaderField(
                fields[-1].label, f"{fields[-1].value} {line.words}", fields[-1].start, line.text_end
            )
        elif not TELEGRAM_LISTS.fullmatch(line.words):
            break
        last = ahead
    labels = {field.label for field in fields}
    if not labels & {"fm", "date"} or not labels & {"to", "subj", "subject"}:
        return None
    return _Block(texts[position], texts[last], "header", fields)


def _begins_body(words: str, *, below: str) -> bool:
    """Is this line text? Below the references, a line of many words without their numbers is."""
    if below in {"ref", "refs"} and words.count(" ") + 1 >= WORDS_OF_A_SENTENCE and not REFERENCE.search(words):
        return True
    return TELEGRAM_BODY.match(words) is not None


def _executive_order_follows(lines: list[Line], texts: list[int], position: int) -> bool:
    """ "PASS AGRICULTURE" and the like may stand between the addressees and the lines that begin with "E.O." """
    below = (_telegram_field(lines[number]) for number in texts[position + 1 : position + 3])
    return any(field is not None and field.label.startswith("e") for field in below)


def _opens_attributes(lines: list[Line], texts: list[int], position: int) -> bool:
    below = texts[position + 1 : position + 1 + ATTRIBUTES_SEEN]
    return bool(below) and all(ATTRIBUTE.match(lines[number].words) for number in below)


def _stands_between_marks(lines: list[Line], number: int) -> bool:
    """Is the nearest line above or below, blank ones left out, a page banner or a classification?"""
    above = next((line for line in reversed(lines[max(0, number - NEAR) : number]) if line.kind != "blank"), None)
    below = next((line for line in lines[number + 1 : number + 1 + NEAR] if line.kind != "blank"), None)
    return any(line is not None and line.kind in {"banner", "marking"} for line in (above, below))


def _right_below(texts: list[int], position: int) -> bool:
    return texts[position] - texts[position - 1] == 1


def _telegram_field(line: Line) -> HeaderField | None:
    match = TELEGRAM_FIELD.fullmatch(line.words)
    if not match or line.words != line.words.upper():
        return None
    start = line.text_start + match.start(2)
    return HeaderField(match.group(1).lower().rstrip("."), match.group(2), start, line.text_end)


def _segments(lines: list[Line], blocks: list[_Block], length: int) -> Iterator[Segment]:
    """Messages: each header opens one; what stands before the first header belongs to the first message."""
    starts = [_opening(lines, block.first) for block in blocks]
    if not blocks:
        yield Segment(0, length, 0)
        return
    if any(line.is_text for line in lines[: blocks[0].first]):
        yield Segment(0, starts[0], 0)
    else:
        starts[0] = 0
    for number, block in enumerate(blocks):
        end = starts[number + 1] if number + 1 < len(blocks) else length
        yield Segment(starts[number], end, min(lines[block.last].end, end), tuple(block.fields))


def _opening(lines: list[Line], first: int) -> int:
    """The offset where a header begins, an "Original Message" line right above it included."""
    above = first - 1
    while above >= 0 and lines[above].kind in {"blank", "exemption", "stamp"}:
        above -= 1
    if above >= 0 and first - above <= 4 and ORIGINAL_MESSAGE.fullmatch(lines[above].text.strip()):
        return lines[above].start
    return lines[first].start
