"""What an ICD 206 sourcing annex says of one proposition: citations, source descriptors, source summary statement.

ICD 206 (2007, revised 2015) and the notes on it in ICS 206-01 (2024), by which the engine is named that found a claim.
Pure: `sections` reads the records of claims, proposition by proposition; what it makes is written elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exchange.formats.records import ClaimRecord, PropositionRecord, SourceRecord
from grading.scales import Credibility, Reliability

KINDS = {
    "named_person": gettext_lazy("named person"),
    "unnamed_person": gettext_lazy("unnamed person"),
    "group": gettext_lazy("group"),
    "organisation": gettext_lazy("organisation"),
    "document": gettext_lazy("document or outlet"),
    "author": gettext_lazy("author of a document"),
}
GOOD_RECORD = {Reliability.A, Reliability.B}
POOR_RECORD = {Reliability.D, Reliability.E}


@dataclass(frozen=True, slots=True)
class Citation:
    """One claim as the source reference of a judgement. number: within its section, from 1."""

    number: int
    record: ClaimRecord

    @property
    def identifier(self) -> str:
        return self.record.document.doc_number or self.record.document.name

    @property
    def title(self) -> str:
        document = self.record.document
        return document.title if document.title != self.identifier else ""

    @property
    def originator(self) -> str:
        return self.record.document.author

    @property
    def information_date(self) -> date | None:
        return self.record.information_date or self.record.document.information_date

    @property
    def publication_date(self) -> date | None:
        return self.record.told_on

    @property
    def marking(self) -> str:
        """As printed on the document, and of the collection it is kept in."""
        document = self.record.document
        return " · ".join(filter(None, (document.classification, document.release_mark, document.marking)))

    @property
    def place(self) -> str:
        """Where in the document: its page, if it has pages, and the characters of one version of its text."""
        content, layer = self.record.content, self.record.document.layer_version
        places = {"start": content.fragments[0][0], "end": content.fragments[-1][1], "layer": layer}
        characters = _("characters %(start)d–%(end)d of text version %(layer)d") % places
        return f"{_('page %d') % self.record.page}, {characters}" if self.record.page else characters

    @property
    def said_by(self) -> str:
        record = self.record
        if record.source:
            return record.source.name
        return " ".join(record.source_span.quote.split()) if record.source_span else _("nobody named")

    @property
    def tellers(self) -> list[str]:
        """Who stands between the document and the source, from the outermost on."""
        return [" ".join(teller.canonical.split()) for teller in self.record.chain[:-1]]

    @property
    def grade(self) -> str:
        """Reliability and credibility, such as "B2"; a dash where nobody judged."""
        record = self.record
        letter = record.source.reliability if record.source and record.source.reliability_judged else "–"
        return f"{letter}{record.credibility.grade if record.credibility else '–'}"

    @property
    def denies(self) -> bool:
        return self.record.stance == "denies"

    @property
    def found_by(self) -> str:
        """The engine, named as what it is, and whether a person looked at what it found."""
        record = self.record
        if not record.engine:
            return _("entered by an analyst")
        engine = f"{record.engine} {record.engine_version}"
        if record.decision:
            return _("found by software (%s), decided on by %s") % (engine, record.decision.by)
        return _("found by software (%s), not reviewed") % engine


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What may affect the quality of what one source says. cited: numbers of its citations."""

    source: SourceRecord
    cited: tuple[int, ...]
    first: date | None
    last: date | None

    @property
    def kind(self) -> str:
        return str(KINDS[self.source.kind])

    @property
    def reliability(self) -> str:
        if not self.source.reliability_judged:
            return _("not judged")
        grade = Reliability(self.source.reliability)
        return f"{grade.value} ({grade.label.lower()})"

    @property
    def access(self) -> str:
        words = {"direct": _("direct access"), "indirect": _("indirect access")}
        return words.get(self.source.access, _("access not known"))


@dataclass(frozen=True, slots=True)
class Section:
    """One proposition with its claims; `proposition` is None for those of a document that stand on none."""

    proposition: PropositionRecord | None
    citations: tuple[Citation, ...]
    descriptors: tuple[Descriptor, ...]
    summary: tuple[str, ...]
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]

    @property
    def title(self) -> str:
        if self.proposition:
            return self.proposition.text
        return _("Claims on no proposition: %s") % self.citations[0].record.document.label

    @property
    def markings(self) -> tuple[str, ...]:
        found = {citation.record.document.marking for citation in self.citations} - {""}
        return tuple(sorted(found))


def sections(records: Iterable[ClaimRecord]) -> Iterator[Section]:
    """`records` come proposition by proposition; within one, the oldest report is cited first.

    Those on none come document by document: there may be as many as the archive holds. Dropped claims back nothing, and
    are left out.
    """
    standing = (record for record in records if not record.is_dropped)
    for _uid, together in groupby(standing, key=lambda record: (record.proposition or record.document).uid):
        yield section(list(together))


def section(records: list[ClaimRecord]) -> Section:
    ordered = sorted(records, key=lambda record: record.age)
    citations = tuple(Citation(number, record) for number, record in enumerate(ordered, 1))
    descriptors = tuple(_descriptors(citations))
    proposition = ordered[0].proposition
    return Section(
        proposition=proposition,
        citations=citations,
        descriptors=descriptors,
        summary=tuple(_summary(proposition, citations, descriptors)),
        strengths=tuple(_strengths(proposition, citations, descriptors)),
        weaknesses=tuple(_weaknesses(proposition, citations, descriptors)),
    )


def _descriptors(citations: tuple[Citation, ...]) -> Iterator[Descriptor]:
    """Each source once, in the order in which it is cited first."""
    by_source: dict[object, list[Citation]] = {}
    for citation in citations:
        if citation.record.source:
            by_source.setdefault(citation.record.source.uid, []).append(citation)
    for cited in by_source.values():
        source = cited[0].record.source
        assert source is not None  # noqa: S101 -- asked above
        dates = [on for citation in cited if (on := citation.publication_date)]
        yield Descriptor(
            source,
            tuple(citation.number for citation in cited),
            min(dates, default=None),
            max(dates, default=None),
        )


def numbers(citations: Iterable[Citation]) -> str:
    """As they are cited: "[1], [3]"."""
    return ", ".join(f"[{citation.number}]" for citation in citations)


def _summary(
    proposition: PropositionRecord | None, citations: tuple[Citation, ...], descriptors: tuple[Descriptor, ...]
) -> Iterator[str]:
    """What the whole rests on: how much, from whom, what agrees and what does not, and how it turned out."""
    documents = len({citation.record.document.uid for citation in citations})
    yield " ".join(
        [
            ngettext("%d report", "%d reports", len(citations)) % len(citations),
            _("by"),
            ngettext("%d known source", "%d known sources", len(descriptors)) % len(descriptors),
            _("in"),
            ngettext("%d document.", "%d documents.", documents) % documents,
        ]
    )
    if proposition is None:
        return
    if proposition.origins is not None:
        yield (
            ngettext(
                "Those that count come from %d independent origin.",
                "Those that count come from %d independent origins.",
                proposition.origins,
            )
            % proposition.origins
        )
    against = [citation for citation in citations if citation.denies]
    agreeing = [citation for citation in citations if citation.record.stance == "asserts"]
    if against and agreeing:
        yield _("Conflict: denied in %(against)s, asserted in %(agreeing)s.") % {
            "against": numbers(against),
            "agreeing": numbers(agreeing),
        }
    elif against:
        yield _("Denied in all of them: %s.") % numbers(against)
    if repeating := [citation for citation in citations if citation.record.was_had_from_another]:
        yield _("Had from another report or source, and no report of their own: %s.") % numbers(repeating)
    if retracting := [citation for citation in citations if citation.record.takes_back]:
        yield _("Take back what their source said before: %s.") % numbers(retracting)
    yield _settled(proposition)


def _settled(proposition: PropositionRecord) -> str:
    verdict = proposition.verdict
    if not verdict:
        return _("How it turned out is not known.")
    words = {
        "true": _("It turned out true"),
        "partly": _("It turned out partly true"),
        "false": _("It turned out false"),
        "unverifiable": _("It was found that it cannot be known"),
    }
    return f"{words[verdict.outcome]} ({verdict.decided_on.isoformat()}, {verdict.by}): {verdict.evidence}"


def _strengths(
    proposition: PropositionRecord | None, citations: tuple[Citation, ...], descriptors: tuple[Descriptor, ...]
) -> Iterator[str]:
    # Each report that denies it may be an origin: what remains speaks for it in any case.
    denials = sum(citation.denies for citation in citations)
    if proposition and (proposition.origins or 0) - denials > 1:
        yield _("Corroborated by more than one independent origin.")
    if direct := [one for one in descriptors if one.source.access == "direct"]:
        yield _("Direct access to the information: %s.") % _names(direct)
    if good := [one for one in descriptors if _judged(one) in GOOD_RECORD]:
        yield _("Judged usually or completely reliable: %s.") % _names(good)
    firm = [citation for citation in citations if _credibility(citation) in {"1", "2"}]
    if firm:
        yield _("Judged confirmed or probably true: %s.") % numbers(firm)


def _weaknesses(
    proposition: PropositionRecord | None, citations: tuple[Citation, ...], descriptors: tuple[Descriptor, ...]
) -> Iterator[str]:
    if proposition and proposition.origins == 1 and len(citations) > 1:
        yield _("All that count go back to a single origin.")
    elif len(citations) == 1:
        yield _("It rests on a single report.")
    yield from _weak_sources(descriptors)
    yield from _weak_reports(citations)


def _weak_sources(descriptors: tuple[Descriptor, ...]) -> Iterator[str]:
    if descriptors and all(one.source.anonymous for one in descriptors):
        yield _("No source is named or could be identified by the documents.")
    if unknown := [one for one in descriptors if one.source.access != "direct"]:
        yield _("Indirect access, or none that is known: %s.") % _names(unknown)
    if poor := [one for one in descriptors if _judged(one) in POOR_RECORD]:
        yield _("Judged not usually reliable, or unreliable: %s.") % _names(poor)
    if unjudged := [one for one in descriptors if _judged(one) in {None, Reliability.F}]:
        yield _("Reliability not judged, or cannot be: %s.") % _names(unjudged)
    if biased := [one for one in descriptors if one.source.motive]:
        yield _("A motive or bias is on record: %s.") % _names(biased)


def _weak_reports(citations: tuple[Citation, ...]) -> Iterator[str]:
    if weak := [citation for citation in citations if _credibility(citation) in {"4", "5"}]:
        yield _("Judged doubtful or improbable: %s.") % numbers(weak)
    if retold := [citation for citation in citations if citation.tellers]:
        yield _("Passed on by others before it was written down: %s.") % numbers(retold)
    if unseen := [citation for citation in citations if not citation.record.decision]:
        yield _("Not reviewed by an analyst: %s.") % numbers(unseen)


def _judged(descriptor: Descriptor) -> Reliability | None:
    return Reliability(descriptor.source.reliability) if descriptor.source.reliability_judged else None


def _credibility(citation: Citation) -> str:
    judged = citation.record.credibility
    return judged.grade if judged else Credibility.CANNOT_BE_JUDGED.value


def _names(descriptors: Iterable[Descriptor]) -> str:
    return "; ".join(descriptor.source.name for descriptor in descriptors)
