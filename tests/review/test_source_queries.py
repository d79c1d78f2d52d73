"""Every page of sources, and every address of the API, asks as many queries for three of everything as for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from claims.models import Claim, ClaimLink
from claims.services import settle
from claims.services.identity import merge
from claims.services.reliability import grade_source
from claims.services.split import split
from documents.models import Collection
from sources.models import Source, SourceAlias
from tests.factories import ClaimFactory, CollectionFactory, PropositionFactory, SourceFactory, UserFactory, place

pytestmark = pytest.mark.django_db


class World:
    """A source with one more of everything that can hang on a source, each time `grow` is called."""

    def __init__(self, user: User, collection: Collection) -> None:
        self.user, self.collection, self.grown = user, collection, 0
        self.source: Source = SourceFactory(descriptor="Ramtane Lamamra", kind="named_person", anonymous=False)
        self.other: Source = SourceFactory(descriptor="Ramtan Lamamra", kind="named_person", anonymous=False)
        self.candidate: Claim = self.said(None, state="candidate")
        self.said(self.other)

    def said(self, source: Source | None, *, settled: str = "", **given: object) -> Claim:
        accepted = {"accepted": True, "source": source, "document_source__source": source} if source else {}
        about = {} if "proposition" in given or not source else {"proposition__topic": f"Topic {self.grown}"}
        claim: Claim = ClaimFactory(
            layer__document__collection=self.collection,
            document_source__canonical="Ramtane Lamamra",
            document_source__kind="named_person",
            document_source__anonymous=False,
            **{**accepted, **about, **given},
        )
        claim.chain.create(position=0, document_source=claim.document_source)
        if settled:
            verdict = {"outcome": settled, "evidence": "seen", "by": self.user}
            settle(claim.proposition, decided_on=timezone.localdate() - timedelta(self.grown), **verdict)
        return claim

    def grow(self) -> None:
        self.grown += 1
        told = {"reported_date": timezone.localdate() - timedelta(30 * self.grown)}
        open_one = self.said(self.source, proposition=PropositionFactory(), **told)
        judged = [self.said(self.source, settled=outcome, **told) for outcome in ("true", "false", "unverifiable")]
        friend = SourceFactory(descriptor=f"Friend {self.grown}")
        for origin in (open_one, judged[0]):
            repeat = self.said(friend, proposition=origin.proposition)
            fields = {"kind": "relays", "state": "confirmed", "rule": "analyst", "by": self.user}
            ClaimLink.objects.create(claim=repeat, origin=origin, **fields)
        beside = ClaimFactory(
            accepted=True,
            layer=open_one.layer,
            run=open_one.run,
            source=friend,
            document_source=self.said(friend).document_source,
            spans=[place(open_one.layer.text, words) for words in (open_one.source_quote, "stated", "the talks")],
        )
        open_one.chain.create(position=1, document_source=beside.document_source)
        double, leaving = SourceFactory(descriptor=f"R. Lamamra {self.grown}"), self.said(self.source)
        self.said(double)
        merge(double, self.source, by=self.user, reason="the same man")
        split(self.source, claims=[leaving.pk], by=self.user, reason="another", descriptor=f"Another {self.grown}")
        SourceAlias.objects.create(source=self.source, wording=f"Wording {self.grown}", collection=self.collection)
        for by in (self.user, UserFactory(groups=["analyst"])):
            grade_source(self.source, grade="C", basis="known", by=by, departure="he was fed these")


@pytest.fixture
def world(client: Client) -> World:
    user = UserFactory(groups=["admin"], is_staff=True)
    client.force_login(user)
    return World(user, CollectionFactory(members=[user]))


ADDRESSES = [
    "/sources/",
    "/sources/?order=divergence",
    "/sources/?words=lamamra",
    "/sources/{source}/",
    "/sources/{source}/?suggestion=shown&turned_out=true",
    "/sources/{source}/?as_of=2020-01-01&known_then=on",
    "/sources/{source}/impact/",
    "/sources/{source}/grade/",
    "/sources/{source}/describe/",
    "/sources/{source}/alike/?q=ram",
    "/sources/{source}/merge/?with={other}",
    "/sources/{source}/split/",
    "/review/claims/{candidate}/sources/?q=ram",
    "/api/v1/sources/",
    "/api/v1/sources/?search=lamamra",
    "/api/v1/sources/{source}/",
    "/api/v1/sources/{source}/assessments/",
    "/api/v1/sources/{source}/track-record/",
    "/api/v1/sources/{source}/track-record/?as_of=2020-01-01&known_on=2020-01-01",
    "/api/v1/sources/{source}/track-record/series/",
    "/api/v1/sources/{source}/impact/",
    "/api/v1/sources/{source}/impact/if-discredited/",
    "/api/v1/sources/{source}/merges/",
    "/api/v1/sources/{source}/splits/",
    "/api/v1/sources/{source}/merge/preview/?into={other}",
    "/api/v1/claims/?source={source}",
    "/api/v1/claims/{candidate}/source-proposals/",
    "/api/v1/verdicts/",
    "/api/v1/verdicts/?source={source}",
    "/records/sources/source/",
    "/records/sources/reliabilityassessment/",
    "/records/sources/sourcealias/",
]


def queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert response.status_code == 200, response.content[:300]
    return [query["sql"] for query in asked.captured_queries]


def test_every_address_asks_as_many_queries_for_three_of_everything_as_for_one(client: Client, world: World):
    places = {"source": world.source.pk, "other": world.other.pk, "candidate": world.candidate.pk}
    addresses = [address.format(**places) for address in ADDRESSES]
    world.grow()
    for address in addresses:
        client.get(address)  # what is read once and kept: content types, engine version

    once = {address: queries(client, address) for address in addresses}
    world.grow()
    world.grow()
    thrice = {address: queries(client, address) for address in addresses}

    assert {address: len(asked) for address, asked in thrice.items()} == {
        address: len(asked) for address, asked in once.items()
    }
