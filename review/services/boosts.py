"""What comes first in the queue because more hangs on it: kept up to date every few minutes (review/tasks.py)."""

from __future__ import annotations

from django.db import connection

from claims.models import ClaimState, LinkState

_REFRESH = """
WITH linked_claims AS (
    SELECT claim.source_id FROM claims_claimlink link
    JOIN claims_claim claim ON claim.id IN (link.claim_id, link.origin_id) WHERE link.state = %(confirmed)s
    UNION ALL
    SELECT claim.source_id FROM claims_propositionlink link
    JOIN claims_claim claim ON claim.proposition_id IN (link.proposition_id, link.other_id)
    WHERE link.state = %(confirmed)s AND claim.state = %(accepted)s
), linked AS (
    SELECT coalesce(source.merged_into_id, source.id) AS standing, count(*) AS links
    FROM linked_claims JOIN sources_source source ON source.id = linked_claims.source_id GROUP BY 1
), weighed AS (
    SELECT DISTINCT ON (claim_id) claim_id, weight FROM review_weighing ORDER BY claim_id, id DESC
), wanted AS MATERIALIZED (
    SELECT claim.id, claim.collection_id, coalesce(linked.links, 0) AS links, coalesce(weighed.weight, 1) AS weight,
        coalesce(claim.score, 0.5) * (1 - coalesce(claim.score, 0.5))
        * (1 + ln(1 + coalesce(linked.links, 0)) / ln(2)) * coalesce(weighed.weight, 1) AS priority
    FROM claims_claim claim
    LEFT JOIN claims_documentsource spoken ON spoken.id = claim.document_source_id
    LEFT JOIN sources_source source ON source.id = coalesce(claim.source_id, spoken.source_id)
    LEFT JOIN linked ON linked.standing = coalesce(source.merged_into_id, source.id)
    LEFT JOIN weighed ON weighed.claim_id = claim.id
    WHERE claim.state = %(candidate)s AND (linked.links > 0 OR weighed.weight <> 1)
), gone AS (
    DELETE FROM review_boost boost WHERE NOT EXISTS (SELECT FROM wanted WHERE wanted.id = boost.claim_id)
), written AS (
    INSERT INTO review_boost AS boost (claim_id, collection_id, links, weight, priority)
    SELECT * FROM wanted
    ON CONFLICT (claim_id) DO UPDATE
    SET (collection_id, links, weight, priority)
        = (excluded.collection_id, excluded.links, excluded.weight, excluded.priority)
    WHERE (boost.collection_id, boost.links, boost.weight, boost.priority)
        IS DISTINCT FROM (excluded.collection_id, excluded.links, excluded.weight, excluded.priority)
    RETURNING 1
)
SELECT count(*) FROM written
"""


def refresh_boosts() -> int:
    """Count the accepted links behind every candidate anew, and take what analysts make of it. Returns how many rows it
    wrote, in one statement."""
    states = {"confirmed": LinkState.CONFIRMED, "accepted": ClaimState.ACCEPTED, "candidate": ClaimState.CANDIDATE}
    with connection.cursor() as cursor:
        cursor.execute(_REFRESH, states)
        return int(cursor.fetchone()[0])
