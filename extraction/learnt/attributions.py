"""The learnt labeller behind the seam of `extraction.roles`: a parsed text in, raw attributions out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from extraction import lexicon
from extraction.learnt.decoding import Found, runs
from extraction.learnt.labelling import label_each
from extraction.learnt.model import Model, shipped
from extraction.learnt.settings import NESTED_STYLE
from extraction.learnt.tokens import Tokens
from extraction.lexicon import Cue
from extraction.roles.raw import Pieces, RawAttribution
from extraction.roles.sentences import ADVERB_TAGS, AUXILIARIES, NEGATIONS, RELATIVES, VERB_TAGS, Sentences
from extraction.roles.subjects import subject_stretch

if TYPE_CHECKING:
    from spacy.tokens import Doc

DIRECT = 0.9
"""Share of a content's words between quotation marks from which on it is a direct quotation (as in the scorer)."""
PREDICATES = VERB_TAGS | {"TO"}
OPENERS = frozenset(("that",))


def find(
    doc: Doc, s: Sentences | None = None, *, style: str = "news", model: Model | None = None, sourceless: bool = False
) -> list[RawAttribution]:
    """The outermost attributions of a parsed text, in order of their cues. Linear in the text's length.

    style: whose idea of an attribution, one of `settings.STYLES`. sourceless: also those whose source is not named.
    Raises ModelMissing when there is no model, or when it was learnt on another pipeline's vectors.
    """
    if not len(doc):
        return []
    [found] = find_each([doc], [s or Sentences(doc)], style=style, model=model, sourceless=sourceless)
    return found


def find_each(
    docs: Sequence[Doc],
    sentences: Sequence[Sentences],
    *,
    style: str = "news",
    model: Model | None = None,
    sourceless: bool = False,
) -> list[list[RawAttribution]]:
    """As `find`, for several texts of at least one token at once, which is quicker."""
    texts = [Tokens.of(doc) for doc in docs]
    results = []
    for s, tokens, found in zip(sentences, texts, label_each(model or shipped(), texts, style=style), strict=True):
        attributions = (_attribution(s, tokens, one, as_documents=style == NESTED_STYLE) for one in found)
        results.append([one for one in attributions if one is not None and (one.source or sourceless)])
    return results


def _attribution(s: Sentences, tokens: Tokens, found: Found, *, as_documents: bool) -> RawAttribution | None:
    """One attribution, its spans cut as ANNOTATION.md asks where wanted; None when only punctuation is left."""
    source, cue, content = (runs(role, tokens.space) for role in (found.source, found.cue, found.content))
    if as_documents:
        source, cue, content = _source(s, found.head, source), _cue(s, found.head, cue), _content(s, content)
    if not content or not cue:
        return None
    entry = cue_entry(s, found.head)
    negated = any(s.low[at] in NEGATIONS for start, end in cue for at in range(start, end))
    kind = entry.kind if entry else "speech"
    quoted = float(tokens.quoted[found.content].mean()) >= DIRECT
    return RawAttribution(
        cue=cue,
        source=source,
        content=content,
        kind="denial" if negated and kind in {"speech", "belief"} else kind,
        strength=found.certainty,
        hedging=bool(entry and entry.hedge),
        told=_names_addressee(s, found.head, (*content, *source)),
        quoted=quoted,
    )


def _content(s: Sentences, pieces: Pieces) -> Pieces:
    """Without "that", punctuation and quotation marks at the edges of each piece."""
    stripped = []
    for number, piece in enumerate(pieces):
        start, end = s.strip(*piece)
        while number == 0 and start < end and s.low[start] in OPENERS and s.dep[start] not in {"nsubj", "det", "dobj"}:
            start, end = s.strip(start + 1, end)
        if start < end:
            stripped.append((start, end))
    return tuple(stripped)


def _cue(s: Sentences, head: int, pieces: Pieces) -> Pieces:
    """Without auxiliaries, adverbs and "to" before the verb; a negation stays, with what stands between."""
    kept = []
    for start, end in pieces:
        if start <= head < end and s.tag[head] in VERB_TAGS:
            negation = next((at for at in range(start, head) if s.low[at] in NEGATIONS), None)
            while start < head and negation is None and _is_verb_group(s, start):
                start += 1  # noqa: PLW2901  (the piece, narrowed)
        start, end = s.strip(start, end)  # noqa: PLW2901
        if end - start > 1 and s.low[end - 1] == "that":
            end -= 1  # noqa: PLW2901
        if start < end:
            kept.append((start, end))
    return tuple(kept)


def _is_verb_group(s: Sentences, at: int) -> bool:
    return s.low[at] in AUXILIARIES or s.tag[at] in ADVERB_TAGS or s.tag[at] in {"TO", "MD"}


def _source(s: Sentences, head: int, pieces: Pieces) -> Pieces:
    """Without punctuation at the edges; the antecedent in the place of "who" and "which"."""
    if (
        len(pieces) == 1
        and pieces[0][1] - pieces[0][0] == 1
        and s.low[pieces[0][0]] in RELATIVES
        and s.tag[head] in PREDICATES
    ):
        antecedent = subject_stretch(s, head)
        if antecedent is not None:
            return (antecedent,)
    return tuple(piece for piece in (s.strip(*stretch) for stretch in pieces) if piece[0] < piece[1])


def cue_entry(s: Sentences, head: int) -> Cue | None:
    """What the lexicon knows about the cue with this head, whatever its part of speech."""
    word = s.low[head]
    for entry in lexicon.verbs().get(word, ()):
        if not entry.particle or (head + 1 < len(s.low) and s.low[head + 1] == entry.particle):
            return entry
    return lexicon.nouns().get(word) or lexicon.adjectives().get(word)


def _names_addressee(s: Sentences, head: int, roles: Pieces) -> bool:
    """ "told reporters that": an object of the cue that is neither source nor content."""
    return any(
        s.dep[kid] in {"dobj", "dative"} and kid > head and not any(start <= kid < end for start, end in roles)
        for kid in s.kids[head]
    )
