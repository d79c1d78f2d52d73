"""Joins the annotations in training/annotations with their texts: records in the shape of ANNOTATION.md.

    python -m training.scripts.gold [--split train|test] > gold.jsonl
    python -m training.scripts.gold --samples > gold.jsonl

The annotations hold places and hashes, never text: the texts lie in the folder named by HEARSAY_SHARED. Only those of
the documents in samples/, whose words may be shown, hold their text and need no such folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from training.scripts.corpus_paths import CorporaMissing, shared_folder

logger = logging.getLogger(__name__)

Record = dict[str, Any]

REPOSITORY = Path(__file__).parents[2]
ANNOTATIONS = REPOSITORY / "training" / "annotations"
SAMPLES = ANNOTATIONS / "samples"
SPAN_FIELDS = ("source", "cue", "content", "circumstance", "scope")


class GoldMismatch(RuntimeError):
    """A text is not the one that was annotated."""


def digest(data: bytes) -> str:
    """SHA-256 as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def read_document(path: Path) -> tuple[bytes, str]:
    """The bytes of a document and its text as annotated: UTF-8 as it is, or the text layer of a PDF.

    A PDF's text is that of pypdfium2 (get_text_range of each page), the pages joined by form feeds.
    Raises ModuleNotFoundError for a PDF where pypdfium2 is not installed.
    """
    data = path.read_bytes()
    if path.suffix != ".pdf":
        return data, data.decode("utf-8")
    pypdfium2 = import_module("pypdfium2")  # Only these texts need it.
    with pypdfium2.PdfDocument(data) as pdf:
        return data, "\f".join(page.get_textpage().get_text_range() for page in pdf)


def words_of(fragments: list[list[int]], text: str) -> list[str]:
    """The first and the last words of a span, three each at most: what tells a person whether offsets still fit."""
    first, last = (text[start:end].split() for start, end in (fragments[0], fragments[-1]))
    return [" ".join(first[:3]), " ".join(last[-3:])]


def join(annotation: Record, data: bytes, text: str) -> Record:
    """The annotation with its text, without the fields that only serve to check it.

    Raises GoldMismatch when the file, its text or the words of a span are not those that were annotated.
    """
    name = annotation["file"]
    for what, expected, found in (
        ("file", annotation["sha256"], digest(data)),
        ("text", annotation["text_sha256"], digest(text.encode())),
    ):
        if expected != found:
            raise GoldMismatch(f"{name}: the {what} has SHA-256 {found}, but {expected} was annotated.")
    attributions = []
    for attribution in annotation["attributions"]:
        for role, words in attribution["words"].items():
            if words_of(attribution[role], text) != words:
                raise GoldMismatch(f"{name}: {attribution['id']} has other words as its {role} than those annotated.")
        attributions.append({key: value for key, value in attribution.items() if key != "words"})
    sources = [{key: value for key, value in s.items() if key != "mention_words"} for s in annotation["sources"]]
    kept = {key: annotation[key] for key in ("id", "file", "kind", "split", "metadata")}
    return kept | {"text": text, "sources": sources, "attributions": attributions}


def load(documents: Path, *, split: str | None = None, annotations: Path = ANNOTATIONS) -> Iterator[Record]:
    """All records of a split ("train", "test"; None for both), in the order of their ids.

    documents: the folder that the file names in the annotations are relative to. Without pypdfium2 the PDFs among
    them are left out, with a warning in the log.
    Raises FileNotFoundError when a text is missing, GoldMismatch when it is another one.
    """
    without_pdf = find_spec("pypdfium2") is None
    for path in sorted(annotations.glob("*.json")):
        annotation = json.loads(path.read_text(encoding="utf-8"))
        if split not in (None, annotation["split"]):
            continue
        if without_pdf and annotation["file"].endswith(".pdf"):
            logger.warning("%s is left out: reading it needs pypdfium2, which is not installed", annotation["file"])
        else:
            yield join(annotation, *read_document(documents / annotation["file"]))


def load_samples(folder: Path = SAMPLES, *, repository: Path = REPOSITORY) -> Iterator[Record]:
    """The records of the sample documents, in the order of their ids; all of them are for tests.

    Raises GoldMismatch when the text of a record is not that of its file in the repository.
    """
    for path in sorted(folder.glob("*.json")):
        record: Record = json.loads(path.read_text(encoding="utf-8"))
        if record["text"] != (repository / record["file"]).read_bytes().decode("utf-8"):
            raise GoldMismatch(f"{record['file']} is not the text that {path.name} annotates.")
        yield record


def _annotated(folder: Path, split: str | None) -> Iterator[Record]:
    return load(shared_folder() / "documents", split=split, annotations=folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--split", choices=("train", "test"))
    parser.add_argument("--folder", type=Path, default=ANNOTATIONS, help="other annotations, such as the second ones")
    parser.add_argument("--samples", action="store_true", help="only the documents in samples/, without HEARSAY_SHARED")
    arguments = parser.parse_args()
    try:
        records = load_samples() if arguments.samples else _annotated(arguments.folder, arguments.split)
    except CorporaMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    for record in records:
        print(json.dumps(record, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
