"""Direct quotations: where they stand, and who is named as speaking beside them."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.lexicon import Cue, verbs, word_set
from extraction.roles.raw import RawAttribution
from extraction.roles.sentences import ADVERB_TAGS, NOUN_TAGS, RELATIVES, VERB_TAGS, Sentences
from extraction.roles.subjects import Stretch, begins_circumstance, noun_phrase, own_subject, subject_stretch

OPENING = frozenset(("“", "„", "``"))
CLOSING = frozenset(("”",))
STRAIGHT = frozenset(('"', "''"))
"""Marks that open and close alike: two apostrophes are a typist's quotation mark."""
MARKS = OPENING | CLOSING | STRAIGHT
FEWEST_WORDS = 2
"""A shorter quotation is a name or a single quoted word, unless its cue verb stands right beside it."""
FEWEST_UNMARKED = 5
"""Words of a quotation that follows its cue without comma or colon; a shorter one is the narrator's."""
CONNECTIVES = word_set("connectives")
LONGEST_ASIDE = 40
"""Tokens between a quotation and the cue verb that belongs to it."""


def quotations(s: Sentences) -> list[Stretch]:
    """Stretches between quotation marks, marks left out. Straight marks are told apart by the space around them.

    A mark may be missing: a quotation still open at a paragraph's end ends there.
    """
    found = []
    opened: int | None = None
    for token, word in enumerate(s.low):
        if s.space[token] and "\n" in s.doc[token].text:
            if opened is not None and token - opened > FEWEST_WORDS:
                found.append((opened + 1, token))
            opened = None
            continue
        if word not in MARKS:
            continue
        if word in OPENING or (word in STRAIGHT and _opens(s, token, opened is not None)):
            opened = token
        elif opened is not None:
            if token - opened > 1:
                found.append((opened + 1, token))
            opened = None
    return found


def _opens(s: Sentences, token: int, is_open: bool) -> bool:
    spaced_before = (
        token == 0
        or s.doc[token - 1].whitespace_ != ""
        or s.space[token - 1]
        or s.low[token - 1] in {"(", "—", "--", "["}
    )
    spaced_after = s.doc[token].whitespace_ != ""
    if spaced_before != spaced_after:
        return spaced_before
    return not is_open


def quotation_attributions(s: Sentences, quoted: list[Stretch]) -> Iterator[RawAttribution]:
    """For each quotation, or run of quotations: the cue verb before, between or after, with its source."""
    used: set[int] = set()
    for number, (start, end) in enumerate(quoted):
        if number in used:
            continue
        found = _cue_after(s, start, end) or _cue_before(s, start, end)
        if found is None:
            continue
        cue, entry, source, cue_end = found
        if end - start < FEWEST_WORDS and abs(cue - end) > 4:
            continue
        pieces = [_trimmed(s, start, end)]
        used.add(number)
        if cue > end:
            pieces += _continued(s, quoted, number, cue_end, used)
        cue_words = cue + 2 if entry.particle and s.low[cue + 1] == entry.particle else cue + 1
        yield RawAttribution(
            ((cue, cue_words),),
            (source,),
            tuple(piece for piece in pieces if piece[0] < piece[1]),
            entry.kind,
            0.95,
            quoted=True,
        )


def _trimmed(s: Sentences, start: int, end: int) -> Stretch:
    low, high = s.strip(start, end)
    return low, high


def _continued(s: Sentences, quoted: list[Stretch], number: int, after: int, used: set[int]) -> list[Stretch]:
    """ "...," he said. "...": quotations that follow the cue at once go on with the same words."""
    pieces = []
    at = after
    for following in range(number + 1, len(quoted)):
        start, end = quoted[following]
        between = range(at, start - 1)
        if any(
            not (s.space[token] and "\n" not in s.doc[token].text)
            and s.low[token] not in {",", ".", ";", ":", "but", "and"}
            for token in between
        ):
            break
        if len(between) > 3 or _cue_after(s, start, end) is not None:
            break
        pieces.append(_trimmed(s, start, end))
        used.add(following)
        at = end + 1
    return pieces


def _cue_after(s: Sentences, start: int, end: int) -> tuple[int, Cue, Stretch, int] | None:
    """'..." said X', '..." X said': the source with its verb, right after the closing mark."""
    at = _after_mark(s, end)
    if at is None:
        return None
    limit = min(len(s.low), at + LONGEST_ASIDE)
    aside_end = -1
    for token in range(at, limit):
        if s.space[token] or s.low[token] in MARKS or s.low[token] in {".", ";", "that"}:
            return None
        if s.low[token] in RELATIVES and s.low[token - 1] == ",":
            aside_end = next((comma for comma in range(token, limit) if s.low[comma] == ","), limit)
        entry = _quote_verb(s, token) if token > aside_end else None
        if entry is None:
            if token > aside_end and s.tag[token] in VERB_TAGS and s.dep[token] not in {"relcl", "acl", "advcl", "aux"}:
                return None
            continue
        if token <= at + 1 and (token == at or s.tag[at] in ADVERB_TAGS):
            source = _inverted(s, token, limit)
            if source is not None:
                return token, entry, source, source[1]
        source = _between(s, at, token)
        return None if source is None else (token, entry, source, _tail(s, token))
    return None


def _after_mark(s: Sentences, end: int) -> int | None:
    """Where the narrator goes on after a quotation that ends at `end`; None when its sentence has ended, too."""
    at = end + 1
    if s.low[end - 1] not in {",", "?", "!", "...", "…", "—", "--", "-"} and (at >= len(s.low) or s.low[at] != ","):
        return None
    while at < len(s.low) and s.low[at] in {",", "—", "--"}:
        at += 1
    return None if at >= len(s.low) or s.space[at] else at


def _between(s: Sentences, start: int, cue: int) -> Stretch | None:
    """The source between quotation and cue: '..., Rep. Jim Jordan, a panel member, said'."""
    end = s.group_start(cue)
    end = next((at for at in range(start + 1, end) if begins_circumstance(s, at)), end)
    while end > start and (s.low[end - 1] == "," or s.tag[end - 1] in ADVERB_TAGS):
        end -= 1
    while start < end and (s.tag[start] in ADVERB_TAGS or s.low[start] in {",", "and", "but"}):
        start += 1
    return (start, end) if start < end and any(s.tag[at] in NOUN_TAGS | {"DT"} for at in range(start, end)) else None


def _tail(s: Sentences, cue: int) -> int:
    """The end of the narrator's words after the cue: 'he said on Monday.'"""
    at = cue + 1
    end = max(s.sentence(cue)[1], cue + 1)
    while at < end and s.low[at] not in MARKS | {".", ","} and not s.space[at]:
        at += 1
    return at


def _inverted(s: Sentences, cue: int, limit: int) -> Stretch | None:
    """'said Caddell, a pollster'"""
    head = next(
        (
            kid
            for kid in s.kids[cue]
            if kid > cue and s.dep[kid] in {"nsubj", "dobj", "attr", "npadvmod", "dative"} and s.tag[kid] in NOUN_TAGS
        ),
        None,
    )
    if head is None:
        at = cue + 1
        while at < limit and s.tag[at] in {"DT", "JJ", "NN", "NNP", "NNS", "PRP$", "NNPS"}:
            at += 1
        head = at - 1 if at > cue + 1 and s.tag[at - 1] in NOUN_TAGS else None
    if head is None or any(
        (s.low[token] in MARKS or s.low[token] == ".") and token < head for token in range(cue + 1, head)
    ):
        return None
    stretch = noun_phrase(s, head, cue)
    return (max(stretch[0], cue + 1), stretch[1])


def _cue_before(s: Sentences, start: int, end: int) -> tuple[int, Cue, Stretch, int] | None:
    """'X said, "..."', 'X said: "..."', and a paragraph that ends with the cue and a colon."""
    at = start - 2
    while at >= 0 and (s.space[at] or s.low[at] in {",", ":", "that"}):
        if s.low[at] == "that":
            return None
        at -= 1
    if at < 0 or start - at > 5:
        return None
    beside = s.low[at + 1] in {",", ":"} if at + 1 < len(s.low) else False
    floor = max(0, at - 12)
    for token in range(at, floor - 1, -1):
        if s.low[token] in MARKS or s.low[token] in {".", ";"} or (s.space[token] and "\n" in s.doc[token].text):
            return None
        entry = _quote_verb(s, token)
        if entry is None:
            continue
        if not beside and (token != at or end - start < FEWEST_UNMARKED or s.low[end - 1] not in {".", "!", "?", ","}):
            return None
        source = subject_stretch(s, token)
        if source is None or source[0] > token:
            return None
        return token, entry, source, token + 1
    return None


def _quote_verb(s: Sentences, token: int) -> Cue | None:
    if s.tag[token] not in VERB_TAGS and s.tag[token] not in {"NN", "NNS"}:
        return None
    for entry in verbs().get(s.low[token], ()):
        if "quote" in entry.frames and not entry.particle and not s.is_passive(token):
            return entry
        if entry.particle and token + 1 < len(s.low) and s.low[token + 1] == entry.particle and "quote" in entry.frames:
            return entry
    return None


def parenthetical(s: Sentences, cue: int, entry: Cue) -> RawAttribution | None:
    """'The talks, he said, had failed', 'The talks had failed, officials said': a cue without quotation marks."""
    first, end = s.sentence(cue)
    source = _aside_source(s, cue)
    if source is None or s.low[source[0]] in RELATIVES | {"it", "this"}:
        return None
    low, high = min(source[0], s.group_start(cue)), max(source[1], cue + 1)
    if low - 1 < first or s.low[low - 1] not in MARKS | {",", "—", "--"}:
        return None
    tail = high
    while tail < end and s.low[tail] not in MARKS | {",", ".", "—", "--", ";"}:
        if s.tag[tail] in {"VB", "MD"} or s.low[tail] == "that" or tail - high > 14:
            return None
        tail += 1
    before = s.strip(_clause_start(s, first, low - 1), low - 1)
    if before[0] >= before[1] or not any(s.tag[at] in VERB_TAGS for at in range(*before)):
        inner = s.strip(tail, end)
        if not (before[0] < before[1] and inner[0] < inner[1] and any(s.tag[at] in VERB_TAGS for at in range(*inner))):
            return None
    after = s.strip(tail, end) if tail < end and s.low[tail] == "," else (tail, tail)
    if after[1] - after[0] > 0 and s.low[after[0]] in {"adding", "who", "and", "but", "noting", "citing"}:
        after = (tail, tail)
    if after[0] < after[1] and all(s.low[at] in CONNECTIVES for at in range(*before)):
        before = (low, low)
    pieces = tuple(piece for piece in (before, after) if piece[0] < piece[1])
    return RawAttribution(((cue, cue + 1),), (source,), pieces, entry.kind, 0.85, hedging=entry.hedge)


def _aside_source(s: Sentences, cue: int) -> Stretch | None:
    subject = own_subject(s, cue)
    if subject is not None:
        return noun_phrase(s, subject, cue)
    if s.low[cue - 1] == "," and cue + 1 < len(s.tag) and s.tag[cue + 1] in {"NNP", "NNPS", "DT"}:
        return _inverted(s, cue, s.sentence(cue)[1])
    return None if s.tag[cue] in VERB_TAGS else subject_stretch(s, cue)


def _clause_start(s: Sentences, first: int, end: int) -> int:
    for at in range(end - 1, first, -1):
        if s.low[at] == ";":
            return at + 1
    return first
