"""Cue verbs that the tagger takes for nouns: terse sentences of reports, and what follows a comma."""

from __future__ import annotations

from extraction.lexicon import word_set
from extraction.roles.sentences import BEFORE_NOUN_TAGS, FINITE_TAGS, NOUN_TAGS, Sentences

GROUP_WORDS = word_set("group_words")
LONGEST_TERSE_SUBJECT = 8
LONGEST_CLAUSE_SUBJECT = 20


def is_verb_taken_for_noun(s: Sentences, token: int) -> bool:
    """ "Embassy Ankara comments the bill ...", "..., media report.": the tagger missed the verb of a terse sentence."""
    if s.tag[token] not in {"NN", "NNS", "NNP", "NNPS"} or s.tag[token - 1] not in NOUN_TAGS | {"AFX", "JJ"}:
        return False
    first, end = s.sentence(token)
    plural_before = s.tag[token - 1] in {"NNS", "NNPS"} or s.low[token - 1] in GROUP_WORDS
    if not s.low[token].endswith("s") and not plural_before:
        return False
    if s.tag[token + 1 if token + 1 < end else token] in FINITE_TAGS:
        return _is_held(s, token, first)
    if all(s.low[at] in {".", ")", '"'} for at in range(token + 1, end)):
        return token - 2 > first and s.low[token - 2] == ","
    opener = s.tag[token + 1] in {"DT", "PRP", "PRP$", "EX", "NNP", "NNPS", "NNS", "CD"}
    return opener and _is_noun_phrase(s, first, token) and _clause_follows(s, token, end)


def _is_held(s: Sentences, token: int, first: int) -> bool:
    """ "what the captain thinks will be a storm": no noun phrase can stand between "what" and "will"."""
    at = token
    while at > first and s.tag[at - 1] in BEFORE_NOUN_TAGS:
        at -= 1
    return at > first and s.low[at - 1] == "what"


def _is_noun_phrase(s: Sentences, first: int, end: int) -> bool:
    """Is there nothing but a noun phrase from the sentence's beginning, portion marks like "(SBU)" left out?"""
    if s.low[first] == "(" and first + 2 < end and s.low[first + 2] == ")":
        first += 3
    words = range(first, end)
    return len(words) <= LONGEST_TERSE_SUBJECT and all(
        s.tag[at] in BEFORE_NOUN_TAGS or s.low[at] in {"of", "to", "in", "for"} for at in words
    )


def _clause_follows(s: Sentences, token: int, end: int) -> bool:
    """Does a subject with a finite verb follow, before any comma?"""
    for at in range(token + 1, min(end, token + LONGEST_CLAUSE_SUBJECT)):
        if s.low[at] in {",", ";", ":", "that", "who", "which"}:
            return False
        if s.tag[at] in FINITE_TAGS:
            return at > token + 1
    return False
