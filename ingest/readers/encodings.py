"""Bytes to characters, for text whose encoding nobody wrote down."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from ingest.readers.sniffing import wide_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is the beginning of this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 32 * 1024
_NOT_CHARSETS = {
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
}
"""Python calls these codecs too, but no text is written in them, and the first two take quadratic time."""


def decode(data: bytes, *, declared: str = "") -> str:
    """`data` as text: by its byte order mark, as `declared`, as UTF-8, else by the likeliest legacy encoding.

    Never fails: what does not decode becomes U+FFFD, and so do U+0000 and lone surrogates. Nothing else is changed:
    line ends, form feeds and spaces stay. `declared` is ignored when it is unknown or does not fit.
    """
    return storable(_decode(data, declared))


def storable(text: str) -> str:
    """`text` with U+FFFD in place of the characters PostgreSQL cannot store."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _decode(data: bytes, declared: str) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    if declared and (text := _decode_as_declared(data, declared)) is not None:
        return text
    if wide := wide_encoding(data[:_SAMPLE]):  # before UTF-8, of which ASCII with zero bytes between is a valid case
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _is_damaged_utf8(data):
        return data.decode("utf-8", errors="replace")
    return data.decode(_legacy_encoding(data), errors="replace")


def _decode_as_declared(data: bytes, declared: str) -> str | None:
    try:
        name = codecs.lookup(declared.strip("\"' ")).name
        if name in _NOT_CHARSETS:
            return None
        if name in ("ascii", "iso8859-1"):
            name = "cp1252"  # what mail programs mean by it, as browsers read it
        return data.decode(name)
    except (LookupError, ValueError):
        return None


def _is_damaged_utf8(data: bytes) -> bool:
    """Whether a few broken bytes stand in what is otherwise UTF-8: legacy text hardly ever forms valid sequences."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    valid = len(text) - broken - len(data.translate(None, bytes(range(128, 256))))
    return valid > 2 * broken


def _legacy_encoding(data: bytes) -> str:
    """Western text has single accented letters and quotes among ASCII; other scripts have whole words of high bytes."""
    runs = [match.group() for _, match in zip(range(5000), _HIGH_RUN.finditer(data), strict=False)]
    in_long_runs = sum(len(run) for run in runs if len(run) >= 3)
    if in_long_runs <= 0.3 * sum(map(len, runs)):
        return "cp1252"
    first = max(0, data.index(runs[0]) - 256)
    best = from_bytes(data[first : first + _SAMPLE]).best()
    return best.encoding if best is not None else "cp1252"
