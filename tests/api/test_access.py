"""Who may call what: every endpoint for every kind of caller, and how callers make themselves known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from pghistory.models import Events
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import ApiKey, User
from accounts.services import create_key
from claims.api.views import ClaimViewSet
from claims.models import Claim, ClaimLink, GradeFlag, OriginNotice, PropositionLink, Review, SourceSplit, Verdict
from claims.services import (
    accept,
    assess_credibility,
    confirm_independence,
    discredit,
    dismiss_notice,
    join,
    link_claims,
    link_propositions,
    settle,
)
from claims.services.identity import merge
from claims.services.split import split
from config.api.urls import router
from documents.models import Collection, DocumentState
from sources.models import SourceMerge
from tests.api.conftest import AnyStateClient, Connect
from tests.factories import ClaimFactory, CollectionFactory, DocumentFactory, TextLayerFactory, UserFactory

EMPTY, MISSING = "200 and empty", 404
"""What a caller from another collection gets: of a list nothing, of a row that it is not there."""

READ_LISTS = [
    "documents/",
    "collections/",
    "claims/",
    "sources/",
    "propositions/",
    "verdicts/",
    "links/",
    "claim-links/",
    "origin-notices/",
    "discreditings/",
    "grade-flags/",
]
READ_ROWS = [
    "documents/{document}/",
    "documents/{document}/text/",
    "collections/{collection}/",
    "claims/{candidate}/",
    "claims/{candidate}/reviews/",
    "claims/{candidate}/in-document-sources/",
    "claims/{candidate}/source-proposals/",
    "sources/{source}/",
    "sources/{source}/assessments/",
    "sources/{source}/merge/preview/?into={other}",
    "sources/{source}/merges/",
    "sources/{source}/splits/",
    "sources/{source}/impact/",
    "sources/{source}/impact/if-discredited/",
    "sources/{source}/track-record/",
    "sources/{source}/track-record/series/",
    "propositions/{proposition}/",
    "propositions/{proposition}/verdicts/",
    "verdicts/{verdict}/",
    "claims/{candidate}/proposition-proposals/",
    "propositions/{proposition}/origins/",
    "propositions/{proposition}/proposals/",
    "propositions/{proposition}/moves/",
    "links/{link}/",
    "claim-links/{claim_link}/",
    "origin-notices/{notice}/",
    "discreditings/{discrediting}/",
    "grade-flags/{flag}/",
]
PREVIEW = "impact/?source={source}"
LISTS = {f"GET {path}" for path in READ_LISTS}
UPLOAD, RETRY, UNDO = "documents/", "documents/{failed}/retry/", "claims/{accepted}/undo/"
JUDGEMENTS: dict[str, tuple[dict[str, object], int]] = {
    "claims/{candidate}/accept/": ({}, 200),
    "claims/{candidate}/reject/": ({"reason": "no"}, 200),
    "claims/{candidate}/edit/": ({"hedge": "reportedly"}, 200),
    "claims/{candidate}/assess/": ({"grade": "3", "basis": "plausible"}, 201),
    "sources/{source}/assess/": ({"grade": "B", "basis": "record"}, 201),
    "sources/{source}/merge/": ({"into": "{other}", "reason": "the same"}, 201),
    "sources/{merged}/undo-merge/": ({"merge": "{merge}", "reason": "not the same"}, 200),
    "sources/{other}/split/": ({"claims": ["{claim}"], "into": "{source}", "reason": "two people"}, 201),
    "sources/{other}/split/preview/": ({"claims": ["{claim}"]}, 200),
    "sources/{other}/undo-split/": ({"split": "{split}", "reason": "one after all"}, 200),
    "propositions/{proposition}/settle/": (
        {"outcome": "true", "decided_on": "2013-02-01", "evidence": "announced"},
        201,
    ),
    "claims/{accepted}/join/": ({"proposition": "{settled}"}, 201),
    "claims/{joined}/open-proposition/": ({"reason": "another matter"}, 201),
    "claims/{accepted}/confirm-independence/": ({"basis": "never in contact"}, 201),
    "claims/{independent}/withdraw-independence/": ({"confirmation": "{confirmation}", "reason": "they met"}, 200),
    "propositions/{proposition}/merge/": ({"into": "{settled}", "reason": "the same"}, 201),
    "propositions/{together}/split/": ({"claims": ["{joined}"], "text": "Another matter.", "reason": "two"}, 201),
    "propositions/{proposition}/reword/": ({"topic": "talks"}, 200),
    "propositions/{together}/undo-move/": ({"move": "{move}"}, 200),
    "links/": ({"proposition": "{proposition}", "other": "{settled}", "kind": "contradicts"}, 201),
    "links/{link}/accept/": ({}, 200),
    "links/{link}/dismiss/": ({}, 200),
    "links/{decided}/reopen/": ({}, 200),
    "links/{link}/correct/": ({"kind": "refines"}, 200),
    "claim-links/": ({"claim": "{accepted}", "origin": "{independent}"}, 201),
    "claim-links/{claim_link}/accept/": ({}, 200),
    "claim-links/{claim_link}/dismiss/": ({}, 200),
    "claim-links/{decided_claim_link}/reopen/": ({}, 200),
    "origin-notices/{notice}/accept/": ({}, 200),
    "origin-notices/{notice}/dismiss/": ({}, 200),
    "origin-notices/{decided_notice}/reopen/": ({}, 200),
    "discreditings/": ({"claim": "{accepted}", "reason": "forged"}, 201),
    "discreditings/{discrediting}/withdraw/": ({"reason": "genuine"}, 200),
    "grade-flags/{flag}/clear/": ({}, 200),
    "propositions/{settled}/withdraw/": ({"verdict": "{verdict}", "reason": "wrong"}, 200),
}


@dataclass
class World:
    """A collection with one row of everything."""

    collection: Collection
    candidate: Claim
    accepted: Claim
    step: Review
    verdict: Verdict
    failed: int
    document: int
    merge: SourceMerge
    split: SourceSplit
    meeting: dict[str, int]

    @property
    def ids(self) -> dict[str, int | None]:
        """By the name that stands for it in the tables above."""
        return {
            "collection": self.collection.pk,
            "document": self.document,
            "failed": self.failed,
            "candidate": self.candidate.pk,
            "accepted": self.accepted.pk,
            "source": self.accepted.source_id,
            "proposition": self.accepted.proposition_id,
            "settled": self.verdict.proposition_id,
            "verdict": self.verdict.pk,
            "other": self.merge.into_id,
            "merged": self.merge.absorbed_id,
            "merge": self.merge.pk,
            "split": self.split.pk,
            "claim": self.merge.into.claims.latest("pk").pk,
            **self.meeting,
        }

    def address(self, template: str) -> str:
        return "/api/v1/" + template.format(**self.ids)

    def body(self, given: object) -> Any:
        """With the ids in place of their names."""
        if isinstance(given, dict):
            return {name: self.body(value) for name, value in given.items()}
        if isinstance(given, list):
            return [self.body(value) for value in given]
        is_name = isinstance(given, str) and given.startswith("{")
        return self.ids[given.strip("{}")] if is_name else given


@pytest.fixture
def world(collection: Collection, claim: Claim, analyst: User) -> World:
    accepted = ClaimFactory(layer=TextLayerFactory(document__collection=collection))
    step = accept(accepted, by=analyst)
    accepted.refresh_from_db()
    other = ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True)
    verdict = settle(other.proposition, outcome="false", decided_on=date(2013, 2, 1), evidence="seen", by=analyst)
    failed = DocumentFactory(collection=collection, state=DocumentState.FAILED, failure_reason="Nothing in it.")
    merged, *more = (
        ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True, **given)
        for given in ({}, *[{"source": other.source}] * 3)
    )
    made = merge(merged.source, other.source, by=analyst, reason="the same")
    parted = split(other.source, claims=[more[0].pk], by=analyst, reason="two people", descriptor="Another")
    together = meeting(collection, analyst)
    return World(collection, claim, accepted, step, verdict, failed.pk, claim.layer.document_id, made, parted, together)


def meeting(collection: Collection, by: User) -> dict[str, int]:
    """Five claims with what there is about propositions and origins, by the names in the tables above."""
    claims = [ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True) for _ in range(6)]
    first, joined, third, fourth, fifth, sixth = claims
    move = join(joined, first.proposition, by=by)
    confirmation = confirm_independence(first, basis="never in contact", by=by)
    assess_credibility(first, grade="2", basis="photographs", by=by)
    discrediting = discredit(first, by=by, reason="forged")
    notices = [
        OriginNotice.objects.create(
            one=one.source, other=other.source, posterior=0.9, shared_true=1, shared_refuted=3, different=0
        )
        for one, other in ((third, fourth), (fifth, sixth))
    ]
    link = PropositionLink.objects.create(
        proposition=third.proposition, other=fourth.proposition, kind="contradicts", rule="quantity"
    )
    return {
        "together": first.proposition_id,
        "joined": joined.pk,
        "move": move.pk,
        "independent": first.pk,
        "confirmation": confirmation.pk,
        "discrediting": discrediting.pk,
        "flag": GradeFlag.objects.get().pk,
        "link": link.pk,
        "decided": link_propositions(fifth.proposition, sixth.proposition, kind="refines", by=by).pk,
        "claim_link": ClaimLink.objects.create(claim=third, origin=fourth, kind="relays", rule="chain").pk,
        "decided_claim_link": link_claims(fifth, origin=sixth, by=by).pk,
        "notice": notices[0].pk,
        "decided_notice": dismiss_notice(notices[1], by=by).pk,
    }


@dataclass(frozen=True)
class Expected:
    """Statuses by kind of endpoint; a refusal is the same for all endpoints of a kind."""

    lists: int | str = 200
    rows: int = 200
    upload: int = 201
    retry: int = 200
    judge: int | None = None  # None: each endpoint's own success
    undo: int = 200


CALLERS: dict[str, tuple[str, list[str], Expected]] = {
    # caller: (role, scopes of its key; none means a session), expected
    "nobody": ("", [], Expected(401, 401, 401, 401, 401, 401)),
    "viewer": ("viewer", [], Expected(upload=403, retry=403, judge=403, undo=403)),
    "integration": ("integration", [], Expected(retry=403, judge=403, undo=403)),
    "analyst": ("analyst", [], Expected(undo=409)),
    "reviewer": ("reviewer", [], Expected()),
    "admin": ("admin", [], Expected()),
    "key to read": ("admin", ["read"], Expected(upload=403, retry=403, judge=403, undo=403)),
    "key to propose": ("admin", ["propose"], Expected(lists=403, rows=403, judge=403, undo=403)),
    "key to review": ("admin", ["review"], Expected(lists=403, rows=403, upload=403, retry=403)),
    "key to administer": ("admin", ["admin"], Expected()),
    "a viewer's key for all": (
        "viewer",
        ["read", "propose", "review", "admin"],
        Expected(upload=403, retry=403, judge=403, undo=403),
    ),
    "analyst from elsewhere": ("analyst", [], Expected(EMPTY, MISSING, 400, MISSING, MISSING, MISSING)),
    "key from elsewhere": ("reviewer", ["admin"], Expected(EMPTY, MISSING, 400, MISSING, MISSING, MISSING)),
}


@pytest.mark.parametrize("caller", CALLERS)
def test_every_endpoint_answers_every_caller_as_it_should(caller: str, world: World):
    role, scopes, expected = CALLERS[caller]
    client = client_of(role, scopes, world.collection, elsewhere="elsewhere" in caller)

    got = answers(client, world)

    wanted: dict[str, int | str] = dict.fromkeys(LISTS, expected.lists)
    wanted |= {f"GET {path}": expected.rows for path in READ_ROWS}
    wanted[f"GET {PREVIEW}"] = 400 if expected.rows == MISSING else expected.rows
    wanted |= {f"POST {UPLOAD}": expected.upload, f"POST {RETRY}": expected.retry, f"POST {UNDO}": expected.undo}
    wanted |= {f"POST {path}": expected.judge or success for path, (_, success) in JUDGEMENTS.items()}
    if expected.judge == MISSING:  # the row is named in the body
        wanted |= {f"POST {path}": 400 for path in ("links/", "claim-links/", "discreditings/")}
    wanted["PATCH sources/{source}/"] = expected.judge or 200
    assert got == wanted


def client_of(role: str, scopes: list[str], collection: Collection, *, elsewhere: bool) -> APIClient:
    client = AnyStateClient()
    if not role:
        return client
    user = UserFactory(groups=[role])
    (CollectionFactory(name="Elsewhere") if elsewhere else collection).members.add(user)
    if scopes:
        _, secret = create_key(user, name="test", scopes=scopes)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    else:
        client.force_login(user)
    return client


def answers(client: APIClient, world: World) -> dict[str, int | str]:
    """The status of every endpoint; what a call changes is rolled back before the next."""
    got: dict[str, int | str] = {}

    def note(name: str, response: Response) -> None:
        hidden = name in LISTS and response.status_code == 200 and not names(response)
        got[name] = EMPTY if hidden else response.status_code
        transaction.set_rollback(True)

    for path in [*READ_LISTS, *READ_ROWS, PREVIEW]:
        with transaction.atomic():
            note(f"GET {path}", client.get(world.address(path)))
    for path, (given, _) in JUDGEMENTS.items():
        with transaction.atomic():
            note(f"POST {path}", client.post(world.address(path), world.body(given)))
    with transaction.atomic():
        note("PATCH sources/{source}/", client.patch(world.address("sources/{source}/"), {"motive": "money"}))
    form = {"file": SimpleUploadedFile("memo.txt", b"It rains."), "collection": world.collection.name}
    with transaction.atomic():
        note(f"POST {UPLOAD}", client.post(world.address(UPLOAD), form, format="multipart"))
    for path, body in ((RETRY, {}), (UNDO, {"review": world.step.pk})):
        with transaction.atomic():
            note(f"POST {path}", client.post(world.address(path), body))
    return got


def names(response: Response) -> list[str]:
    """What a list shows, but for the caller's own collection."""
    return [row["id"] for row in response.json()["results"] if row.get("name") != "Elsewhere"]


def test_every_address_of_the_api_is_in_that_test():
    served = {re.sub("<[^>]+>", "{}", str(pattern.pattern)) for pattern in router.urls} - {""}
    tested = {
        re.sub("{[^}]+}", "{}", path.partition("?")[0])
        for path in [*READ_LISTS, *READ_ROWS, PREVIEW, RETRY, UNDO, *JUDGEMENTS]
    }

    assert served == tested


def test_who_is_not_known_is_told_how_to_make_themselves_known(claim: Claim):
    response = APIClient().get("/api/v1/claims/")

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Hearsay"'
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("header", ["Bearer", "Bearer hs_unknown", "Bearer two words", "Bearer \xfc", "Basic YTpi"])
def test_a_header_that_is_no_key_of_ours_is_refused(db: None, header: str):
    response = APIClient().get("/api/v1/claims/", HTTP_AUTHORIZATION=header)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Hearsay"'


def test_an_expired_key_is_refused_and_stays_on_record(analyst: User):
    key, secret = create_key(analyst, name="old", scopes=["read"], lifetime=timedelta(days=1))
    ApiKey.objects.filter(pk=key.pk).update(created=timezone.now() - timedelta(2), expiry=timezone.now() - timedelta(1))

    response = APIClient().get("/api/v1/claims/", HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert response.status_code == 401
    assert "expired on" in response.json()["detail"]
    assert ApiKey.objects.filter(pk=key.pk).exists()


def test_a_key_of_a_closed_account_is_refused(connect: Connect, analyst: User):
    client = connect(analyst)
    User.objects.filter(pk=analyst.pk).update(is_active=False)

    assert client.get("/api/v1/claims/").status_code == 401


def test_a_key_without_the_scope_is_told_which(connect: Connect, analyst: User, claim: Claim):
    response = connect(analyst, "read").post(f"/api/v1/claims/{claim.pk}/accept/")

    assert response.status_code == 403
    assert response.json()["code"] == "scope_missing"
    assert response["WWW-Authenticate"] == 'Bearer realm="Hearsay", error="insufficient_scope", scope="review"'


def test_an_action_without_a_stated_need_is_open_to_nobody(
    connect: Connect, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(ClaimViewSet, "needs", {})
    admin = UserFactory(groups=["admin"], is_superuser=True)

    assert connect(admin, "admin").get("/api/v1/claims/").status_code == 403


def test_a_session_needs_its_csrf_token_to_change_something(analyst: User, claim: Claim):
    browser = AnyStateClient(enforce_csrf_checks=True)
    browser.force_login(analyst)
    address = f"/api/v1/claims/{claim.pk}/accept/"

    without = browser.post(address)
    browser.cookies["csrftoken"] = "a" * 32
    with_token = browser.post(address, HTTP_X_CSRFTOKEN="a" * 32)

    assert (without.status_code, without.json()["code"]) == (403, "permission_denied")
    assert with_token.status_code == 200


def test_the_history_knows_whose_key_it_was(client: APIClient, analyst: User, claim: Claim):
    client.post(f"/api/v1/claims/{claim.pk}/accept/")

    event = Events.objects.tracks(claim).filter(pgh_label="update").latest("pgh_created_at")
    assert event.pgh_context["user"] == analyst.pk


def test_the_description_and_its_page_are_for_people_who_are_logged_in(connect: Connect, analyst: User):
    anonymous, browser = APIClient(), APIClient()
    browser.force_login(analyst)

    assert anonymous.get("/api/v1/schema/").status_code == 401
    assert anonymous.get("/api/v1/docs/").headers["Location"].startswith("/login/")
    assert connect(analyst).get("/api/v1/schema/").status_code == 200
    assert browser.get("/api/v1/docs/").status_code == 200
