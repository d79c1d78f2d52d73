"""Command line of the engine: `python -m extraction extract memo.txt`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console

from extraction.engine import extract_many
from extraction.learnt.model import ModelMissing
from extraction.output import as_record, as_table
from extraction.pipeline import SETTING, PipelineMissing
from extraction.relations.pairs import as_line, relate_many
from extraction.relations.wordnet import WordsMissing

DESCRIPTION = f"""\
Find who said what in a text, and how two statements stand to each other.

  python -m extraction extract memo.txt
      prints the attributions of one text file as a table.
  python -m extraction extract IN.jsonl --out OUT.jsonl [--outermost]
      reads one {{"id": ..., "text": ...}} object a line and writes one line for each, in order:
      {{"id", "text", "sources": [...], "attributions": [...]}}; spans are [[start, end], ...] in characters of "text".
  python -m extraction relate IN.jsonl --out OUT.jsonl
      reads one {{"id": ..., "a": ..., "b": ...}} object a line, two statements, and writes one line for each, in order:
      {{"id", "relation", "rule", "detail", "similarity", "spans"}}; relation is corroborates, contradicts or neither.

The spaCy pipeline is the shipped one, or the folder or package that {SETTING} names.
"""


class BadInput(Exception):
    """What is wrong with the input, where, and what to do about it."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line. Returns 0, or 1 when the input or the pipeline is at fault; wrong usage exits with 2."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "relate":
            _relate_file(options.input, options.out)
        elif options.input.suffix == ".jsonl":
            _extract_file(options.input, options.out, outermost=options.outermost)
        else:
            _print_table(options.input, outermost=options.outermost)
    except (BadInput, PipelineMissing, ModelMissing, WordsMissing) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m extraction", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    command = commands.add_parser(
        "extract", help="find the attributions of a text or of many", description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument("input", type=Path, metavar="INPUT", help="a text file, or a .jsonl file of {id, text} lines")
    command.add_argument(
        "--out", type=Path, metavar="OUT.jsonl", help="where to write the lines; needed for a .jsonl input"
    )
    command.add_argument(
        "--outermost",
        action="store_true",
        help="attributions as news annotators mark them: in a wide sense, none inside another, "
        "without numbers, times and negation",
    )
    command = commands.add_parser(
        "relate", help="say of pairs of statements whether they agree", description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    command.add_argument("input", type=Path, metavar="IN.jsonl", help="a .jsonl file of {id, a, b} lines")
    command.add_argument("--out", type=Path, metavar="OUT.jsonl", required=True, help="where to write the lines")
    return parser


def _print_table(path: Path, *, outermost: bool) -> None:
    found = next(extract_many([_read(path)], outermost=outermost))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(as_table(path.name, found))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise BadInput(f"there is no file {path}.") from None
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{path} is not UTF-8 (byte {error.start}). Convert it first, or ingest it, which detects encodings."
        ) from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None


def _extract_file(source: Path, target: Path | None, *, outermost: bool) -> None:
    """Stream `source` to `target`. The target appears only when every line has been read and written."""
    with _written(source, target) as out:
        identities: list[tuple[str, str]] = []
        texts = _remember(_lines(source), identities)
        for extraction in extract_many(texts, outermost=outermost):
            identifier, text = identities.pop(0)
            out.write(
                json.dumps(as_record(identifier, text, extraction, outermost=outermost), ensure_ascii=False) + "\n"
            )


def _relate_file(source: Path, target: Path | None) -> None:
    """The same for pairs of statements."""
    with _written(source, target) as out:
        for identifier, relation in relate_many(_pairs(source)):
            out.write(json.dumps(as_line(identifier, relation), ensure_ascii=False) + "\n")


@contextmanager
def _written(source: Path, target: Path | None) -> Iterator[TextIO]:
    """A file to write to that takes the place of `target` at the end, when nothing went wrong."""
    if target is None:
        raise BadInput("a .jsonl input needs --out OUT.jsonl.")
    if not source.is_file():
        raise BadInput(f"there is no file {source}.")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"there is no folder {target.absolute().parent} to write to.")
    handle, unfinished = tempfile.mkstemp(dir=target.absolute().parent, prefix=f".{target.name}.", suffix=".unfinished")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            yield out
        Path(unfinished).chmod(0o644)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _remember(lines: Iterator[tuple[str, str]], identities: list[tuple[str, str]]) -> Iterator[str]:
    """Hand the texts on and keep the few whose extraction is still to come."""
    for identifier, text in lines:
        identities.append((identifier, text))
        yield text


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """(id, text) of each line. Raises BadInput that names the first bad line."""
    for record in _records(path, ("text",)):
        yield record["id"], record["text"]


def _pairs(path: Path) -> Iterator[tuple[str, str, str]]:
    """(id, a, b) of each line. Raises BadInput that names the first bad line."""
    for record in _records(path, ("a", "b")):
        yield record["id"], record["a"], record["b"]


def _records(path: Path, texts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The objects of a file that have an id and the named texts."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            where = f"{path}, line {number}"
            try:
                record = json.loads(line.decode("utf-8"))
            except ValueError as error:
                raise BadInput(f"{where}: not JSON ({error}). Each line must be one JSON object in UTF-8.") from None
            wanted = " and ".join(f'"{name}" (a string)' for name in texts)
            is_complete = isinstance(record, dict) and all(isinstance(record.get(name), str) for name in texts)
            if not is_complete or not isinstance(record.get("id"), str | int):
                raise BadInput(f'{where}: needs "id" (a string or whole number) and {wanted}.')
            for name in texts:
                _refuse_half_characters(record[name], f'{where}: "{name}"')
            yield record


def _refuse_half_characters(text: str, where: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise BadInput(f"{where} holds half a surrogate pair, which no file can store. Repair the escape.") from None


if __name__ == "__main__":
    sys.exit(main())
