"""Down from "X said that", "X plans to", "X failed to" to what is said, planned or failed, noting whose view it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from extraction import lexicon
from extraction.relations import wordnet
from extraction.relations.negation import Negation
from extraction.relations.parse import Parse
from extraction.relations.statement import Attitude, Term
from extraction.relations.words import closed_class

DEEPEST = 4
KINDS: dict[str, Attitude] = {
    "speech": "report", "knowledge": "", "belief": "belief", "fear": "fear", "plan": "plan", "denial": "denial",
}  # fmt: skip
BELOW_NOUN = frozenset(("ccomp", "xcomp", "acl", "advcl", "relcl", "pcomp"))
HOSTS = closed_class("hosts")
PLANS = closed_class("plans")
SUBJECTS = frozenset(("nsubj", "nsubjpass"))


@dataclass(slots=True)
class View:
    """What was found on the way down."""

    head: int
    """The token that heads the clause told."""
    attitude: Attitude = ""
    negated: bool = False
    holder: tuple[Term, ...] = ()
    passed: list[int] = field(default_factory=list)
    """Heads on the way that say how or whether: "failed" in "failed to arrive"; their subject is the clause's."""
    used: set[int] = field(default_factory=set)
    """Positions of negations that belong to an attitude."""
    outside: frozenset[int] = frozenset()
    """Tokens above the clause told."""


def view(parse: Parse, root: int) -> View:
    found = View(root)
    for _ in range(DEEPEST):
        inner = _complement(parse, found.head)
        attitude = _attitude(parse, found.head, inner) if inner is not None else None
        if inner is None or attitude is None:
            break
        _note(parse, found, inner, attitude)
        found.head = inner
    return found


def _complement(parse: Parse, head: int) -> int | None:
    """The clause below a verb, or below its adjective or noun: "is afraid that", "has plans to"."""
    for dep in ("ccomp", "xcomp"):
        inner = parse.child(head, dep)
        if inner is not None and parse.tags[inner][0] in "VNJ":
            return inner
    for child in parse.children[head]:
        if parse.lemmas[child] not in HOSTS and parse.lemmas[child] not in lexicon.adjectives():
            continue
        bare = parse.child(head, "conj")
        if bare is not None and parse.child(bare, "nsubj") and not parse.child(head, "cc"):
            return bare
        for below in parse.children[child]:
            deeper = parse.child(below, "pcomp") if parse.deps[below] == "prep" else below
            if deeper is not None and parse.deps[deeper] in BELOW_NOUN and parse.is_verb(deeper):
                return deeper
    if parse.lemmas[head] in closed_class("plotted"):
        planned = parse.child(head, "dobj")
        if planned is not None and wordnet.is_doing(parse.lemmas[planned]):
            return planned
    gerund = next((one for one in parse.children[head] if parse.tags[one] == "VBG"), None)
    return gerund if parse.lemmas[head] in {"consider", "succeed", "deny"} else None


def _attitude(parse: Parse, head: int, inner: int) -> Attitude | None:
    """The attitude of what stands above a clause; None where that itself is what happens."""
    lemma = parse.lemmas[head]
    bridge = _bridge(parse, head, inner)
    infinitive = any(parse.tags[child] == "TO" for child in parse.children[inner])
    if bridge:
        cue = lexicon.adjectives().get(bridge)
        return "plan" if bridge in PLANS else KINDS[cue.kind] if cue else ""
    if lemma in closed_class("asked") or any(parse.low[child] in {"whether", "if"} for child in parse.children[inner]):
        return "question"
    if lemma in closed_class("seeming"):
        return "possible"
    if parse.is_negating(head) or lemma in closed_class("aspect") | closed_class("ended"):
        return ""
    if lemma in closed_class("planned") | closed_class("plotted") and (
        infinitive or parse.tags[inner] in {"VBG", "NN", "NNS"}
    ):
        return "plan"
    cues = lexicon.verbs().get(parse.low[head], ())
    if cues and (not infinitive or "inf" in cues[0].frames):
        return KINDS[cues[0].kind]
    says_what = parse.child(head, "acomp", "attr") is not None
    return "" if lemma == "be" and parse.is_verb(inner) and not says_what else None


def _bridge(parse: Parse, head: int, inner: int) -> str:
    """The adjective or noun between: "afraid" in "is afraid that"."""
    parent = parse.heads[inner]
    if parse.deps[parent] == "prep":
        parent = parse.heads[parent]
    if parent != head:
        return parse.lemmas[parent]
    between = parse.child(head, "acomp", "advmod")
    for at in (head, between):
        if at is not None and not parse.is_verb(at) and parse.lemmas[at] in {*lexicon.adjectives(), *HOSTS}:
            return parse.lemmas[at]
    if parse.low[head] in lexicon.adjectives() and parse.low[head] not in lexicon.verbs():
        return parse.low[head]
    return ""


def _note(parse: Parse, found: View, inner: int, attitude: Attitude) -> None:
    head = found.head
    below = set(parse.below(inner))
    if parse.lemmas[head] in closed_class("ended"):
        parse.negating.append(Negation(head, head))
    if not attitude:
        found.passed.append(head)
        return
    if found.attitude in {"", "report"}:
        own = {one.position for one in parse.negating if one.position not in below | found.used}
        found.attitude = attitude
        found.negated = len(own) % 2 == 1
        found.used |= own
        found.holder = found.holder or _holder(parse, head, below)
        found.outside = frozenset(set(range(len(parse.tokens))) - below)
        found.passed.clear()


def _holder(parse: Parse, head: int, below: set[int]) -> tuple[Term, ...]:
    """Whose attitude it is: the subject's terms."""
    terms: list[Term | None] = []
    for child in parse.children[head]:
        if parse.deps[child] in SUBJECTS and child not in below:
            terms.extend(parse.term(at, "agent", is_head=at == child) for at in parse.below(child))
    return tuple(term for term in terms if term is not None)
