"""A query that is compiled once loads what the queryset would."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db.models import Model, QuerySet
from django.db.models.signals import post_init

from accounts.api.shapes import Shape
from accounts.kept import AskedWhileCompiling, KeptQueries, KeptQuery, OneOf, given
from accounts.models import User
from claims.api.shapes import shaped_claims
from claims.models import Claim
from documents.models import Collection
from sources.models import Source
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db


def loaded(row: Model) -> dict[str, Any]:
    """All that is in memory of a row, and of the rows joined to it."""
    own = {name: value for name, value in vars(row).items() if name not in ("_state", "_prefetched_objects_cache")}
    joined = {name: other and loaded(other) for name, other in row._state.fields_cache.items()}
    return {"model": type(row), "adding": row._state.adding, "db": row._state.db, **own, **joined}


def test_it_loads_field_by_field_what_django_loads():
    user, collection = UserFactory(groups=["analyst"]), CollectionFactory()
    collection.members.add(user)
    for state in ({}, {"accepted": True}, {"document_source": None, "run": None}):
        ClaimFactory(layer__document__collection=collection, **state)
    rows = shaped_claims(Claim.objects.seen_by(user), Shape(), user)

    kept = KeptQuery(rows.filter(OneOf("pk", "ids")))
    found = kept.ask(ids=[row.pk for row in rows])

    assert len(found) == 3
    assert [loaded(row) for row in found] == [loaded(row) for row in rows]
    assert [list(row.chain.all()) for row in found] == [list(row.chain.all()) for row in rows]


def test_what_rows_refer_to_together_is_loaded_as_one():
    layer = TextLayerFactory()
    claims = [ClaimFactory(layer=layer, run=None, document_source=None, fingerprint=str(n)) for n in range(2)]

    rows = KeptQuery(Claim.objects.select_related("layer__document").filter(OneOf("pk", "ids")))
    first, second = rows.ask(ids=[claim.pk for claim in claims])

    assert first.layer.document is second.layer.document
    assert first.layer.document == layer.document


def test_it_is_asked_again_with_other_values():
    kept = KeptQuery(Collection.objects.filter(name=given("name")))
    first, second = CollectionFactory(name="First"), CollectionFactory(name="Second")

    assert kept.ask(name="First") == [first]
    assert kept.ask(name="Second") == [second]
    assert kept.ask(name="Third") == []


def test_what_it_loaded_is_changed_and_stored_like_any_row():
    CollectionFactory(name="First")
    (row,) = KeptQuery(Collection.objects.filter(name=given("name"))).ask(name="First")

    row.marking = "SECRET"
    row.save()

    assert Collection.objects.get(name="First").marking == "SECRET"


def test_what_it_left_out_is_loaded_when_it_is_needed():
    source = ClaimFactory(accepted=True).source

    (row,) = KeptQuery(Source.objects.only("kind").filter(pk=given("id"))).ask(id=source.pk)

    assert row.get_deferred_fields() >= {"descriptor"}
    assert row.descriptor == source.descriptor


def test_a_model_that_wants_its_constructor_is_refused():
    def hear(**_said: object) -> None: ...

    post_init.connect(hear, sender=User)
    try:
        with pytest.raises(TypeError, match="User wants to be made by its constructor"):
            KeptQuery(User.objects.all())
    finally:
        post_init.disconnect(hear, sender=User)


def test_what_is_kept_is_made_once_for_what_went_into_it_and_the_oldest_is_forgotten():
    queries, made = KeptQueries(2), []

    def collections_from(first: int) -> QuerySet[Collection]:
        made.append(first)
        return Collection.objects.filter(pk__gte=first)

    for first in (1, 1, 2, 1, 3, 1, 2):
        queries.get(first, partial(collections_from, first))

    assert made == [1, 2, 3, 2]


def test_what_the_database_says_now_goes_into_no_query_that_is_kept():
    with pytest.raises(AskedWhileCompiling):
        KeptQueries(2).get("all", lambda: Collection.objects.filter(pk__in=list(Collection.objects.values_list("pk"))))
