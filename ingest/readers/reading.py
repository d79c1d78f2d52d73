"""What a reader gives back: a text layer, and the facts a document states about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document prints about itself; empty or None where it does not say, or not legibly."""

    title: str = ""
    doc_number: str = ""
    case_number: str = ""
    author: str = ""
    recipients: str = ""
    """To and Cc as printed, separated by "; "."""
    information_date: date | None = None
    """The date line of the memo itself, which may be older than the message that carries it."""
    document_date: date | None = None
    """The date of the outermost message; of a document that is no message, its own date line."""
    release_date: date | None = None
    """When the document was released to the public: the date in the page banner."""
    classification: str = ""
    """The document's own marking as printed: CONFIDENTIAL, SBU, UNCLASSIFIED, LIMITED OFFICIAL USE ..."""
    release_mark: str = ""
    """RELEASE IN PART, RELEASE IN FULL ..., without the codes."""
    exemptions: tuple[str, ...] = ()
    """The codes beside the release mark, in the order printed: B6, 1.4(D) ..."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One message of a forwarded chain: `text[start:end]`, its header lines included."""

    start: int
    end: int
    author: str = ""
    recipients: str = ""
    subject: str = ""
    sent_on: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A text layer. Offsets count code points of `text`."""

    text: str
    """Never holds U+0000 or a lone surrogate, which PostgreSQL cannot store: U+FFFD stands in their place."""
    reader: str
    reader_version: str
    media_type: str
    facts: Facts
    page_starts: tuple[int, ...]
    """Where each page begins, ascending; the first is always 0."""
    segments: tuple[Segment, ...]
    """Outermost message first. They cover the text from 0 to its end without gap or overlap; an empty text has none."""


class Unreadable(Exception):
    """The bytes hold nothing this installation can turn into text.

    `reason`: a sentence for an analyst, with the remedy. `code`: a short stable word for machines.
    """

    def __init__(self, reason: str, *, code: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
