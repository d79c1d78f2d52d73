"""Rows are shown by functions made once per answer; what they show is what REST framework itself would have shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.test import APIClient

from accounts.api.reading import Reading, ReadSerializer
from accounts.models import User
from claims.models import Claim
from ingest import intake
from tests.api.endpoints import CALLS, READ
from tests.api.world import World, world_in
from tests.factories import CollectionFactory, UserFactory


@pytest.fixture
def world(analyst: User, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(intake, "ring", lambda _: None)
    return world_in(CollectionFactory(name="Inbox", members=[analyst]), analyst)


def as_rest_framework_does(serializer: Any, row: Any) -> dict[str, Any]:
    """By way of `fields`, of which the shown ones are left, and those shown instead put in."""
    for name in list(serializer.fields):
        if name not in serializer.shown:
            del serializer.fields[name]
    for name, field in serializer.shown.items():
        if field.parent is serializer:
            serializer.fields.fields[name] = field  # it is bound already
    return serializers.Serializer.to_representation(serializer, row)


SHAPED = [
    "claims/?expand=source,document,proposition",
    "claims/?fields=id,commitment,chain,source",
    "claims/{accepted}/?expand=proposition",
    "documents/?expand=layers,collection&fields=id,layers",
    "sources/?expand=merged_into",
    "propositions/?expand=verdicts&fields=id,text",
]


def test_every_answer_reads_as_rest_framework_would_have_written_it(
    world: World, connect: Any, monkeypatch: pytest.MonkeyPatch
):
    client: APIClient = connect(UserFactory(username="root", groups=["admin"]))
    paths = [*(call.path for call in CALLS if call.method == "GET" and call.does == READ), *SHAPED]
    addresses = [world.address(path) for path in paths if not path.startswith(("events/", "claims/export/"))]

    quick = [client.get(address).content for address in addresses]
    monkeypatch.setattr(Reading, "to_representation", as_rest_framework_does)
    plain = [client.get(address).content for address in addresses]

    assert quick == plain
    assert sum(map(len, quick)) > 20_000  # there was something to read


class Inner(ReadSerializer[Any]):
    word = serializers.CharField()
    asked_by = serializers.SerializerMethodField()

    def get_asked_by(self, _row: Any) -> Any:
        return self.context["asked_by"]


class Sample(ReadSerializer[Any]):
    number = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    price = serializers.DecimalField(max_digits=6, decimal_places=2)
    on = serializers.DateField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=["a", "b"])
    yes = serializers.BooleanField()
    far = serializers.CharField(source="inner.deeper.word", allow_null=True)
    called = serializers.CharField(source="call")
    other = serializers.CharField(required=False)
    preset = serializers.CharField(default="-")
    gone = serializers.CharField(source="gone_row.word", allow_null=True)
    items = serializers.ListField(child=serializers.IntegerField())
    inner = Inner(allow_null=True)
    inners = Inner(many=True)
    itself = Inner(source="*")
    secret = serializers.CharField(write_only=True)


class Row(SimpleNamespace):
    def call(self) -> str:
        return "called"

    @property
    def gone_row(self) -> Any:
        raise ObjectDoesNotExist


FULL = {
    "word": "w",
    "number": "7",
    "share": 0.25,
    "price": Decimal("1.5"),
    "on": date(2013, 2, 1),
    "at": datetime(2013, 2, 1, 12, tzinfo=UTC),
    "kind": "a",
    "yes": 1,
    "items": ["1", 2],
    "inner": SimpleNamespace(word="x", deeper={"word": "deep"}),
    "inners": [SimpleNamespace(word="y"), {"word": "z"}],
    "secret": "s",
}


@pytest.mark.parametrize(
    "row",
    [
        Row(**FULL),
        Row(**FULL | {"share": None, "inner": None, "other": 3, "preset": "p", "kind": "unknown"}),
        FULL | {"call": "told", "gone_row": {"word": "there"}},
        FULL | {"call": "told", "gone_row": None, "inner": {"word": "x", "deeper": None}},
    ],
)
def test_odd_rows_are_read_as_rest_framework_reads_them(row: Any, monkeypatch: pytest.MonkeyPatch):
    def shown() -> tuple[bytes, bytes]:
        context = {"asked_by": "ana"}
        one, many = Sample(row, context=context), Sample([row, row], many=True, context=context)
        return JSONRenderer().render(one.data), JSONRenderer().render(many.data)

    quick = shown()
    monkeypatch.setattr(Reading, "to_representation", as_rest_framework_does)

    assert quick == shown()
    assert b'"asked_by":"ana"' in quick[0]


def test_a_row_without_a_shown_attribute_is_an_error_that_names_it():
    with pytest.raises(AttributeError, match="`number` on serializer `Sample`"):
        _ = Sample(Row(word="w"), context={}).data


def test_fields_of_the_class_stay_as_they_are_when_an_answer_leaves_some_out(claim: Claim, client: APIClient):
    before = client.get("/api/v1/claims/").content
    client.get("/api/v1/claims/?fields=id")

    assert client.get("/api/v1/claims/").content == before
