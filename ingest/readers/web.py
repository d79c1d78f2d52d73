"""Saved web pages."""

from __future__ import annotations

from dataclasses import replace

from ingest.readers.encodings import decode, storable
from ingest.readers.facts import find_facts
from ingest.readers.markup import text_of_html, title_of_html
from ingest.readers.reading import Reading

NAME = "web"
VERSION = "1"


def read_web_page(data: bytes) -> Reading:
    """The text layer of an HTML file: the words a browser would show."""
    markup = decode(data)
    text = storable(text_of_html(markup))
    facts, segments = find_facts(text)
    if title := title_of_html(markup):
        facts = replace(facts, title=title)
    return Reading(text, NAME, VERSION, "text/html", facts, (0,), segments)
