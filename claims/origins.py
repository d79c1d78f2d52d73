"""Who had it from whom, and what each report adds: one proposition, explained term by term. Nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from accounts.models import User
from claims.models import ChainLink, Claim, ClaimLink, LinkState, Proposition
from claims.models.claim import ClaimQuerySet
from claims.ties import TAKEN_BACK
from claims.weighing import FOR_IT, Ground, Key, Report
from grading.calibration import UNCALIBRATED
from grading.credibility import CredibilitySuggestion, suggest_credibility
from grading.fusion import OriginGroup, Question
from grading.origins import origin_of_each
from grading.scales import likelihood_term
from sources.models import Source

Side = Literal["for", "against"]


@dataclass(frozen=True, slots=True)
class Term:
    """One claim's part in the probability of a proposition.

    weight: log-odds that its group adds (for it above 0, against it below), 0 where it is not counted. why: a
    sentence, such as "source B .75 x faithfulness .9 -> +1.02".
    """

    claim: Claim
    side: Side
    origin: int
    accuracy: float
    faithfulness: float
    weight: float
    counted: bool
    why: str
    via: int | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """A claim, or a source whose own claim is not there. id: "claim 7" or "source 3"."""

    id: str
    label: str
    origin: int
    side: Side | Literal[""] = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`teller` had it from `origin` (ids of nodes). confirmed: an analyst said so; else proposed."""

    teller: str
    origin: str
    rule: str
    confirmed: bool
    link: int | None = None


@dataclass(frozen=True, slots=True)
class Origins:
    """One proposition's reports, grouped by where they came from.

    reports: accepted claims on it that count. independent: origins they come from. probability: all reports
    considered, None without any. formula: how the terms make it.
    supporting, contradicting: origins for and against. terms: by origin, those counted
    first. confirmed: claims whose origin an analyst confirmed as independent.
    """

    proposition: Proposition
    reports: int
    independent: int
    probability: float | None
    formula: str
    supporting: int
    contradicting: int
    terms: tuple[Term, ...]
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    confirmed: frozenset[int]
    suggestions: dict[int, CredibilitySuggestion]
    corroboration: dict[int, float]

    @property
    def in_words(self) -> str:
        """The ICD 203 word; empty without a report."""
        return likelihood_term(round(100 * self.probability, 9)) if self.probability is not None else ""

    @property
    def summary(self) -> str:
        reports = "1 report" if self.reports == 1 else f"{self.reports} reports"
        origins = "1 independent origin" if self.independent == 1 else f"{self.independent} independent origins"
        return f"{reports}, {origins}"

    @property
    def contested(self) -> bool:
        return bool(self.supporting and self.contradicting)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a proposition stands, in a list. probability: None without a report that counts."""

    reports: int
    independent: int
    probability: float | None
    contested: bool

    @property
    def in_words(self) -> str:
        return likelihood_term(round(100 * self.probability, 9)) if self.probability is not None else ""


def standings(propositions: Iterable[int], claims: ClaimQuerySet) -> dict[int, Standing]:
    """How each of these stands by the claims that may be looked at. At most sixteen queries, however many there are."""
    wanted = list(propositions)
    ground = Ground.of(wanted, claims)
    return {pk: _standing(ground, pk) for pk in wanted}


def _standing(ground: Ground, proposition: int) -> Standing:
    key = ground.key_of(proposition)
    own = [report for report in ground.by_key.get(key, []) if report.proposition == proposition and report.via is None]
    groups = ground.question(key).groups()
    value = str(proposition) if key[0] == "question" else FOR_IT
    return Standing(
        reports=len(own),
        independent=_independent(ground, key, own),
        probability=ground.probabilities([key]).get(proposition),
        contested=len({group.value == value for group in groups}) == 2,
    )


def origins_of(proposition: Proposition, user: User) -> Origins:
    """Who had what is said here from whom, by the claims a user may see. At most thirty queries."""
    visible = Claim.objects.visible_to(user)
    ground = Ground.of([proposition.pk], visible)
    key = ground.key_of(proposition.pk)
    reports = ground.by_key.get(key, [])
    own = [report for report in reports if report.proposition == proposition.pk and report.via is None]
    aside = [(report, why) for report, why in ground.aside if report.key == key]
    shown = [*reports, *(report for report, _ in aside)]
    claims = _claims(visible, {report.claim for report in shown}, user)
    question = ground.question(key)
    groups = question.groups()
    origins = ground.origins(key)
    value = str(proposition.pk) if key[0] == "question" else FOR_IT
    fusions = {report.claim: question.fuse(report.claim) for report in own}
    terms = [_term(report, claims[report.claim], question, groups, origins, value) for report in reports]
    terms += [_left_out(report, claims[report.claim], why, value) for report, why in aside]
    nodes, edges = _graph(terms, user)
    return Origins(
        proposition=proposition,
        reports=len(own),
        independent=_independent(ground, key, own),
        probability=ground.probabilities([key]).get(proposition.pk),
        formula=_formula(groups, value, key),
        supporting=sum(group.value == value for group in groups),
        contradicting=sum(group.value != value for group in groups),
        terms=tuple(sorted(terms, key=lambda term: (term.origin, not term.counted, term.claim.pk))),
        nodes=nodes,
        edges=edges,
        confirmed=frozenset(ground.ties.independent & claims.keys()),
        suggestions={claim: suggest_credibility(fusion.corroboration) for claim, fusion in fusions.items()},
        corroboration={claim: fusion.corroboration.probability for claim, fusion in fusions.items()},
    )


def _independent(ground: Ground, key: Key, own: list[Report]) -> int:
    """How many origins these claims come from: those of one source are one, too."""
    origins = ground.origins(key)
    first: dict[int, int] = {}
    same_source = [(report.claim, first.setdefault(report.source, report.claim)) for report in own]
    together = origin_of_each([report.claim for report in own], [*same_source, *origins.items()])
    return len(set(together.values()))


def _claims(visible: ClaimQuerySet, ids: set[int], user: User) -> dict[int, Claim]:
    rows = visible.filter(pk__in=ids).named_for(user).select_related("layer__document", "source__merged_into")
    rows = rows.select_related("document_source").defer("layer__text", "layer__furniture", "layer__segments", "search")
    return {claim.pk: claim for claim in rows}


def _term(
    report: Report,
    claim: Claim,
    question: Question,
    groups: tuple[OriginGroup, ...],
    origins: dict[int, int],
    value: str,
) -> Term:
    origin, evidence = origins[report.claim], report.evidence
    side: Side = "for" if report.value == value else "against"
    group = next((one for one in groups if report.claim in one.claims), None)
    name = claim.source_name or f"source {report.source}"
    path = f"{name} {evidence.accuracy:.2f}" + (
        f" x faithfulness {evidence.faithfulness:.2f}" if evidence.faithfulness < 1 else ""
    )
    if group is None:
        return _uncounted(report, claim, side, origin, f"{path}; the same source spoke again later, not counted")
    if report.claim != group.counted:
        return _uncounted(report, claim, side, origin, f"{path}; repeater, claim {group.counted} stands for both")
    weight = group.weight if side == "for" else -group.weight
    alone = question.weight_of(evidence)
    copied = f" x {group.weight / alone:.2f} as a suspected copy" if alone and group.weight != alone else ""
    return Term(
        claim=claim,
        side=side,
        origin=origin,
        accuracy=evidence.accuracy,
        faithfulness=evidence.faithfulness,
        weight=weight,
        counted=True,
        why=f"{path}{copied} -> {weight:+.2f}",
        via=report.via,
    )


def _uncounted(report: Report, claim: Claim, side: Side, origin: int, why: str) -> Term:
    evidence = report.evidence
    return Term(claim, side, origin, evidence.accuracy, evidence.faithfulness, 0.0, False, why, report.via)


def _left_out(report: Report, claim: Claim, reason: str, value: str) -> Term:
    name = claim.source_name or f"source {report.source}"
    why = "its source took it back" if reason == TAKEN_BACK else "discredited, or had from what is"
    side: Side = "for" if report.value == value else "against"
    return _uncounted(report, claim, side, report.claim, f"{name}; {why}, not counted")


def _formula(groups: tuple[OriginGroup, ...], value: str, key: Key) -> str:
    slope = UNCALIBRATED.slope
    supporting = sum(group.weight for group in groups if group.value == value)
    if key[0] == "question":
        others = len({group.value for group in groups} - {value})
        return f"{slope} x {supporting:+.2f}, against {others} other answers given and those not given"
    contradicting = sum(group.weight for group in groups if group.value != value)
    return f"{slope} x ({supporting:.2f} for - {contradicting:.2f} against)"


def _graph(terms: Iterable[Term], user: User) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Who had it from whom: claims, the tellers between their sources and their documents, and sources not heard.

    Four queries.
    """
    shown = {term.claim.pk: term for term in terms}
    nodes = {
        f"claim {pk}": Node(f"claim {pk}", term.claim.source_name, term.origin, term.side) for pk, term in shown.items()
    }
    edges: list[Edge] = []
    for pk, chain in _chains(shown).items():
        # From the outermost teller on, each had it from the next; the last is the claim's own source.
        steps = [f"teller {pk}.{link.position}" for link in chain[:-1]]
        for step, link in zip(steps, chain, strict=False):
            nodes[step] = Node(step, " ".join(link.document_source.canonical.split()), shown[pk].origin)
        edges += [Edge(one, next_, "chain", confirmed=True) for one, next_ in pairwise([*steps, f"claim {pk}"])]
    links = list(ClaimLink.objects.relays().exclude(state=LinkState.DISMISSED).filter(claim__in=shown).order_by("pk"))
    names = _names({link.origin_source_id for link in links if link.origin_source_id}, user)
    for had in links:
        origin = f"claim {had.origin_id}" if had.origin_id else f"source {had.origin_source_id}"
        if had.origin_id and had.origin_id not in shown:
            continue
        if had.origin_source_id:
            label = names.get(had.origin_source_id, "a source you may not see")
            nodes.setdefault(origin, Node(origin, label, shown[had.claim_id].origin))
        edges.append(Edge(f"claim {had.claim_id}", origin, had.rule, had.state == LinkState.CONFIRMED, had.pk))
    return tuple(nodes.values()), tuple(edges)


def _chains(claims: Iterable[int]) -> dict[int, list[ChainLink]]:
    chains: dict[int, list[ChainLink]] = {}
    for link in ChainLink.objects.with_sources().filter(claim__in=list(claims)):
        chains.setdefault(link.claim_id, []).append(link)
    return chains


def _names(sources: set[int], user: User) -> dict[int, str]:
    rows = Source.objects.visible_to(user).named_for(user).filter(pk__in=sources).defer("search")
    return {source.pk: source.shown_name for source in rows} if sources else {}
