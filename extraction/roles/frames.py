"""Contents that are no clause: "sees X as Y", "accused X of Y", "considers X Y", "denied firing", "what they fear"."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.lexicon import Cue, nouns
from extraction.roles.contents import content_end, relative_end
from extraction.roles.raw import Pieces
from extraction.roles.sentences import ADVERB_TAGS, BEFORE_NOUN_TAGS, FINITE_TAGS, NOUN_TAGS, Sentences

PREPOSITIONS = ("for", "of", "to", "with")
"""Frames named after the word that parts the two halves of a content: "blamed the rebels for the attack"."""
LONGEST_FIRST_HALF = 25
PREDICATES = frozenset(("oprd", "acomp", "attr", "xcomp", "dobj", "ccomp"))
NO_AS = frozenset(("well", "of", "if", "many", "much", "soon", "long", "far", "possible"))
RELATIVE_OPENERS = frozenset(("which", "who", "that"))

Frame = tuple[Pieces, str, int | None]
"""The content, the name of the frame, and the token of a second cue word ("as"), if there is one."""


def frame(s: Sentences, cue: int, entry: Cue, stop: int) -> Frame | None:
    """How the content follows the cue, which is no clause here; it ends at `stop` at the latest."""
    return next(_frames(s, cue, entry, stop), None)


def _frames(s: Sentences, cue: int, entry: Cue, stop: int) -> Iterator[Frame]:
    if "as" in entry.frames and (found := as_phrase(s, cue + (entry.particle != ""), stop)):
        yield (found[1], found[2]), "as", found[0]
    for word in PREPOSITIONS:
        if word in entry.frames and (halves := _prepositional(s, cue, word, stop, entry)):
            yield halves
    if "inf_object" in entry.frames and (
        pieces := infinitive_object(s, cue, stop) or _noun_with_infinitive(s, cue, stop)
    ):
        yield pieces, "inf_object", None
    if "small" in entry.frames and (pieces := small_clause(s, cue, stop, wary=entry.weak)):
        yield pieces, "small", None
    bare_small = "small" in entry.frames and not {"clause", "that"} & entry.frames and stop - cue > 2
    if bare_small and s.tag[cue + 1] in NOUN_TAGS | {"DT", "PRP$"} and (not entry.weak or _quotes(s, cue, stop)):
        yield ((cue + 1, stop),), "small", None
    yield from _plain_frames(s, cue, entry, stop)


def _plain_frames(s: Sentences, cue: int, entry: Cue, stop: int) -> Iterator[Frame]:
    """Those in one stretch: "denied firing", "claims to hold", "denied the charges"."""
    if "gerund" in entry.frames and (pieces := gerund(s, cue, stop)):
        yield pieces, "gerund", None
    if "inf" in entry.frames and cue + 2 < stop and s.low[cue + 1] == "to" and s.tag[cue + 2] == "VB":
        yield ((cue + 1, stop),), "gerund", None
    if "with_noun" in entry.frames and any(word in nouns() for word in s.low[cue + 2 : stop]):
        yield ((cue + 2, stop),), "np", None
    if "np" in entry.frames and s.negation(cue) is None and (phrase := object_phrase(s, cue, stop)):
        yield (phrase,), "np", None


def _quotes(s: Sentences, start: int, end: int) -> bool:
    return any(s.low[at] in {'"', "“", "``"} for at in range(start, end))


def object_phrase(s: Sentences, cue: int, end: int) -> tuple[int, int] | None:
    """The cue's object as a stretch: "denied the charges against him"; not an attitude ("indicated his interest")."""
    head = s.child(cue, "dobj")
    if head is None or head < cue or s.tag[head] == "PRP":
        return None
    start = s.noun_start(head, cue + 1)
    stop = min(s.right_edge(head) + 1, end)
    return (start, stop) if stop - start > 1 and s.tag[start] != "PRP$" else None


def small_clause(s: Sentences, cue: int, end: int, *, wary: bool = False) -> Pieces | None:
    """ "consider the operation a success": object and predicate, as one stretch to the end of the clause.

    wary: the verb has other senses ("called the embassy to ask"): the predicate is a noun or an adjective.
    """
    kids = [kid for kid in s.kids[cue] if kid > cue]
    obj = next((kid for kid in kids if s.dep[kid] in {"dobj", "nsubj"}), None)
    predicates = [kid for kid in kids if s.dep[kid] in PREDICATES]
    if wary and any(s.tag[kid] in {"VB", "RB"} or s.low[kid] in {"tonight", "today", "yesterday"} for kid in kids):
        return None
    if obj is None:
        inner = next((kid for kid in predicates if s.dep[kid] in {"ccomp", "xcomp", "oprd", "attr", "acomp"}), None)
        if inner is None:
            return None
        start = s.left_edge(inner)
        return ((max(start, cue + 1), end),) if start < inner else None
    others = [kid for kid in predicates if kid > obj]
    if not others or s.tag[others[0]] == "VB" or (wary and s.tag[obj] == "PRP" and s.dep[others[0]] == "dobj"):
        return None
    return ((s.noun_start(obj, cue + 1), end),)


def infinitive_object(s: Sentences, cue: int, end: int) -> Pieces | None:
    """ "expects the talks to fail": the object with its infinitive."""
    inner = next(
        (kid for kid in s.kids[cue] if s.dep[kid] in {"ccomp", "xcomp"} and kid > cue and s.tag[kid] == "VB"), None
    )
    if inner is None:
        return None
    group = s.group_start(inner)
    if s.low[group] != "to" and s.low[inner - 1] != "to":
        return None
    start = min(group, s.left_edge(inner))
    obj = s.child(cue, "dobj")
    if obj is not None and cue < obj < inner:
        start = s.noun_start(obj, cue + 1)
    start = max(start, cue + 1)
    return ((start, end),) if start < group else None


def _noun_with_infinitive(s: Sentences, cue: int, end: int) -> Pieces | None:
    """The same by tags alone, where the parser has hung the infinitive elsewhere."""
    at = cue + 1
    while at < end and (s.tag[at] in BEFORE_NOUN_TAGS or s.low[at] == "of"):
        at += 1
    found = cue + 1 < at < end - 1 and s.low[at] == "to" and s.tag[at + 1] == "VB"
    return ((cue + 1, end),) if found else None


def as_phrase(s: Sentences, cue: int, end: int) -> tuple[int, tuple[int, int], tuple[int, int]] | None:
    """ "sees X as Y": the token "as", X and Y."""
    for at in range(cue + 1, min(end, cue + LONGEST_FIRST_HALF)):
        if s.tag[at] in FINITE_TAGS or s.low[at] in {";", ":"}:
            return None
        if s.low[at] == "as" and at > cue + 1 and at + 1 < end and s.low[at + 1] not in NO_AS:
            if s.low[at - 1] == "well" or (at + 2 < end and s.tag[at + 2] in FINITE_TAGS):
                return None
            if _is_clause(s, at, end):
                return None
            return at, (cue + 1, at), (at + 1, end)
    return None


def _is_clause(s: Sentences, opener: int, end: int) -> bool:
    """ "will see violence as the members become frustrated": a clause follows, with a subject and a verb of its own."""
    for at in range(opener + 1, min(end, opener + LONGEST_FIRST_HALF)):
        if s.low[at] in RELATIVE_OPENERS or s.low[at] in {",", ";", ":", "and", "what"}:
            return False
        if s.tag[at] in FINITE_TAGS:
            return s.head[opener] == at or s.dep[opener] == "mark"
    return False


def _prepositional(s: Sentences, cue: int, word: str, end: int, entry: Cue) -> Frame | None:
    """ "accused X of Y", "attributes X to Y"; after a verb of telling only the second half is told."""
    addressed = entry.addressee
    only_frame = not {"clause", "that", "np"} & entry.frames
    for at in range(cue + 2, min(end, cue + LONGEST_FIRST_HALF)):
        if s.tag[at] in FINITE_TAGS or s.low[at] in {";", ":", "that", "who", "which"} or at + 1 >= end:
            return None
        if s.low[at] != word or s.low[at - 1] in {"according", "next", "due"}:
            continue
        belongs = s.head[at] == cue and s.dep[at] in {"prep", "dative"}
        belongs = belongs or (only_frame and s.head[at] == s.child(cue, "dobj") and s.head[at] < at)
        doing = s.tag[at + 1] == "VBG"
        if addressed and doing:
            return ((at + 1, end),), word, at
        if not addressed and (belongs or (doing and word != "to")):
            return ((cue + 1, at), (at + 1, end)), word, at
    return None


def gerund(s: Sentences, cue: int, end: int) -> Pieces | None:
    """ "denied firing on the crowd", "reported successfully using the line"."""
    at = cue + 1
    while at < end and s.tag[at] in ADVERB_TAGS:
        at += 1
    if at < end and s.tag[at] == "VBG" and s.dep[at] in {"xcomp", "ccomp", "pcomp", "dobj", "advcl"}:
        return ((cue + 1, min(end, s.right_edge(at) + 1)),)
    return None


def passive_frame(s: Sentences, cue: int, entry: Cue, held: tuple[int, int], by: int, after: int) -> Frame | None:
    """ "was accused by X of Y", "is seen as Y by X", "was judged useless by X".

    held: the subject, the first half of the content. by: the token before the source. after: where the source ends.
    """
    end = s.sentence(cue)[1]
    for word in ("as", *PREPOSITIONS):
        if word not in entry.frames or entry.addressee:
            continue
        if cue + 1 < by - 1 and s.low[cue + 1] == word:
            return (held, (cue + 2, by)), word, cue + 1
        if after + 1 < end and s.low[after] == word:
            return (held, (after + 1, end)), word, after
    if "small" in entry.frames and by > cue + 1 and s.tag[cue + 1] in {"JJ", "VBN", "DT", "TO"}:
        return (held, (cue + 1, by)), "small", None
    if {"small", "inf_object"} & entry.frames and after + 1 < end and s.tag[after] in {"TO", "DT", "JJ"}:
        return (held, (after, end)), "small", None
    return None


def inserted(s: Sentences, cue: int, entry: Cue, opener: int, end: int) -> Frame | None:
    """ "what they fear will be unrest", "what he calls a plot", "the men, who he says are guards".

    opener: the word before the source, which is the first part of the content.
    """
    at = cue + 1
    while at < end and s.tag[at] in ADVERB_TAGS:
        at += 1
    if at + 1 >= end:
        return None
    first = (opener, opener + 1)
    if s.tag[at] in FINITE_TAGS and {"clause", "that"} & entry.frames:
        stop = content_end(s, cue, at, end, [])
        return (first, (at, stop if s.low[opener] == "what" else relative_end(s, at, stop))), "bare", None
    if s.low[opener] != "what":
        return None
    if s.low[at] == "as" and "as" in entry.frames:
        return (first, (at + 1, end)), "as", at
    if "small" in entry.frames and s.tag[at] in NOUN_TAGS | {"DT", "PRP$", "JJ"}:
        stop = next((comma for comma in range(at, end) if s.low[comma] in {",", ";"}), end)
        return (first, (at, stop)), "small", None
    return None


def is_wanted(s: Sentences, start: int, end: int) -> bool:
    """ "suggested that CIA conduct an inquiry", "advised that he should wait": a proposal, not a proposition."""
    for at in range(start, end):
        if s.low[at] == "should":
            return True
        if s.tag[at] == "VB":
            return s.low[at - 1] != "to"
        if s.tag[at] == "VBP" and s.tag[at - 1] in {"NN", "NNP"} and s.dep[at - 1] in {"nsubj", "nsubjpass"}:
            return True
        if s.tag[at] in FINITE_TAGS:
            return False
    return False
