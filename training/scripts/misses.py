"""What goes wrong, in classes: by the lemma of the cue, and by what kind of attribution it is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rich.table import Table
from spacy.tokens import Token

from extraction import lexicon
from extraction.pipeline import load
from extraction.reading import ReadingView, reading_view
from training.scripts.scoring import ALIKE, Record, Units, right_relations, token_f, units_of
from training.scripts.source_scoring import PRONOUNS

MISSED = "not found"
SOURCE = "other source"
CONTENT = "other content"
ALARM = "false alarm"
FAULTS = (MISSED, SOURCE, CONTENT, ALARM)
UNREAD = "(not in the reading view)"
NO_CUE = "(no cue)"
EXAMPLE = 110
"""Characters of an example."""
PARTS_OF_SPEECH = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective"}


def faults(gold: Sequence[Units], found: Sequence[Units]) -> tuple[list[str], list[bool]]:
    """What is wrong with each gold attribution ("" when its relation was found), and which found ones are false alarms.

    A found attribution whose cue is an annotated one is no false alarm: it counts on the side of the gold.
    """
    right = right_relations(gold, found)
    right_gold, right_found = {i for i, _ in right}, {j for _, j in right}
    verdicts = []
    for i, one in enumerate(gold):
        same_cue = [other for other in found if one.cue & other.cue]
        if i in right_gold:
            verdicts.append("")
        elif not same_cue:
            verdicts.append(MISSED)
        else:
            source_fits = any(token_f(one.source, other.source) >= ALIKE for other in same_cue)
            verdicts.append(CONTENT if source_fits else SOURCE)
    alarms = [
        j not in right_found and not any(one.cue & other.cue for one in gold) for j, other in enumerate(found)
    ]  # fmt: skip
    return verdicts, alarms


@dataclass(slots=True)
class _Family:
    """Counts over sets of one kind."""

    by_cue: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_kind: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: dict[tuple[str, str], str] = field(default_factory=dict)


class Misses:
    """Collects what went wrong, document by document; examples only of texts that may be quoted."""

    def __init__(self) -> None:
        self._families: defaultdict[str, _Family] = defaultdict(_Family)

    def note(self, record: Record, found: Sequence[Record], *, family: str, may_quote: bool) -> None:
        text, gold = record["text"], record["attributions"]
        verdicts, alarms = faults(units_of(text, gold), units_of(text, found))
        cues = _Cues(text)
        noted = [(attribution, verdict or "right") for attribution, verdict in zip(gold, verdicts, strict=True)]
        noted += [(attribution, ALARM) for attribution, alarm in zip(found, alarms, strict=True) if alarm]
        for attribution, verdict in noted:
            head = cues.head(attribution["cue"])
            self._count(self._families[family], attribution, verdict, text, head, may_quote=may_quote)

    def _count(
        self, family: _Family, attribution: Record, verdict: str, text: str, head: Token | None, *, may_quote: bool
    ) -> None:
        for kind in _kinds(text, attribution, head):
            family.by_kind[kind][verdict] += 1
        if verdict == "right":
            return
        key = verdict, _lemma(head) if head is not None else UNREAD if attribution["cue"] else NO_CUE
        family.by_cue[key] += 1
        if may_quote:
            family.examples.setdefault(key, _example(text, attribution))

    def tables(self, number: int) -> Iterator[Table]:
        """For each family of sets: the `number` largest classes by cue, then all kinds of attribution."""
        for name, family in self._families.items():
            cues = Table(title=f"{name}: by cue", title_justify="left")
            for heading in ("what", "cue", "times", "example (samples only)"):
                cues.add_column(heading, justify="right" if heading == "times" else "left")
            for (verdict, lemma), times in family.by_cue.most_common(number):
                cues.add_row(verdict, lemma, str(times), family.examples.get((verdict, lemma), ""))
            yield cues
            kinds = Table(title=f"{name}: by kind", title_justify="left")
            for heading in ("kind", "annotated", *FAULTS):
                kinds.add_column(heading, justify="left" if heading == "kind" else "right")
            for kind, counts in sorted(family.by_kind.items()):
                there = sum(counts.values()) - counts[ALARM]
                kinds.add_row(kind, str(there), *(str(counts[fault]) for fault in FAULTS))
            yield kinds


class _Cues:
    """Finds the head word of a cue in a parse of the whole text."""

    def __init__(self, text: str) -> None:
        self._view: ReadingView = reading_view(text)
        self._doc = load()(self._view.text)

    def head(self, cue: Sequence[Sequence[int]]) -> Token | None:
        """The head of the cue's first words; None where the reading view leaves them out."""
        place = self._view.to_view(cue[0][0], cue[0][1]) if cue else None
        span = self._doc.char_span(*place, alignment_mode="expand") if place else None
        return span.root if span is not None else None


def _lemma(head: Token) -> str:
    """The verb as the lexicon has it, as capitals make the tagger take verbs for names; else the parse's lemma."""
    entries = lexicon.verbs().get(head.lower_)
    return entries[0].words.split()[0] if entries else head.lemma_.lower()


def _kinds(text: str, attribution: Record, head: Token | None) -> Iterator[str]:
    """Kinds of attribution that this one is of: by cue, by source, by form."""
    if head is None:
        yield f"cue: {UNREAD if attribution['cue'] else NO_CUE}"
    else:
        part = PARTS_OF_SPEECH.get(head.pos_, "phrase or other")
        known = any(head.lower_ in words for words in (lexicon.verbs(), lexicon.nouns()))
        yield f"cue: {part}" + ("" if known or part not in {"verb", "noun"} else " outside the lexicon")
    source = _quote(text, attribution["source"]).lower()
    yield (
        "source: pronoun"
        if source in PRONOUNS
        else "source: author"
        if source in {"i", "we"}
        else "source: noun phrase"
    )
    chain = attribution.get("chain", ())
    if len(chain) > 1:
        yield "form: nested"
    if len(attribution["content"]) > 1:
        yield "form: content in pieces"
    if attribution.get("type") in {"direct", "mixed"}:
        yield f"form: {attribution['type']} quotation"


def _quote(text: str, fragments: Sequence[Sequence[int]]) -> str:
    return " ".join(" ".join(text[start:end] for start, end in fragments).split())


def _example(text: str, attribution: Record) -> str:
    """Source, cue and content in one line; the source may be missing."""
    source, cue, content = (_quote(text, attribution[role]) for role in ("source", "cue", "content"))
    line = f"{source} | {cue} | {content}"
    return line if len(line) <= EXAMPLE else line[: EXAMPLE - 1] + "…"
