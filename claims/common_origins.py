"""Which sources share so many refuted answers that one may copy the other (GRADING 8). Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from claims.models import ClaimLink, Outcome, Stance, Verdict
from claims.models.claim import ClaimQuerySet
from claims.weighing import accuracies
from grading.copying import (
    WRONG_ALTERNATIVES,
    Agreement,
    Answer,
    RefutedClaim,
    SharedAnswers,
    agreement,
    candidate_pairs,
    copy_posterior_over,
    is_noticeable,
    shared_answers,
)
from grading.origins import origin_of_each

Asked = tuple[str, int]
"""("question", id) or ("proposition", id)."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Two (standing) sources, lower id first, and how probable it is that one copies the other by what is settled.

    unsettled: how often they agree where nobody knows the truth yet.
    """

    one: int
    other: int
    posterior: float
    shared: SharedAnswers
    unsettled: Agreement


@dataclass
class _Answers:
    """What a source said to what is settled by now: the later answer to one question replaces the earlier."""

    to_questions: dict[int, Answer] = field(default_factory=dict)
    to_propositions: dict[int, Answer] = field(default_factory=dict)


def suspicions(claims: ClaimQuerySet) -> list[Suspicion]:
    """Pairs of sources that may have a common origin, by the verdicts on these claims, the most probable first.

    A pair that the verdicts alone make suspect is dropped when its answers to all other questions differ as those of
    independent sources do (ADR 8). Claims that repeat another by a confirmed link are left out: that is known. Five
    queries.
    """
    answers: dict[int, _Answers] = defaultdict(_Answers)
    refuted = []
    for source, asked, answer, claimed_on in _judged_answers(claims):
        known = answers[source].to_questions if asked[0] == "question" else answers[source].to_propositions
        known[asked[1]] = answer
        if not answer.true:
            # One number for both kinds: propositions, which have no question, are counted below 0.
            number = asked[1] if asked[0] == "question" else -asked[1]
            refuted.append(RefutedClaim(number, answer.value, source, claimed_on))
    pairs = sorted(candidate_pairs(refuted))
    means = accuracies({source for pair in pairs for source in pair})
    compared = [(pair, _compared(answers[pair[0]], answers[pair[1]])) for pair in pairs]
    suspect = [
        Suspicion(*pair, posterior, _together(shared), Agreement())
        for pair, shared in compared
        if is_noticeable(posterior := copy_posterior_over(shared, means[pair[0]], means[pair[1]]))
    ]
    open_answers = _unsettled_answers(claims, {source for each in suspect for source in (each.one, each.other)})
    borne_out = []
    for each in suspect:
        unsettled = agreement(open_answers[each.one], open_answers[each.other])
        shared = _compared(answers[each.one], answers[each.other])
        everything = copy_posterior_over(
            shared, means[each.one], means[each.other], unsettled={WRONG_ALTERNATIVES: unsettled}
        )
        if is_noticeable(everything):
            borne_out.append(replace(each, unsettled=unsettled))
    return sorted(borne_out, key=lambda each: (-each.posterior, each.one, each.other))


def _compared(one: _Answers, other: _Answers) -> dict[int, SharedAnswers]:
    """By how many wrong alternatives there are."""
    return {
        WRONG_ALTERNATIVES: shared_answers(one.to_questions, other.to_questions),
        1: shared_answers(one.to_propositions, other.to_propositions),
    }


def _together(shared: Mapping[int, SharedAnswers]) -> SharedAnswers:
    return SharedAnswers(
        true=sum(each.true for each in shared.values()),
        refuted=sum(each.refuted for each in shared.values()),
        different=sum(each.different for each in shared.values()),
    )


def _unsettled_answers(claims: ClaimQuerySet, sources: set[int]) -> dict[int, dict[int, str]]:
    """For each of these sources its answers to questions without a known true one, the latest to each. One query."""
    found: dict[int, dict[int, str]] = {source: {} for source in sources}
    rows = (
        claims.accepted()
        .filter(_not_repeating(), Q(source__in=sources) | Q(source__merged_into__in=sources), stance=Stance.ASSERTS)
        .filter(proposition__question__isnull=False)
        .filter(~Exists(Verdict.objects.in_force().filter(proposition=OuterRef("proposition"))))
        .annotate(standing=Coalesce("source__merged_into_id", "source_id"))
        .order_by(F("reported_date").asc(nulls_last=True), "pk")
        .values_list("standing", "proposition__question_id", "proposition_id")
    )
    for source, question, proposition in rows.iterator(chunk_size=10_000) if sources else ():
        found[source][question] = str(proposition)
    return found


def _not_repeating() -> Q:
    return ~Q(Exists(ClaimLink.objects.confirmed().relays().filter(claim=OuterRef("pk"))))


def _judged_answers(claims: ClaimQuerySet) -> Iterator[tuple[int, Asked, Answer, date | None]]:
    """Each settled answer with the standing source that gave it, the earliest first."""
    rows = (
        claims.accepted()
        .filter(
            _not_repeating(),
            proposition__verdicts__withdrawn_at__isnull=True,
            proposition__verdicts__outcome__in=[Outcome.TRUE, Outcome.FALSE],
        )
        .annotate(standing=Coalesce("source__merged_into_id", "source_id"), outcome=F("proposition__verdicts__outcome"))
        .order_by(F("reported_date").asc(nulls_last=True), "pk")
        .values_list("standing", "proposition__question_id", "proposition_id", "stance", "outcome", "reported_date")
    )
    for source, question, proposition, stance, outcome, claimed_on in rows.iterator(chunk_size=10_000):
        asserts = stance == Stance.ASSERTS
        if question and asserts:
            yield source, ("question", question), Answer(str(proposition), outcome == Outcome.TRUE), claimed_on
        elif not question:
            yield source, ("proposition", proposition), Answer(stance, asserts == (outcome == Outcome.TRUE)), claimed_on


def families(pairs: Collection[tuple[int, int]]) -> list[set[int]]:
    """Sources that suspicions tie together, over however many others."""
    roots = origin_of_each({source for pair in pairs for source in pair}, pairs)
    found: dict[int, set[int]] = defaultdict(set)
    for source, root in roots.items():
        found[root].add(source)
    return [found[root] for root in sorted(found)]
