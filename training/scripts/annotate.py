"""Makes annotations from hand-written marks, checks them, and shows them in their text.

    python -m training.scripts.annotate build ID...     marks/ID.txt -> ID.json, with what to look at once more
    python -m training.scripts.annotate show ID...      every attribution with its words, for reading over
    python -m training.scripts.annotate check           all annotations against their texts
    python -m training.scripts.annotate split           give the new annotations to training or test

The texts are looked up in the folder documents/ of HEARSAY_SHARED; with --samples, in samples/ of this repository, and
then the annotations are those in training/annotations/samples, which hold their text. marks.py says what a marks file
looks like.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from pathlib import Path

from training.scripts.annotation_faults import doubts, faults
from training.scripts.corpus_paths import CorporaMissing, shared_folder
from training.scripts.furniture import furniture
from training.scripts.gold import ANNOTATIONS, REPOSITORY, SAMPLES, Record, digest, join, read_document, words_of
from training.scripts.marks import AttributionMark, Finder, Marks, MarksError, SourceMark, read_marks

METADATA = (
    "doc_number", "case_number", "date", "memo_date", "release_date", "from", "to",
    "subject", "classification", "release", "exemptions",
)  # fmt: skip
INDEX_COLUMNS = {
    "original_classification": "classification",
    "record_number": "doc_number",
    "doc": "doc_number",
    "title": "subject",
}


def build(
    marks: Marks, data: bytes, text: str, *, known: dict[str, str] | None = None, split: str = ""
) -> tuple[Record, list[str]]:
    """The annotation that the marks mean, and what in it is wrong or deserves a second look.

    known: metadata from the index of the documents; what the marks say goes before it.
    Raises MarksError when words are not found.
    """
    finder = Finder(text, marks.furniture)
    attributions: list[Record] = []
    remarks: list[str] = []
    at = 0
    for number, mark in enumerate(marks.attributions, start=1):
        try:
            at = finder.anchor(mark.anchor, at)
            attribution = _attribution(f"A{number}", mark, finder, at)
        except MarksError as error:
            raise MarksError(f"line {mark.line}: {error}") from error
        attributions.append(attribution)
        remarks += _ambiguities(attribution, mark, finder, at)
    metadata = (known or {}) | marks.metadata
    record = {
        "id": Path(marks.file).stem,
        "file": marks.file,
        "kind": marks.kind,
        "sha256": digest(data),
        "text_sha256": digest(text.encode()),
        "split": split,
        "metadata": {key: metadata.get(key, "") for key in METADATA},
        "sources": [_source(source, attributions, finder) for source in marks.sources],
        "attributions": attributions,
    }
    return record, remarks + faults(record, text, finder.furniture) + doubts(record, finder.reading)


def _attribution(identifier: str, mark: AttributionMark, finder: Finder, at: int) -> Record:
    spans = {role: [list(stretch) for stretch in finder.span(words, at)] for role, words in mark.spans.items()}
    record: Record = {"id": identifier, "source_id": mark.chain[-1], **spans}
    record |= {"type": mark.type, "chain": mark.chain, "hedge": mark.hedge}
    if mark.uncertain:
        record["resolution_uncertain"] = True
    record["words"] = {role: words_of(fragments, finder.text) for role, fragments in spans.items()}
    return record


def _ambiguities(attribution: Record, mark: AttributionMark, finder: Finder, at: int) -> list[str]:
    end = max(fragment[1] for role in mark.spans for fragment in attribution[role])
    return [
        f"{attribution['id']} (line {mark.line}): the {role} {words!r} stands there more than once, say which"
        for role, words in mark.spans.items()
        if finder.occurrences(words, at, end) > 1
    ]


def _source(mark: SourceMark, attributions: list[Record], finder: Finder) -> Record:
    places = {tuple(fragment) for a in attributions if a["source_id"] == mark.id for fragment in a["source"]}
    for words in mark.mentions:
        wanted, _, anchor = words.partition(" @ ")
        places.update(finder.span(wanted, finder.anchor(anchor, 0) if anchor else 0))
    mentions = [list(place) for place in sorted(places)]
    record: Record = {"id": mark.id, "canonical": mark.canonical, "kind": mark.kind, "anonymous": mark.anonymous}
    record |= {"mentions": mentions, "mention_words": [words_of([mention], finder.text) for mention in mentions]}
    if mark.members:
        record["members"] = mark.members
    if mark.note:
        record["note"] = mark.note
    return record


def share_out(records: list[Record]) -> list[Record]:
    """Gives those without a split one: of each kind, in the order of SHA-256, the second of every three is for tests.

    A split once given stays, so that a document added later never moves another one. Returns those changed.
    """
    changed = [record for record in records if not record["split"]]
    for kind in {record["kind"] for record in changed}:
        group = sorted((r for r in changed if r["kind"] == kind), key=lambda r: str(r["sha256"]))
        for position, record in enumerate(group):
            record["split"] = "test" if position % 3 == 1 else "train"
    return changed


def show(record: Record, text: str) -> str:
    """The annotation as something to read: sources with their wordings, attributions with their words."""

    def words(fragments: list[list[int]]) -> str:
        return " + ".join(" ".join(text[start:end].split()) for start, end in fragments)

    lines = [f"=== {record['id']} ({record['kind']}, {record['split']}) {record['metadata']['subject']}"]
    for source in record["sources"]:
        wordings = "; ".join(words([mention]) for mention in source["mentions"])
        known = "" if source["anonymous"] else " (known)"
        lines.append(f"{source['id']:>4} {source['kind']}{known}: {source['canonical']} <- {wordings}")
    for attribution in record["attributions"]:
        roles = f"[{words(attribution['source'])}] {{{words(attribution['cue'])}}} <{words(attribution['content'])}>"
        extras = [f"{role}=({words(attribution[role])})" for role in ("circumstance", "scope") if role in attribution]
        extras += [f"hedge={attribution['hedge']}"] if attribution["hedge"] else []
        extras += ["uncertain"] if attribution.get("resolution_uncertain") else []
        extras += [attribution["type"]] if attribution["type"] != "indirect" else []
        lines.append(f"{attribution['id']:>4} {'>'.join(attribution['chain'])} {roles}  {' '.join(extras)}".rstrip())
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
    """JSON with a line for each source and attribution, so that a change of one is a change of one line."""
    head = {key: value for key, value in record.items() if key not in ("sources", "attributions")}
    lists = ",\n".join(
        f' "{key}": [\n' + ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in record[key]) + "\n ]"
        for key in ("sources", "attributions")
    )
    return json.dumps(head, indent=1, ensure_ascii=False).removesuffix("\n}") + f",\n{lists}\n}}\n"


def _build(documents: Path, path: Path, *, with_text: bool) -> list[str]:
    marks = read_marks(path.parent / "marks" / f"{path.stem}.txt")
    split = json.loads(path.read_text(encoding="utf-8"))["split"] if path.exists() else ""
    data, text = read_document(documents / marks.file)
    known = index_row(documents, marks.file)
    # A text that everybody can read is nothing to train on.
    record, remarks = build(marks, data, text, known=known, split="test" if with_text else split)
    path.write_text(dump(join(record, data, text) if with_text else record), encoding="utf-8")
    return remarks


def _check(documents: Path, path: Path, *, aloud: bool) -> list[str]:
    record = json.loads(path.read_text(encoding="utf-8"))
    data, text = read_document(documents / record["file"])
    if record.get("text", text) != text:
        return [f"{record['file']} is not the text that was annotated"]
    if "text" not in record:
        join(record, data, text)
    if aloud:
        print(show(record, text))
    return faults(record, text, furniture(text))


def _split(folder: Path) -> None:
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    for record in share_out(records):
        (folder / f"{record['id']}.json").write_text(dump(record), encoding="utf-8")
        print(record["id"], record["split"])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("command", choices=("build", "show", "check", "split"))
    parser.add_argument("ids", nargs="*", help="without any: all")
    parser.add_argument("--folder", type=Path, default=ANNOTATIONS)
    parser.add_argument("--samples", action="store_true", help="the annotations of samples/, with their text")
    arguments = parser.parse_intermixed_args()
    folder = SAMPLES if arguments.samples else arguments.folder
    if arguments.command == "split":
        _split(folder)
        return 0
    try:
        documents = REPOSITORY if arguments.samples else shared_folder() / "documents"
    except CorporaMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    remarks = []
    for name in arguments.ids or sorted(path.stem for path in (folder / "marks").glob("*.txt")):
        path = folder / f"{name}.json"
        if arguments.command == "build":
            found = _build(documents, path, with_text=arguments.samples)
        else:
            found = _check(documents, path, aloud=arguments.command == "show")
        remarks += [f"{name}: {remark}" for remark in found]
    print("\n".join(remarks), file=sys.stderr)
    return int(bool(remarks) and arguments.command != "build")


if __name__ == "__main__":
    raise SystemExit(main())
