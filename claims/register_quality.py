"""How well Hearsay tells sources apart on a register whose truth is known. Loads, measures and takes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import combinations
from statistics import fmean

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from claims.common_origins import families
from claims.models import Claim, OriginNotice
from claims.models.claim import ClaimQuerySet
from claims.predictions import predictions
from claims.registers import Register
from claims.services.origins import find_common_origins
from claims.services.records import recompute
from claims.services.registers import import_register
from claims.weighing import accuracies
from documents.services import open_collection
from grading.copying import FEWEST_SHARED_QUESTIONS

NamePair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Hits:
    """Of what was looked for: found rightly, found wrongly, missed."""

    right: int
    wrong: int
    missed: int

    @classmethod
    def of(cls, found: Collection[object], sought: Collection[object]) -> Hits:
        both = set(found) & set(sought)
        return cls(len(both), len(set(found) - both), len(set(sought) - both))

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass(frozen=True, slots=True)
class CommonOrigins:
    """Suspected common origins against the declared ones, counted in three ways.

    pairs: any two sources of one derivation family, repeater and origin as well as two repeaters. direct: a repeater
    and its origin; any other pair of a family is neither right nor wrong. sources: whoever is in a pair at all.
    """

    pairs: Hits
    direct: Hits
    sources: Hits


@dataclass(frozen=True, slots=True)
class Quality:
    """questions: without a verdict, on which accuracy counts. mean_error: of the sources' records."""

    questions: int
    accuracy: float
    sources: int
    mean_error: float
    common_origins: CommonOrigins | None = None


def measure(
    register: Register,
    *,
    truth: dict[str, str],
    true_accuracies: dict[str, str],
    by: User,
    with_provenance: bool = True,
) -> Quality:
    """Accuracy of predicted answers, and error of the records. Without provenance: the repeats a register declares are
    not loaded, common origins are looked for by the verdicts, and measured against them."""
    today = timezone.localdate()
    with transaction.atomic():
        collection, _ = open_collection(f"evaluation of {register.name}")
        import_register(
            register if with_provenance else replace(register, repeats={}),
            collection=collection,
            by=by,
            day_zero=today - timedelta(register.last_day),
            decided_on=today,
        )
        recompute()  # a register is large enough to learn from what to expect of its sources
        claims = Claim.objects.filter(collection=collection)
        found = None if with_provenance else _common_origins(register, claims)
        answers = [each for each in predictions(claims) if not each.settled and each.question in truth]
        names = dict(claims.order_by().values_list("source_id", "source__descriptor").distinct())
        means = accuracies(names)
        transaction.set_rollback(True)
    errors = [
        abs(mean - float(true_accuracies[names[pk]])) for pk, mean in means.items() if names[pk] in true_accuracies
    ]
    return Quality(
        questions=len(answers),
        accuracy=fmean(each.value == truth[each.question] for each in answers),
        sources=len(errors),
        mean_error=fmean(errors),
        common_origins=found,
    )


def _common_origins(register: Register, claims: ClaimQuerySet) -> CommonOrigins:
    find_common_origins()
    names = dict(claims.order_by().values_list("source_id", "source__descriptor").distinct())
    rows = OriginNotice.objects.filter(one__in=names, other__in=names).values_list("one_id", "other_id")
    return compare_with_declared(register, {_pair(names[one], names[other]) for one, other in rows})


def compare_with_declared(register: Register, found: Collection[NamePair]) -> CommonOrigins:
    """found: pairs of sources, by name in alphabetical order.

    Pairs with fewer shared questions that are settled than suspicion takes are not sought: nobody could tell.
    """
    asked: dict[str, set[str]] = defaultdict(set)
    for row in register.claims:
        if row.question in register.true_values:
            asked[row.source].add(row.question)
    source_of = {row.identifier: row.source for row in register.claims}
    direct = {_pair(source_of[claim], origin) for claim, origin in register.repeats.items()}
    direct = {pair for pair in direct if pair[0] != pair[1]}
    family = {pair for members in _families(direct) for pair in combinations(sorted(members), 2)}
    sought = {pair for pair in family if len(asked[pair[0]] & asked[pair[1]]) >= FEWEST_SHARED_QUESTIONS}
    return CommonOrigins(
        pairs=Hits.of(found, sought),
        direct=Hits.of(set(found) - (family - direct), sought & direct),
        sources=Hits.of({name for pair in found for name in pair}, {name for pair in sought for name in pair}),
    )


def _families(pairs: Collection[NamePair]) -> list[list[str]]:
    names = sorted({name for pair in pairs for name in pair})
    number = {name: place for place, name in enumerate(names)}
    tied = families([(number[one], number[other]) for one, other in pairs])
    return [[names[place] for place in sorted(members)] for members in tied]


def _pair(one: str, other: str) -> NamePair:
    return (one, other) if one < other else (other, one)
