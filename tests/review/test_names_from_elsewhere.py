"""A source that also speaks in a collection which the reader may not see is called by no name from there."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from claims.models import Claim, SecondReview
from claims.services import accept, edit, reject
from documents.models import Collection
from sources.models import Source
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, UserFactory

NAME = "Colonel Haddad, who meets us on Fridays"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def analyst(db: None) -> User:
    return UserFactory(groups=["reviewer"])


@pytest.fixture
def known() -> Source:
    """Named from a claim in a collection of others."""
    source = SourceFactory(descriptor=NAME)
    ClaimFactory(layer__document__collection=CollectionFactory(), accepted=True, source=source)
    return source


@pytest.fixture
def candidate(analyst: User, collection: Collection, known: Source) -> Claim:
    """Said by it, as an analyst has found."""
    claim = ClaimFactory(layer__document__collection=collection, score=0.95)
    edit(claim, by=analyst, source=known)
    claim.refresh_from_db()
    return claim


@pytest.fixture
def disputed(collection: Collection, known: Source) -> Claim:
    """One analyst ascribed it to that source, the other has rejected it."""
    first, second = UserFactory(), UserFactory()
    collection.members.add(first, second)
    Collection.objects.filter(pk=collection.pk).update(second_review_share=1.0)
    claim = ClaimFactory(layer__document__collection=collection)
    edit(claim, by=first, source=known)
    accept(Claim.objects.get(pk=claim.pk), by=first)
    reject(Claim.objects.get(pk=claim.pk), by=second, reason="Wrong source")
    assert SecondReview.objects.get(claim=claim).state == "differs"
    return claim


def test_on_the_page_of_a_claim(browser_of_analyst: Client, candidate: Claim):
    html = browser_of_analyst.get(reverse("review:claim", args=[candidate.pk])).content.decode()

    assert NAME not in html
    assert f"Counts for <strong>{candidate.document_source.canonical}</strong>" in html


def test_where_the_document_names_it_before_the_claim_does(browser_of_analyst: Client, candidate: Claim, known: Source):
    found = candidate.document_source
    found.source = known
    found.save(update_fields=["source"])
    words = ("A source", "stated", "talks")
    beside = ClaimFactory(layer=candidate.layer, run=candidate.run, document_source=found, words=words)

    html = browser_of_analyst.get(reverse("review:claim", args=[beside.pk])).content.decode()

    assert NAME not in html
    assert f"Counts for <strong>{found.canonical}</strong>" in html


def test_by_its_sanitised_name_where_it_has_one(browser_of_analyst: Client, candidate: Claim, known: Source):
    Source.objects.filter(pk=known.pk).update(sanitised_name="an officer")

    html = browser_of_analyst.get(reverse("review:claim", args=[candidate.pk])).content.decode()

    assert "Counts for <strong>an officer</strong>" in html


def test_by_its_name_where_it_speaks_nowhere_else(browser_of_analyst: Client, candidate: Claim, known: Source):
    Collection.objects.exclude(pk=candidate.collection_id).get().members.add(*candidate.collection.members.all())

    html = browser_of_analyst.get(reverse("review:claim", args=[candidate.pk])).content.decode()

    assert f"Counts for <strong>{NAME}</strong>" in html


def test_in_a_correction_that_is_refused(browser_of_analyst: Client, candidate: Claim, known: Source):
    stale = {"expected_version": "99", "who": f"known:{known.pk}"}

    answer = browser_of_analyst.post(reverse("review:edit", args=[candidate.pk]), stale, headers=HTMX)

    assert answer.status_code == 409
    assert NAME not in answer.content.decode()


def test_among_many_that_are_decided_at_once(browser_of_analyst: Client, candidate: Claim):
    html = browser_of_analyst.get(reverse("review:bulk")).content.decode()

    assert f'value="{candidate.pk}:{candidate.version}"' in html
    assert NAME not in html


def test_between_two_opinions(browser_of_analyst: Client, disputed: Claim):
    html = browser_of_analyst.get(reverse("opinions:adjudication", args=[disputed.pk])).content.decode()

    assert "Who said it" in html
    assert NAME not in html
