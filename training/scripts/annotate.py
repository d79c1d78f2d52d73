"""Makes annotations from hand-written marks, checks them, and shows them in their text.

    python -m training.scripts.annotate build ID...     marks/ID.txt -> ID.json
    python -m training.scripts.annotate show ID...      every attribution with its spans, for reading over
    python -m training.scripts.annotate check           all annotations against their texts

The texts are looked up below HEARSAY_SHARED/documents. marks.py says what a marks file looks like.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from pathlib import Path

from training.scripts import gold
from training.scripts.corpus_paths import shared_folder
from training.scripts.furniture import furniture, masked
from training.scripts.gold import Record
from training.scripts.marks import AttributionMark, Finder, Marks, MarksError, read_marks

KINDS = {"anonymous_individual", "named_individual", "group", "organisation", "document", "author"}
INDEX_COLUMNS = {
    "original_classification": "classification",
    "record_number": "doc_number",
    "doc": "doc_number",
    "title": "subject",
}
METADATA = (
    "doc_number case_number date memo_date release_date from to subject classification release exemptions".split()
)
ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Gen|Gov|Col|Lt|Jr|Sr|No|St)\.|\b[A-Z]\.")
SENTENCE_END = re.compile(r"[.!?][\"')]*\s+[\"'(]*[A-Z]")


def share_out(annotations: list[Record]) -> list[Record]:
    """Gives a split to those that have none: of each kind, in the order of SHA-256, the second of every three is for tests.

    A split once given stays, so that a document added later never moves another one. Returns those changed.
    """
    changed = [record for record in annotations if not record["split"]]
    for kind in {record["kind"] for record in changed}:
        group = sorted((r for r in changed if r["kind"] == kind), key=lambda r: str(r["sha256"]))
        for position, record in enumerate(group):
            record["split"] = "test" if position % 3 == 1 else "train"
    return changed


def build(marks: Marks, data: bytes, text: str, *, known: dict[str, str], split: str = "") -> tuple[Record, list[str]]:
    """The annotation that the marks mean, and what looks wrong in it.

    known: metadata from the index of the documents; what the marks say goes first.
    Raises MarksError when words are not found.
    """
    finder = Finder(text, marks.furniture)
    attributions, warnings, anchors = [], [], dict[str, int]()
    at = 0
    for number, mark in enumerate(marks.attributions, start=1):
        if mark.anchor not in anchors:
            at = anchors[mark.anchor] = finder.anchor(mark.anchor.partition(":")[2], at)
        try:
            attribution = _attribution(f"A{number}", mark, finder, anchors[mark.anchor])
        except MarksError as error:
            raise MarksError(f"line {mark.line}: {error}") from error
        attributions.append(attribution)
        warnings += _ambiguities(attribution, mark, finder, anchors[mark.anchor])
    record = {
        "id": Path(marks.file).stem,
        "file": marks.file,
        "kind": marks.kind,
        "sha256": gold.digest(data),
        "text_sha256": gold.digest(text.encode()),
        "split": split,
        "metadata": {key: marks.metadata.get(key, known.get(key, "")) for key in METADATA},
        "sources": [_source(source, attributions, finder) for source in marks.sources],
        "attributions": attributions,
    }
    return record, warnings + faults(record, text, finder)


def _attribution(identifier: str, mark: AttributionMark, finder: Finder, at: int) -> Record:
    spans = {role: [list(s) for s in finder.span(words, at)] for role, words in mark.spans.items()}
    record: Record = {"id": identifier, "source_id": mark.chain[-1], **spans, "type": mark.type, "chain": mark.chain}
    record["hedge"] = mark.hedge
    if mark.uncertain:
        record["resolution_uncertain"] = True
    record["words"] = {role: gold.words_of(fragments, finder.text) for role, fragments in spans.items()}
    return record


def _ambiguities(attribution: Record, mark: AttributionMark, finder: Finder, at: int) -> list[str]:
    end = max(fragment[1] for role in mark.spans for fragment in attribution[role])
    return [
        f"{attribution['id']} (line {mark.line}): the {role} {words!r} stands there more than once, say which"
        for role, words in mark.spans.items()
        if finder.occurrences(words, at, end) > 1
    ]


def _source(mark: object, attributions: list[Record], finder: Finder) -> Record:
    spans = {tuple(map(tuple, a["source"])) for a in attributions if a["source_id"] == mark.id}
    for words in mark.mentions:
        start_words, _, sentence = words.partition(" @ ")
        spans.add(tuple(finder.span(start_words, finder.anchor(sentence, 0) if sentence else 0)))
    mentions = [list(fragment) for span in sorted(spans) for fragment in span]
    record: Record = {"id": mark.id, "canonical": mark.canonical, "kind": mark.kind, "anonymous": mark.anonymous}
    record["mentions"] = mentions
    record["mention_words"] = [gold.words_of([m], finder.text) for m in mentions]
    if mark.members:
        record["members"] = mark.members
    if mark.note:
        record["note"] = mark.note
    return record


def faults(record: Record, text: str, finder: Finder | None = None) -> list[str]:
    """What cannot be right in an annotation, or deserves a second look; empty when all is well."""
    page = finder.furniture if finder else furniture(text)
    reading = masked(text, page)
    sources = {source["id"]: source for source in record["sources"]}
    found = [f"{s['id']}: unknown kind {s['kind']!r}" for s in sources.values() if s["kind"] not in KINDS]
    found += [f"{s['id']}: no mention" for s in sources.values() if not s["mentions"]]
    found += [
        f"{s['id']}: unknown member {m}" for s in sources.values() for m in s.get("members", []) if m not in sources
    ]
    for attribution in record["attributions"]:
        for role in gold.SPAN_FIELDS:
            if role in attribution:
                found += [f"{attribution['id']} {role}: {f}" for f in _span_faults(attribution[role], text, page)]
        found += [f"{attribution['id']}: {f}" for f in _attribution_faults(attribution, record, reading)]
    return found


def _span_faults(fragments: list[list[int]], text: str, page: list[tuple[int, int]]) -> list[str]:
    if not fragments:
        return ["empty"]
    found = []
    for start, end in fragments:
        if not 0 <= start < end <= len(text):
            found.append(f"[{start}, {end}) is no span of the text")
        elif text[start:end] != text[start:end].strip():
            found.append("white space at an end")
        if any(s < end and e > start for s, e in page):
            found.append("page furniture inside")
    if any(a[1] > b[0] for a, b in zip(fragments, fragments[1:], strict=False)):
        found.append("fragments out of order")
    return found


def _attribution_faults(attribution: Record, record: Record, reading: str) -> list[str]:
    found, chain = [], attribution["chain"]
    known = {source["id"] for source in record["sources"]}
    if chain[-1] != attribution["source_id"]:
        found.append("the chain does not end in its source")
    found += [f"unknown source {link}" for link in chain if link not in known]
    cue, source, content = attribution["cue"], attribution["source"], attribution["content"]
    if len(chain) > 1 and not any(_holds(outer, chain[:-1], cue) for outer in record["attributions"]):
        found.append(f"no attribution of {'>'.join(chain[:-1])} holds its cue")
    low, high = min(cue[0][0], source[0][0]), max(cue[-1][1], source[-1][1])
    if _ends_sentence(reading[low:high]):
        found.append("a sentence seems to end between source and cue")
    inside = _ends_sentence(reading[content[0][0] : content[-1][1]])
    if inside and attribution["type"] == "indirect" and "scope" not in attribution:
        found.append("a sentence seems to end inside the content")
    last = reading[content[-1][1] - 1]
    if last in ".,;:" or (last in '"”' and attribution["type"] == "direct"):
        found.append(f"the content ends in {last!r}")
    if set(_places(cue)) & set(_places(content)) or set(_places(cue)) & set(_places(source)):
        found.append("the cue overlaps source or content")
    return found


def _ends_sentence(reading: str) -> bool:
    return bool(SENTENCE_END.search(ABBREVIATION.sub(lambda m: m[0][:-1] + ",", reading)))


def _holds(outer: Record, chain: list[str], cue: list[list[int]]) -> bool:
    return outer["chain"] == chain and set(_places(cue)) <= set(_places(outer["content"]))


def _places(fragments: list[list[int]]) -> list[int]:
    return [place for start, end in fragments for place in range(start, end)]


def show(record: Record, text: str) -> str:
    """The annotation as something to read: sources with their wordings, attributions with their words."""

    def words(fragments: list[list[int]]) -> str:
        return " + ".join(" ".join(text[start:end].split()) for start, end in fragments)

    lines = [f"=== {record['id']} ({record['kind']}, {record['split']}) {record['metadata']['subject']}"]
    for s in record["sources"]:
        wordings = "; ".join(words([m]) for m in s["mentions"])
        extra = " ".join(s.get("members", [])) + s.get("note", "")
        lines.append(
            f"{s['id']:>4} {s['kind']}{'' if s['anonymous'] else ' (known)'}: {s['canonical']} <- {wordings} {extra}"
        )
    for a in record["attributions"]:
        flags = "".join(f" {flag}" for flag in ("resolution_uncertain",) if a.get(flag))
        options = "".join(f"  {role}=({words(a[role])})" for role in ("circumstance", "scope") if role in a)
        lines.append(
            f"{a['id']:>4} {'>'.join(a['chain'])} [{words(a['source'])}] {{{words(a['cue'])}}} <{words(a['content'])}>"
            f"  {a['type']} hedge={a['hedge']}{options}{flags}"
        )
    return "\n".join(lines)


def index_row(documents: Path, file: str) -> dict[str, str]:
    """What the index beside a document says about it, under the names of our metadata; empty without an entry."""
    folder, _, name = file.partition("/")
    index = documents / folder / "index.csv"
    if not index.exists():
        return {}
    with index.open(encoding="utf-8", newline="") as rows:
        row = next((r for r in csv.DictReader(rows) if r["file"] == name), {})
    return {INDEX_COLUMNS.get(key, key): value for key, value in row.items() if value}


def dump(record: Record) -> str:
    """JSON with one fragment or word pair to a line, so that a change of one span is a change of one line."""
    spread = json.dumps(record, indent=1, ensure_ascii=False)
    return (
        re.sub(
            r"\[\s+((?:\d+|\"[^\"\n]*(?:\\.[^\"\n]*)*\"),\s+(?:\d+|\"[^\"\n]*\"))\s+\]",
            lambda m: f"[{' '.join(m[1].split())}]",
            spread,
        )
        + "\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("command", choices=("build", "show", "check"))
    parser.add_argument("ids", nargs="*")
    parser.add_argument("--folder", type=Path, default=gold.ANNOTATIONS)
    arguments = parser.parse_args()
    documents, failed = shared_folder() / "documents", False
    for identifier in arguments.ids or sorted(p.stem for p in arguments.folder.glob("*.json")):
        path = arguments.folder / f"{identifier}.json"
        if arguments.command == "build":
            marks = read_marks(arguments.folder / "marks" / f"{identifier}.txt")
            data, text = gold.read_document(documents / marks.file)
            split = json.loads(path.read_text(encoding="utf-8"))["split"] if path.exists() else ""
            record, warnings = build(marks, data, text, known=index_row(documents, marks.file), split=split)
            path.write_text(dump(record), encoding="utf-8")
        else:
            record = json.loads(path.read_text(encoding="utf-8"))
            text = gold.join(record, *gold.read_document(documents / record["file"]))["text"]
            warnings = faults(record, text)
        if arguments.command == "show":
            print(show(record, text))
        for warning in warnings:
            print(f"{identifier}: {warning}", file=sys.stderr)
        failed = failed or bool(warnings)
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
