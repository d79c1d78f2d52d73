"""The sourcing annex as Markdown, streamed. What came from documents and people is escaped: it is text, no markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from exchange.formats.annex import Citation, Descriptor, Section, sections
from exchange.formats.catalogue import Heading
from exchange.formats.records import ClaimRecord

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~:@=$^])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
"""Not with a backslash: not every reader of Markdown takes one before an angle bracket."""


def plain(text: str) -> str:
    """On one line, and read as nothing but characters."""
    escaped = _MARKUP.sub(r"\\\1", " ".join(text.split()))
    return "".join(_ENTITIES.get(character, character) for character in escaped)


def write_annex_markdown(records: Iterator[ClaimRecord], heading: Heading) -> Iterator[str]:
    """`records` come proposition by proposition."""
    yield f"# {_('Sourcing annex')}\n\n"
    yield f"{plain(_('Made %(on)s for %(by)s') % {'on': heading.at.date().isoformat(), 'by': heading.by})}\n"
    for section in sections(records):
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"\n## {plain(section.title)}\n\n"
    if section.markings:
        yield f"**{plain(' · '.join(section.markings))}**\n\n"
    yield f"### {_('Source summary statement')}\n\n"
    yield "".join(f"{plain(sentence)}  \n" for sentence in section.summary)
    yield from _list(_("Strengths"), section.strengths)
    yield from _list(_("Weaknesses"), section.weaknesses)
    yield f"\n### {_('Source references')}\n\n"
    yield plain(
        _("Reliability of the source, A to F, and credibility of the claim, 1 to 6; a dash where nobody judged.")
    )
    yield "\n\n"
    for citation in section.citations:
        yield _citation(citation)
    if section.descriptors:
        yield f"\n### {_('Source descriptors')}\n\n"
        for descriptor in section.descriptors:
            yield _descriptor(descriptor)


def _list(title: str, items: tuple[str, ...]) -> Iterator[str]:
    if items:
        yield f"\n**{title}**\n\n"
        yield "".join(f"- {plain(item)}\n" for item in items)


def _citation(citation: Citation) -> str:
    facts = [
        citation.identifier,
        citation.originator,
        citation.title,
        _("information of %s") % citation.information_date if citation.information_date else "",
        _("published %s") % citation.publication_date if citation.publication_date else "",
        citation.marking,
        citation.place,
        citation.found_by,
    ]
    stands = _("denies") if citation.denies else ""
    said = plain(f"“{citation.record.content.quote}”")
    who = " ← ".join([*citation.tellers, citation.said_by])
    head = f"{citation.number}. **{citation.grade}** {plain(who)}{f' ({stands})' if stands else ''}: {said}  \n"
    return f"{head}   {plain('; '.join(filter(None, facts)))}\n"


def _descriptor(descriptor: Descriptor) -> str:
    source = descriptor.source
    facts = [
        descriptor.kind,
        descriptor.access,
        source.placement,
        _("motive or bias: %s") % source.motive if source.motive else "",
        _("expertise: %s") % source.expertise if source.expertise else "",
        _("reliability %s") % descriptor.reliability,
        _("not all that is known of it is shown") if source.sanitised else "",
    ]
    cited = ", ".join(f"[{number}]" for number in descriptor.cited)
    return f"- **{plain(source.name)}**: {plain('; '.join(filter(None, facts)))} {plain(cited)}\n"
