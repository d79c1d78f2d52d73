"""Text files. The text layer is the file decoded, nothing stripped."""

from __future__ import annotations

from ingest.readers.encodings import decode
from ingest.readers.facts import find_facts
from ingest.readers.reading import Reading
from ingest.readers.releases import page_starts

NAME = "plain"
VERSION = "1"


def read_plain(data: bytes) -> Reading:
    """The text layer of a text file: every character as decoded, line ends and form feeds included."""
    text = decode(data)
    facts, segments = find_facts(text)
    return Reading(text, NAME, VERSION, "text/plain", facts, page_starts(text), segments)
