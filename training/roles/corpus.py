"""The corpora as the labeller sees them: read, parsed by our own pipeline as the engine does, kept as arrays.

What is kept lies under training/work/roles, which is not part of the repository.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extraction import engine, pipeline, reading
from extraction.learnt.tokens import Tokens
from extraction.reading import ReadingView
from training.scripts.corpus_paths import shared_folder

Record = dict[str, Any]
ROLES = ("source", "cue", "content")
WORK = Path(__file__).parents[1] / "work" / "roles"
CORPORA = {
    "polnear_train": "polnear/train.jsonl",
    "polnear_dev": "polnear/dev.jsonl",
    "gum_train": "gum_attribution/open_train.jsonl",
    "gum_dev": "gum_attribution/open_dev.jsonl",
}
CHARACTER_FIELDS = ("first", "last")


@dataclass(slots=True)
class Passage:
    """A parsed stretch of one record, with the record's attributions that lie in it, in token numbers."""

    record: str
    tokens: Tokens
    first: npt.NDArray[np.int64]
    """Where each token begins in the record's text."""
    last: npt.NDArray[np.int64]
    """Where each token ends in the record's text."""
    attributions: list[dict[str, npt.NDArray[np.int64]]]
    discarded: npt.NDArray[np.bool_]


def records(name: str) -> list[Record]:
    """The records of a corpus: texts with their attributions."""
    if name.startswith("annotations_"):
        return _annotated(name.removeprefix("annotations_"))
    if name == "seed":
        return _seed()
    path = shared_folder() / "corpora" / CORPORA[name]
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _annotated(split: str) -> list[Record]:
    from training.scripts.gold import load  # noqa: PLC0415  (needs pypdfium2 for some texts; the corpora do not)

    return list(load(shared_folder() / "documents", split=split))


def _seed() -> list[Record]:
    folder = shared_folder() / "documents" / "seed"
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return gold if isinstance(gold, list) else [gold]


def passages(name: str) -> list[Passage]:
    """The corpus, parsed; parses anew when the pipeline or the records have changed."""
    kept = WORK / f"{name}.npz"
    stamp = f"{_fingerprint()} {len(records(name))}"
    if not kept.exists() or str(np.load(kept)["stamp"]) != stamp:
        WORK.mkdir(parents=True, exist_ok=True)
        _parse(name, kept, stamp)
    return list(_restored(name, kept))


def _fingerprint() -> str:
    """SHA-256 over the files of the pipeline, and of the reading before it: another one parses otherwise."""
    digest = hashlib.sha256()
    for folder in (Path(pipeline.pipeline_name()), Path(reading.__file__).parent):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return digest.hexdigest()


def _parse(name: str, kept: Path, stamp: str) -> None:
    nlp = pipeline.load()
    all_records = records(name)
    started = time.process_time()
    parts: dict[str, list[Any]] = {field: [] for field in (*Tokens.names(), *CHARACTER_FIELDS)}
    owners, sizes = [], []
    index = -1
    current: object = None
    stream = engine._chunks(nlp, (record["text"] for record in all_records), repeat(None))
    for doc, (text, offset, _) in nlp.pipe(stream, as_tuples=True, batch_size=16):
        if text is not current:
            current, index = text, index + 1
        if not len(doc):
            continue
        tokens = Tokens.of(doc)
        for field in Tokens.names():
            array = getattr(tokens, field)
            parts[field].append(array.astype(np.float16) if field == "tensor" else array)
        first, last = _characters(text.view, doc, offset)
        parts["first"].append(first)
        parts["last"].append(last)
        owners.append(index)
        sizes.append(len(doc))
    arrays = {field: np.concatenate(arrays) for field, arrays in parts.items()}
    np.savez(kept, stamp=np.array(stamp), owners=np.array(owners), sizes=np.array(sizes), **arrays)
    print(f"{name}: {len(all_records)} records, {sum(sizes)} tokens, {time.process_time() - started:.0f} s of CPU time")


def _characters(view: ReadingView, doc: Any, offset: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    first, last = np.zeros(len(doc), dtype=np.int64), np.zeros(len(doc), dtype=np.int64)
    for token in doc:
        pieces = view.to_original(offset + token.idx, offset + token.idx + len(token))
        if pieces:
            first[token.i], last[token.i] = pieces[0][0], pieces[-1][1]
    return first, last


def _restored(name: str, kept: Path) -> Iterator[Passage]:
    all_records = records(name)
    with np.load(kept) as archive:
        arrays = {field: archive[field] for field in archive.files if field != "stamp"}
    start = 0
    for owner, size in zip(arrays["owners"].tolist(), arrays["sizes"].tolist(), strict=True):
        part = {field: arrays[field][start : start + size] for field in (*Tokens.names(), *CHARACTER_FIELDS)}
        first, last = part.pop("first"), part.pop("last")
        part["tensor"] = part["tensor"].astype(np.float32)
        yield _passage(all_records[owner], Tokens(**part), first, last)
        start += size


def _passage(record: Record, tokens: Tokens, first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]) -> Passage:
    def numbers(spans: Iterable[list[int]]) -> npt.NDArray[np.int64]:
        touched = np.zeros(len(tokens), dtype=bool)
        for start, end in spans:
            touched |= (first < end) & (last > start) & (last > first)
        return np.flatnonzero(touched & ~tokens.space)

    attributions = [{role: numbers(a.get(role) or []) for role in ROLES} for a in record["attributions"]]
    discarded = np.zeros(len(tokens), dtype=bool)
    discarded[numbers(record.get("discard") or [])] = True
    kept = [a for a in attributions if len(a["cue"]) and len(a["content"])]
    return Passage(record["id"], tokens, first, last, kept, discarded)
