"""When: days, months, years, weeks past and to come, date-time groups, as intervals of days.

A year the text leaves out is the one nearest to the date of the document; without that date only the span is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from extraction.commitment.calendar import Interval, Partial, days_around, near_day, resolve, season, shift, whole_month
from extraction.commitment.relative import relative
from extraction.commitment.time_patterns import GATE, is_modal, is_month, months, pattern
from extraction.spans import Span, TimeExpression

BEFORE = 60
"""Characters before a date in which "since the end of" may stand, or a word that looks ahead."""
MODIFIER = re.compile(
    r"(?:\b(?P<bound>since|from|until|till|through|by|before|prior to|after|following|between|no later than|"
    r"not later than)\s+)?"
    r"(?:(?:the\s+)?(?P<part>early|mid|middle|late|end|beginning|start|first half|second half|first days|last days)"
    r"(?:\s+part)?(?:\s+of|\s+in|\s*-)?\s*)?"
    r"(?:\b(?P<about>about|around|approximately|circa|roughly)\s+)?"
    r"(?P<the>the\s+)?(?P<week>week\s+(?:of|beginning)\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
PARTS = {
    "early": "early", "beginning": "early", "start": "early", "first days": "early", "mid": "mid", "middle": "mid",
    "late": "late", "end": "late", "last days": "late", "first half": "first half", "second half": "second half",
}  # fmt: skip
SINCE = frozenset(("since", "from"))
UNTIL = frozenset(("until", "till", "through", "by", "no later than", "not later than"))
BEFORE_IT, AFTER_IT = frozenset(("before", "prior to")), frozenset(("after", "following"))
JOINT = re.compile(r"\s*(?:to|through|until|till|and|-|–|—)\s*(?:(?:early|mid|late)[\s-]+)?(?:the\s+)?", re.IGNORECASE)

LISTED = re.compile(r"\s*(?:,|,?\s*(?:and|or))\s*(?:in\s+|on\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """A time in a text before modifiers are read: where it stands, and what it names."""

    start: int
    end: int
    what: Partial | Interval | None
    lead: re.Match[str]
    """The words before it that bound it or name a part of it, by the groups of MODIFIER."""

    @property
    def part(self) -> str:
        return " ".join((self.lead.group("part") or "").lower().split())

    @property
    def bound(self) -> str:
        """ "since", "by" ...; none in "by the January 21 attack", where the date only names the attack."""
        if self.lead.group("the") and not self.lead.group("part") and not self.lead.group("week"):
            return ""
        return " ".join((self.lead.group("bound") or "").lower().split())

    @property
    def bound_start(self) -> int:
        """Where it begins with the words that bound it: "since ..." and "early ..." belong to it."""
        groups = ("bound", "part", "about", "week") if self.bound else ("part", "about", "week")
        firsts = [self.lead.start(group) for group in groups if self.lead.group(group)]
        return self.start - (len(self.lead.string) - min(firsts)) if firsts else self.start


def times(text: str, on: date | None = None) -> list[TimeExpression]:
    """The times of a text, in order, relative to the day `on`. Linear in the length of the text."""
    if not GATE.search(text):
        return []
    found = [one for match in pattern().finditer(text) if (one := _read(text, match, on)) is not None]
    expressions = []
    number = 0
    while number < len(found):
        one = found[number]
        following = found[number + 1] if number + 1 < len(found) else None
        if following is not None and _joined(text, one, following):
            expressions.append(_stretch(text, one, following, on))
            number += 2
            continue
        expressions.append(_finish(text, _with_year_of(text, one, following), on))
        number += 1
    return expressions


def _read(text: str, match: re.Match[str], on: date | None) -> Found | None:
    kind = match.lastgroup or ""
    words = " ".join(match.group().lower().split())
    if (kind == "month" and not is_month(text, match)) or is_modal(kind, match.group()):
        return None
    before = text[max(0, match.start() - BEFORE) : match.start()]
    return Found(match.start(), match.end(), _meaning(kind, words, before, on), _modifier(before))


def _meaning(kind: str, words: str, lead: str, on: date | None) -> Partial | Interval | None:
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    named = [months()[name] for name in re.findall(r"[a-z]+", words) if name in months()]
    years = [number for number in numbers if 1800 <= number <= 2099]
    small = [number for number in numbers if number < 32]
    year = years[-1] if years else None
    if kind == "iso":
        return Partial(numbers[0], numbers[1], numbers[2])
    if kind == "slashes":
        return Partial(_full_year(numbers[2]), numbers[0], numbers[1])
    if kind == "group":
        return _date_time_group(words, named, on)
    if kind in {"days", "mdays"}:
        return Partial(year, named[0], small[0], last_day=small[1])
    if kind in {"dmy", "mdy"}:
        return Partial(year, named[0], small[0])
    if kind in {"monthyear", "month"}:
        return Partial(year, named[0])
    if kind == "year":
        return Partial(year)
    if kind == "decade":
        return Interval(date(numbers[0], 1, 1), date(numbers[0] + 9, 12, 31), "decade")
    if kind == "season":
        return season(words.split(maxsplit=1)[0], year or 0)
    return relative(kind, words, lead, on)


def _date_time_group(words: str, named: list[int], on: date | None) -> Partial | Interval | None:
    """ "161200Z JAN 74": the 16th; without a month, the 16th nearest to `on`."""
    day = int(words[:2])
    if not 1 <= day <= 31:
        return None
    if named:
        year = re.search(r"(\d{2,4})$", words[7:])
        return Partial(_full_year(int(year.group())) if year else None, named[0], day)
    return near_day(on, day) if on else None


def _full_year(year: int) -> int:
    return year if year > 99 else 1900 + year if year > 30 else 2000 + year


def _joined(text: str, one: Found, other: Found) -> bool:
    """ "from March to May 1973", "between 5 June and 9 June", "June 5-June 9"; not a list of days."""
    if one.what is None or other.what is None:
        return False
    gap = text[one.end : other.start]
    if len(gap) > 20 or not JOINT.fullmatch(gap):
        return False
    return "and" not in gap.lower().split() or one.bound == "between"


def _with_year_of(text: str, one: Found, other: Found | None) -> Found:
    """ "July and August 2011": what stands in a list shares the year of its last."""
    if other is None or not isinstance(one.what, Partial) or not isinstance(other.what, Partial):
        return one
    if one.what.year or not other.what.year or not LISTED.fullmatch(text[one.end : min(other.start, one.end + 12)]):
        return one
    return replace(one, what=replace(one.what, year=other.what.year))


def _modifier(before: str) -> re.Match[str]:
    """The longest run of words at the end of `before` that bounds what follows; an empty match if there is none."""
    cut = re.search(r"[A-Za-z'’\s-]*\Z", before)
    words = cut.group() if cut else ""
    best = MODIFIER.search("")
    assert best is not None
    for at in [0, *(found.end() for found in re.finditer(r"[\s-]+", words))]:
        match = MODIFIER.match(words, at)
        if match and match.end() > match.start():
            return match
    return best


def _stretch(text: str, one: Found, other: Found, on: date | None) -> TimeExpression:
    first, last = one.what, other.what
    if isinstance(first, Partial) and isinstance(last, Partial):
        first = replace(first, year=first.year or last.year, month=first.month or last.month)
    earliest, latest = _interval(first, on), _interval(_parted(other), on)
    granularity = latest.granularity if latest else "day"
    low, high = earliest.earliest if earliest else None, latest.latest if latest else None
    if low and high and low > high:
        low, high = high, low
    return TimeExpression(low, high, granularity, Span.cut(text, [(one.bound_start, other.end)]))


def _parted(found: Found) -> Partial | Interval | None:
    if found.part and isinstance(found.what, Partial):
        return replace(found.what, part=PARTS[found.part])
    return found.what


def _interval(what: Partial | Interval | None, on: date | None, prefer: str = "near") -> Interval | None:
    return resolve(what, on, prefer) if isinstance(what, Partial) else what


def _finish(text: str, found: Found, on: date | None) -> TimeExpression:
    prefer = "past" if found.bound == "since" else "near"
    interval = _interval(_parted(found), on, prefer) or Interval(None, None, "day")
    if found.lead.group("week") and interval.earliest:
        interval = Interval(interval.earliest, interval.earliest + timedelta(days=6), "week")
    if found.lead.group("about"):
        interval = _about(interval)
    low, high = _bounded(found.bound, interval, on)
    return TimeExpression(low, high, interval.granularity, Span.cut(text, [(found.bound_start, found.end)]))


def _about(interval: Interval) -> Interval:
    """One unit more on both sides."""
    if interval.earliest is None or interval.latest is None:
        return interval
    if interval.granularity == "year":
        return Interval(shift(interval.earliest, -12), shift(interval.latest, 12), "year")
    if interval.granularity == "month":
        last = shift(interval.latest.replace(day=1), 1)
        return Interval(shift(interval.earliest, -1), whole_month(last.year, last.month)[1], "month")
    return days_around(interval, 1)


def _bounded(bound: str, interval: Interval, on: date | None) -> tuple[date | None, date | None]:
    low, high = interval.earliest, interval.latest
    if bound in SINCE:
        return low, on if on and low and on >= low else None
    if bound in UNTIL:
        return None, high
    if bound in BEFORE_IT:
        return None, low - timedelta(days=1) if low else None
    if bound in AFTER_IT:
        return high + timedelta(days=1) if high else None, None
    return low, high
