"""Who may call what: every endpoint for every kind of caller, and how callers make themselves known."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from pghistory.models import Events
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import ApiKey, User
from accounts.services import create_key, revoke_key
from claims.api.views import ClaimViewSet
from claims.models import Claim
from config.api.urls import router
from documents.models import Collection
from ingest import intake
from tests.api.conftest import AnyStateClient, Connect
from tests.api.endpoints import CALLS, EMPTY, JUDGE, MARK, READ, RECOMPUTE, RETRY, SUBSCRIBE, UPLOAD, WATCH, Call
from tests.api.world import World, world_in
from tests.factories import CollectionFactory, UserFactory

ALL = {READ, UPLOAD, RETRY, JUDGE, WATCH, SUBSCRIBE, MARK}


@dataclass(frozen=True)
class Caller:
    role: str
    may: set[str]
    scopes: tuple[str, ...] = ()
    """Of its key; none: a session."""
    elsewhere: bool = False
    """A member of another collection only."""
    limited_to: str = ""
    """To which collection its key is limited: `here` or `elsewhere`."""


CALLERS = {
    "nobody": Caller("", set()),
    "who has no role": Caller("none", set()),
    "viewer": Caller("viewer", {READ, MARK}),
    "integration": Caller("integration", {READ, UPLOAD, WATCH, SUBSCRIBE, MARK}),
    "analyst": Caller("analyst", ALL),
    "reviewer": Caller("reviewer", ALL),
    "admin": Caller("admin", ALL | {RECOMPUTE}),
    "key to read": Caller("admin", {READ, WATCH}, ("read",)),
    "key to propose": Caller("admin", {UPLOAD, RETRY}, ("propose",)),
    "key to review": Caller("admin", {JUDGE, MARK}, ("review",)),
    "key to administer": Caller("admin", ALL | {RECOMPUTE}, ("admin",)),
    "a viewer's key for all": Caller("viewer", {READ, MARK}, ("read", "propose", "review", "admin")),
    "an integration's key for all": Caller(
        "integration", {READ, UPLOAD, WATCH, SUBSCRIBE, MARK}, ("read", "propose", "review", "admin")
    ),
    "analyst from elsewhere": Caller("analyst", ALL, elsewhere=True),
    "key from elsewhere": Caller("reviewer", ALL, ("admin",), elsewhere=True),
    "admin's key limited to here": Caller("admin", ALL, ("admin",), limited_to="here"),
    "admin's key limited to elsewhere": Caller("admin", ALL, ("admin",), elsewhere=True, limited_to="elsewhere"),
    "member's key limited to elsewhere": Caller("reviewer", ALL, ("admin",), limited_to="elsewhere"),
    "a key from elsewhere limited to here": Caller("reviewer", ALL, ("admin",), elsewhere=True, limited_to="here"),
}
BRING_FILES = {"POST documents/", "POST imports/"}
OTHERWISE = {  # another analyst's step
    ("analyst", "POST claims/{accepted}/undo/"): 409,
    ("analyst", "POST claims/undo/"): 409,
}
NO_REVIEWERS = ("viewer", "integration", "analyst", "analyst from elsewhere")
NO_REVIEWERS += ("a viewer's key for all", "an integration's key for all")
REVIEWING = {"GET agreement/", "GET adjudications/", "GET adjudications/{accepted}/"}
REVIEWING |= {f"POST adjudications/{{accepted}}/{name}/" for name in ("choose", "third", "drop-third")}
OTHERWISE |= {(name, call): 403 for name in NO_REVIEWERS for call in REVIEWING}
SET = "POST collections/{collection}/second-reviews/"
ADMINS = {"admin", "key to administer", "admin's key limited to here", "admin's key limited to elsewhere"}
LIMITED = {name for name, caller in CALLERS.items() if caller.limited_to}
MAKE, MEMBERS = "POST collections/", "GET collections/{collection}/members/"
ADMINISTERING = {SET, MAKE, MEMBERS, "PATCH collections/{collection}/", "POST collections/{collection}/members/"}
OTHERWISE |= {(name, call): 403 for name in CALLERS if name not in ADMINS for call in ADMINISTERING}
OTHERWISE |= {(name, MAKE): 403 for name in LIMITED}
SEES_NOTHING_HERE = {name for name, caller in CALLERS.items() if caller.elsewhere or caller.limited_to == "elsewhere"}


@pytest.fixture
def world(analyst: User, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(intake, "ring", lambda _: None)
    return world_in(CollectionFactory(name="Inbox", members=[analyst]), analyst)


@pytest.mark.no_cover  # each endpoint is tested elsewhere, and two thousand calls would take twice as long
def test_every_endpoint_answers_every_caller_as_it_should(world: World):
    wrong = {}
    for name, caller in CALLERS.items():
        client = client_of(caller, world.collection)
        for call in CALLS:
            got, wanted = answer(client, call, world), expected(name, caller, call)
            if got != wanted:
                wrong[name, str(call)] = f"{got} instead of {wanted}"

    assert wrong == {}


def expected(name: str, caller: Caller, call: Call) -> int | str:
    if not caller.role:
        return 401
    if call.does not in caller.may:
        return 403
    if (name, str(call)) in OTHERWISE:
        return OTHERWISE[name, str(call)]
    return call.elsewhere if name in SEES_NOTHING_HERE else call.success


def client_of(caller: Caller, collection: Collection) -> APIClient:
    client = AnyStateClient()
    if not caller.role:
        return client
    user = UserFactory(groups=[] if caller.role == "none" else [caller.role])
    elsewhere, _ = Collection.objects.get_or_create(name="Elsewhere")
    (elsewhere if caller.elsewhere else collection).members.add(user)
    if caller.scopes:
        only = {"here": [collection], "elsewhere": [elsewhere]}.get(caller.limited_to)
        _, secret = create_key(user, name="test", scopes=list(caller.scopes), collections=only)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    else:
        client.force_login(user)
    return client


def answer(client: APIClient, call: Call, world: World) -> int | str:
    response = said_to(client, call, world)
    hidden = call.elsewhere == EMPTY and response.status_code == 200 and not shown(response)
    return EMPTY if hidden else int(response.status_code)


def said_to(client: APIClient, call: Call, world: World) -> Any:
    """The response; what the call changed is rolled back."""
    body, given = world.body(call.body), {}
    if str(call) in BRING_FILES:
        file = SimpleUploadedFile("memo.txt", b"It rains.")
        body, given = body | {"file": file, "collection": world.collection.name}, {"format": "multipart"}
    with transaction.atomic():
        response = getattr(client, call.method.lower())(world.address(call.path), body or None, **given)
        transaction.set_rollback(True)
    return response


def shown(response: Response) -> list[dict[str, Any]]:
    """What a list shows, but for the caller's own collection."""
    return [row for row in response.json()["results"] if row.get("name") != "Elsewhere"]


def served() -> dict[str, set[str]]:
    """By address, with {} for ids: the methods that the API answers there."""
    found: dict[str, set[str]] = {}
    for pattern in router.urls:
        address = re.sub("<[^>]+>", "{}", str(pattern.pattern))
        methods = getattr(pattern.callback, "actions", None)
        if methods is not None:
            found.setdefault(address, set()).update(method.upper() for method in methods)
    return found


def in_the_table() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for call in CALLS:
        found.setdefault(re.sub("{[^}]+}", "{}", call.path.partition("?")[0]), set()).add(call.method)
    return found


def test_every_endpoint_of_the_api_is_in_that_test():
    assert {address: methods - {"HEAD", "OPTIONS"} for address, methods in served().items()} == in_the_table()


def test_no_endpoint_takes_a_parameter_that_it_does_not_know(world: World):
    client = client_of(CALLERS["admin"], world.collection)
    heard = {}

    for call in CALLS:
        asked = replace(call, path=f"{call.path}{'&' if '?' in call.path else '?'}nonsense=1")
        said = said_to(client, asked, world)
        if said.status_code != 400 or list(said.json().get("fields", {})) != ["nonsense"]:
            heard[str(call)] = said.status_code

    assert heard == {}


def test_no_address_answers_any_other_method(world: World):
    client = client_of(CALLERS["admin"], world.collection)
    others = {
        call.path: {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - served()[address]
        for call in CALLS
        for address in [re.sub("{[^}]+}", "{}", call.path.partition("?")[0])]
    }

    got = {
        (method, path): client.generic(method, world.address(path)).status_code
        for path, methods in others.items()
        for method in methods
    }

    assert set(got.values()) == {405}


def test_a_limited_key_reads_exactly_what_a_member_of_its_collections_reads(world: World):
    """Not countable, not searchable, not listed: each answer is the same, byte for byte."""
    analyst = User.objects.get(username="ana")
    hidden = world_in(CollectionFactory(name="Hidden", members=[analyst]), analyst)
    for claim in Claim.objects.filter(collection=hidden.collection, state="accepted")[:3]:  # sources heard in both
        Claim.objects.filter(pk=claim.pk).update(source=world.accepted.source_id)
    limited = client_of(CALLERS["admin's key limited to here"], world.collection)
    member = client_of(CALLERS["reviewer"], world.collection)
    searches = [
        "claims/?search=talks",
        "claims/?order=-score",
        "claims/?order=information_date",
        "documents/?order=name",
        "verdicts/?order=-decided_on",
        "documents/?search=C057",
        "sources/?search=source",
        "propositions/?search=talks",
    ]
    addresses = [
        place.address(path)
        for place in (world, hidden)
        for path in [*(call.path for call in CALLS if call.method == "GET" and str(call) != MEMBERS), *searches]
    ]

    differing = [at for at in addresses if read(limited, at) != read(member, at)]

    assert differing == []
    assert all(
        read(limited, hidden.address(path))[0] == 404 for path in ("claims/{accepted}/", "documents/{document}/")
    )


def read(client: APIClient, address: str) -> tuple[int, str]:
    response = client.get(address)
    if response.streaming:
        return response.status_code, b"".join(response.streaming_content).decode()
    return response.status_code, json.dumps(response.json())


def test_a_key_whose_collections_are_gone_sees_nothing(world: World, analyst: User):
    _, secret = create_key(analyst, name="test", scopes=["read"], collections=[])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert client.get("/api/v1/claims/").json()["results"] == []
    assert client.get("/api/v1/collections/").json()["results"] == []


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


def test_a_revoked_key_is_refused_and_stays_on_record(analyst: User):
    key, secret = create_key(analyst, name="lost", scopes=["read"])
    revoke_key(key, by=analyst)

    response = APIClient().get("/api/v1/claims/", HTTP_AUTHORIZATION=f"Bearer {secret}")

    assert response.status_code == 401
    assert "revoked on" in response.json()["detail"]
    assert ApiKey.objects.get().revoked_by == analyst


def test_a_key_says_when_it_was_used_to_the_minute(analyst: User):
    _, secret = create_key(analyst, name="cms", scopes=["read"])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")

    uses = []
    for ago in (None, timedelta(seconds=50), timedelta(seconds=70)):
        if ago:
            ApiKey.objects.update(last_used_at=timezone.now() - ago)
        before = ApiKey.objects.get().last_used_at
        client.get("/api/v1/claims/")
        uses.append(ApiKey.objects.get().last_used_at != before)

    assert uses == [True, False, True]


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


@pytest.mark.parametrize("path", ["claims/", "claims/{candidate}/", "search/?q=talks", "claims/999999/"])
def test_no_cache_gives_an_answer_to_anybody_else(world: World, client: APIClient, path: str):
    answer = client.get(world.address(path))

    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))
