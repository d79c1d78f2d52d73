"""Who holds a cue verb: its subject, its antecedent, or the subject it shares with another verb."""

from __future__ import annotations

from extraction.lexicon import role_nouns, verbs, word_set
from extraction.roles.sentences import (
    ADVERB_TAGS,
    AUXILIARIES,
    BEFORE_NOUN_TAGS,
    DEMONSTRATIVES,
    FINITE_TAGS,
    NEGATIONS,
    NOUN_TAGS,
    RELATIVES,
    SUBJECTS,
    VERB_TAGS,
    Sentences,
)

Stretch = tuple[int, int]
EXPLETIVES = frozenset(("there", "it"))
TIMES = word_set("times")
CLAUSE_OPENERS = word_set("clause_openers")
CHAIN_TAGS = BEFORE_NOUN_TAGS | frozenset(("IN", "TO", "CC"))
LONGEST_INSERTION = 25
"""Tokens of an aside between a subject and its verb."""


def subject_stretch(s: Sentences, verb: int) -> Stretch | None:
    """The noun phrase that is the source of `verb`, as tokens, or None."""
    head = subject_head(s, verb, 0)
    return None if head is None else noun_phrase(s, head, verb)


def subject_head(s: Sentences, verb: int, depth: int) -> int | None:
    """The head of the subject of `verb`, found in the tree, else by what stands before it."""
    if depth > 5:
        return None
    own = own_subject(s, verb)
    if own is not None:
        return _antecedent(s, own, verb) if s.low[own] in RELATIVES and s.tag[own] in {"WDT", "WP", "IN", "DT"} else own
    participle = s.tag[verb] == "VBG" or (s.tag[verb] == "NN" and s.low[verb].endswith("ing"))
    if participle and not any(s.low[token] in AUXILIARIES for token in range(s.group_start(verb), verb)):
        return _participle_owner(s, verb, depth)
    shared = shares_subject_with(s, verb)
    if shared is not None:
        return subject_head(s, shared, depth + 1)
    dep, head = s.dep[verb], s.head[verb]
    if dep in {"acl", "relcl"} and head < verb and s.tag[head] in NOUN_TAGS and (s.is_finite(verb) or dep == "acl"):
        return head
    if dep in {"xcomp", "pcomp"} and s.tag[head] in VERB_TAGS:
        return subject_head(s, head, depth + 1)
    return _noun_before(s, verb)


def own_subject(s: Sentences, verb: int) -> int | None:
    """The verb's own subject in the tree: the nearest one before it, else one after it (inversion)."""
    first, end = s.sentence(verb)
    subjects = [kid for kid in s.kids[verb] if s.dep[kid] in SUBJECTS and first <= kid < end]
    before = [kid for kid in subjects if kid < verb and s.dep[kid] != "csubj"]
    if before:
        return _outermost(s, before)
    return next((kid for kid in subjects if kid > verb), None)


def _outermost(s: Sentences, subjects: list[int]) -> int:
    """ "Sources with access to both the army and the navy stated": of two subjects, the one the other one hangs on."""
    best = max(subjects)
    for other in sorted(subjects)[-2::-1]:
        chain = {s.tag[at] for at in range(other + 1, best)} <= CHAIN_TAGS
        if s.tag[other + 1] in {"IN", "TO"} and chain:
            best = other
    return best


def shares_subject_with(s: Sentences, verb: int) -> int | None:
    """The verb whose subject a coordinated verb without one of its own shares.

    "They add that he views X ..., and sees Y": the parser may hang "sees" on "add"; tense and number say "views".
    """
    start = s.group_start(verb)
    first = s.sentence(verb)[0]
    before = start - 1
    while before >= first and s.tag[before] in ADVERB_TAGS:
        before -= 1
    if before < first or s.low[before] not in {"and", "but", "or", ",", "then", "yet"}:
        return None
    tag = s.finite_tag(verb)
    tag = "VBP" if tag in {"NN", "VB", "NNP"} and s.dep[verb] == "conj" and start == verb else tag
    tag = "VBZ" if tag == "NNS" else tag
    head = s.head[verb]
    linked = s.dep[verb] == "conj" and s.tag[head] in VERB_TAGS and head < verb
    if linked and (s.finite_tag(head) == tag or tag not in FINITE_TAGS):
        return head
    for at in range(before - 1, first - 1, -1):
        if s.tag[at] in VERB_TAGS and at != verb and s.finite_tag(at) == tag and own_subject(s, at) is not None:
            return at
    if s.tag[verb] == "NNS":
        return next(
            (at for at in range(first, before) if s.low[at] in verbs() and own_subject(s, at) is not None), None
        )
    return head if linked else None


def _antecedent(s: Sentences, pronoun: int, verb: int) -> int | None:
    """ "UNMIS officials, who reported": the noun before the relative pronoun."""
    first = s.sentence(verb)[0]
    at = pronoun - 1
    while at >= first and (s.low[at] in {",", ")"} or s.tag[at] in {"IN", "TO"} or _is_time(s, at)):
        at -= 1
    if at < first or s.tag[at] not in NOUN_TAGS:
        head = s.head[verb]
        return head if s.dep[verb] == "relcl" and head < pronoun and s.tag[head] in NOUN_TAGS else None
    top = s.top_noun(at, first)
    named = _is_name(s, at) or (s.low[at] in role_nouns() and s.low[top] not in role_nouns())
    return at if s.low[pronoun] == "who" and named else top


def _is_time(s: Sentences, token: int) -> bool:
    """ "someone in Gaza this morning, who stated": when it was is not who it was."""
    following = s.low[token + 1] if token + 1 < len(s.low) else ""
    return s.low[token] in TIMES or (s.low[token] in {"this", "last", "that", "next", "on"} and following in TIMES)


def _is_name(s: Sentences, token: int) -> bool:
    """A proper name that may be a person's: not a place, not an organisation, not an acronym."""
    word = s.doc[token].text
    acronym = word.isupper() and not s.doc[max(0, token - 1)].text.isupper()
    return s.tag[token] == "NNP" and s.doc[token].ent_type_ not in {"ORG", "LOC", "GPE"} and not acronym


def can_speak(s: Sentences, token: int) -> bool:
    """May this head of a subject speak: a pronoun, a name, or a noun that names a kind of source?"""
    return (
        s.tag[token] in {"PRP", "NNP", "NNPS"}
        or s.low[token] in role_nouns()
        or s.low[token].endswith(("ers", "ors", "ists", "ians"))
    )


def _participle_owner(s: Sentences, verb: int, depth: int) -> int | None:
    """ "Zidan told him to go, pointing out that ...": the subject of the clause the participle hangs on."""
    first = s.sentence(verb)[0]
    before = verb - 1
    while before >= first and s.tag[before] in ADVERB_TAGS:
        before -= 1
    head = s.head[verb]
    if before >= first and s.tag[before] in NOUN_TAGS and s.dep[verb] in {"acl", "relcl"}:
        owner = s.top_noun(before, first)
        if can_speak(s, owner) or can_speak(s, before):
            return owner
    if before < first:
        return subject_head(s, head, depth + 1) if s.tag[head] in VERB_TAGS and head > verb else None
    for _ in range(8):
        subject = own_subject(s, head) if s.tag[head] in VERB_TAGS and head < verb else None
        if subject is not None and (can_speak(s, subject) or s.low[subject] in RELATIVES):
            return subject_head(s, head, depth + 1)
        if s.head[head] == head:
            break
        head = s.head[head]
    for at in range(before, first - 1, -1):
        if (
            s.tag[at] in FINITE_TAGS - {"MD"}
            and own_subject(s, at) is not None
            and s.low[own_subject(s, at) or 0] not in RELATIVES
        ):
            return subject_head(s, at, depth + 1)
    return None


def _noun_before(s: Sentences, verb: int) -> int | None:
    """No subject in the tree: the noun phrase that ends right before the verb group."""
    if s.tag[verb] in {"VB", "VBG"} and s.low[s.group_start(verb)] == "to":
        return None
    first = s.sentence(verb)[0]
    at = s.group_start(verb) - 1
    while at >= first and (s.tag[at] in ADVERB_TAGS or s.low[at] in NEGATIONS):
        at -= 1
    aside = at > first and s.low[at] == ","
    if aside:
        at = _before_insertion(s, at, first)
    if at < first or s.tag[at] not in NOUN_TAGS or s.tag[at] == "CD":
        return None
    top = s.top_noun(at, first)
    return at if aside and "," in s.low[top:at] else top


def _before_insertion(s: Sentences, comma: int, first: int) -> int:
    """ "Levy, speaking in polite terms, said", "Zidan, according to this source, stated": the word before the aside."""
    for at in range(comma - 1, max(first, comma - LONGEST_INSERTION), -1):
        if s.tag[at] in FINITE_TAGS or s.low[at] in {";", ":"}:
            return first - 1
        if s.low[at] == ",":
            return at - 1 if s.tag[at + 1] in {"VBG", "VBN", "IN", "JJ", "DT", "NN", "RB"} else first - 1
    return first - 1


def noun_phrase(s: Sentences, head: int, verb: int) -> Stretch:
    """The whole phrase around `head`, seen from its verb: with descriptors, without clauses set off by commas."""
    first, last = s.sentence(head)
    if s.tag[head] in {"PRP", "WP"}:
        return head, head + 1
    if s.low[head] == "part" and head > first + 1 and s.low[head - 2] == "for":
        return _after_his_part(s, head, verb)
    if s.low[head] == "speaking" and verb > head:
        head = _after_circumstance(s, head, verb)
    start = s.noun_start(head, first)
    if verb > head:
        start = _skip_fronted(s, _with_coordinated_start(s, head, start, first), head, first)
        start = _above_prepositions(s, start, first)
        end = _end_before_verb(s, head, min(verb, last), start)
        fixed = s.is_demonstrative_source(_demonstrative(s, start, end), end)
        if fixed and fixed < end:
            # "in the opinion of this individual Abdulaziz will ...": two phrases without a comma between them.
            return (fixed, end) if s.tag[fixed] in NOUN_TAGS else (start, fixed)
        start = _after_question(s, _after_joint(s, start, end), end)
        return s.office_start(_with_name_before(s, start, end, first), first), end
    return start, _end_after_verb(s, head, start, last)


def _after_his_part(s: Sentences, part: int, verb: int) -> Stretch:
    """ "For his part Lund stated": the parser may take the name for an adverb."""
    end = next((at for at in range(part + 1, verb) if not s.doc[at].text[:1].isupper()), verb)
    return (part + 1, end) if end > part + 1 else (part - 1, part + 1)


def _demonstrative(s: Sentences, start: int, end: int) -> int:
    """ "in the opinion of this individual Abdulaziz": where a phrase with "this" begins behind another one's "of"."""
    inner = (at for at in range(start + 1, end - 1) if s.low[at] in DEMONSTRATIVES and s.low[at - 1] in {"of", "to"})
    return next(inner, start)


def _after_joint(s: Sentences, start: int, end: int) -> int:
    """A source holds no "but" and no "that" clause: what stands before them belongs to another clause."""
    joints = [at for at in range(start, end - 1) if s.low[at] == "but" or (s.low[at] == "that" and s.tag[at] == "IN")]
    verb = next((at for at in range(start, end) if s.tag[at] in FINITE_TAGS), end)
    if not any(s.low[at] in RELATIVES for at in range(start, verb)):
        # "The army fought them and an official reported": what comes first has its own verb.
        joints += [at for at in range(verb, end - 1) if s.low[at] == "and"]
    after = max(joints) + 1 if joints else start
    return after if any(s.tag[at] in NOUN_TAGS for at in range(after, end)) else start


def _after_question(s: Sentences, start: int, end: int) -> int:
    """ "In response to a question Holm stated": who answers stands behind the question."""
    if start == 0 or s.low[start - 1] != "in" or s.low[start] not in {"response", "reply", "answer"}:
        return start
    questions = {"question", "questions", "query", "queries", "inquiry", "inquiries"}
    return next((at + 1 for at in range(start, end - 1) if s.low[at] in questions), start)


def _with_name_before(s: Sentences, start: int, end: int, first: int) -> int:
    """ "Dr Shamata, the head of the commission, believes": the parser may take the apposition for the subject."""
    apposed = (
        start - 2 >= first
        and s.low[start - 1] == ","
        and s.tag[start - 2] == "NNP"
        and s.low[start] in {"the", "a", "an"}
    )
    if not apposed:
        return start
    name = s.noun_start(start - 2, first)
    person = s.doc[start - 2].ent_type_ == "PERSON" and (name == first or s.tag[name - 1] not in {"IN", "TO"})
    closed = end < len(s.low) and s.low[end] == ","
    office = any(role_nouns().get(word) == "person" for word in s.low[start:end])
    return name if closed or (person and office) else start


def _after_circumstance(s: Sentences, head: int, verb: int) -> int:
    """ "Speaking on condition of secrecy a source ... stated": the role noun is the subject."""
    for at in range(head + 1, verb):
        if s.low[at] in role_nouns() and (s.tag[at + 1] in {"IN", "TO"} or at + 1 >= s.group_start(verb)):
            return at
    return head


def _with_coordinated_start(s: Sentences, head: int, start: int, first: int) -> int:
    """ "Mangoush, Shuwail and their officers believe": the parser may name the last member as subject."""
    other = s.head[head]
    joined = other < head and any(s.tag[at] == "CC" for at in range(other, head))
    if s.dep[head] == "conj" and joined and s.dep[other] != "dobj" and other >= first and s.tag[other] in NOUN_TAGS:
        other_start = s.noun_start(other, first)
        if other_start > first and s.tag[other_start - 1] in {"IN", "TO"} and _is_fronted(s, other_start, first):
            return _after_comma(s, other, start)
        return min(start, other_start)
    return start


def _after_comma(s: Sentences, fronted: int, start: int) -> int:
    """ "Prior to their departure for Doha, Mangoush and Zidan stated": Doha is no member of the pair."""
    return next((at + 1 for at in range(fronted, start) if s.low[at] == "," and s.tag[at + 1] in NOUN_TAGS), start)


def _skip_fronted(s: Sentences, start: int, head: int, first: int) -> int:
    """ "At the same time Mangoush believes": no comma parts the fronted phrase from the subject."""
    if start <= first or s.tag[start - 1] not in {"IN", "TO"}:
        return start
    if not _is_fronted(s, start, first):
        return start
    for at in range(start, head):
        opens = s.tag[at + 1] in {"NNP", "DT", "PRP", "NNPS", "PRP$"} or s.low[at] == "time"
        if s.tag[at] in {"NN", "NNS", "CD"} and (opens or s.tag[at] == s.tag[at + 1] == "NNS"):
            return at + 1
    return start


def _is_fronted(s: Sentences, start: int, first: int) -> bool:
    """Does the phrase stand in a prepositional phrase that opens the clause: "In response to a question Holm"?"""
    at = start
    while at - 2 >= first and s.tag[at - 1] in {"IN", "TO"} and s.tag[at - 2] in NOUN_TAGS:
        at = s.noun_start(at - 2, first)
    if at <= first or s.tag[at - 1] not in {"IN", "TO"}:
        return False
    if at - 2 == first and s.tag[first] in {"JJ", "RB", "VBG"}:
        return True  # "Prior to their departure"
    return at - 1 == first or s.low[at - 2] in {",", "and", "but", "(", ":", "that", "."} or s.low[at - 2].isdigit()


def _above_prepositions(s: Sentences, start: int, first: int) -> int:
    """ "a source with access to the Army stated": a subject stands behind no preposition, it begins before it."""
    at = start
    while at - 2 >= first and s.tag[at - 1] in {"IN", "TO"}:
        if s.tag[at - 2] not in NOUN_TAGS or s.tag[at - 2] == "CD":
            return start
        at = s.noun_start(at - 2, first)
    return start if at - 1 >= first and s.tag[at - 1] in {"IN", "TO"} else at


def _end_before_verb(s: Sentences, head: int, verb: int, start: int) -> int:
    end = s.group_start(verb)
    for at in range(head + 1, end):
        relative = any(s.low[token] in {"who", "which", "that"} for token in range(head + 1, at))
        if s.tag[at] in FINITE_TAGS and not relative:
            end = s.group_start(at)
            break
    end = max(end, head + 1)
    for at in range(head + 1, end):
        if s.low[at] == "," and not _names_on(s, at + 1, end):
            return at
        if (
            begins_circumstance(s, at)
            or s.low[at] in {"(", "—", "--"}
            or (s.low[at] == "that" and s.tag[at] == "WDT" and at == end - 1)
        ):
            return at
        relative = s.low[at] in {"who", "which", "that"} and s.tag[at] in {"WP", "WDT"}
        if relative and (
            s.low[end - 1] in {"and", "but", ","} or not any(s.tag[token] in VERB_TAGS for token in range(at, end))
        ):
            return at
    while end > head + 1 and (
        s.low[end - 1] in {",", "also", "that", "who", "which", "and", "but", "or", ":", ";"}
        or s.tag[end - 1] in ADVERB_TAGS
        or s.space[end - 1]
    ):
        end -= 1
    return end


def begins_circumstance(s: Sentences, at: int) -> bool:
    """ "in a report dated ...", "speaking in confidence": how it was said is not part of who said it."""
    if s.low[at] == "speaking":
        return True
    in_a = s.low[at] == "in" and at + 2 < len(s.low) and s.low[at + 1] in {"a", "an"}
    return in_a and role_nouns().get(s.low[at + 2]) == "document"


def _names_on(s: Sentences, at: int, end: int) -> bool:
    """After a comma: does the phrase go on with an apposition or another member, rather than with an aside?"""
    if (
        at >= end
        or s.low[at] in CLAUSE_OPENERS
        or s.tag[at] not in {"DT", "NN", "NNP", "NNS", "NNPS", "PRP$", "JJ", "CC"}
    ):
        return False
    return s.low[at] not in {"and", "but", "or"} or (at + 1 < end and s.tag[at + 1] in NOUN_TAGS | {"DT", "PRP$", "JJ"})


def _end_after_verb(s: Sentences, head: int, start: int, last: int) -> int:
    """The phrase after an inverted cue: "said Caddell, a pollster." """
    end = head + 1
    for kid in sorted(s.kids[head]):
        if kid > head and s.dep[kid] in {
            "prep",
            "appos",
            "conj",
            "cc",
            "acl",
            "relcl",
            "nmod",
            "compound",
            "flat",
            "case",
        }:
            end = max(end, min(s.right_edge(kid) + 1, last))
    for at in range(head + 1, end):
        if s.low[at] in {'"', "“", "”", "``", "''", ";", ":", *DASH_STOPS} or begins_circumstance(s, at):
            end = at
            break
    while end > head + 1 and (s.low[end - 1] in {",", ".", "and"} or s.space[end - 1]):
        end -= 1
    return end


DASH_STOPS = frozenset(("—", "--"))
