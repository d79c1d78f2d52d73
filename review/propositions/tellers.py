"""Who had it from whom: where the boxes and threads of the picture stand. Knows no database.

A box is a teller with the reports that came to us from it; a thread leads from who told to who repeats. The picture is
made twice, as in review.charts: side by side where there is room, one under the other on a phone.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

WIDE, NARROW = 780.0, 340.0
LARGEST_BOX = 300.0
COLUMN_GAP, ROW_GAP, BAND_GAP = 46.0, 10.0, 12.0
INDENT = 22.0
PADDING, HEAD = 10.0, 20.0
TITLE_LINE, REPORT_LINE = 19.0, 16.0
LETTER = 6.9
"""Width of a letter, on average, at the size in which the style sheet sets the names."""
REPORTS_SHOWN = 3
TELLERS_SHOWN = 24
"""Beyond, the picture says how many are left out; the table behind it has them all."""

Key = Hashable


@dataclass(frozen=True, slots=True)
class Thread:
    """Had from whom. proposed: a rule says so, nobody accepted it yet."""

    teller: Key
    proposed: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    """Somebody who said it or passed it on. reports: in words, what of it came to us; origin: number of its group."""

    key: Key
    name: str
    origin: int
    reports: tuple[str, ...] = ()
    had_from: tuple[Thread, ...] = ()
    confirmed: bool = False
    """An analyst confirmed that its origin is independent."""
    unheard: bool = False
    """Only named by others: no report of its own is known."""
    denies: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    name: str
    full_name: str
    lines: list[str]
    confirmed: bool
    unheard: bool
    denies: bool


@dataclass(frozen=True, slots=True)
class Line:
    path: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class Band:
    """The frame around one origin group."""

    y: float
    height: float
    number: int


@dataclass(frozen=True, slots=True)
class TellersPicture:
    width: float
    height: float
    bands: list[Band]
    boxes: list[Box]
    lines: list[Line]
    left_out: int
    narrow: bool

    @property
    def band_width(self) -> float:
        return self.width - 2


def tellers_picture(tellers: Sequence[Teller], *, narrow: bool = False) -> TellersPicture:
    """The picture of these tellers, origin by origin; those who only pass on stand behind whom they had it from."""
    shown = _whole_groups(tellers)
    parents, children = _trees(shown)
    depth = max((len(list(_ancestors(each.key, parents))) for each in shown), default=0)
    drawing = _Drawing(narrow=narrow, columns=depth + 1, children=children)
    for number in dict.fromkeys(each.origin for each in shown):
        drawing.group(number, [each for each in shown if each.origin == number and each.key not in parents])
    return TellersPicture(
        width=drawing.width,
        height=round(drawing.bottom, 1),
        bands=drawing.bands,
        boxes=list(drawing.boxes.values()),
        lines=list(drawing.threads(shown)),
        left_out=len(tellers) - len(shown),
        narrow=narrow,
    )


def _whole_groups(tellers: Sequence[Teller]) -> list[Teller]:
    """As many as fit, the first groups first and each group together; a group too large by itself is cut."""
    shown: list[Teller] = []
    for number in sorted({each.origin for each in tellers}):
        group = [each for each in tellers if each.origin == number]
        if shown and len(shown) + len(group) > TELLERS_SHOWN:
            break
        shown += group[:TELLERS_SHOWN]
    return shown


def _trees(tellers: Sequence[Teller]) -> tuple[dict[Key, Key], dict[Key, list[Teller]]]:
    """Each teller under the first one it had it from, unless that one had it from the teller itself."""
    known = {each.key for each in tellers}
    parents: dict[Key, Key] = {}
    children: dict[Key, list[Teller]] = {}
    for each in tellers:
        for thread in each.had_from:
            if thread.teller in known and each.key not in {thread.teller, *_ancestors(thread.teller, parents)}:
                parents[each.key] = thread.teller
                children.setdefault(thread.teller, []).append(each)
                break
    return parents, children


def _ancestors(key: Key, parents: dict[Key, Key]) -> Iterable[Key]:
    while key in parents:
        key = parents[key]
        yield key


@dataclass
class _Drawing:
    narrow: bool
    columns: int
    children: dict[Key, list[Teller]]
    boxes: dict[Key, Box] = field(default_factory=dict)
    bands: list[Band] = field(default_factory=list)
    bottom: float = 1.0

    @property
    def width(self) -> float:
        return NARROW if self.narrow else max(WIDE, self.columns * 150 + (self.columns - 1) * COLUMN_GAP + 2 * PADDING)

    @property
    def box_width(self) -> float:
        if self.narrow:
            return max(180.0, self.width - 2 * PADDING - INDENT * (self.columns - 1))
        return min(LARGEST_BOX, (self.width - 2 * PADDING - (self.columns - 1) * COLUMN_GAP) / self.columns)

    def group(self, number: int, roots: Sequence[Teller]) -> None:
        top = self.bottom + (BAND_GAP if self.bands else 0)
        below = top + HEAD + PADDING / 2
        for root in roots:
            below = self._place(root, depth=0, top=below) + ROW_GAP
        self.bottom = below - ROW_GAP + PADDING
        self.bands.append(Band(y=round(top, 1), height=round(self.bottom - top, 1), number=number))

    def _place(self, teller: Teller, *, depth: int, top: float) -> float:
        """Draw a teller and all who had it from it; returns where the lowest of them ends."""
        lines = list(teller.reports[:REPORTS_SHOWN])
        if len(teller.reports) > REPORTS_SHOWN:
            lines.append(f"+ {len(teller.reports) - REPORTS_SHOWN}")
        height = 2 * 7 + TITLE_LINE + REPORT_LINE * len(lines)
        step = INDENT if self.narrow else self.box_width + COLUMN_GAP
        letters = int((self.box_width - (42 if teller.confirmed else 22)) / LETTER)
        self.boxes[teller.key] = Box(
            x=round(PADDING + depth * step, 1),
            y=round(top, 1),
            width=round(self.box_width, 1),
            height=height,
            name=shortened(teller.name, letters),
            full_name=teller.name,
            lines=[shortened(line, int((self.box_width - 22) / (LETTER * 0.92))) for line in lines],
            confirmed=teller.confirmed,
            unheard=teller.unheard,
            denies=teller.denies,
        )
        below = top + height
        beside = below + ROW_GAP if self.narrow else top
        for child in self.children.get(teller.key, []):
            end = self._place(child, depth=depth + 1, top=beside)
            below, beside = max(below, end), end + ROW_GAP
        return below

    def threads(self, tellers: Sequence[Teller]) -> Iterable[Line]:
        for each in tellers:
            for thread in each.had_from:
                if thread.teller in self.boxes and each.key in self.boxes and thread.teller != each.key:
                    yield Line(self._path(self.boxes[thread.teller], self.boxes[each.key]), thread.proposed)

    def _path(self, teller: Box, repeater: Box) -> str:
        if self.narrow or repeater.x <= teller.x:
            start_x, start_y = teller.x + 10, teller.y + teller.height
            end_y = repeater.y + 7 + TITLE_LINE / 2
            return f"M{start_x:g},{start_y:g}V{end_y:g}H{repeater.x - 2:g}"
        start, end = teller.x + teller.width, repeater.x - 2
        start_y, end_y = (box.y + 7 + TITLE_LINE / 2 for box in (teller, repeater))
        middle = (start + end) / 2
        return f"M{start:g},{start_y:g}C{middle:g},{start_y:g} {middle:g},{end_y:g} {end:g},{end_y:g}"


def shortened(words: str, letters: int) -> str:
    """At most so many letters, cut at a word where that costs less than a third."""
    if len(words) <= letters:
        return words
    cut = words[: max(1, letters - 1)]
    at_word = cut.rsplit(" ", 1)[0]
    return f"{(at_word if len(at_word) > len(cut) * 2 / 3 else cut).rstrip(' ,;')}…"
