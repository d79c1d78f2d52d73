"""What kind of file some bytes are, judged by the bytes alone: file names lie, and uploads lose them."""

from __future__ import annotations

import codecs
import re

TEXT = "text/plain"
HTML = "text/html"
MAIL = "message/rfc822"
MAILBOX = "application/mbox"
BINARY = "application/octet-stream"

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"\x7fELF", "application/x-executable"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_ZIP_MEMBERS = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
)
_WIDE_BOMS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_HEAD = 64 * 1024
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_MOST_CONTROLS = 0.05
"""More control characters than this, as a share, is no text: random or compressed bytes hold about 0.11."""
_FEW_CONTROLS = 4
"""So many are forgiven in a file of any length."""

_FIELD = re.compile(rb"([!-9;-~]{1,76}):[ \t]*([^\r\n]{0,200})")
MAILBOX_LINE = re.compile(rb"^From \S{1,200} [^\r\n]{0,80}\d\d:\d\d[^\r\n]{0,40}\r?$", re.MULTILINE)
_RFC_DATE = re.compile(rb"(?:[A-Za-z]{3}, *)?\d{1,2} [A-Za-z]{3} \d{4} \d\d?:\d\d")
_MACHINE_FIELDS = {
    b"message-id", b"mime-version", b"received", b"return-path", b"content-type", b"content-transfer-encoding",
    b"delivered-to", b"dkim-signature", b"x-mailer", b"x-originating-ip", b"in-reply-to", b"references",
}  # fmt: skip
_HUMAN_FIELDS = {b"from", b"to", b"cc", b"subject", b"sender", b"reply-to"}


def sniff(data: bytes) -> str:
    """The media type of `data`; "application/octet-stream" for what is neither text nor a known kind of file."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return _zip_kind(data) if media_type == "application/zip" else media_type
    if data.startswith(b"RIFF") and data[8:12] in (b"WEBP", b"WAVE", b"AVI "):
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}[data[8:12]]
    if data[4:8] == b"ftyp":
        return "video/mp4"
    head = data[:_HEAD]
    if not data.startswith(_WIDE_BOMS) and not wide_encoding(head) and _has_too_many_controls(head):
        return BINARY
    return _text_kind(head)


def wide_encoding(head: bytes) -> str | None:
    """ "utf-16-le" or "utf-16-be" for UTF-16 text without a byte order mark, as the zero bytes betray it; else None."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    even, odd = head[0 : pairs * 2 : 2].count(0), head[1 : pairs * 2 : 2].count(0)
    if odd > 0.6 * pairs and even < 0.05 * pairs:
        return "utf-16-le"
    if even > 0.6 * pairs and odd < 0.05 * pairs:
        return "utf-16-be"
    return None


def _zip_kind(data: bytes) -> str:
    for member, media_type in _ZIP_MEMBERS:
        if member in data[:_HEAD] or member in data[-_HEAD:]:
            return media_type
    return "application/zip"


def _has_too_many_controls(head: bytes) -> bool:
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > max(_FEW_CONTROLS, _MOST_CONTROLS * len(head))


def _text_kind(head: bytes) -> str:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n")
    if MAILBOX_LINE.match(start):
        return MAILBOX if _looks_like_mail(start.partition(b"\n")[2]) else TEXT
    if _looks_like_mail(start):
        return MAIL
    opening = start[:1024].lstrip().lower()
    return HTML if opening.startswith((b"<!doctype html", b"<html", b"<head", b"<body")) else TEXT


def _looks_like_mail(head: bytes) -> bool:
    """Whether a mail header opens `head`.

    "From:", "To:" and "Subject:" alone are not enough: memos and printed mails begin like that and are plain text.
    """
    human = machine = 0
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            continue
        field = _FIELD.match(line)
        if field is None:
            break
        name, value = field.group(1).lower(), field.group(2)
        human += name in _HUMAN_FIELDS
        machine += name in _MACHINE_FIELDS or (name == b"date" and _RFC_DATE.match(value) is not None)
    return machine > 0 and human + machine >= 2
