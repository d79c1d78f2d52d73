"""The result types of the engine. Every offset counts code points of the text as it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

AttributionType = Literal["direct", "indirect", "mixed"]
SourceKind = Literal["anonymous_individual", "named_individual", "group", "organisation", "document", "author"]
Modality = Literal["fact", "belief", "fear", "plan", "denial"]
Comparator = Literal["=", "~", ">=", "<=", "range"]
Granularity = Literal["day", "week", "month", "season", "year", "decade", "open"]
Knowledge = Literal["direct", "indirect", "unknown"]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of characters: `original[start:end] == text`, never empty, never with white space at an edge."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """One role's words: one fragment, or several when a page banner or other words stand in between."""

    fragments: tuple[Fragment, ...]

    @classmethod
    def cut(cls, text: str, pieces: list[tuple[int, int]]) -> Span:
        """The span over `pieces` of `text`, in text order, edges freed of white space, empty pieces dropped.

        Raises ValueError when nothing but white space is left.
        """
        fragments = []
        for first, last in sorted(pieces):
            words = text[first:last]
            start = first + len(words) - len(words.lstrip())
            words = words.strip()
            if words:
                fragments.append(Fragment(start, start + len(words), words))
        if not fragments:
            raise ValueError("a span must cover at least one character that is not white space")
        return cls(tuple(fragments))

    @property
    def start(self) -> int:
        return self.fragments[0].start

    @property
    def end(self) -> int:
        return self.fragments[-1].end

    @property
    def quote(self) -> str:
        """The words as they stand in the text, fragments joined by one space; line breaks are kept."""
        return " ".join(fragment.text for fragment in self.fragments)

    @property
    def offsets(self) -> list[list[int]]:
        """`[[start, end], ...]`, the shape of the annotation files and of the database."""
        return [[fragment.start, fragment.end] for fragment in self.fragments]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts, as an interval: "as many as 35 of the hostages" is 0 to 35 hostage, "<="."""

    low: float | None
    """None: open below. Bounds are as printed, in `unit`; "more than 5" keeps 5 as its lower bound."""
    high: float | None
    """None: open above."""
    unit: str
    """What is counted, singular and in small letters, or a code ("%", "USD"); empty where the text does not say."""
    comparator: Comparator
    span: Span


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """When, as an interval of whole days, both ends included: "since March" is 1 March to the document's date."""

    earliest: date | None
    """None: open, or not to be told without the document's date."""
    latest: date | None
    granularity: Granularity
    span: Span


@dataclass(frozen=True, slots=True)
class PrintedGrade:
    """A grading the text itself prints. `grade`, on the Admiralty scale, is empty where its words name no letter."""

    grade: str
    words: str


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """One source as one document speaks of it: its mentions, and what the text says about its standing."""

    id: str
    canonical: str
    kind: SourceKind
    anonymous: bool
    mentions: tuple[Span, ...]
    members: tuple[str, ...] = ()
    """Ids of the sources a group such as "these sources" sums up."""
    access: str = ""
    """Words that claim access or placement, verbatim: "with access to the highest levels of the Algerian Army"."""
    affiliation: str = ""
    """The body the source belongs to, verbatim: "the Algerian DGSE"."""
    condition: str = ""
    """The condition it spoke under, verbatim: "on condition of absolute secrecy"."""
    knowledge: str = ""
    """Words that say how it knows, verbatim: "with direct access to these discussions", "an eyewitness"."""
    knowledge_level: Knowledge = "unknown"
    """What those words claim; access to people of high rank alone claims nothing."""
    placement: str = ""
    """Where it sits or whom it can reach, verbatim: the words of access, else of affiliation."""
    expertise: str = ""
    """Words that claim expertise, verbatim: "knowledgeable", "an expert on the region"."""
    printed_reliability: PrintedGrade | None = None
    """How the text grades it: "usually reliable" is B. A proposal to show, never a grade."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Source, cue and content at one place of one text. `chain` runs from the outermost teller to `source_id`."""

    id: str
    source_id: str | None
    source: Span | None
    cue: Span
    content: Span
    type: AttributionType
    chain: tuple[str, ...]
    score: float
    """0 to 1, from the engine; not a probability unless `calibrated`."""
    calibrated: bool = False
    hedge: str = ""
    """The words that lower commitment, verbatim, separated by "; "."""
    modality: Modality = "fact"
    circumstance: Span | None = None
    scope: Span | None = None
    """The whole block a cue such as "According to X:" introduces; `content` is then its first sentence."""
    resolution_uncertain: bool = False
    """The text leaves open who "they" or "this source" is."""
    negated_cue: bool = False
    """The cue itself is negated: "does not believe that ..."."""
    negated: bool = False
    """The content's main clause is negative; two negations cancel out. A denied content keeps its own polarity."""
    quantities: tuple[Quantity, ...] = ()
    times: tuple[TimeExpression, ...] = ()
    """When, of what is said."""
    reported: TimeExpression | None = None
    """When it was said, by its own sentence: "in a report dated 22 May 1962"."""
    information_date: date | None = None
    """The day of what is said, where the content names one day."""
    printed_credibility: PrintedGrade | None = None
    """How the text grades the content: "Appraisal of Content: 3"."""


@dataclass(frozen=True, slots=True)
class Extraction:
    """All attributions of one text, in text order of their cues, and the sources they name."""

    sources: tuple[DocumentSource, ...] = field(default=())
    attributions: tuple[Attribution, ...] = field(default=())
