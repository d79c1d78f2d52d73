"""Cues that are not verbs: "according to X", "in X's opinion", "concerned that", "his belief that"."""

from __future__ import annotations

from collections.abc import Iterator

from extraction.lexicon import Cue, adjectives, nouns, phrases, role_nouns, word_set
from extraction.roles.contents import content_end, relative_end, that_after
from extraction.roles.raw import Pieces, RawAttribution
from extraction.roles.sentences import (
    ADVERB_TAGS,
    BE_FORMS,
    FINITE_TAGS,
    NOUN_TAGS,
    SUBJECTS,
    VERB_TAGS,
    Sentences,
)
from extraction.roles.subjects import Stretch, subject_stretch

CONNECTIVES = word_set("connectives")
LINKING_VERBS = BE_FORMS | word_set("linking_verbs")
LIGHT_VERBS = word_set("light_verbs")
ATTAINING_VERBS = word_set("attaining_verbs")
SOURCE_STOPS = frozenset(("speaking", ";", ":", '"', "“", "—", "--", ")"))
GENERIC_SOURCES = word_set("generic_source_nouns")
"""After "according to a source, " nobody is told who that is: "the mayor" is whom the source speaks of."""
MAY_FOLLOW_AT_ONCE = {"of": {"this", "these", "that"}, "to": {"this", "these", "a", "an", "one"}}
""" "in the opinion this source", "According a source": the last word of a cue may be lost in typing or in a scan."""
LONGEST_UNNAMED = 6
"""Tokens of a source without a name: "a particularly well placed individual"."""
LEAVING = word_set("verbs_of_leaving")
RELATIVE_PRONOUNS = frozenset(("who", "which"))
FAMILIES = frozenset(("be", "is", "are", "was", "were"))


def phrase_attributions(s: Sentences) -> Iterator[RawAttribution]:
    """Attributions whose cue is an adposition with its noun: source right after it, or a possessive inside it."""
    lexicon = phrases()
    for token, word in enumerate(s.low):
        for words, entry in lexicon.get(word, ()):
            found = _possessive(s, token, words) if "*" in words else _adposition(s, token, words)
            if found is None:
                continue
            cue, source, after = found
            attribution = _around(s, entry, cue, source, token, after)
            if attribution is not None:
                yield attribution
                break


def _adposition(s: Sentences, token: int, words: tuple[str, ...]) -> tuple[Pieces, Stretch, int] | None:
    at, first = token, True
    for word in words:
        if at >= len(s.low) or s.low[at] != word:
            last = not first and at < len(s.low) and at - token == len(words) - 1
            if last and s.low[at] in MAY_FOLLOW_AT_ONCE.get(word, ()):
                break
            return None
        at, first = at + 1, False
    end = s.sentence(token)[1]
    if at >= end:
        return None
    source = source_after(s, at, end)
    return None if source is None else (((token, at),), source, source[1])


def _possessive(s: Sentences, token: int, words: tuple[str, ...]) -> tuple[Pieces, Stretch, int] | None:
    """ "in Jalil's opinion", "in their view": two cue pieces around the source."""
    star = words.index("*")
    end = s.sentence(token)[1]
    if tuple(s.low[token : token + star]) != words[:star]:
        return None
    start, tail = token + star, words[star + 1 :]
    for at in range(start + 1, min(end, start + 12)):
        if tuple(s.low[at : at + len(tail)]) == tail:
            if s.tag[start] == "PRP$" and at == start + 1:
                return ((token, start), (at, at + len(tail))), (start, at), at + len(tail)
            if s.tag[at - 1] == "POS" and at - 1 > start:
                return ((token, start), (at, at + len(tail))), (start, at - 1), at + len(tail)
            return None
        if s.tag[at] in VERB_TAGS or s.low[at] in {",", "of"}:
            return None
    return None


def source_after(s: Sentences, start: int, end: int) -> Stretch | None:
    """The noun phrase that begins at `start`, up to the clause it speaks of.

    "according to this sensitive source officers of the DGSE are working": a demonstrative phrase ends at its role noun.
    """
    if s.tag[start] not in NOUN_TAGS | {"DT", "PRP$", "JJ", "PDT", "RB", "RBS", "JJS", "VBN", "VBG", "JJR"}:
        return None
    fixed = s.is_demonstrative_source(start, end)
    if fixed:
        return start, fixed
    if s.tag[start] == "PRP":
        return start, start + 1
    stop = _source_stop(s, start, end)
    while stop > start and (s.low[stop - 1] in {",", ".", "and", "!", "?"} or s.space[stop - 1]):
        stop -= 1
    return (start, stop) if stop > start else None


def _source_stop(s: Sentences, start: int, end: int) -> int:
    """Where the source ends: at punctuation that closes it, or where the clause begins whose verb comes first."""
    depth = 0
    for at in range(start, end):
        word = s.low[at]
        closes = word == ")" and depth > 0
        depth += (word == "(") - (word == ")")
        if depth > 0 or closes or at == start:
            continue
        unnamed = any(s.low[token] in GENERIC_SOURCES for token in range(start, at)) if word == "," else False
        if word in SOURCE_STOPS or (word == "," and (unnamed or not _goes_on(s, at, end))):
            return at
        if s.tag[at] in FINITE_TAGS and s.dep[at] != "relcl" and s.low[at - 1] not in {"who", "which", "that"}:
            return _before_clause(s, start, at)
    return end


def _goes_on(s: Sentences, comma: int, end: int) -> bool:
    """Does the source go on after the comma: "Mr. Day, the mayor, and ..."? Only a short apposition before a comma."""
    if comma + 1 >= end or s.low[comma + 1] not in {"a", "an", "the", "who"} or s.low[comma + 1] == "who":
        return False
    for at in range(comma + 1, min(end, comma + 14)):
        if s.low[at] == ",":
            return True
        if s.tag[at] in FINITE_TAGS:
            return False
    return False


def _before_clause(s: Sentences, start: int, verb: int) -> int:
    """No comma between source and clause: the clause begins with the subject of its verb."""
    for at in range(start, min(start + LONGEST_UNNAMED, verb - 1)):
        if s.low[at] in GENERIC_SOURCES and s.tag[at + 1] in {"NNP", "DT", "PRP", "PRP$"}:
            return at + 1  # "According to knowledgeable individuals Lund is ..."
    subjects = [kid for kid in s.kids[verb] if s.dep[kid] in SUBJECTS and kid < verb]
    if not subjects and s.head[verb] > verb:
        subjects = [kid for kid in s.kids[s.head[verb]] if s.dep[kid] in SUBJECTS and kid < verb]
    if subjects:
        first = s.noun_start(max(subjects), start)
        if first > start:
            return first
    roles = role_nouns()
    for at in range(start, verb - 1):
        if s.low[at] in roles and s.tag[at + 1] in NOUN_TAGS | {"DT", "PRP", "PRP$", "JJ"}:
            return at + 1
    return verb


def _around(s: Sentences, entry: Cue, cue: Pieces, source: Stretch, token: int, after: int) -> RawAttribution | None:
    """The content of a phrase cue: what follows the source, or stands around it, or before it at the sentence's end."""
    first, end = s.sentence(token)
    before = _clause_before(s, first, token)
    rest = s.strip(after, _joint_after(s, after, end))
    pieces: list[Stretch] = []
    relative = before is not None and s.low[before[1] - 1] in RELATIVE_PRONOUNS
    if relative:
        rest = s.strip(rest[0], relative_end(s, *rest))
    if before is not None and (relative or rest[0] >= rest[1] or _is_aside(s, token, after)):
        pieces.append(before)
    if rest[0] < rest[1]:
        pieces.append(rest)
    if not pieces or sum(high - low for low, high in pieces) < 2:
        return None
    scope: Pieces = ()
    if after < len(s.low) and s.low[after] == ":":
        scope = ((rest[0], len(s.low)),)
    return RawAttribution(cue, (source,), tuple(pieces), entry.kind, 0.95, hedging=entry.hedge, scope=scope)


def _is_aside(s: Sentences, token: int, after: int) -> bool:
    """Between commas, in the middle of the clause it attributes."""
    return (token > 0 and s.low[token - 1] in {",", "—", "--", "("}) or (after < len(s.low) and s.low[after] == ",")


def _clause_before(s: Sentences, first: int, token: int) -> Stretch | None:
    """The part of the clause that stands before the cue, None when there are only connecting words."""
    start = first
    for at in range(token - 1, first - 1, -1):
        if s.tag[at] in {"WP", "WDT"} and s.low[at] in {"who", "which"} and at >= token - 2:
            start = at - 2 if at - 2 >= first and s.low[at - 1] == "of" else at
            break
        joint = s.low[at] in {"but", "and", "while", "although", "that", "whereas"} and at >= token - 2
        if joint or s.low[at] in {";", ":"} or (s.low[at] == "that" and s.dep[at] == "mark"):
            start = at + 1
            break
    low, high = s.strip(start, token)
    while low < high and (
        s.tag[low] == "LS"
        or s.low[low] in {"(", "source", "comment", "note", ":"}
        or (s.low[low].rstrip(".").isdigit() and low == first)
    ):
        low, high = s.strip(low + 1, high)
    if low >= high or all(s.low[at] in CONNECTIVES or s.tag[at] in {",", "."} for at in range(low, high)):
        return None
    return low, high


def _joint_after(s: Sentences, start: int, end: int) -> int:
    """The clause after the source ends where another phrase cue takes over: ", while according to Y ..."."""
    for at in range(start + 2, end - 1):
        if (
            s.low[at] == "according"
            and s.low[at + 1] == "to"
            and s.low[at - 1] in {"and", "but", "while", ";", "whereas"}
        ):
            return at - 1
    return end


def adjective_attributions(s: Sentences) -> Iterator[RawAttribution]:
    """ "X is concerned that ...": only with a proposition."""
    lexicon = adjectives()
    for token, word in enumerate(s.low):
        entry = lexicon.get(word)
        if entry is None or s.tag[token] not in {"JJ", "VBN", "VBD", "NN", "RB"}:
            continue
        end = s.sentence(token)[1]
        that = that_after(s, token, end, reach=6)
        if that is not None and not _is_bridge(s, token, that):
            continue
        start = that + 1 if that is not None else None
        if start is None and token + 2 < end and s.tag[token + 1] in {"PRP", "NNP", "DT"}:
            inner = next((kid for kid in s.kids[token] if s.dep[kid] == "ccomp" and kid > token), None)
            start = token + 1 if inner is not None else None
        verb = _linking_verb(s, token)
        if start is None or verb is None:
            continue
        source = subject_stretch(s, verb)
        if source is None or s.low[source[0]] in {"it", "that", "this", "what", "there"} or source[0] > token:
            continue
        stop = content_end(s, verb, start, end, [])
        piece = s.strip(start, stop)
        if piece[0] < piece[1]:
            negated = s.negation(token)
            cue = (negated if negated is not None else token, token + 1)
            yield RawAttribution((cue,), (source,), (piece,), entry.kind, 0.85, hedging=entry.hedge)


def _linking_verb(s: Sentences, adjective: int) -> int | None:
    """The verb that ties the adjective to its holder; the adjective itself when coordinated.

    None after "so": "so frustrated that the talks failed" says what came of it.
    """
    first = s.sentence(adjective)[0]
    at = adjective - 1
    if at >= first and s.low[at] == "so":
        return None
    while at >= first and (s.tag[at] in ADVERB_TAGS or s.low[at] in {"not", "both", "all", "quite"}):
        at -= 1
    if at >= first and s.low[at] in LINKING_VERBS:
        return at
    left = next(
        (verb for verb in range(adjective - 1, max(first, adjective - 8) - 1, -1) if s.tag[verb] in VERB_TAGS), 0
    )
    if s.low[left] in LEAVING and all(s.low[between] not in {",", ";", "that"} for between in range(left, adjective)):
        return left  # "Lund left the meeting convinced that ..."
    return adjective if at >= first and s.low[at] in {"and", "but", "or"} and s.dep[adjective] == "conj" else None


def noun_attributions(s: Sentences) -> Iterator[RawAttribution]:
    """ "expressed concern that ...", "is of the opinion that ...", "his belief that ..."."""
    lexicon = nouns()
    for token, word in enumerate(s.low):
        entry = lexicon.get(word)
        if entry is None or s.tag[token] not in {"NN", "NNS", "NNP", "NNPS"}:
            continue
        end = s.sentence(token)[1]
        that = token + 1 if _is_followed_by_that(s, token, end) else that_after(s, token, end, reach=8)
        found = _light_verb(s, token)
        if that is None:
            that = token if _bare_clause_begins(s, token, end) else None
        elif found is None and any(s.tag[at] in VERB_TAGS | {"PRP"} for at in range(token + 1, that)):
            continue
        if that is None or that + 1 >= end:
            continue
        verb = found[0] if found else None
        if found is not None and verb is not None:
            source = subject_stretch(s, verb)
            cue: Pieces = _joined((verb, verb + 1), (found[1], token + 1))
        else:
            source = _possessor(s, token)
            cue = ((token, token + 1),)
        if source is None or s.low[source[0]] in {"it", "there", "this", "that"} or source[0] > token:
            continue
        if that == token and verb is None and s.tag[source[0] - 1] == "IN":
            continue  # "In their view the war is lost" is a phrase cue.
        stop = content_end(s, verb if verb is not None else token, that + 1, end, [])
        piece = s.strip(that + 1, stop)
        if piece[0] < piece[1]:
            yield RawAttribution(
                cue, (source,), (piece,), entry.kind, 0.8 if verb is not None else 0.7, hedging=entry.hedge
            )


def _is_followed_by_that(s: Sentences, noun: int, end: int) -> bool:
    """ "the allegation that funds ...": right after a cue noun, "that" opens its content unless a verb follows."""
    return noun + 2 < end and s.low[noun + 1] == "that" and s.tag[noun + 2] not in VERB_TAGS


def _is_bridge(s: Sentences, adjective: int, that: int) -> bool:
    """May these words stand between "concerned" and its "that"? Not in "about reports that"."""
    between = range(adjective + 1, that)
    fact = any(s.low[at] == "fact" for at in between)
    return fact or not any(s.tag[at] in {"NN", "NNS", "NNP"} for at in between) or s.low[that - 1] == ","


def _bare_clause_begins(s: Sentences, noun: int, end: int) -> bool:
    """ "expressed frustration the talks had failed", "the party's conclusion its cause is lost"."""
    if noun + 3 >= end or s.tag[noun + 1] not in {"DT", "PRP", "PRP$", "NNP", "EX"}:
        return False
    for at in range(noun + 2, min(end, noun + 12)):
        if s.low[at] in {",", ";", ":", "who", "which", "that"}:
            return False
        if s.tag[at] in FINITE_TAGS:
            return True
    return False


def _light_verb(s: Sentences, noun: int) -> tuple[int, int] | None:
    """The verb that carries the noun, and where the noun's own words begin: "is" + "of the opinion"."""
    first = s.sentence(noun)[0]
    at, steps = noun - 1, 0
    while at >= first and steps < 5 and (s.tag[at] in {"DT", "JJ", "PRP$", "RB", "JJS"} or s.low[at] in {"of", "its"}):
        at -= 1
        steps += 1
    if at > first and s.low[at] in {"to", "with", "under", "on", "in"} and s.low[at - 1] in ATTAINING_VERBS:
        return at - 1, at
    if at < first or s.low[at] not in LIGHT_VERBS or s.tag[at] not in VERB_TAGS:
        return None
    if s.low[at] in FAMILIES and s.low[at + 1] != "of":
        return None
    possessive = any(s.tag[token] == "PRP$" for token in range(at + 1, noun))
    return at, noun if possessive or steps == 0 else (at + 1 if s.low[at + 1] == "of" else noun)


def _joined(verb: Stretch, noun: Stretch) -> Pieces:
    return ((verb[0], noun[1]),) if verb[1] == noun[0] else (verb, noun)


def _possessor(s: Sentences, noun: int) -> Stretch | None:
    """ "Jalil's claim", "their view"."""
    first = s.sentence(noun)[0]
    at, steps = noun - 1, 0
    while at >= first and steps < 4 and s.tag[at] in {"JJ", "RB", "NN", "VBN"}:
        at -= 1
        steps += 1
    if at < first:
        return None
    if s.tag[at] == "PRP$":
        return at, at + 1
    if s.tag[at] == "POS" and at - 1 >= first and s.tag[at - 1] in NOUN_TAGS:
        head = s.head[at] if s.head[at] < at else at - 1
        return s.noun_start(head, first), at
    named = s.tag[noun - 1] in {"NNP", "NNPS"} or (s.tag[noun - 1] == "NN" and s.doc[noun - 1].text.isupper())
    if named and s.low[noun + 1] == "that":
        return s.noun_start(noun - 1, first), noun
    return None
