"""What is wrong with an annotation (faults), and what an annotator should look at once more (doubts)."""

from __future__ import annotations

import re
from itertools import pairwise

from training.scripts.furniture import Stretch
from training.scripts.gold import SPAN_FIELDS, Record

KINDS = {"anonymous_individual", "named_individual", "group", "organisation", "document", "author"}
TYPES = {"direct", "mixed", "indirect"}
SPLITS = {"train", "test", ""}

_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Gen|Gov|Col|Lt|Jr|Sr|No|St)\.|\b[A-Z]\.", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?][\"')]*\s+[\"'(]*[A-Z]")


def faults(record: Record, text: str, page: list[Stretch]) -> list[str]:
    """What cannot be right; empty when all is well. page: the furniture, which no span may touch."""
    found = [] if record["split"] in SPLITS else [f"unknown split {record['split']!r}"]
    known = {source["id"] for source in record["sources"]}
    for source in record["sources"]:
        if source["kind"] not in KINDS:
            found.append(f"{source['id']}: unknown kind {source['kind']!r}")
        found += [f"{source['id']}: unknown member {m}" for m in source.get("members", []) if m not in known]
        found += [f"{source['id']} mentions: {fault}" for fault in _mention_faults(source["mentions"], text, page)]
    for attribution in record["attributions"]:
        name = attribution["id"]
        for role in SPAN_FIELDS:
            if role in attribution:
                found += [f"{name} {role}: {fault}" for fault in _span_faults(attribution[role], text, page)]
        found += [f"{name}: {fault}" for fault in _attribution_faults(attribution, record["attributions"], known)]
    return found


def doubts(record: Record, reading: str) -> list[str]:
    """What is seldom right, such as a full stop inside a content. reading: the text without its furniture."""
    found = []
    for attribution in record["attributions"]:
        cue, source, content = attribution["cue"], attribution["source"], attribution["content"]
        low, high = min(cue[0][0], source[0][0]), max(cue[-1][1], source[-1][1])
        if _ends_sentence(reading[low:high]):
            found.append(f"{attribution['id']}: a sentence seems to end between source and cue")
        if attribution["type"] == "indirect" and _ends_sentence(reading[content[0][0] : content[-1][1]]):
            found.append(f"{attribution['id']}: a sentence seems to end inside the content")
        last = reading[content[-1][0] : content[-1][1]]
        if last.endswith((".", ",", ";", ":")) and not _ABBREVIATION.search(last[-3:]):
            found.append(f"{attribution['id']}: the content ends in {last[-1]!r}")
    return found


def _mention_faults(mentions: list[list[int]], text: str, page: list[Stretch]) -> list[str]:
    return [fault for mention in mentions for fault in _span_faults([mention], text, page)] if mentions else ["none"]


def _span_faults(fragments: list[list[int]], text: str, page: list[Stretch]) -> list[str]:
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
    if any(one[1] > next_one[0] for one, next_one in pairwise(fragments)):
        found.append("fragments out of order")
    return found


def _attribution_faults(attribution: Record, everything: list[Record], known: set[str]) -> list[str]:
    found, chain = [], attribution["chain"]
    if chain[-1] != attribution["source_id"]:
        found.append("the chain does not end in its source")
    found += [f"unknown source {link}" for link in chain if link not in known]
    if attribution["type"] not in TYPES:
        found.append(f"unknown type {attribution['type']!r}")
    if len(chain) > 1 and not any(_holds(outer, chain[:-1], attribution["cue"]) for outer in everything):
        found.append(f"no attribution of {' > '.join(chain[:-1])} holds its cue")
    cue, others = _places(attribution["cue"]), _places(attribution["content"]) | _places(attribution["source"])
    if cue & others:
        found.append("the cue overlaps source or content")
    return found


def _holds(outer: Record, chain: list[str], cue: list[list[int]]) -> bool:
    return bool(outer["chain"] == chain and _places(cue) <= _places(outer["content"]))


def _places(fragments: list[list[int]]) -> set[int]:
    return {place for start, end in fragments for place in range(start, end)}


def _ends_sentence(reading: str) -> bool:
    return bool(_SENTENCE_END.search(_ABBREVIATION.sub(lambda m: m[0][:-1] + ",", reading)))
