"""The facts a text layer states about itself, and the messages it consists of."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import islice

from ingest.readers.dates import date_alone, dateline
from ingest.readers.forms import report_facts, telegram_facts
from ingest.readers.layout import Line, is_furniture, lines
from ingest.readers.markings import find_classification, marking_alone
from ingest.readers.messages import Header, clean_words, find_headers
from ingest.readers.reading import Facts, Segment
from ingest.readers.releases import find_release

_MOST_SEGMENTS = 1000
_WORDS_BEFORE_A_MESSAGE = 12
"""With more words than this above the first header, those words are the outermost message and the header is nested."""
_DATE_LINE_REACH = 8
"""Lines that are not blank, above and below a memo's head, where its date line may stand."""
_OPENING_LINES = 15
_LONGEST_HEADING = 200
_WORD = re.compile(r"[^\W\d_]{3,}")


def find_facts(text: str, *, opening: Header | None = None) -> tuple[Facts, tuple[Segment, ...]]:
    """What `text` says about itself, and the messages in it, outermost first. Takes time linear in `text`.

    opening: the outermost header where the file's format tells it; otherwise it is looked for in the text.
    """
    headers = [header for header in find_headers(text) if opening is None or header.start >= opening.end]
    messages = [header for header in headers if header.kind == "message"]
    if opening:
        messages.insert(0, opening)
    outermost = opening or (messages[0] if messages and _opens(text, messages[0]) else None)
    memo = next((header for header in headers if header.kind == "memo"), None)
    if memo and messages and not outermost and memo.start > messages[0].start:
        memo = None  # It belongs to a message further down.
    own = _own_facts(text, outermost, memo)
    release = find_release(text)
    facts = replace(
        own,
        doc_number=release.doc_number or own.doc_number,
        case_number=release.case_number,
        release_date=release.released_on,
        release_mark=release.mark,
        exemptions=release.exemptions,
        classification=own.classification or find_classification(text),
    )
    return facts, _segments(text, facts, messages, outermost)


def _own_facts(text: str, outermost: Header | None, memo: Header | None) -> Facts:
    """What the author printed: the outermost mail header, else a form, else a memo's head, else its opening lines."""
    memo_date = _memo_date(text, memo) if memo else None
    if outermost:
        return Facts(
            title=outermost.subject,
            author=outermost.author,
            recipients=outermost.recipients,
            information_date=memo_date,
            document_date=outermost.sent_on or memo_date,
        )
    if form := telegram_facts(text) or report_facts(text):
        return form
    if memo:
        return Facts(
            title=memo.subject,
            author=memo.author,
            recipients=memo.recipients,
            information_date=memo_date,
            document_date=memo_date,
        )
    return Facts(title=_heading(text), document_date=_opening_date(text))


def _opens(text: str, header: Header) -> bool:
    """Whether nothing but furniture and a few words stands above `header`."""
    count = 0
    for line in _content_lines(text[: header.start]):
        count += len(line.words.split())
        if count > _WORDS_BEFORE_A_MESSAGE:
            return False
    return True


def _memo_date(text: str, memo: Header) -> date | None:
    """The day of the line that is only a date, nearest above the memo's head, else below it."""
    above = list(islice(reversed(list(_content_lines(text[max(0, memo.start - 3000) : memo.start]))), _DATE_LINE_REACH))
    below = islice(_content_lines(text[memo.end : memo.end + 3000]), _DATE_LINE_REACH)
    return next((day for line in (*above, *below) if (day := date_alone(line.words))), None)


def _heading(text: str) -> str:
    """The first line when it looks like a title: short, not a sentence, and with room below."""
    opening = (line for line in lines(text[:20_000]) if not is_furniture(line.words) and not marking_alone(line.words))
    first = next(opening, None)
    if first is None:
        return ""
    words = clean_words(first.words)
    below = next(lines(text[first.end : first.end + 2000]), None)
    stands_free = below is None or below.is_blank
    is_title = stands_free and len(words) <= _LONGEST_HEADING and not words.endswith((".", ",", ";", ":"))
    return words if is_title and len(_WORD.findall(words)) >= 2 else ""


def _opening_date(text: str) -> date | None:
    """The date line of a document without a header: "Moscow, January 21, 1961, 4 p.m."."""
    opening = islice(_content_lines(text[:20_000]), _OPENING_LINES)
    return next((day for line in opening if (day := dateline(line.words))), None)


def _content_lines(text: str) -> list[Line]:
    return [line for line in lines(text) if not is_furniture(line.words)]


def _segments(text: str, facts: Facts, messages: list[Header], outermost: Header | None) -> tuple[Segment, ...]:
    if not text:
        return ()
    nested = messages[1:] if outermost else messages
    nested = [message for message in nested if message.start > 0][: _MOST_SEGMENTS - 1]
    ends = [message.start for message in nested] + [len(text)]
    first = Segment(0, ends[0], facts.author, facts.recipients, facts.title, facts.document_date)
    rest = (
        Segment(message.start, end, message.author, message.recipients, message.subject, message.sent_on)
        for message, end in zip(nested, ends[1:], strict=True)
    )
    return (first, *rest)
