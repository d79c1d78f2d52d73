"""Every endpoint of the API, who may call it, and what it then answers. A new endpoint needs its line here.

Names in braces stand for ids of tests/api/world.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

READ, UPLOAD, RETRY, JUDGE = "read", "upload", "retry", "judge"
WATCH, SUBSCRIBE, RECOMPUTE, MARK = "watch", "subscribe", "recompute", "mark"
"""What a call does, as far as permissions go; test_access.py says who may."""
EMPTY = "200 and empty"
"""What a caller from another collection gets of a list."""


@dataclass(frozen=True)
class Call:
    """One method at one address."""

    method: str
    path: str
    does: str
    body: dict[str, Any] = field(default_factory=dict)
    success: int = 200
    elsewhere: int | str = 404
    """The answer to who may do this in other collections only."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def _list(path: str) -> Call:
    return Call("GET", path, READ, elsewhere=EMPTY)


def _row(path: str) -> Call:
    return Call("GET", path, READ)


def _judge(path: str, body: dict[str, Any] | None = None, success: int = 200, **more: Any) -> Call:
    return Call("POST", path, JUDGE, body or {}, success, **more)


CALLS = [
    _list("documents/"),
    _list("collections/"),
    _list("claims/"),
    _list("sources/"),
    _list("propositions/"),
    _list("verdicts/"),
    _list("links/"),
    _list("claim-links/"),
    _list("origin-notices/"),
    _list("discreditings/"),
    _list("grade-flags/"),
    _list("notes/"),
    Call("GET", "search/?q=talks", READ, elsewhere=EMPTY),
    Call("GET", "search/?q=talks&kind=documents", READ, elsewhere=EMPTY),
    Call("GET", "assignments/", READ, elsewhere=200),  # none was given in this world: tests/api/test_assignments.py
    Call("GET", "assignments/{document}/", READ, success=404),
    Call("DELETE", "assignments/{document}/", JUDGE, success=404),
    _judge("assignments/", {"documents": ["{document}"]}, 201, elsewhere=400),
    Call("GET", "weighings/", READ, elsewhere=200),  # none in this world: tests/api/test_weighings.py
    Call("GET", "weighings/{document}/", READ, success=404),
    _judge("weighings/", {"claim": "{candidate}", "weight": 4}, 201, elsewhere=400),
    Call("GET", "agreement/", READ, elsewhere=200),
    Call("POST", "collections/{collection}/second-reviews/", JUDGE, {"share": 0.2}),
    Call("POST", "collections/", JUDGE, {"name": "New"}, 201, elsewhere=201),
    Call("PATCH", "collections/{collection}/", JUDGE, {"marking": "Internal"}),
    Call("GET", "collections/{collection}/members/", READ),
    Call("POST", "collections/{collection}/members/", JUDGE, {"remove": ["ana"]}),
    Call("GET", "adjudications/", READ, elsewhere=200),
    # None waits in the world: those that do are tested in test_adjudications.py.
    Call("GET", "adjudications/{accepted}/", READ, success=404),
    Call("POST", "adjudications/{accepted}/choose/", JUDGE, {"choose": "first", "reason": "so"}, success=404),
    Call("POST", "adjudications/{accepted}/third/", JUDGE, {"reason": "neither"}, success=404),
    Call("POST", "adjudications/{accepted}/drop-third/", JUDGE, success=404),
    _list("printed-gradings/"),
    _row("printed-gradings/{grading}/"),
    _judge("printed-gradings/look/", {"collection": "{collection}"}, success=202, elsewhere=400),
    _judge("printed-gradings/{grading}/accept/"),
    _judge("printed-gradings/{grading}/dismiss/", {"reason": "no"}),
    _row("claims/{accepted}/assessments/"),
    _row("documents/{document}/"),
    _row("documents/{document}/text/"),
    _row("documents/{document}/layers/"),
    _row("documents/{document}/status/"),
    _row("documents/{document}/history/"),
    _row("sources/{source}/history/"),
    _row("propositions/{proposition}/history/"),
    _row("claims/{accepted}/history/"),
    _row("collections/{collection}/"),
    _row("claims/{candidate}/"),
    _row("claims/{candidate}/reviews/"),
    _row("claims/{candidate}/in-document-sources/"),
    _row("claims/{candidate}/source-proposals/"),
    _row("sources/{source}/"),
    _row("sources/{source}/assessments/"),
    _row("sources/{source}/merge/preview/?into={other}"),
    _row("sources/{source}/merges/"),
    _row("sources/{source}/splits/"),
    _row("sources/{source}/impact/"),
    _row("sources/{source}/impact/if-discredited/"),
    _row("sources/{source}/track-record/"),
    _row("sources/{source}/track-record/series/"),
    _row("propositions/{proposition}/"),
    _row("propositions/{proposition}/verdicts/"),
    _row("verdicts/{verdict}/"),
    _row("claims/{candidate}/proposition-proposals/"),
    _row("propositions/{proposition}/origins/"),
    _row("propositions/{proposition}/proposals/"),
    _row("propositions/{proposition}/moves/"),
    _row("links/{link}/"),
    _row("claim-links/{claim_link}/"),
    _row("origin-notices/{notice}/"),
    _row("discreditings/{discrediting}/"),
    _row("grade-flags/{flag}/"),
    _row("notes/{note}/"),
    Call("GET", "impact/?source={source}", READ, elsewhere=400),
    Call("GET", "claims/export/", READ, elsewhere=200),
    Call("POST", "claims/export/", READ, success=202, elsewhere=202),
    Call("POST", "imports/", UPLOAD, {"kind": "claims"}, 202, elsewhere=400),
    _list("events/"),
    # Jobs and webhooks belong to who made them: one's own are tested in test_jobs.py and test_webhooks.py.
    Call("GET", "jobs/", READ, elsewhere=200),
    Call("GET", "jobs/{job}/", READ, success=404),
    Call("GET", "jobs/{job}/result/", READ, success=404),
    Call("POST", "jobs/{job}/cancel/", READ, success=404),
    Call("POST", "jobs/recompute/", RECOMPUTE, success=202),
    Call("GET", "webhooks/", WATCH, elsewhere=200),
    Call("GET", "webhooks/{webhook}/", WATCH, success=404),
    Call("GET", "webhooks/{webhook}/deliveries/", WATCH, success=404),
    Call("POST", "webhooks/", SUBSCRIBE, {"name": "CMS", "url": "https://cms.example.org/"}, 201, elsewhere=201),
    Call("PATCH", "webhooks/{webhook}/", SUBSCRIBE, {"name": "Other"}, success=404),
    Call("DELETE", "webhooks/{webhook}/", SUBSCRIBE, success=404),
    Call("POST", "webhooks/{webhook}/new-secret/", SUBSCRIBE, success=404),
    Call("POST", "webhooks/{webhook}/skip-to-now/", SUBSCRIBE, success=404),
    Call("POST", "webhooks/{webhook}/replay/", SUBSCRIBE, {"since": "{event}"}, success=404),
    Call("POST", "webhooks/{webhook}/deliveries/{delivery}/send-again/", SUBSCRIBE, success=404),
    Call("POST", "documents/", UPLOAD, success=201, elsewhere=400),
    Call("POST", "documents/{failed}/retry/", RETRY),
    Call("PATCH", "sources/{source}/", JUDGE, {"motive": "money"}),
    # The note is another analyst's, and to nobody: one's own are tested in test_notes.py.
    _judge("notes/", {"claim": "{candidate}", "text": "Look."}, 201, elsewhere=400),
    Call("PATCH", "notes/{note}/", JUDGE, {"text": "Look twice."}, 422),
    Call("DELETE", "notes/{note}/", JUDGE, success=422),
    Call("POST", "notes/{note}/done/", MARK, success=422),
    Call("POST", "notes/{note}/reopen/", MARK, success=422),
    _judge("claims/{accepted}/undo/", {"review": "{step}"}),
    _judge("claims/{candidate}/accept/"),
    _judge("claims/{candidate}/reject/", {"reason": "no"}),
    _judge("claims/{candidate}/edit/", {"hedge": "reportedly"}),
    Call("POST", "claims/", UPLOAD, {"text_layer": "{layer}", "spans": {"content": [[0, 8]]}}, 201, elsewhere=400),
    _judge("claims/{candidate}/split/", {"contents": [[[42, 51]], [[52, 63]]]}),
    _judge("claims/{candidate}/merge/", {"other": "{beside}"}),
    _judge("claims/bulk/", {"decision": "reject", "reason": "no", "claims": [{"id": "{candidate}"}]}, elsewhere=200),
    _judge("claims/undo/", {"reviews": ["{step}"]}, elsewhere=400),
    _judge("claims/{candidate}/assess/", {"grade": "3", "basis": "plausible"}, 201),
    _judge("sources/{source}/assess/", {"grade": "B", "basis": "record"}, 201),
    _judge("sources/{source}/merge/", {"into": "{other}", "reason": "the same"}, 201),
    _judge("sources/{merged}/undo-merge/", {"merge": "{merge}", "reason": "not the same"}),
    _judge("sources/{other}/split/", {"claims": ["{claim}"], "into": "{source}", "reason": "two people"}, 201),
    _judge("sources/{other}/split/preview/", {"claims": ["{claim}"]}),
    _judge("sources/{other}/undo-split/", {"split": "{split}", "reason": "one after all"}),
    _judge(
        "propositions/{proposition}/settle/",
        {"outcome": "true", "decided_on": "2013-02-01", "evidence": "announced"},
        201,
    ),
    _judge("claims/{accepted}/join/", {"proposition": "{settled}"}, 201),
    _judge("claims/{joined}/open-proposition/", {"reason": "another matter"}, 201),
    _judge("claims/{accepted}/confirm-independence/", {"basis": "never in contact"}, 201),
    _judge("claims/{independent}/withdraw-independence/", {"confirmation": "{confirmation}", "reason": "they met"}),
    _judge("propositions/{proposition}/merge/", {"into": "{settled}", "reason": "the same"}, 201),
    _judge("propositions/{together}/split/", {"claims": ["{joined}"], "text": "Another matter.", "reason": "two"}, 201),
    _judge("propositions/{proposition}/reword/", {"topic": "talks"}),
    _judge("propositions/{together}/undo-move/", {"move": "{move}"}),
    _judge("links/", {"proposition": "{proposition}", "other": "{settled}", "kind": "contradicts"}, 201, elsewhere=400),
    _judge("links/{link}/accept/"),
    _judge("links/{link}/dismiss/"),
    _judge("links/{decided}/reopen/"),
    _judge("links/{link}/correct/", {"kind": "refines"}),
    _judge("claim-links/", {"claim": "{accepted}", "origin": "{independent}"}, 201, elsewhere=400),
    _judge("claim-links/{claim_link}/accept/"),
    _judge("claim-links/{claim_link}/dismiss/"),
    _judge("claim-links/{decided_claim_link}/reopen/"),
    _judge("origin-notices/{notice}/accept/"),
    _judge("origin-notices/{notice}/dismiss/"),
    _judge("origin-notices/{decided_notice}/reopen/"),
    _judge("discreditings/", {"claim": "{accepted}", "reason": "forged"}, 201, elsewhere=400),
    _judge("discreditings/{discrediting}/withdraw/", {"reason": "genuine"}),
    _judge("grade-flags/{flag}/clear/"),
    _judge("propositions/{settled}/withdraw/", {"verdict": "{verdict}", "reason": "wrong"}),
]
