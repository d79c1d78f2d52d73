"""Tables for spaCy's rule lemmatizer, made from the treebanks' training parts.

    python -m training.scripts.lemma_tables RAW.txt OUT.json

The trainable lemmatizer learns edits of the word as written, so it fails on telegrams in capitals. Rules look at the
lower-cased word and its part of speech instead: first the forms seen in the treebanks, then the endings.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from training.scripts.conllu import Sentence, read_documents
from training.scripts.corpus_paths import treebank

# Of two rules that both give a known word the later wins ("hoping": hope, not hop), else the first.
ENDINGS = {
    "noun": [
        ["s", ""],
        ["men", "man"],
        ["zes", "z"],
        ["xes", "x"],
        ["shes", "sh"],
        ["ches", "ch"],
        ["sses", "ss"],
        ["ies", "y"],
    ],
    "verb": [
        ["ied", "y"],
        ["ies", "y"],
        ["sses", "ss"],
        ["shes", "sh"],
        ["ches", "ch"],
        ["xes", "x"],
        ["ssed", "ss"],
        ["ssing", "ss"],
        *[[stem + ending, stem + "e"] for stem in ("v", "s", "c", "u", "z", "at", "dg") for ending in ("ed", "ing")],
        ["s", ""],
        ["ing", ""],
        ["ed", ""],
        ["ing", "e"],
        ["ed", "e"],
    ],
    "adj": [["iest", "y"], ["ier", "y"], ["est", ""], ["er", ""], ["est", "e"], ["er", "e"]],
    "adv": [["est", ""], ["er", ""], ["est", "e"], ["er", "e"]],
}
DOUBLED = "bdgklmnprtvz"
COMMON = 60
CLOSED_CLASSES = {"AUX", "PRON", "DET", "PART", "ADP", "SCONJ", "CCONJ", "NUM", "INTJ", "PROPN"}
OPEN_CLASSES = {"NOUN": "noun", "VERB": "verb", "ADJ": "adj", "ADV": "adv"}


def tables(sentences: Iterable[Sentence], common_words: Iterable[str] = ()) -> dict[str, dict[str, object]]:
    """`lemma_rules`, `lemma_exc` and `lemma_index`, by part of speech.

    common_words: words known from raw text, so that "abducted" gives "abduct" and not "abducte".
    """
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for sentence in sentences:
        for word, lemma, pos in zip(sentence.words, sentence.lemmas, sentence.upos, strict=True):
            if pos in CLOSED_CLASSES | set(OPEN_CLASSES) and lemma != "_":
                counts[pos.lower()][word.lower().replace("’", "'")][lemma] += 1
    rules = {pos: _undoubling(pos) + endings for pos, endings in ENDINGS.items()}
    known = set(common_words)
    index = {pos: sorted(known | _lemmas_seen_twice(counts[pos].values())) for pos in ENDINGS}
    index["noun"] = sorted(set(index["noun"]) - {form for form in index["noun"] if form.endswith("s")})
    exceptions: dict[str, dict[str, list[str]]] = {}
    for pos, forms in counts.items():
        chosen = {form: seen.most_common(1)[0][0] for form, seen in forms.items()}
        needed = {form: lemma for form, lemma in chosen.items() if _is_needed(pos, form, lemma)}
        exceptions[pos] = {variant: [lemma] for form, lemma in sorted(needed.items()) for variant in _apostrophes(form)}
    return {"lemma_rules": rules, "lemma_exc": exceptions, "lemma_index": index}


def _lemmas_seen_twice(forms: Iterable[Counter[str]]) -> set[str]:
    total: Counter[str] = Counter()
    for seen in forms:
        total.update(seen)
    return {lemma for lemma, count in total.items() if count > 1}


def _undoubling(pos: str) -> list[list[str]]:
    """ "stopping" -> "stop", "bigger" -> "big"."""
    endings = {"verb": ("ed", "ing"), "adj": ("er", "est")}.get(pos, ())
    return [[letter * 2 + ending, letter] for ending in endings for letter in DOUBLED]


def _is_needed(pos: str, form: str, lemma: str) -> bool:
    return pos != "propn" or lemma.lower() != form  # names keep their spelling; only plurals are worth an entry


def _apostrophes(form: str) -> set[str]:
    return {form, form.replace("'", "’")}


def common_words(raw: Path) -> set[str]:
    with raw.open(encoding="utf-8") as lines:
        counts = Counter(word for line in lines for word in line.split())
    return {word for word, count in counts.items() if count >= COMMON and word.isalpha()}


def main(raw: Path, out: Path) -> None:
    sentences = [
        sentence
        for part in ("ewt-train", "gum-train")
        for document in read_documents(treebank(part))
        for paragraph in document.paragraphs
        for sentence in paragraph
    ]
    out.write_text(json.dumps(tables(sentences, common_words(raw)), ensure_ascii=False, indent=0), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
