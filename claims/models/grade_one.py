"""What the database asks of grade 1: an independent origin that an analyst confirmed, and nothing against it.

PL/pgSQL over `said`, the claim that is graded. The proposition is locked, so that whoever withdraws a confirmation or
confirms a contradiction at the same moment is seen here, or sees the grade.
"""


def _standing(source: str) -> str:
    return f"(SELECT coalesce(merged_into_id, id) FROM sources_source WHERE id = {source})"  # noqa: S608 -- made of the names below


def _counts(claim: str) -> str:
    """Whether a claim is accepted, and neither discredited nor taken back."""
    return f"""{claim}.state = 'accepted'
AND NOT EXISTS (
  SELECT FROM claims_discrediting discredited WHERE discredited.withdrawn_at IS NULL AND (
    discredited.claim_id = {claim}.id
    OR discredited.source_id IN ({claim}.source_id, {_standing(f"{claim}.source_id")})
    OR discredited.document_id = (SELECT document_id FROM documents_textlayer WHERE id = {claim}.layer_id)))
AND NOT EXISTS (
  SELECT FROM claims_claimlink taken_back
  WHERE taken_back.kind = 'retracts' AND taken_back.state = 'confirmed' AND taken_back.origin_id = {claim}.id)"""  # noqa: S608 -- as above


def _not_refuted(proposition: str) -> str:
    return f"""NOT EXISTS (
  SELECT FROM claims_verdict verdict WHERE verdict.proposition_id = {proposition}
  AND verdict.withdrawn_at IS NULL AND verdict.outcome = 'false')"""


# The claims on the proposition that have one origin with the claim: by links, and by the sources these lead to.
_OF_ONE_ORIGIN = f"""
WITH RECURSIVE tied(claim, source) AS (
  SELECT same.id, {_standing("same.source_id")} FROM claims_claim same
  WHERE same.proposition_id = said.proposition_id
  AND {_standing("same.source_id")} = {_standing("said.source_id")}
  UNION
  SELECT near.claim, near.source FROM tied CROSS JOIN LATERAL (
    SELECT link.origin_id AS claim, {_standing("link.origin_source_id")} AS source FROM claims_claimlink link
    WHERE link.claim_id = tied.claim AND link.kind = 'relays' AND link.state = 'confirmed'
    UNION ALL
    SELECT link.claim_id, NULL FROM claims_claimlink link
    WHERE link.origin_id = tied.claim AND link.kind = 'relays' AND link.state = 'confirmed'
    UNION ALL
    SELECT link.claim_id, NULL FROM claims_claim repeater JOIN claims_claimlink link ON link.claim_id = repeater.id
    WHERE repeater.proposition_id = said.proposition_id AND link.kind = 'relays' AND link.state = 'confirmed'
    AND {_standing("link.origin_source_id")} = tied.source
    UNION ALL
    SELECT own.id, NULL FROM claims_claim own
    WHERE own.proposition_id = said.proposition_id AND {_standing("own.source_id")} = tied.source
  ) near
)
"""  # noqa: S608 -- as above
_BACKED = f"""
EXISTS ({_OF_ONE_ORIGIN}
SELECT FROM claims_independentorigin confirmed JOIN claims_claim backing
ON backing.id = confirmed.claim_id AND backing.proposition_id = confirmed.proposition_id
WHERE confirmed.withdrawn_at IS NULL AND confirmed.proposition_id = said.proposition_id
AND backing.stance = said.stance AND {_counts("backing")}
AND backing.id NOT IN (SELECT claim FROM tied WHERE claim IS NOT NULL)
AND NOT EXISTS (
  SELECT FROM claims_originnotice notice WHERE notice.state = 'confirmed'
  AND {_standing("notice.one_id")} IN ({_standing("backing.source_id")}, {_standing("said.source_id")})
  AND {_standing("notice.other_id")} IN ({_standing("backing.source_id")}, {_standing("said.source_id")})))
"""  # noqa: S608 -- as above
_CONTRADICTED = f"""
EXISTS (
SELECT FROM claims_claim against WHERE against.proposition_id = said.proposition_id
AND against.stance <> said.stance AND {_counts("against")}
UNION ALL
SELECT FROM claims_propositionlink link JOIN claims_claim against
ON against.proposition_id IN (link.proposition_id, link.other_id) AND against.proposition_id <> said.proposition_id
WHERE said.stance = 'asserts' AND link.kind = 'contradicts' AND link.state = 'confirmed'
AND said.proposition_id IN (link.proposition_id, link.other_id) AND against.stance = 'asserts'
AND {_counts("against")} AND {_not_refuted("against.proposition_id")}
UNION ALL
SELECT FROM claims_proposition ours JOIN claims_proposition rival
ON rival.question_id = ours.question_id AND rival.id <> ours.id
JOIN claims_claim against ON against.proposition_id = rival.id
WHERE said.stance = 'asserts' AND ours.id = said.proposition_id AND against.stance = 'asserts'
AND {_counts("against")} AND {_not_refuted("rival.id")})
"""  # noqa: S608 -- as above

GRADE_ONE_IS_EARNED = f"""
SELECT * INTO said FROM claims_claim WHERE id = NEW.claim_id;
PERFORM FROM claims_proposition WHERE id = said.proposition_id FOR NO KEY UPDATE;
IF NOT {_BACKED} THEN
  RAISE EXCEPTION 'no confirmed independent origin supports claim %', NEW.claim_id
  USING ERRCODE = 'check_violation', CONSTRAINT = 'credibility_one_needs_independent_origin',
  DETAIL = 'credibility_one_needs_independent_origin';
END IF;
SELECT verdict.outcome INTO known FROM claims_verdict verdict
WHERE verdict.proposition_id = said.proposition_id AND verdict.withdrawn_at IS NULL;
IF known IS NOT NULL AND (said.stance, known) IN (('asserts', 'true'), ('denies', 'false')) THEN
  RETURN NEW;
END IF;
IF (said.stance, known) IN (('asserts', 'false'), ('denies', 'true')) OR {_CONTRADICTED} THEN
  RAISE EXCEPTION 'claim % is contradicted', NEW.claim_id
  USING ERRCODE = 'check_violation', CONSTRAINT = 'credibility_one_not_contradicted',
  DETAIL = 'credibility_one_not_contradicted';
END IF;
RETURN NEW;
"""  # noqa: S608 -- as above
