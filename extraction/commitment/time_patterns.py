"""The wordings of times: which kinds there are, and where they stand in a text."""

from __future__ import annotations

import re
from functools import cache

from extraction import lexicon
from extraction.commitment.calendar import SEASONS
from extraction.lexicon import word_set

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
BEFORE_YEAR = (
    "in ", "since ", "until ", "by ", "before ", "after ", "early ", "mid ", "mid-", "late ", "of ", "from ", "to ",
    "during ", "approximately ", "about ", "the ", "circa ", "around ",
)  # fmt: skip
"""What makes four digits a year."""
GATE = re.compile(
    r"\d|\b(?:jan|feb|mar|apr|may|ju[nl]|aug|sep|oct|nov|dec)|days?\b|week|month|year|decade|hours?\b|night|morning|evening|"
    r"afternoon|spring|summer|autumn|winter|fall\b|future|tomorrow",
    re.IGNORECASE,
)
CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d\d\s?(?:[ap]\.?m\.?)?(?![\d.])|\b\d{1,2}\s?[ap]\.?m\b\.?|\b\d{4}(?:Z\b|\s?hours\b)|\b\d{1,2}\s?o['’]clock\b"
    r"|(?<=\bat )(?:[01]\d|2[0-3])[0-5]\d\b(?![,.]\d)",
    re.IGNORECASE,
)


@cache
def months() -> dict[str, int]:
    names = {}
    for row in lexicon.rows("months"):
        for name in (row["name"], *row["short"]):
            names[name] = row["number"]
    return names


@cache
def pattern() -> re.Pattern[str]:
    """One pattern for all kinds of times, the more telling first; each names its kind by a group."""
    month = "|".join(sorted(months(), key=len, reverse=True))
    m = rf"(?:{month})\b\.?"
    day = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
    year = r"(?:1[89]|20)\d\d"
    count = (
        r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|"
        r"(?:a\s+)?few|several|(?:a\s+)?couple(?:\s+of)?)"
    )
    unit = r"(?:hours?|days?|weeks?|months?|years?|decades?)"
    weekday = "|".join(WEEKDAYS)
    glue = r"(?:,?\s+(?:of\s+)?)"
    before_year = "|".join(rf"(?<=\b{lead})" for lead in BEFORE_YEAR)
    kinds = (
        rf"(?P<group>\d{{6}}Z(?:\s*(?:{m})(?:\s*(?:{year}|\d\d)\b)?)?)",
        r"(?P<iso>\b(?:1[89]|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b)",
        r"(?P<slashes>\b(?:0?[1-9]|1[0-2])/(?:3[01]|[12]\d|0?[1-9])/(?:(?:1[89]|20)\d\d|\d\d)\b)",
        rf"(?P<days>\b{day}\s*(?:-|–|to|and|through)\s*{day}\s+(?:{m})(?:{glue}{year}\b)?)",
        rf"(?P<mdays>\b{m}\s+{day}\s*(?:-|–|to|and|through)\s*{day}\b(?!\s*(?:{m}))(?:,?\s+{year}\b)?)",
        rf"(?P<dmy>\b{day}\s+(?:of\s+)?(?:{m})(?:{glue}{year}\b)?)",
        rf"(?P<mdy>\b(?:{month})\b(?:\.\s*|\s+){day}\b(?!,\d{{3}})(?:(?:\s*,\s*|\s+){year}\b)?)",
        rf"(?P<monthyear>\b{m}(?:\s*,\s*|\s+(?:of\s+)?){year}\b)",
        rf"(?P<season>\b(?:{'|'.join(SEASONS)})\s+(?:of\s+)?{year}\b)",
        rf"(?P<rolling>\b(?:(?:in|over|for|during|within|throughout|of)\s+)?(?:the\s+)?(?:last|past|previous|next|coming)\s+{count}\s+{unit}\b)",
        rf"(?P<rollingone>\b(?:(?:(?:in|over|for|during|within|throughout)\s+the\s+(?:last|past|next|coming))|the\s+past)\s+{unit}\b)",
        rf"(?P<ago>\b{count}\s+{unit}\s+ago\b)",
        rf"(?P<within>\b(?:within|inside)\s+{count}\s+{unit}\b|\bin\s+{count}\s+{unit}['’]?\s+time\b)",
        rf"(?P<later>\b{count}\s+{unit}\s+(?:earlier|later|before|previously|afterwards?)\b)",
        rf"(?P<relative>\b(?:last|next|this|previous|coming)\s+(?:week(?:end)?|month|year|{weekday}|{'|'.join(SEASONS)})\b)",
        r"(?P<near>\b(?:the\s+)?(?:(?:very\s+)?near|immediate|foreseeable)\s+future\b)",
        rf"(?P<weekday>\b(?:{weekday})s?\b)",
        r"(?P<deictic>\b(?:the\s+day\s+before\s+yesterday|yesterday|today|tonight|tomorrow|last\s+night|this\s+(?:morning|afternoon|evening)|"
        r"(?:over\s+)?the\s+weekend)\b)",
        r"(?P<decade>\b(?:1[89]|20)\d0['’]?s\b)",
        rf"(?P<year>(?:{before_year}){year}\b(?![\d,.-]*\d)(?!\s+(?:men|people|soldiers|troops|fighters|persons)))",
        rf"(?P<month>\b(?:{m}))",
    )
    return re.compile(rf"(?<![^\W_])(?={_first_words(count)})(?:{'|'.join(kinds)})", re.IGNORECASE)


def _first_words(count: str) -> str:
    """What a time can begin with; where nothing of it stands, the kinds need not be tried one by one."""
    openers = "the|in|over|for|during|within|throughout|of|last|past|previous|next|coming|this|inside|very|near"
    days = "immediate|foreseeable|yesterday|today|tonight|tomorrow"
    names = "|".join((*WEEKDAYS, *SEASONS, *months()))
    return rf"\d|(?:{openers}|{days}|{names}|{count[3:-1]})"


def clock_times(text: str) -> list[tuple[int, int]]:
    """Where hours of the day stand; they are no quantities and, alone, no times."""
    return [found.span() for found in CLOCK.finditer(text) if not re.fullmatch(r"\d{1,2}\.\d\d", found.group())]


def is_month(text: str, match: re.Match[str]) -> bool:
    """A month's name alone is one after a preposition, or where the word can mean nothing else."""
    name = match.group().rstrip(".")
    low = name.lower()
    if not name[0].isupper():
        return False
    lead = re.search(r"\b([a-z]+)[\s-]+$", text[max(0, match.start() - 12) : match.start()].lower())
    if lead and lead.group(1) in word_set("before_month"):
        return not (low in {"may", "march"} and lead.group(1) in {"to", "and"} and not name.isupper())
    return len(name) > 3 and low not in word_set("months_and_names")


def is_modal(kind: str, words: str) -> bool:
    """ "Task Force 3 may fly": a month in small letters is believed where a year stands beside it."""
    return kind in {"dmy", "mdy"} and re.search(r"\b(?:may|march)\b", words) is not None and len(words) < 10
