"""The sourcing annex as a page to print, streamed: the same parts as on the workbench's page of it."""

from __future__ import annotations

from collections.abc import Iterator

from django.template.loader import render_to_string

from exchange.formats.annex import sections
from exchange.formats.catalogue import Heading
from exchange.formats.records import ClaimRecord


def write_annex_html(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[str]:
    """A whole page without anything from elsewhere. `records` come proposition by proposition."""
    head, foot = render_to_string("exchange/annex_file.html", {"heading": heading}).split("<!-- sections -->")
    yield head
    for section in sections(records):
        yield render_to_string("exchange/_annex_section.html", {"section": section})
    yield foot
