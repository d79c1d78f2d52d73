"""Bytes in, text layer with facts out. Plain functions: no Django, no database, no files, no network."""

from __future__ import annotations

from ingest.readers.mail import read_mail, read_mailbox
from ingest.readers.plain import read_plain
from ingest.readers.reading import Facts, Reading, Segment, Unreadable
from ingest.readers.refusals import MAX_BYTES, too_large, unreadable
from ingest.readers.sniffing import HTML, MAIL, MAILBOX, TEXT, sniff
from ingest.readers.web import read_web_page

__all__ = ["MAX_BYTES", "Facts", "Reading", "Segment", "Unreadable", "read", "sniff"]

_READERS = {TEXT: read_plain, HTML: read_web_page, MAIL: read_mail, MAILBOX: read_mailbox}


def read(data: bytes, *, name: str) -> Reading:
    """The text layer of a file. The reader is picked by the bytes; `name` decides nothing, for names lie.

    An empty file is a document without text, not an error. Time is linear in the size of `data`.
    Raises Unreadable, with a sentence for the analyst, for a file over MAX_BYTES or of a kind no reader takes.
    """
    if len(data) > MAX_BYTES:
        raise too_large(len(data))
    media_type = sniff(data)
    reader = _READERS.get(media_type)
    if reader is None:
        raise unreadable(media_type)
    return reader(data)
