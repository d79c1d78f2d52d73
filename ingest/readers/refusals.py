"""Why a file cannot be read, and what its owner can do about it."""

from __future__ import annotations

from ingest.readers.reading import Unreadable

MAX_BYTES = 20 * 1024 * 1024

_SAVE_AS_TEXT = (
    "Hearsay reads plain text, e-mail and web pages today: save it as a plain text (.txt) file and import that."
)
_REFUSALS = {
    "application/pdf": ("pdf", f"This is a PDF file. {_SAVE_AS_TEXT}"),
    "application/rtf": ("word_processor", f"This is an RTF document. {_SAVE_AS_TEXT}"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (
        "word_processor",
        f"This is a Word document. {_SAVE_AS_TEXT}",
    ),
    "application/vnd.oasis.opendocument.text": ("word_processor", f"This is an OpenDocument text. {_SAVE_AS_TEXT}"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (
        "spreadsheet",
        f"This is an Excel workbook. {_SAVE_AS_TEXT}",
    ),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (
        "slides",
        f"This is a PowerPoint file. {_SAVE_AS_TEXT}",
    ),
    "application/x-ole-storage": (
        "office_or_outlook",
        "This is an old Office file or an Outlook message (.msg). Save a document as plain text (.txt), or a message "
        "as .eml, and import that.",
    ),
    "application/mbox": (
        "mailbox",
        "This file is a mailbox of several messages. Save the messages as single .eml files and import those.",
    ),
}
_ARCHIVES = {
    "application/zip", "application/gzip", "application/x-bzip2", "application/x-xz", "application/x-7z-compressed",
    "application/vnd.rar", "application/zstd",
}  # fmt: skip
_ARCHIVE = "This is a compressed archive. Unpack it and import the files inside."
_PICTURE = "This is a picture. Run text recognition (OCR) on it and import the recognised text as a .txt file."
_RECORDING = "This is a sound or video recording. Import a written transcript of it instead."
_BINARY = (
    "This file holds no readable text: it may be a program's own format, encrypted or damaged. Open it in the program "
    "it comes from, save it as plain text (.txt), and import that."
)


def too_large(size: int) -> Unreadable:
    """For a file of `size` bytes, over MAX_BYTES."""
    megabytes = MAX_BYTES // 1024 // 1024
    reason = (
        f"This file has {size / 1024 / 1024:.1f} MB; the limit is {megabytes} MB. Split it into smaller files, or save "
        "only its text, and import that."
    )
    return Unreadable(reason, code="too_large")


def unreadable(media_type: str) -> Unreadable:
    """For a file of a kind that no reader takes."""
    if media_type in _REFUSALS:
        code, reason = _REFUSALS[media_type]
        return Unreadable(reason, code=code)
    if media_type in _ARCHIVES:
        return Unreadable(_ARCHIVE, code="archive")
    if media_type.startswith("image/"):
        return Unreadable(_PICTURE, code="picture")
    if media_type.startswith(("audio/", "video/")):
        return Unreadable(_RECORDING, code="recording")
    return Unreadable(_BINARY, code="binary")
