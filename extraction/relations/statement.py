"""What one statement says, as far as two of them can be compared by it, and how two of them stand to each other."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal, Self

RelationName = Literal["corroborates", "contradicts", "refines", "neither"]
Pos = Literal["name", "noun", "verb", "adj", "adv"]
Role = Literal["event", "agent", "patient", "oblique", "adjunct", "beside"]
Attitude = Literal["", "report", "denial", "belief", "fear", "plan", "possible", "question"]
Tense = Literal["past", "present", "future"]
Stretch = tuple[int, int]
"""`[start, end)` in characters of the statement's text."""
FORMAT = 2
"""Of the stored form. One of another number is read anew from its text."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word or fixed phrase that carries meaning, where it stands, and what part it plays."""

    lemma: str
    pos: Pos
    role: Role
    """event: what happens or is the case. agent, patient: by whom and to whom, active or passive alike. oblique: behind
    a preposition. adjunct: how and when. beside: in a clause other than the main one."""
    start: int
    end: int
    is_head: bool = True
    """Heads its phrase: "staff" is no head in "the chief of staff"."""
    preposition: str = ""
    negated: bool = False
    """Negated by itself: "without a fight", "no resistance"."""
    indefinite: bool = False
    """ "a soldier", "some soldiers": not one that is known, so that another may have fared otherwise."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many or how much, as an interval in a base unit."""

    low: float | None
    """None: open below."""
    high: float | None
    """None: open above."""
    unit: str
    """A unit of measure, or the noun that is counted; empty where the text does not say."""
    term: int
    """Which term is counted; -1: none of them."""
    lead: str
    """ "by", "to" or "from" in front: "rose by 3 percent to 11 percent"."""
    is_definite: bool
    """Of all that there are: "the three journalists"; not of some, the others may have fared otherwise."""
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class When:
    """Whole days, ISO, both ends included; empty: open or not told. "on 3 May" has only month and day."""

    earliest: str
    latest: str
    granularity: str
    start: int
    end: int
    month: int = 0
    day: int = 0
    """Month and day where the text leaves the year out; 0: not named."""
    weekday: str = ""
    bound: str = ""
    """What stands in front: "since", "until", "before" ..., if anything."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, read. Made by `read_statement`; nothing in it needs the parse any more."""

    text: str
    terms: tuple[Term, ...] = ()
    negated: bool = False
    """Of the main clause; two negations cancel out."""
    negations: tuple[Stretch, ...] = ()
    attitude: Attitude = ""
    """Empty: told as a fact. Else whose saying, belief, fear, plan or denial it is, by `holder`."""
    attitude_negated: bool = False
    holder: tuple[Term, ...] = ()
    tense: Tense = "past"
    is_state: bool = False
    """Something is so, rather than happens."""
    persists: bool = False
    """It says that a state lasts, or lasted all the time: "still", "never", "remains"."""
    shifted: bool = False
    """It says that it was before or after something: "two days later", "until 2009", "formerly"."""
    counts: tuple[Count, ...] = ()
    times: tuple[When, ...] = ()
    universal: bool = False
    """Of all, every, each, unanimously."""
    exclusive: bool = False
    """only, alone, sole."""
    on: str = ""
    """The day it was written, ISO, if known."""

    def to_json(self) -> dict[str, Any]:
        """For storing: plain values that `json.dumps` takes."""
        return {"format": FORMAT, **asdict(self)}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Raises ValueError for a form of another version: read the text again then."""
        if stored.get("format") != FORMAT:
            raise ValueError(f"a statement stored in format {stored.get('format')}, not {FORMAT}: read its text again")
        values = {name: value for name, value in stored.items() if name != "format"}
        return cls(
            **{
                **values,
                "terms": tuple(Term(**one) for one in values["terms"]),
                "holder": tuple(Term(**one) for one in values["holder"]),
                "counts": tuple(Count(**one) for one in values["counts"]),
                "times": tuple(When(**one) for one in values["times"]),
                "negations": tuple((start, end) for start, end in values["negations"]),
            }
        )


@dataclass(frozen=True, slots=True)
class Relation:
    """How two statements a and b stand to each other, by which rule, and by which of their words."""

    relation: RelationName
    """refines: they agree and one says more, `narrower`."""
    rule: str
    spans_a: tuple[Stretch, ...] = ()
    spans_b: tuple[Stretch, ...] = ()
    similarity: float = 0.0
    """0 to 1: how much of what they say is the same, whatever the relation."""
    narrower: Literal["", "a", "b"] = ""


def day(iso: str) -> date | None:
    return date.fromisoformat(iso) if iso else None
