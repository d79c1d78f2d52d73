"""What to expect of a source nobody has checked, learnt anew from the records of all others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection, transaction

from claims.models import ClaimState, LinkKind, LinkState
from grading.columns import Sums
from grading.origins import origin_of_each
from grading.prior import PopulationPrior as Fit
from grading.prior import SourceSums, population_priors
from sources.models import PopulationPrior

_MOSTLY_REPEATING = """
WITH repeated AS (
    SELECT coalesce(teller.merged_into_id, teller.id) AS repeater,
        coalesce(first.merged_into_id, first.id, named.merged_into_id, named.id) AS origin,
        count(DISTINCT claim.id) AS claims
    FROM claims_claimlink link
    JOIN claims_claim claim ON claim.id = link.claim_id AND claim.state = %(accepted)s
    JOIN sources_source teller ON teller.id = claim.source_id
    LEFT JOIN claims_claim origin ON origin.id = link.origin_id AND origin.state = %(accepted)s
    LEFT JOIN sources_source first ON first.id = origin.source_id
    LEFT JOIN sources_source named ON named.id = link.origin_source_id
    WHERE link.kind = %(relays)s AND link.state = %(confirmed)s
    GROUP BY 1, 2
), said AS (
    SELECT coalesce(teller.merged_into_id, teller.id) AS source, count(*) AS claims
    FROM claims_claim claim JOIN sources_source teller ON teller.id = claim.source_id
    WHERE claim.state = %(accepted)s
    GROUP BY 1
)
SELECT repeater, origin FROM repeated JOIN said ON said.source = repeater
WHERE origin <> repeater AND 2 * repeated.claims > said.claims
ORDER BY 1, 2
"""


@transaction.atomic
def fit_prior(sums: Sums, kinds: Mapping[int, str], *, as_of: date) -> bool:
    """Learn the prior from the records of all sources as of that day; whether it differs from the one in force.

    sums: of all verdicts on that day. kinds: of the sources that stand for themselves.
    """
    families = families_of_sources()
    found = population_priors(
        SourceSums(source, families.get(source, source), confirmed, refuted, kinds[source])
        for source, confirmed, refuted in zip(
            sums.owner.tolist(), sums.confirmed.tolist(), sums.refuted.tolist(), strict=True
        )
    )
    in_force = {row.kind: row for row in PopulationPrior.objects.in_force(on=as_of)}
    # A kind that no longer has families enough gets a row without a fit, and falls back to all kinds.
    fits: dict[str, Fit] = {kind: Fit(found.overall.prior, families=0) for kind in in_force}
    fits |= {**found.by_kind, "": found.overall}
    rows = [PopulationPrior.of(fit, kind=kind, fitted_on=as_of) for kind, fit in sorted(fits.items())]
    changed = [row for row in rows if row.kind not in in_force or row.differs_from(in_force[row.kind])]
    PopulationPrior.objects.bulk_create(changed)
    return bool(changed)


def families_of_sources() -> dict[int, int]:
    """For standing sources that are not alone in their family, the lowest id in it.

    A family are sources that mostly repeat each other: by confirmed links, in more than half of their accepted claims.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _MOSTLY_REPEATING,
            {"accepted": ClaimState.ACCEPTED, "relays": LinkKind.RELAYS, "confirmed": LinkState.CONFIRMED},
        )
        links = cursor.fetchall()
    return origin_of_each({source for link in links for source in link}, links)
