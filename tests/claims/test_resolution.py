"""Proposals for who somebody in a document is, out of the sources a reader may see."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from claims.models import Claim, DocumentSource
from claims.resolution import source_proposals
from claims.services import accept
from claims.services.identity import merge
from documents.models import Collection
from sources.models import Source, SourceAlias
from sources.naming import sound
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def collection(ana: User) -> Collection:
    return CollectionFactory(members=[ana])


def heard(collection: Collection, words: str, kind: str = "named_person", **document: object) -> Claim:
    return ClaimFactory(
        layer__document__collection=collection,
        document_source__canonical=words,
        document_source__kind=kind,
        **{f"layer__document__{name}": value for name, value in document.items()},
    )


def known(collection: Collection, words: str, by: User, kind: str = "named_person", **document: object) -> Source:
    claim = heard(collection, words, kind, **document)
    accept(claim, by=by)
    claim.refresh_from_db()
    return claim.source


def test_another_spelling_of_a_name_is_proposed_with_the_reason(ana: User, collection: Collection):
    gadhafi = known(collection, "Colonel Moammar Gadhafi", ana)
    known(collection, "Ali Zidan", ana)

    found = source_proposals(heard(collection, "Muammar Qaddafi").document_source, user=ana)

    assert [(proposal.source, proposal.score > 0.5) for proposal in found] == [(gadhafi, True)]
    assert found[0].reasons == ("the same name, spelt differently: Muammar Qaddafi / Colonel Moammar Gadhafi",)


def test_nothing_is_tied_by_itself(ana: User, collection: Collection):
    known(collection, "Muammar Qaddafi", ana)
    claim = heard(collection, "Muammar Qaddafi")

    source_proposals(claim.document_source, user=ana)

    assert DocumentSource.objects.get(pk=claim.document_source_id).source is None


def test_role_affiliation_author_and_company_are_found_and_told(ana: User, collection: Collection):
    zidan = known(collection, "Ali Zidan", ana)
    words = "a source with access to the highest levels of the Algerian Army"
    day = {"author": "Sidney Blumenthal", "document_date": date(2013, 1, 18)}
    army = known(collection, words, ana, "unnamed_person", **day)
    run = army.document_sources.get().run
    DocumentSource.objects.create(
        run=run, label="beside", canonical="Zidan", kind="named_person", anonymous=False, source=zidan
    )
    claim = heard(
        collection,
        "source with direct access to the leadership of the Algerian Army",
        "unnamed_person",
        author="Blumenthal, Sidney",
        document_date=date(2013, 1, 28),
    )
    DocumentSource.objects.create(
        run=claim.run, label="beside", canonical="Zidan", kind="named_person", anonymous=False, source=zidan
    )

    found = source_proposals(claim.document_source, user=ana)

    assert [proposal.source for proposal in found] == [army]
    assert found[0].reasons == (
        "the same affiliation: Algerian Army",
        "reported by the same author, 10 days apart",
        "the same access: its leadership",
        "heard beside 1 of the same source",
    )


def test_the_source_that_stands_is_proposed_for_what_was_merged_into_it(ana: User, collection: Collection):
    gadhafi, qaddafi = known(collection, "Moammar Gadhafi", ana), known(collection, "the Libyan leader", ana)
    merge(gadhafi, qaddafi, by=ana, reason="the same")

    found = source_proposals(heard(collection, "Muammar Qaddafi").document_source, user=ana)

    assert [proposal.source for proposal in found] == [qaddafi]


def test_what_a_reader_may_not_see_is_neither_proposed_nor_used(ana: User, collection: Collection):
    other = CollectionFactory()
    known(other, "Muammar Qaddafi", ana)
    both = known(other, "Moammar Gadhafi", ana)
    ClaimFactory(accepted=True, source=both, layer__document__collection=collection)
    claim = heard(collection, "Muammar Qaddafi")

    assert source_proposals(claim.document_source, user=ana) == []
    assert len(source_proposals(claim.document_source, user=UserFactory(groups=["admin"]))) == 2


def test_the_number_of_queries_does_not_grow(
    ana: User, collection: Collection, django_assert_num_queries: DjangoAssertNumQueries
):
    claim = heard(collection, "a source close to the Algerian Army", "unnamed_person")
    for more in (1, 2):
        for number in range(more):
            known(collection, f"an officer {'x' * number} of the Algerian Army", ana, "unnamed_person")
        reader = User.objects.get(pk=ana.pk)
        with django_assert_num_queries(20):
            source_proposals(claim.document_source, user=reader)


def test_the_database_folds_wordings_as_we_do():
    names = [
        "Qaddafi",
        "al-Qadhafi",
        "Mu'ammar",
        "Abdelaziz Bouteflika",
        "Schröder",
        "Khrushchev",
        "Viktor Tchernomyrdine",
    ]
    source = SourceFactory()
    for name in names:
        SourceAlias.objects.create(source=source, wording=name)

    with connection.cursor() as cursor:
        cursor.execute("SELECT wording, sounds::text FROM sources_sourcealias")
        folded = dict(cursor.fetchall())

    assert folded["al-Qadhafi"] == "'kdf':3 'l':2 'l-kdf':1"
    for name in names:
        last = name.lower().replace("ö", "o").split()[-1].removeprefix("al-")
        assert f"'{sound(last)}'" in folded[name]
