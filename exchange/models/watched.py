"""Which changes of rows are events: triggers of the database, so that every way of writing is caught.

The models are proxies: the triggers stand on the tables of other apps, which need not know of this one.
"""

from __future__ import annotations

import pgtrigger

from claims.models import (
    Claim,
    ClaimLink,
    CredibilityAssessment,
    Discrediting,
    PropositionLink,
    SourceSplit,
    Verdict,
)
from documents.models import Document
from sources.models import ReliabilityAssessment, SourceMerge


def note(*, type: str, kind: str, object_id: str, data: str, collections: str = "'{}'") -> str:  # noqa: A002
    """A statement for a trigger that writes one event. All but `kind` are expressions of SQL."""
    return (
        "INSERT INTO exchange_event (type, object_kind, object_id, collections, data) "  # noqa: S608 -- parts of ours
        f"VALUES ({type}, '{kind}', {object_id}, {collections}, jsonb_build_object({data})); "
    )


def inserted(name: str, func: str, condition: str = "") -> pgtrigger.Trigger:
    """condition: what the new row must be like, in SQL; empty: anything."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        condition=pgtrigger.Condition(condition) if condition else None,
        declare=[("opposed", "record")],
        func=func + "RETURN NULL;",
    )


def changed(name: str, *columns: str, func: str, condition: str = "true") -> pgtrigger.Trigger:
    """columns: at least one of them has another value than before. condition: what the new row must be like."""
    before, now = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"(({before}) IS DISTINCT FROM ({now}) AND {condition})"),
        declare=[("opposed", "record")],
        func=func + "RETURN NULL;",
    )


def done_and_undone(thing: str, column: str, func: str) -> list[pgtrigger.Trigger]:
    """For rows that stay when they are undone. column: when that was."""
    return [
        inserted(f"event_of_new_{thing}", func, f"NEW.{column} IS NULL"),
        changed(f"event_of_{thing}", column, func=func),
    ]


def decided(thing: str, func: str) -> list[pgtrigger.Trigger]:
    """For rows that are proposed and then confirmed or dismissed."""
    return [
        inserted(f"event_of_new_{thing}", func, "NEW.state <> 'proposed'"),
        changed(f"event_of_{thing}", "state", "kind", func=func, condition="NEW.state <> 'proposed'"),
    ]


OF_CLAIM = "'state', NEW.state, 'version', NEW.version, 'source', NEW.source_id, 'proposition', NEW.proposition_id"
CLAIM_TYPE = (
    "CASE WHEN TG_OP = 'UPDATE' AND NEW.state = OLD.state THEN 'claim.changed' "
    "WHEN NEW.state = 'candidate' THEN 'claim.reopened' ELSE 'claim.' || NEW.state END"
)
CLAIM_CHANGED = note(
    type=CLAIM_TYPE, kind="claim", object_id="NEW.id", collections="ARRAY[NEW.collection_id]", data=OF_CLAIM
)
# The first claim on its side, where there is one on the other: those who see both are told.
NOW_CONTESTED = (
    "IF NEW.state = 'accepted' AND (TG_OP = 'INSERT' "  # noqa: S608 -- parts of ours
    "OR OLD.proposition_id IS DISTINCT FROM NEW.proposition_id OR OLD.stance <> NEW.stance) AND NOT EXISTS "
    "(SELECT FROM claims_claim same WHERE same.proposition_id = NEW.proposition_id AND same.stance = NEW.stance "
    "AND same.id <> NEW.id) THEN "
    "SELECT id, collection_id INTO opposed FROM claims_claim other WHERE other.proposition_id = NEW.proposition_id "
    "AND other.stance = CASE NEW.stance WHEN 'denies' THEN 'asserts' ELSE 'denies' END LIMIT 1; "
    "IF FOUND THEN "
    + note(
        type="'proposition.contested'",
        kind="proposition",
        object_id="NEW.proposition_id",
        collections="ARRAY[NEW.collection_id, opposed.collection_id]",
        data="'claim', NEW.id, 'against', opposed.id",
    )
    + "END IF; END IF; "
)
DOCUMENT = note(
    type="'document.' || NEW.state",
    kind="document",
    object_id="NEW.id",
    collections="ARRAY[NEW.collection_id]",
    data="'state', NEW.state, 'failure_code', NEW.failure_code",
)
GRADED = note(
    type="'claim.graded'",
    kind="claim",
    object_id="NEW.claim_id",
    collections="ARRAY(SELECT collection_id FROM claims_claim WHERE id = NEW.claim_id)",
    data="'credibility', NEW.grade, 'likelihood', NEW.likelihood, 'assessment', NEW.id",
)
SOURCE_GRADED = note(
    type="'source.graded'",
    kind="source",
    object_id="NEW.source_id",
    data="'reliability', NEW.grade, 'topic', NEW.topic, 'assessment', NEW.id",
)
DISCREDITED = "CASE WHEN NEW.withdrawn_at IS NULL THEN '{kind}.discredited' ELSE '{kind}.believed' END"


def discredited() -> str:
    """One of the three: a discrediting names a source, a claim or a document."""
    told = {
        "source": note(
            type=DISCREDITED.format(kind="source"),
            kind="source",
            object_id="NEW.source_id",
            data="'discrediting', NEW.id",
        ),
        "claim": note(
            type=DISCREDITED.format(kind="claim"),
            kind="claim",
            object_id="NEW.claim_id",
            collections="ARRAY(SELECT collection_id FROM claims_claim WHERE id = NEW.claim_id)",
            data="'discrediting', NEW.id",
        ),
        "document": note(
            type=DISCREDITED.format(kind="document"),
            kind="document",
            object_id="NEW.document_id",
            collections="ARRAY(SELECT collection_id FROM documents_document WHERE id = NEW.document_id)",
            data="'discrediting', NEW.id",
        ),
    }
    return "".join(f"IF NEW.{kind}_id IS NOT NULL THEN {statement}END IF; " for kind, statement in told.items())


MERGED = note(
    type="CASE WHEN NEW.undone_at IS NULL THEN 'source.merged' ELSE 'source.unmerged' END",
    kind="source",
    object_id="NEW.absorbed_id",
    data="'into', NEW.into_id, 'merge', NEW.id",
)
SPLIT = note(
    type="CASE WHEN NEW.undone_at IS NULL THEN 'source.split' ELSE 'source.unsplit' END",
    kind="source",
    object_id="NEW.source_id",
    data="'into', NEW.into_id, 'split', NEW.id",
)
SETTLED = note(
    type="CASE WHEN NEW.withdrawn_at IS NULL THEN 'proposition.settled' ELSE 'verdict.withdrawn' END",
    kind="proposition",
    object_id="NEW.proposition_id",
    data="'verdict', NEW.id, 'outcome', NEW.outcome, 'decided_on', NEW.decided_on",
)
DECIDED = "CASE NEW.state WHEN 'confirmed' THEN '{kind}.accepted' ELSE '{kind}.dismissed' END"
LINK = note(
    type=DECIDED.format(kind="link"),
    kind="link",
    object_id="NEW.id",
    data="'kind', NEW.kind, 'proposition', NEW.proposition_id, 'other', NEW.other_id",
)
CLAIM_LINK = note(
    type=DECIDED.format(kind="claim_link"),
    kind="claim_link",
    object_id="NEW.id",
    collections="ARRAY(SELECT DISTINCT collection_id FROM claims_claim WHERE id IN (NEW.claim_id, NEW.origin_id))",
    data="'kind', NEW.kind, 'claim', NEW.claim_id, 'origin', NEW.origin_id",
)


class WatchedClaim(Claim):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            inserted("event_of_new_claim", CLAIM_CHANGED + NOW_CONTESTED, "NEW.state = 'accepted'"),
            changed(
                "event_of_claim",
                "state",
                "version",
                "source_id",
                "proposition_id",
                "stance",
                func=CLAIM_CHANGED + NOW_CONTESTED,
            ),
        ]


class WatchedDocument(Document):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [
            inserted("event_of_new_document", DOCUMENT, "NEW.state <> 'read'"),
            changed("event_of_document", "state", func=DOCUMENT, condition="NEW.state IN ('extracted', 'failed')"),
        ]


class WatchedCredibility(CredibilityAssessment):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [inserted("event_of_credibility", GRADED)]


class WatchedReliability(ReliabilityAssessment):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = [inserted("event_of_reliability", SOURCE_GRADED, "NEW.is_grade")]


class WatchedDiscrediting(Discrediting):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = done_and_undone("discrediting", "withdrawn_at", discredited())


class WatchedMerge(SourceMerge):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = done_and_undone("merge", "undone_at", MERGED)


class WatchedSplit(SourceSplit):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = done_and_undone("split", "undone_at", SPLIT)


class WatchedVerdict(Verdict):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = done_and_undone("verdict", "withdrawn_at", SETTLED)


class WatchedLink(PropositionLink):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = decided("link", LINK)


class WatchedClaimLink(ClaimLink):
    class Meta:
        proxy = True
        default_permissions = ()
        triggers = decided("claim_link", CLAIM_LINK)
