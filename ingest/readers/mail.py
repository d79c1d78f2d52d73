"""E-mail files. The text layer is the mail as a reader sees it: header lines, body, forwarded messages below it.

Parsed under Python's compat32 policy and not the newer default: that one reads header values strictly, in quadratic
time, and raises on what real mail holds. We decode the few values we need ourselves, and cap them.
"""

from __future__ import annotations

import email
import re
from dataclasses import dataclass, field
from email._policybase import Compat32
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from ingest.readers.encodings import decode, storable
from ingest.readers.facts import find_facts
from ingest.readers.markup import text_of_html
from ingest.readers.messages import Header, Label
from ingest.readers.reading import Reading, Unreadable
from ingest.readers.refusals import unreadable
from ingest.readers.sniffing import MAILBOX, MAILBOX_LINE

NAME = "mail"
VERSION = "1"

_FIELDS: tuple[tuple[str, str, Label], ...] = (
    ("From", "from", "from"),
    ("Sent", "date", "date"),
    ("To", "to", "to"),
    ("Cc", "cc", "cc"),
    ("Subject", "subject", "subject"),
)
_FORWARDED = "-----Original Message-----"
_LEFT_OUT = "[Messages nested deeper than 20 levels are not shown.]"
_DEEPEST = 20
_MOST_PARTS = 1000
_LONGEST_VALUE = 20_000
_LONGEST_CONTENT_VALUE = 2000
"""Characters of a Content-... header that are read: the standard library takes quadratic time over its parameters."""
_NESTING = re.compile(rb"^content-type:[ \t\r\n]{0,9}(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_MOST_NESTED = 200
_MOST_LINE_CHECKS = 20_000_000
"""Python's parser compares each line with the boundary of each multipart around it; beyond this it is no mail."""
_ENCRYPTED = {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}
_ENCODED = ("base64", "quoted-printable")
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that stand for no byte: some encodings of file names can produce them."""
_LINE_END = re.compile(r"\r\n?")


class _TamedHeaders(Compat32):
    """The lenient policy of old, with header values that can neither keep us busy nor make the library raise."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if name.lower().startswith("content-"):
            return name, _with_sound_parameters(value[:_LONGEST_CONTENT_VALUE])
        return name, value[:_LONGEST_VALUE]


def _with_sound_parameters(value: str) -> str:
    """`value`, or only what stands before its parameters when the standard library fails over those."""
    probe = Message()
    probe["Content-Type"] = probe["Content-Disposition"] = value
    try:
        probe.get_filename()
        probe.get_boundary()
        probe.get_content_charset()
    except (TypeError, ValueError):
        return value.partition(";")[0]
    return value


_POLICY = _TamedHeaders()


@dataclass(slots=True)
class _Contents:
    """What one message holds: the texts of its body, the names of its attachments, the messages inside it."""

    texts: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    forwarded: list[Message] = field(default_factory=list)
    is_encrypted: bool = False

    def take(self, other: _Contents, *, texts: bool = True) -> None:
        self.texts += other.texts if texts else []
        self.attachments += other.attachments
        self.forwarded += other.forwarded
        self.is_encrypted |= other.is_encrypted


def read_mail(data: bytes) -> Reading:
    """The text layer of an RFC 5322 file. Attachments are named in it and not read.

    Raises Unreadable for a mail whose body is encrypted, and for one nested beyond all reason.
    """
    nested = len(_NESTING.findall(data))
    if nested > _MOST_NESTED or nested * data.count(b"\n") > _MOST_LINE_CHECKS:
        raise _too_nested()
    try:
        message = _parse(data)
        contents = _contents(message)
        if contents.is_encrypted and not contents.texts:
            raise _encrypted()
        text = storable(_render(message, contents, depth=0))
    except RecursionError as error:
        raise _too_nested() from error
    opening = "\n".join(_header_lines(message, contents))
    values = {label: _value(message, name) for _, name, label in _FIELDS}
    facts, segments = find_facts(text, opening=Header(0, len(opening), values))
    return Reading(text, NAME, VERSION, "message/rfc822", facts, (0,), segments)


def read_mailbox(data: bytes) -> Reading:
    """The text layer of an mbox file that holds a single message. Raises Unreadable when it holds more."""
    if len(MAILBOX_LINE.findall(data)) > 1:
        raise unreadable(MAILBOX)
    return read_mail(data.lstrip(b"\r\n").partition(b"\n")[2])


def _parse(data: bytes) -> Message:
    return email.message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n"), policy=_POLICY)


def _too_nested() -> Unreadable:
    reason = (
        "This mail holds mails nested too deeply to be read. Save the message you need as a file and import that one."
    )
    return Unreadable(reason, code="mail_too_nested")


def _encrypted() -> Unreadable:
    reason = (
        "This mail is encrypted. Open it in your mail program, save it there without encryption, and import that copy."
    )
    return Unreadable(reason, code="mail_encrypted")


def _render(message: Message, contents: _Contents, depth: int) -> str:
    """`message` as text: header lines, body, then each message inside it under "-----Original Message-----"."""
    blocks = ["\n".join(_header_lines(message, contents)), *(text.strip("\n") for text in contents.texts)]
    for inner in contents.forwarded:
        if depth == _DEEPEST:
            blocks.append(_LEFT_OUT)
            break
        blocks.append(f"{_FORWARDED}\n{_render(inner, _contents(inner), depth + 1).rstrip()}")
    return "\n\n".join(filter(None, blocks)) + "\n"


def _header_lines(message: Message, contents: _Contents) -> list[str]:
    lines = [(label, _value(message, name)) for label, name, _ in _FIELDS]
    lines.append(("Attachments", "; ".join(contents.attachments)))
    return [f"{label}: {value}".rstrip() for label, value in lines if value or label == "To"]


def _value(message: Message, name: str) -> str:
    """A header's value on one line, its encoded words read; broken ones stay as they are."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
    value = _characters(raw)
    try:
        pieces = decode_header(value) if "=?" in value else [(value, None)]
    except (MessageError, ValueError):
        pieces = [(value, None)]
    words = (piece if isinstance(piece, str) else decode(piece, declared=charset or "") for piece, charset in pieces)
    return " ".join(storable("".join(words)).split())


def _characters(raw: str) -> str:
    """`raw` as written: the parser keeps bytes that are not ASCII as surrogates."""
    return decode(_NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", raw).encode("utf-8", "surrogateescape"))


def _contents(message: Message) -> _Contents:
    """Everything in `message`, of which the parts are walked without recursion into forwarded messages."""
    return _collect(message, [_MOST_PARTS])


def _collect(part: Message, parts_left: list[int]) -> _Contents:
    contents = _Contents()
    parts_left[0] -= 1
    if parts_left[0] < 0:
        return contents
    media_type = part.get_content_type()
    contents.is_encrypted = media_type in _ENCRYPTED
    if media_type == "message/rfc822":
        contents.forwarded = _forwarded(part)
    elif media_type == "multipart/alternative":
        _collect_best(part, contents, parts_left)
    elif media_type.startswith("multipart/") and part.is_multipart():
        for inner in _inner(part):
            contents.take(_collect(inner, parts_left))
    elif _is_body(part, media_type):
        text = _text(part, media_type)
        contents.texts = [text] if text.strip() else []
    elif name := _attachment_name(part) or ("" if contents.is_encrypted else media_type):
        contents.attachments = [name]
    return contents


def _collect_best(part: Message, contents: _Contents, parts_left: list[int]) -> None:
    """Of the same words in several forms take plain text, else the last form, which the sender thought best."""
    forms = [(inner.get_content_type(), _collect(inner, parts_left)) for inner in _inner(part)]
    readable = [form for form in forms if form[1].texts]
    best = next((form for form in readable if form[0] == "text/plain"), readable[-1] if readable else None)
    for form in forms:
        contents.take(form[1], texts=form is best)


def _inner(part: Message) -> list[Message]:
    payload = part.get_payload() if part.is_multipart() else []
    return [inner for inner in payload if isinstance(inner, Message)]


def _forwarded(part: Message) -> list[Message]:
    """The message attached; when it was encoded, which the standard forbids and programs do, decoded first."""
    inner = _inner(part)
    if inner and str(part.get("Content-Transfer-Encoding", "")).strip().lower() in _ENCODED and not inner[0].keys():
        inner[0]["Content-Transfer-Encoding"] = str(part["Content-Transfer-Encoding"]).strip()
        return [_parse(_payload(inner[0]))]
    return inner


def _is_body(part: Message, media_type: str) -> bool:
    if media_type.startswith("multipart/"):
        return True  # One whose boundary is missing: what stands in it is all there is.
    attached = str(part.get("Content-Disposition", "")).strip().lower().startswith("attachment")
    return media_type in ("text/plain", "text/html") and not attached and not _attachment_name(part)


def _attachment_name(part: Message) -> str:
    name = _characters(part.get_filename() or "")
    return " ".join(storable(name).split()).replace(";", ",")[:200]


def _text(part: Message, media_type: str) -> str:
    text = decode(_payload(part), declared=part.get_content_charset() or "")
    text = text_of_html(text) if media_type == "text/html" else text
    return _LINE_END.sub("\n", text)


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
