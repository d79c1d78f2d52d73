"""Text in, attributions out: reading view, parse, roles, links, sources."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, pairwise, repeat
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from extraction import pipeline
from extraction.clusters import Clusters, Entity
from extraction.commitment.dating import Dating
from extraction.commitment.reading import UNREAD, commitment
from extraction.descriptors import words_around
from extraction.gradings import gradings
from extraction.learnt import find_outermost_each
from extraction.linking import Draft, Stretches, link
from extraction.mentions import Mention, analyse, background, mention_of, subject_end
from extraction.reading import ReadingView, reading_view
from extraction.roles import RawAttribution, label_roles
from extraction.roles.raw import Pieces
from extraction.roles.sentences import Sentences
from extraction.scoring import DOCUMENTS, OUTERMOST, Scorer, evidence, scorer
from extraction.sources import document_source
from extraction.spans import Attribution, Extraction, Modality, Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    Labeller = Callable[[list[Doc], list[Sentences]], list[list[RawAttribution]]]

CHUNK = 6_000
"""Characters parsed together at most, cut at paragraph borders: it bounds memory, whatever the length of a text."""
LONGEST_SENTENCE = 400
"""Tokens; what has no sentence end for so long is a table or noise, and is cut."""
BATCH = 16
LONGEST_CHAIN = 6
MODALITIES: dict[str, Modality] = {
    "speech": "fact", "knowledge": "fact", "belief": "belief", "fear": "fear", "plan": "plan", "denial": "denial",
}  # fmt: skip
BEGINS, CONTINUES = 1, -1
"""spaCy's numbers for a token that begins a sentence and for one that does not; 0 leaves it to the parser."""
SENTENCE_MARKS = frozenset(".!?…")
MOST_CLOSERS = 4
"""Closing marks that may stand between a sentence mark and the next sentence."""
CLOSERS = frozenset(('"', "”", "’", "'", ")", "]", "''"))


def extract(text: str, *, on: date | None = None) -> Extraction:
    """The attributions of one text, written on a day. Raises PipelineMissing when there is no pipeline to parse it."""
    return next(extract_many([text], dates=[on]))


def extract_many(
    texts: Iterable[str],
    *,
    outermost: bool = False,
    score: Scorer | None = None,
    dates: Iterable[date | None] | None = None,
) -> Iterator[Extraction]:
    """One Extraction per text, in order, as they come; texts are read ahead by a batch of chunks at most.

    outermost: attributions as news annotators mark them, in a wide sense and none inside another. The learnt labeller
    finds them then; without, the rules do, which know nesting and source-based documents (docs/engine.md has figures).
    What contents commit to (numbers, times, negation) is not read then: news annotators mark nothing of it.
    score: makes scores of evidence in place of the shipped scorer.
    dates: the day each text was written, for times such as "last week"; the date in a message's header comes first.
    Raises PipelineMissing; with outermost also ModelMissing.
    """
    nlp = pipeline.load()
    label: Labeller = find_outermost_each if outermost else _label_roles_each
    score = score or scorer(OUTERMOST if outermost else DOCUMENTS)
    chunks = _chunks(nlp, texts, repeat(None) if dates is None else dates)
    left_out = pipeline.not_for_labeller() if outermost else pipeline.not_for_rules()
    parsed = nlp.pipe(chunks, as_tuples=True, batch_size=BATCH, disable=left_out)
    while batch := list(islice(parsed, BATCH)):
        yield from _read(batch, label, score, commits=not outermost)


def _label_roles_each(docs: list[Doc], sentences: list[Sentences]) -> list[list[RawAttribution]]:
    return [label_roles(doc, s) for doc, s in zip(docs, sentences, strict=True)]


def _read(batch: list[tuple[Doc, Chunk]], label: Labeller, score: Scorer, *, commits: bool) -> Iterator[Extraction]:
    """What some parsed chunks hold, for the texts that end in them."""
    docs = [doc for doc, _ in batch if len(doc)]
    sentences = [Sentences(doc) for doc in docs]
    found = zip(sentences, label(docs, sentences), strict=True)
    for doc, (text, offset, is_last) in batch:
        if len(doc):
            text.read(offset, *next(found))
        if is_last:
            yield text.finish(score, commits=commits)


@dataclass(slots=True)
class _Text:
    """One text on its way: what its parsed chunks have yielded so far."""

    view: ReadingView
    on: date | None = None
    drafts: list[Draft] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    sentences: int = 0

    def read(self, offset: int, s: Sentences, raw: list[RawAttribution]) -> None:
        """Take from a parsed chunk, which begins at `offset` of the view, all that is needed beside its parse."""
        pairs = [(attribution, _draft(s, offset, attribution)) for attribution in raw]
        self.drafts.extend(link(self.view.text, pairs))
        seen = len(self.mentions)
        for mention in background(s, offset):
            mention.sentence += self.sentences
            self.mentions.append(mention)
        self._note_content_subjects(s, offset, raw, seen)
        for attribution, draft in pairs:
            if not attribution.source:
                continue
            start, end = attribution.source[0]
            draft.mention = mention_of(s, start, end, end - 1, offset)
            draft.mention.is_subject = True
            draft.mention.is_adjunct = _follows_adposition(s, start)
            draft.mention.sentence += self.sentences
        self.sentences += len(s.bounds)

    def _note_content_subjects(self, s: Sentences, offset: int, raw: list[RawAttribution], seen: int) -> None:
        """What a content is about stands at its beginning, also where the parser has missed that it is a subject."""
        known = {(mention.start, mention.end) for mention in self.mentions[seen:]}
        for attribution in raw:
            start, end = attribution.content[0]
            stop = subject_end(s, start, end)
            if stop is None:
                continue
            mention = mention_of(s, start, stop, stop - 1, offset)
            if (mention.start, mention.end) in known:
                continue
            mention.is_subject = True
            mention.sentence += self.sentences
            self.mentions.append(mention)

    def finish(self, score: Scorer, *, commits: bool) -> Extraction:
        dating = Dating(self.view, self.on) if commits else None
        return _Assembly(self.view, self.drafts, self.mentions, score, dating).extraction()


Chunk = tuple[_Text, int, bool]
"""A stretch of a text that is parsed together: the text, the offset in its view, and whether it is the last one."""


def _follows_adposition(s: Sentences, start: int) -> bool:
    """ "According to Lund", "in Lund's opinion": the clause is about somebody else."""
    return start > 0 and s.tag[start - 1] in {"IN", "TO"} and s.sentence_of[start - 1] == s.sentence_of[start]


def _draft(s: Sentences, offset: int, attribution: RawAttribution) -> Draft:
    def characters(pieces: Pieces) -> Stretches:
        return tuple((offset + s.starts[start], offset + s.ends[end - 1]) for start, end in pieces)

    sentence = s.doc[attribution.cue[0][0]].sent
    return Draft(
        source=characters(attribution.source),
        cue=characters(attribution.cue),
        content=characters(attribution.content),
        kind=attribution.kind,
        strength=attribution.strength,
        hedging=attribution.hedging,
        told=attribution.told,
        quoted=attribution.quoted,
        sentence=(offset + sentence.start_char, offset + sentence.end_char),
        scope=characters(attribution.scope),
    )


def _chunks(nlp: Language, texts: Iterable[str], dates: Iterable[date | None]) -> Iterator[tuple[Doc, Chunk]]:
    """The texts as unparsed Docs with sentence hints."""
    for original, on in zip(texts, dates, strict=False):
        text = _Text(reading_view(original), on)
        bounds = list(_chunk_bounds(text.view)) or [(0, 0)]
        for number, (start, end) in enumerate(bounds):
            doc = nlp.make_doc(text.view.wording[start:end])
            _hint_sentences(doc)
            yield doc, (text, start, number == len(bounds) - 1)


def _chunk_bounds(view: ReadingView) -> Iterator[tuple[int, int]]:
    """Stretches of at most CHUNK characters: whole paragraphs where they fit, else cut at a sentence or a space."""
    start = end = 0
    for paragraph in view.paragraphs:
        if paragraph.end - start > CHUNK and end > start:
            yield start, end
            start = paragraph.start
        elif end == start:
            start = paragraph.start
        while paragraph.end - start > CHUNK:
            cut = _cut(view.text, start, start + CHUNK)
            yield start, cut
            start = cut
        end = paragraph.end
    if end > start:
        yield start, end


def _cut(text: str, start: int, end: int) -> int:
    """A place to cut in the second half of `text[start:end]`: after a sentence, else at a space, else at the end."""
    middle = start + (end - start) // 2
    sentence = max(text.rfind(mark, middle, end) for mark in (". ", "? ", "! "))
    if sentence > 0:
        return sentence + 2
    space = text.rfind(" ", middle, end)
    return space + 1 if space > 0 else end


def _hint_sentences(doc: Doc) -> None:
    """Tell the parser where a sentence must begin (a new paragraph) and cannot (mid-line, after no sentence mark)."""
    if not len(doc):
        return
    hashes, numbers = np.unique(doc.to_array("ORTH"), return_inverse=True)
    words = [doc.vocab.strings[number] for number in hashes.tolist()]
    is_break = np.array(["\n" in word and word.isspace() for word in words])[numbers]
    hints = np.where(_may_begin(words, numbers), 0, CONTINUES)
    paragraphs = [0, *(np.flatnonzero(is_break[:-1]) + 1).tolist()]
    for start, end in pairwise([*paragraphs, len(hints)]):
        hints[start : end : LONGEST_SENTENCE + 1] = BEGINS
    # Setting `token.is_sent_start` looks at the whole text each time.
    doc.from_array(["SENT_START"], hints.astype(np.uint64))  # type: ignore[arg-type]  # thinc has no type for these


def _may_begin(words: list[str], numbers: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """For each token, a number of `words`: does it follow a sentence mark, also with closing quotation marks or
    brackets behind it, and begin with no small letter?"""
    is_closer = np.array([word in CLOSERS for word in words])[numbers]
    before = np.arange(len(numbers)) - 1
    for _ in range(MOST_CLOSERS - 1):
        before -= is_closer[before] & (before > 0)
    is_small = np.array([word[:1].islower() for word in words])[numbers]
    is_mark = np.array([word[-1] in SENTENCE_MARKS for word in words])[numbers]
    found: npt.NDArray[np.bool_] = is_mark[before] & ~is_small
    return found


class _Assembly:
    """Resolves sources in text order and makes the result."""

    def __init__(
        self, view: ReadingView, drafts: list[Draft], mentions: list[Mention], score: Scorer, dating: Dating | None
    ) -> None:
        """dating: the days of the text's messages; None where what contents commit to need not be read."""
        self.view = view
        self.dating = dating
        self.gradings = gradings(view.original)
        self.score = score
        self.drafts = sorted(drafts, key=lambda draft: draft.cue)
        self.mentions = mentions
        self.clusters = Clusters()
        self.entity_of: dict[int, tuple[Entity, bool]] = {}

    def extraction(self) -> Extraction:
        self._resolve()
        ids: dict[int, str] = {}
        entities: list[Entity] = []
        for draft in self.drafts:
            entity = self._entity(draft)
            if entity is not None and id(entity) not in ids:
                ids[id(entity)] = f"S{len(ids) + 1}"
                entities.append(entity)
        attributions = [self._attribution(number, draft, ids) for number, draft in enumerate(self.drafts, start=1)]
        circumstances: dict[int, list[str]] = {}
        around: dict[int, list[str]] = {}
        for draft in self.drafts:
            entity = self._entity(draft)
            if entity is None:
                continue
            around.setdefault(id(entity), []).append(words_around(self.view.text, draft))
            if draft.circumstance:
                circumstances.setdefault(id(entity), []).append(self.view.text[slice(*draft.circumstance)])
        sources = [
            document_source(ids[id(e)], e, ids, self.view, circumstances.get(id(e), []), around[id(e)], self.gradings)
            for e in entities
        ]
        return Extraction(tuple(sources), tuple(attributions))

    def _resolve(self) -> None:
        """Walk through all mentions in text order: sources, and what pronouns may point to."""
        taken = {draft.mention.start for draft in self.drafts if draft.mention}
        events: list[tuple[int, int, Mention, Draft | None]] = [
            (mention.start, 1, mention, None) for mention in self.mentions if mention.start not in taken
        ]
        events.extend((draft.mention.start, 0, draft.mention, draft) for draft in self.drafts if draft.mention)
        events.sort(key=lambda event: (event[0], event[1]))
        paragraphs = iter(enumerate(self.view.paragraphs))
        number, paragraph = next(paragraphs, (0, None))
        shared: dict[int, tuple[Entity, bool]] = {}
        contents = deque(sorted(stretch for draft in self.drafts for stretch in draft.content))
        reach = 0
        for start, _, mention, draft in events:
            while contents and contents[0][0] <= start:
                reach = max(reach, contents.popleft()[1])
            mention.is_embedded = mention.end <= reach if draft is None else draft.outer is not None
            while paragraph is not None and paragraph.end <= start:
                number, paragraph = next(paragraphs, (number, None))
            mention.paragraph = number
            mention.segment = paragraph.segment if paragraph else 0
            if draft is None:
                self.clusters.add(mention)
                continue
            mention.holds = draft.kind not in {"speech", "denial"}
            found = shared.get(start)
            if found is None:
                holder = self.entity_of.get(id(draft.outer)) if draft.outer else None
                found = shared[start] = self.clusters.add(mention, speaks=True, holder=holder[0] if holder else None)
            self.entity_of[id(draft)] = found
            speech = draft.kind in {"speech", "denial"} or draft.merged_source is not None
            found[0].spoke = found[0].spoke or (speech and not draft.told and draft.outer is None)
            if draft.merged_source is not None:
                low, high = draft.merged_source
                again = analyse(self.view.text[low:high], low)
                again.sentence, again.paragraph, again.segment = mention.sentence, mention.paragraph, mention.segment
                found[0].source_mentions.append(again)

    def _entity(self, draft: Draft) -> Entity | None:
        """Who speaks; None where the text names nobody."""
        found = self.entity_of.get(id(draft))
        return found[0] if found else None

    def _chain(self, draft: Draft, ids: dict[int, str]) -> tuple[str, ...]:
        """Source ids, outermost teller first; empty where the text does not name the source."""
        chain: list[str] = []
        at: Draft | None = draft
        while at is not None and len(chain) < LONGEST_CHAIN:
            entity = self._entity(at)
            if entity is not None and ids[id(entity)] not in chain[:1]:
                chain.insert(0, ids[id(entity)])
            at = at.outer if chain else None
        return tuple(chain)

    def _attribution(self, number: int, draft: Draft, ids: dict[int, str]) -> Attribution:
        entity, uncertain = self.entity_of.get(id(draft), (None, False))
        pronoun = entity is not None and entity.first.form == "pronoun"
        facts = evidence(draft, self.view.text, pronoun=pronoun, uncertain=uncertain)
        day = self.dating.on(draft.cue[0][0]) if self.dating else None
        commits = commitment(self.view, draft, day) if self.dating else UNREAD
        content = self._span(draft.content)
        return Attribution(
            id=f"A{number}",
            source_id=ids[id(entity)] if entity else None,
            source=self._span(draft.source) if draft.source else None,
            cue=self._span(draft.cue),
            content=content,
            type=draft.type,
            chain=self._chain(draft, ids),
            score=self.score(facts),
            calibrated=self.score.calibrated,
            hedge=" ".join(draft.hedge.split()),
            modality=commits.modality(MODALITIES[draft.kind]),
            circumstance=self._span((draft.circumstance,)) if draft.circumstance else None,
            scope=self._span(draft.scope) if draft.scope else None,
            resolution_uncertain=uncertain,
            negated_cue=commits.negated_cue,
            negated=commits.negated,
            quantities=commits.quantities,
            times=commits.times,
            reported=commits.reported,
            information_date=commits.information_date,
            printed_credibility=self.gradings.credibility_at(content.start),
        )

    def _span(self, stretches: Stretches) -> Span:
        pieces = [piece for start, end in stretches for piece in self.view.to_original(start, end)]
        return Span.cut(self.view.original, pieces)
