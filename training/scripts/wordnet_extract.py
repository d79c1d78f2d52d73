"""Make models/wordnet-3.0-extract from the data files of Princeton WordNet 3.0.

    python -m training.scripts.wordnet_extract FOLDER    # with index.noun ...: Debian's package wordnet-base has them

One line a word: `w <lemma> <part of speech> <frequency> <senses> <derived words> <opposites>`, senses most frequent
first; one line a synset that stands above or beside such a sense: `s <number> <above> <beside>`; `x <form> <part of
speech> <lemma>` for irregular forms. Lists are separated by commas, fields by tabs. Only words that may occur in
reports are kept: single words that WordNet's own count of a tagged corpus knows, or that stand in a synset with one,
and their nearest senses.
"""

from __future__ import annotations

import argparse
import gzip
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

TARGET = Path(__file__).resolve().parents[2] / "models" / "wordnet-3.0-extract"
FILES = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
MOST_SENSES = {"n": 4, "v": 6, "a": 3, "r": 2}
ABOVE, BESIDE, OPPOSITE, DERIVED, PERTAINS = ("@", "@i"), ("&", "$", "*"), "!", "+", "\\"


@dataclass(slots=True)
class Synset:
    words: list[str]
    above: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    lexical: list[tuple[str, int, str, int]] = field(default_factory=list)
    """(pointer, number of our word, key of the other synset, number of its word), words counted from 1."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    write(parser.parse_args().folder, TARGET)


def write(folder: Path, target: Path) -> None:
    synsets = {key: synset for pos in FILES for key, synset in _synsets(folder, pos)}
    senses, frequency = _senses(folder, synsets), _frequencies(folder)
    related = _related(synsets)
    kept = {
        word: keys[: MOST_SENSES[word[1]]]
        for word, keys in senses.items()
        if _is_wanted(word, keys, synsets, frequency)
    }
    numbers: dict[str, int] = {}
    lines = []
    for (lemma, pos), keys in sorted(kept.items()):
        found = ",".join(str(_number(numbers, key)) for key in keys)
        derived = ",".join(sorted(other for other in related[DERIVED][lemma, pos] if _lemma(other) in kept))
        opposites = ",".join(sorted(other for other in related[OPPOSITE][lemma, pos] if _lemma(other) in kept))
        lines.append("\t".join(("w", lemma, pos, str(frequency.get((lemma, pos), 0)), found, derived, opposites)))
    lines.extend(_synset_lines(synsets, numbers))
    lines.extend(_irregular_lines(folder, kept))
    target.mkdir(parents=True, exist_ok=True)
    with (target / "words.tsv.gz").open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
        out.write(("\n".join(lines) + "\n").encode())
    print(f"{len(kept)} words, {len(numbers)} synsets")


def _irregular_lines(folder: Path, kept: dict[tuple[str, str], list[str]]) -> list[str]:
    found = []
    for pos, name in FILES.items():
        for line in (folder / f"{name}.exc").read_text(encoding="ascii").splitlines():
            form, lemma, *_ = line.split()
            if (lemma, pos) in kept and form.isalpha():
                found.append(f"x\t{form}\t{pos}\t{lemma}")
    return found


def _lemma(written: str) -> tuple[str, str]:
    lemma, _, pos = written.rpartition("/")
    return lemma, pos


def _number(numbers: dict[str, int], key: str) -> int:
    return numbers.setdefault(key, len(numbers) + 1)


def _synset_lines(synsets: dict[str, Synset], numbers: dict[str, int]) -> list[str]:
    """Synsets by number; those above the ones in use get numbers on the way."""
    lines, waiting = [], list(numbers)
    for key in waiting:
        synset = synsets[key]
        for other in synset.above:
            if other not in numbers:
                _number(numbers, other)
                waiting.append(other)
        beside = [str(numbers[other]) for other in synset.beside if other in numbers]
        above = ",".join(str(numbers[other]) for other in synset.above)
        if above or beside:
            lines.append(f"s\t{numbers[key]}\t{above}\t{','.join(beside)}")
    return lines


def _synsets(folder: Path, pos: str) -> list[tuple[str, Synset]]:
    found = []
    for line in (folder / f"data.{FILES[pos]}").read_text(encoding="ascii").splitlines():
        if line.startswith("  "):
            continue
        fields = line.partition(" | ")[0].split()
        count = int(fields[3], 16)
        words = [fields[4 + 2 * number].partition("(")[0] for number in range(count)]
        synset = Synset(words)
        at = 4 + 2 * count
        for number in range(int(fields[at])):
            pointer, offset, other, places = fields[at + 1 + 4 * number : at + 5 + 4 * number]
            key = _key(other, offset)
            if pointer in ABOVE:
                synset.above.append(key)
            elif pointer in BESIDE:
                synset.beside.append(key)
            elif pointer in {OPPOSITE, DERIVED, PERTAINS}:
                ours, theirs = bytes.fromhex(places)
                synset.lexical.append((pointer, ours, key, theirs))
        found.append((_key(pos, fields[0]), synset))
    return found


def _key(pos: str, offset: str) -> str:
    return f"{'a' if pos == 's' else pos}{offset}"


def _senses(folder: Path, synsets: dict[str, Synset]) -> dict[tuple[str, str], list[str]]:
    """Synset keys by lower-case word and part of speech, most frequent first. Names are left out."""
    found = {}
    for pos, name in FILES.items():
        for line in (folder / f"index.{name}").read_text(encoding="ascii").splitlines():
            if line.startswith("  "):
                continue
            fields = line.split()
            keys = [_key(pos, offset) for offset in fields[-int(fields[2]) :]]
            keys = [key for key in keys if fields[0] in synsets[key].words]
            if keys:
                found[fields[0], pos] = keys
    return found


def _frequencies(folder: Path) -> dict[tuple[str, str], int]:
    """How often the tagged corpus has a word, all senses together."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    kinds = {"1": "n", "2": "v", "3": "a", "4": "r", "5": "a"}
    for line in (folder / "cntlist.rev").read_text(encoding="ascii").splitlines():
        sense, _, count = line.split()
        lemma, _, rest = sense.partition("%")
        found[lemma, kinds[rest[0]]] += int(count)
    return found


def _related(synsets: dict[str, Synset]) -> dict[str, dict[tuple[str, str], set[str]]]:
    found: dict[str, dict[tuple[str, str], set[str]]] = {OPPOSITE: defaultdict(set), DERIVED: defaultdict(set)}
    for key, synset in synsets.items():
        for pointer, ours, other, theirs in synset.lexical:
            word = synset.words[ours - 1].lower()
            partner = synsets[other].words[theirs - 1].lower()
            kind = OPPOSITE if pointer == OPPOSITE else DERIVED
            found[kind][word, key[0]].add(f"{partner}/{other[0]}")
            if pointer == PERTAINS:
                found[kind][partner, other[0]].add(f"{word}/{key[0]}")
    return found


def _is_wanted(
    word: tuple[str, str], keys: list[str], synsets: dict[str, Synset], frequency: dict[tuple[str, str], int]
) -> bool:
    lemma, pos = word
    if not lemma.replace("_", "").replace("-", "").isalpha() or len(lemma) < 2:
        return False
    if lemma.count("_") > (1 if pos == "v" else 0):
        return False
    if frequency.get(word):
        return True
    company = {(other.lower(), pos) for key in keys[:2] for other in synsets[key].words}
    return any(frequency.get(other, 0) > 1 for other in company)


if __name__ == "__main__":
    main()
