"""What a cue says: where its content begins and ends."""

from __future__ import annotations

from extraction.lexicon import Cue
from extraction.roles.sentences import (
    ADVERB_TAGS,
    FINITE_TAGS,
    NOUN_TAGS,
    SUBJECTS,
    VERB_TAGS,
    Sentences,
)

THAT_REACH = 30
"""Tokens after a cue in which its "that" may stand: addressee and circumstance come between."""
SUBJECT_PARTS = frozenset(("det", "amod", "compound", "poss", "nummod", "nsubj", "nsubjpass", "dobj"))
CLAUSE_START_TAGS = frozenset(
    (
        "DT",
        "NN",
        "NNS",
        "NNP",
        "NNPS",
        "PRP",
        "PRP$",
        "CD",
        "JJ",
        "EX",
        "VBG",
        "IN",
        "RB",
        "WRB",
        "WP",
        "PDT",
        "JJR",
        "JJS",
    )
)
QUESTION_WORDS = frozenset(("whether", "why", "how", "where", "what", "when"))
MATRIX_TAGS = frozenset(("VBD", "VBZ", "VBP"))


def that_after(s: Sentences, cue: int, end: int, reach: int = THAT_REACH) -> int | None:
    """The "that" that opens the cue's content: nothing finite stands between them, save in an aside between commas."""
    for at in range(cue + 1, min(end, cue + reach)):
        if s.low[at] == "that" and (_opens_clause(s, at, end) or _follows_cue(s, cue, at, end)):
            return at
        if s.low[at] in {";", ":", '"', "“", "``"} or s.low[at] in {
            "who",
            "which",
            "because",
            "when",
            "while",
            "if",
            "as",
        }:
            return None
        if s.tag[at] in FINITE_TAGS and s.dep[at] not in {"relcl", "acl"}:
            return None
        if s.tag[at] == "VB" or (s.tag[at] == "VBG" and at > cue + 1 and s.low[at - 1] in {",", "by"}):
            return None
    return None


def _follows_cue(s: Sentences, cue: int, that: int, end: int) -> bool:
    """ "suspects that much of the unrest ...": right after the cue it opens the clause."""
    return that == cue + 1 and that + 2 < end and s.tag[that + 1] not in FINITE_TAGS


def _opens_clause(s: Sentences, at: int, end: int) -> bool:
    """A complementiser, neither a determiner ("said that man") nor a relative pronoun ("a plan that will work")."""
    if at + 1 >= end or s.tag[at + 1] in FINITE_TAGS:
        return False
    if s.dep[at] == "mark" or s.tag[at] == "IN" or s.low[at + 1] == ",":
        return True
    return s.dep[at] != "det" and s.tag[at] == "WDT"


def clause_after(s: Sentences, cue: int, end: int, entry: Cue) -> tuple[int, str] | None:
    """Where a finite content after the cue begins, and what shows it: "that", "ccomp" or "bare"."""
    that = that_after(s, cue, end)
    if that is not None:
        start = that + 1
        while start < end and s.low[start] == ",":
            start += 1
        return (start, "that") if start < end else None
    complement = _complement_start(s, cue, entry)
    if complement is not None:
        return complement, "ccomp"
    if "clause" in entry.frames and not entry.particle:
        verb = _bare_clause_verb(s, cue, end)
        if verb is None and "bare" in entry.frames:
            verb = _hidden_clause_verb(s, cue, end)
        if verb is not None:
            return _after_addressee(s, cue, cue + 1), "bare"
    return None


def _complement_start(s: Sentences, cue: int, entry: Cue) -> int | None:
    """Where the clause begins that the tree has as the cue's complement; None for a question."""
    for kid in s.kids[cue]:
        if s.dep[kid] == "ccomp" and kid > cue and not _is_question(s, kid):
            start = max(cue + 1, s.left_edge(kid))
            start = _after_addressee(s, cue, start)
            if not entry.addressee and _holds_subject(s, cue, start):
                start = cue + 1
            start = _after_mark(s, start)
            if s.low[start] in QUESTION_WORDS or s.tag[start] in FINITE_TAGS:
                continue
            if start < kid or s.tag[kid] in VERB_TAGS:
                return start
    return None


def _hidden_clause_verb(s: Sentences, cue: int, end: int) -> int | None:
    """ "believe Belmokhtar plans to use": the tagger may take the verb for a noun, but "believe" needs a clause."""
    if cue + 1 >= end or s.tag[cue + 1] not in CLAUSE_START_TAGS - {"IN", "RB", "WRB", "WP"}:
        return None
    for at in range(cue + 2, min(end, cue + 20)):
        if s.low[at] in {",", ";", ":", "that", "who", "which"}:
            return None
        if s.tag[at] in VERB_TAGS or (s.low[at] == "to" and s.tag[at] == "TO"):
            return at
    return None


def _holds_subject(s: Sentences, cue: int, start: int) -> bool:
    """ "said at least 20 people, children too, escaped": the parser took the subject for an object."""
    if any(s.dep[kid] == "dobj" and cue < kid < start and s.tag[kid] != "PRP" for kid in s.kids[cue]):
        return True
    return s.dep[cue + 1] in SUBJECT_PARTS and all(s.low[at] != "," for at in range(cue + 1, start))


def _is_question(s: Sentences, verb: int) -> bool:
    """ "asked whether ...", "said why ..." hold no proposition."""
    return any(s.low[kid] in QUESTION_WORDS | {"if", "who"} and kid < verb for kid in s.kids[verb])


def _after_mark(s: Sentences, start: int) -> int:
    return start + 1 if s.low[start] in {"that", ":", ","} and s.tag[start] != "DT" else start


def _after_addressee(s: Sentences, cue: int, start: int) -> int:
    """ "told me the bridge was down": the person told is not part of the content."""
    told = [kid for kid in s.kids[cue] if s.dep[kid] in {"dobj", "dative"} and kid >= cue + 1]
    if start == cue + 1 and told and s.tag[told[0]] in NOUN_TAGS:
        edge = s.right_edge(told[0]) + 1
        if s.tag[told[0]] in {"PRP", "NNP"} and edge <= told[0] + 1 and _has_clause_subject(s, edge):
            return edge
    return start


def _has_clause_subject(s: Sentences, at: int) -> bool:
    return at < len(s.tag) and s.tag[at] in CLAUSE_START_TAGS - {"IN", "RB", "VBG"}


def _bare_clause_verb(s: Sentences, cue: int, end: int) -> int | None:
    """A finite verb with a subject right of the cue, before anything that would make it another clause."""
    if (
        cue + 1 >= end
        or s.tag[cue + 1] not in CLAUSE_START_TAGS
        or s.low[cue + 1] in {"on", "in", "at", "by", "for", "to", "with"}
    ):
        return None
    for at in range(cue + 1, min(end, cue + 25)):
        if s.low[at] in {
            ",",
            ";",
            ":",
            "who",
            "which",
            "that",
            "because",
            "when",
            "as",
            "after",
            "before",
            "while",
            "and",
            "if",
            '"',
            "“",
        }:
            return None
        if s.tag[at] in FINITE_TAGS and at > cue + 1:
            verb = at if s.tag[at] != "MD" else s.head[at]
            subject = [kid for kid in s.kids[verb] + s.kids[at] if s.dep[kid] in SUBJECTS and cue < kid < at]
            return at if subject or s.tag[at - 1] in NOUN_TAGS else None
    return None


def content_end(s: Sentences, cue: int, start: int, end: int, rivals: list[int]) -> int:
    """Where the content that begins at `start` ends: at the sentence's end, or where the cue's own clause goes on.

    rivals: tokens right of the cue where another attribution of the same level begins (its verb group).
    """
    stop = end
    for rival in rivals:
        if start < rival < stop:
            stop = _before_joint(s, rival, start)
    for kid in s.kids[cue]:
        if kid > start and s.dep[kid] in {"conj", "advcl"} and s.dep[kid] == "conj" and _same_level(s, cue, kid):
            first = min([s.group_start(kid), *(sub for sub in s.kids[kid] if sub > start and s.dep[sub] in SUBJECTS)])
            first = s.noun_start(first, start) if s.tag[first] in NOUN_TAGS else first
            joint = _before_joint(s, first, start)
            if joint < first:
                stop = min(stop, joint)
    stop = min(stop, _relative_end(s, cue, start, stop), _tense_end(s, cue, start, stop))
    main = s.head[cue]
    fronted = s.child(cue, "mark", "advmod") is not None or s.tag[cue] == "VBG"
    if s.dep[cue] == "advcl" and main > start and fronted:
        subject = s.child(main, *SUBJECTS)
        first = s.noun_start(subject, start) if subject is not None and subject > start else start
        if first > start and s.low[first - 1] == ",":
            stop = min(stop, first - 1)
    for at in range(start, stop):
        if (
            s.low[at] == ";"
            and at + 1 < stop
            and s.low[at + 1] in {"however", "he", "she", "they"}
            and _quotes_even(s, start, at)
        ):
            return at
    return stop


def _relative_end(s: Sentences, cue: int, start: int, end: int) -> int:
    """ "Officials, who reported that the road was closed, left": such a clause ends before the main verb."""
    group = s.group_start(cue)
    if group < 2 or s.low[group - 1] not in {"who", "which"} or s.low[group - 2] != ",":
        return end
    return relative_end(s, start, end)


def relative_end(s: Sentences, start: int, end: int) -> int:
    """The comma before the main verb, after a relative clause; `end` where there is none."""
    for at in range(start, end - 1):
        following = at + 2 if s.tag[at + 1] in ADVERB_TAGS and at + 2 < end else at + 1
        if s.low[at] == "," and s.tag[following] in FINITE_TAGS:
            return at
    return end


def _tense_end(s: Sentences, cue: int, start: int, end: int) -> int:
    """ "stated that it is for them to decide and expressed support": past again, where the content was not."""
    if s.finite_tag(cue) != "VBD":
        return end
    finite = [at for at in range(start, end) if s.tag[at] in FINITE_TAGS or _may_be_past(s, at)]
    for number, at in enumerate(finite):
        if s.tag[at] not in {"VBD", "VBN"} or s.low[at] == "had":
            continue
        before = at - 1
        while before > start and s.tag[before] in ADVERB_TAGS:
            before -= 1
        return _before_joint(s, at, start) if number and s.low[before] in {"and", "but"} else end
    return end


def _may_be_past(s: Sentences, at: int) -> bool:
    """ "... and expressed support": taken for a participle, though it begins a coordinated clause."""
    return s.tag[at] == "VBN" and s.low[at - 1] in {"and", "but"} and s.tag[at + 1] in {"NN", "NNS", "DT", "PRP$", "JJ"}


def _same_level(s: Sentences, cue: int, verb: int) -> bool:
    """Does a verb coordinated with the cue continue the narrator's clause? Only in the cue's own tense."""
    tense, other = s.finite_tag(cue), s.finite_tag(verb)
    if s.tag[verb] not in VERB_TAGS or other not in MATRIX_TAGS:
        return False
    return tense == other or (tense == "MD" and other != "VBD")


def _before_joint(s: Sentences, at: int, floor: int) -> int:
    """Step back over "and", "but" and commas that join what begins at `at`."""
    while at > floor and (
        s.low[at - 1] in {"and", "but", "or", ",", ";", "while", "then", "also", "--", "—"}
        or s.tag[at - 1] in ADVERB_TAGS
    ):
        at -= 1
    return at


def _quotes_even(s: Sentences, start: int, end: int) -> bool:
    return sum(s.low[at] in {'"', "“", "”"} for at in range(start, end)) % 2 == 0
