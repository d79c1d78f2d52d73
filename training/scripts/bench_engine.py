"""Time, memory and size of the engine, in one run.

    python -m training.scripts.bench_engine [--limit N] [--every N] [--rounds N] [--only time|memory|size]

Time: the engine beside the bare parse of the same reading views, in turns in one process. Memory: of this process,
while the engine reads the releases in documents/bulk one after the other. Both read the folder in HEARSAY_SHARED;
without it the samples are timed, and read again and again for the memory.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from extraction import extract_many
from extraction.engine import BATCH
from extraction.pipeline import SHIPPED, load
from extraction.reading import reading_view
from training.scripts import gold
from training.scripts.corpus_paths import CorporaMissing, shared_folder

MOST_TIMES_PARSE = 1.25
MOST_MEGABYTES = 25.0
MOST_GROWTH = 1.1
"""How much more memory the engine may hold at the end than after the first tenth of the texts."""
RELEASES = 27_073
ROLES = SHIPPED.parent / "roles-default-0.1.0"
PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1_000_000
TIMED_RELEASES = 150
"""Of the releases that are timed: one in every 180, all over the file."""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--limit", type=int, default=RELEASES, help="texts to read for the memory")
    parser.add_argument("--every", type=int, default=2_000, help="texts between two looks at the memory")
    parser.add_argument("--rounds", type=int, default=5, help="how often each text is timed")
    parser.add_argument("--only", choices=["time", "memory", "size"], help="one part of the three")
    options = parser.parse_args()
    console = Console(width=None if Console().is_terminal else 120)
    kept = []
    if options.only in {None, "size"}:
        kept.append(report_sizes(console))
    if options.only in {None, "time"}:
        kept.append(report_times(console, options.rounds))
    if options.only in {None, "memory"}:
        kept.append(report_memory(console, options.limit, options.every))
    return 0 if all(kept) else 1


def report_sizes(console: Console) -> bool:
    """What lies on disk, in MB of 1,000,000 bytes. True when it is small enough."""
    sizes = {folder.name: _size(folder) for folder in (SHIPPED, ROLES)}
    table = Table("on disk", "MB", title="Size", title_justify="left")
    for name, size in sizes.items():
        table.add_row(name, f"{size:.1f}")
    total = sum(sizes.values())
    table.add_row(f"together (at most {MOST_MEGABYTES:.0f})", f"{total:.1f}")
    console.print(table)
    return total <= MOST_MEGABYTES


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE


def report_times(console: Console, rounds: int) -> bool:
    """The engine's time by that of the bare parse, for each kind of text and both styles. True when within."""
    table = Table(
        "texts", "number", "characters", "documents", "--outermost", title="Engine by bare parse", title_justify="left"
    )
    everything: dict[bool, list[float]] = {False: [0.0, 0.0], True: [0.0, 0.0]}
    for name, texts in timed_sets():
        cells = []
        for outermost in (False, True):
            engine, parse = times(texts, rounds=rounds, outermost=outermost)
            everything[outermost][0] += engine
            everything[outermost][1] += parse
            cells.append(f"{engine / parse:.3f}")
        table.add_row(name, str(len(texts)), f"{sum(map(len, texts)):,}", *cells)
    totals = [engine / parse for engine, parse in everything.values()]
    table.add_row(f"together (at most {MOST_TIMES_PARSE})", "", "", *(f"{ratio:.3f}" for ratio in totals))
    console.print(table)
    return max(totals) <= MOST_TIMES_PARSE


def timed_sets() -> Iterator[tuple[str, list[str]]]:
    """Texts by kind."""
    yield "samples", [record["text"] for record in gold.load_samples()]
    try:
        documents = shared_folder() / "documents"
    except CorporaMissing:
        return
    for name in ("foia", "graded", "frus"):
        paths = sorted((documents / name).rglob("*.txt"))
        yield name, [path.read_text(encoding="utf-8") for path in paths]
    yield "releases", list(islice(_releases(), 0, None, RELEASES // TIMED_RELEASES))


def times(texts: Sequence[str], *, rounds: int, outermost: bool) -> tuple[float, float]:
    """CPU seconds of the engine and of the bare parse: medians over the rounds of their turns, which change places."""
    views = [reading_view(text).text for text in texts]
    engines, parses = [], []
    _drain(extract_many(texts[:2], outermost=outermost))
    for number in range(rounds):
        for turn in ("parse", "engine") if number % 2 else ("engine", "parse"):
            started = time.process_time()
            if turn == "engine":
                _drain(extract_many(texts, outermost=outermost))
                engines.append(time.process_time() - started)
            else:
                _drain(load().pipe(views, batch_size=BATCH))
                parses.append(time.process_time() - started)
    ratio = median(engine / parse for engine, parse in zip(engines, parses, strict=True))
    return ratio * median(parses), median(parses)


def _drain(results: Iterable[object]) -> None:
    for _ in results:
        pass


def report_memory(console: Console, limit: int, every: int) -> bool:
    """Resident memory while `limit` texts pass through. True when it stays flat."""
    table = Table("texts", "MB", "texts a second", title="Memory", title_justify="left")
    console.print("texts read, MB resident, texts a second:")
    looks: list[tuple[int, float]] = []
    started = time.monotonic()
    number = 0
    for number, _ in enumerate(extract_many(islice(memory_texts(), limit)), start=1):
        if number % every == 0 or number == max(1, limit // 10):
            looks.append((number, resident()))
            console.print(f"{number:>7,} {looks[-1][1]:>7.1f} {number / (time.monotonic() - started):>7.1f}")
    looks.append((number, resident()))
    early = next(memory for reached, memory in looks if reached >= limit // 10)
    growth = looks[-1][1] / early
    for reached, memory in (looks[0], looks[-1]):
        table.add_row(f"{reached:,}", f"{memory:.1f}", f"{number / (time.monotonic() - started):.1f}")
    console.print(table)
    console.print(f"After the first tenth it grew to {growth:.3f} times (at most {MOST_GROWTH}).")
    return growth <= MOST_GROWTH


def memory_texts() -> Iterator[str]:
    """The releases; where they are not at hand, the samples again and again."""
    try:
        shared_folder()
    except CorporaMissing:
        yield from chain.from_iterable(repeat([record["text"] for record in gold.load_samples()]))
    else:
        yield from _releases()


def _releases() -> Iterator[str]:
    for path in sorted((shared_folder() / "documents" / "bulk").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def resident() -> float:
    """Memory this process holds, in MB of 1,000,000 bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE / MEGABYTE


if __name__ == "__main__":
    raise SystemExit(main())
