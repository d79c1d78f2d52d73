"""The fuzz run: `python -m tests.fuzz_engine [--minutes 5] [--seed N]`, or `make fuzz`.

First random texts until half of the time is over, each checked: no exception, spans that are the text's own words, the
same result twice, and from a batch as from one text alone. Then size: 10 million characters, and one sentence of
200,000 words. Last, for every kind of text that could take more than linear time, how its time grows when the text
doubles. Exits with 1, and prints the seed and the text to repeat it with, when something does not hold.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time

from rich.console import Console

from extraction import extract, extract_many
from tests.extraction.checks import broken_links, faults, wrong_spans
from tests.extraction.texts import LINEAR, SURVIVED, Maker, noise, sentence, torn, unrepeated

LENGTHS = (0, 1, 3, 10, 30, 60, 100, 200, 400, 800, 1_500, 7_000)
BATCH = 32
OUTERMOST = 0.3
"""Share of the batches that are read as news."""
SHORTEST, LONGEST = 20_000, 1_280_000
"""Characters from which on times are compared, and where doubling ends in any case."""
LONG_ENOUGH = 1.0
"""Seconds from which on a time says something about the next doubling."""
MOST_GROWTH = 2.5
"""How much longer twice the text may take: 2, and room for a busy machine; what is quadratic takes 4."""
SIZES = {
    "10,000,000 characters": lambda chance: unrepeated(torn(chance, 50_000) * 200)[:10_000_000],
    "10,000,000 bytes of noise": lambda chance: noise(chance, 10_000_000),
    "one sentence of 200,000 words": lambda chance: sentence(chance, 1_025_000),
    "200,000 words without a mark": lambda chance: "army " * 200_000,
}
CHARACTERS_A_SECOND = 2_000
"""Slower than that is no longer fit for use on any machine."""


MOST_SECONDS = 60.0
"""For one text of a growth: texts are doubled until they take one second, so all but a bad one end long before."""


class TookTooLong(Exception):
    """A text whose time grows out of bounds."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument(
        "--minutes", type=float, default=5.0, help="for the random texts; sizes and doublings come after"
    )
    parser.add_argument("--seed", type=int, default=None, help="repeat a run")
    parser.add_argument("--only", choices=["random", "size", "growth"], help="one part of the three")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1_000_000)
    console = Console(width=None if Console().is_terminal else 110)
    console.print(f"seed {seed}")
    found: list[str] = []
    if options.only in {None, "random"}:
        found += random_texts(console, seed, options.minutes * 60)
    if options.only in {None, "size"} and not found:
        found += sizes(console, seed)
    if options.only in {None, "growth"} and not found:
        found += growths(console)
    for fault in found:
        console.print(f"[red]{fault}[/red]", markup=True)
    console.print("Nothing found." if not found else f"{len(found)} found; seed {seed}")
    return 1 if found else 0


def random_texts(console: Console, seed: int, seconds: float) -> list[str]:
    """Faults in random texts, a batch at a time; stops at the first batch that has any."""
    until = time.monotonic() + seconds
    counts = dict.fromkeys(SURVIVED, 0)
    number = 0
    while time.monotonic() < until:
        chance = random.Random(f"{seed} {number}")
        kinds = [chance.choice(list(SURVIVED)) for _ in range(BATCH)]
        texts = [SURVIVED[kind](chance, chance.choice(LENGTHS)) for kind in kinds]
        if found := batch_faults(texts, outermost=chance.random() < OUTERMOST, alone=chance.randrange(BATCH)):
            return [f"batch {number}: {fault}" for fault in found]
        for kind in kinds:
            counts[kind] += 1
        number += 1
    console.print("random texts: " + ", ".join(f"{count:,} of {kind}" for kind, count in counts.items()))
    return []


def batch_faults(texts: list[str], *, outermost: bool, alone: int) -> list[str]:
    """Faults of texts read as one batch; the text with the number `alone` is read by itself, too."""
    try:
        found = list(extract_many(texts, outermost=outermost))
    except Exception:  # noqa: BLE001  (which text it was comes out when each is read alone)
        return [f"{fault}\n{text!r}" for text in texts for fault in faults(text, outermost=outermost)]
    problems = [
        f"{fault}\n{text!r}"
        for text, extraction in zip(texts, found, strict=True)
        for fault in (*wrong_spans(text, extraction), *broken_links(extraction))
    ]
    if next(extract_many([texts[alone]], outermost=outermost)) != found[alone]:
        problems.append(f"alone it gives another result than in a batch\n{texts[alone]!r}")
    return problems


def sizes(console: Console, seed: int) -> list[str]:
    """What is slow or fails on very large texts."""
    found = []
    for name, make in SIZES.items():
        text = make(random.Random(seed))
        for outermost in (False, True):
            started = time.process_time()
            attributions = next(extract_many([text], outermost=outermost)).attributions
            taken = time.process_time() - started
            style = "--outermost" if outermost else "documents"
            console.print(f"{name}, {style}: {taken:.0f} s, {len(attributions):,} attributions")
            if len(text) / taken < CHARACTERS_A_SECOND:
                found.append(f"{name}, {style}: {len(text) / taken:.0f} characters a second")
    return found


def growths(console: Console) -> list[str]:
    """Times of ever longer texts of each kind, and those kinds whose time more than doubles with the text."""
    found = []
    for name, make in LINEAR.items():
        for outermost in (False, True):
            style = "--outermost" if outermost else "documents"
            try:
                length, once, twice = growth(make, outermost=outermost)
            except TookTooLong as error:
                found.append(f"{name}, {style}: {error}")
                continue
            ratio = twice / once
            console.print(f"{name}, {style}: {length:,} characters {once:.2f} s, twice {twice:.2f} s, x {ratio:.2f}")
            if ratio > MOST_GROWTH:
                found.append(f"{name}, {style}: twice the text takes {ratio:.1f} times as long")
    return found


def growth(make: Maker, *, outermost: bool) -> tuple[int, float, float]:
    """(characters, seconds, seconds for twice as many), for the first length whose time says something."""
    chance = random.Random(0)
    length, once = SHORTEST, _seconds(make(chance, SHORTEST), outermost=outermost)
    while True:
        twice = _seconds(make(chance, 2 * length), outermost=outermost)
        if twice > MOST_GROWTH * once:  # A busy machine? The faster of two runs counts.
            twice = min(twice, _seconds(make(chance, 2 * length), outermost=outermost))
        if once >= LONG_ENOUGH or 2 * length >= LONGEST:
            return length, once, twice
        length, once = 2 * length, twice


def _seconds(text: str, *, outermost: bool) -> float:
    """Of this process's own time. Raises TookTooLong, so that one bad kind of text does not hold up all others."""

    def give_up(_number: int, _frame: object) -> None:
        raise TookTooLong(f"{len(text):,} characters took more than {MOST_SECONDS} s")

    signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    started = time.process_time()
    try:
        next(extract_many([text], outermost=outermost))
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return max(time.process_time() - started, 1e-3)


if __name__ == "__main__":
    extract("Warm up.")
    sys.exit(main())
