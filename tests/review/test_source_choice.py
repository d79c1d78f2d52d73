"""What the source chooser offers before anything is typed, and to whom."""

from __future__ import annotations

import pytest

from accounts.models import User
from claims.models import Claim
from claims.services import accept
from claims.services.identity import merge
from documents.models import Collection
from review.source_choice import options
from sources.models import Source
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def collection(ana: User) -> Collection:
    return CollectionFactory(members=[ana])


def heard(collection: Collection, words: str) -> Claim:
    return ClaimFactory(
        layer__document__collection=collection,
        document_source__canonical=words,
        document_source__kind="named_person",
    )


def known(collection: Collection, words: str, by: User) -> Source:
    claim = heard(collection, words)
    accept(claim, by=by)
    claim.refresh_from_db()
    return claim.source


def offered(claim: Claim, words: str, user: User) -> dict[str, list[tuple[str, str]]]:
    return {
        group.name: [(option.label, option.note) for option in group.options] for group in options(claim, words, user)
    }


def test_who_it_may_be_comes_first_with_the_reason_until_something_is_typed(ana: User, collection: Collection):
    known(collection, "Moammar Gadhafi", ana)
    known(collection, "Ali Zidan", ana)
    claim = heard(collection, "Muammar Qaddafi")

    untyped, typed = offered(claim, "", ana), offered(claim, "zid", ana)

    assert untyped["Perhaps"] == [
        ("Moammar Gadhafi", "the same name, spelt differently: Muammar Qaddafi / Moammar Gadhafi")
    ]
    assert list(untyped) == ["In this document", "Perhaps", "Known sources"]
    assert list(typed) == ["Known sources", "Somebody else"]


def test_an_absorbed_name_finds_the_source_that_stands(ana: User, collection: Collection):
    gadhafi, leader = known(collection, "Moammar Gadhafi", ana), known(collection, "Brother Leader", ana)
    merge(gadhafi, leader, by=ana, reason="the same")

    found = offered(heard(collection, "somebody"), "gadh", ana)["Known sources"]

    assert found == [("Brother Leader", "Named person")]


def test_names_from_elsewhere_are_neither_shown_nor_found(ana: User, collection: Collection):
    source = SourceFactory(descriptor="Colonel X of the guard", sanitised_name="An officer")
    for place in (collection, CollectionFactory()):
        ClaimFactory(accepted=True, source=source, layer__document__collection=place)
    claim = heard(collection, "somebody")

    assert offered(claim, "", ana)["Known sources"] == [("An officer", "Unnamed person")]
    assert "Known sources" not in offered(claim, "colonel", ana)
