"""Gradings that documents print wait for an analyst, and are never grades by themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims.errors import IndependentOriginMissing
from claims.models import Claim, CredibilityAssessment
from exchange.errors import AlreadyDecided, ReasonNeeded
from exchange.looking import start_look
from exchange.models import Job, PrintedGrading
from exchange.services.printed import dismiss, gather, take_over
from exchange.tasks import run_job
from sources.models import ReliabilityAssessment
from tests.factories import ClaimFactory, CollectionFactory, SourceFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> Any:
    return UserFactory()


@pytest.fixture
def collection(analyst: Any) -> Any:
    return CollectionFactory(members=[analyst])


def graded(collection: Any, **fields: Any) -> Any:
    """A claim whose document prints a C of its source and a 3 of its content."""
    layer = TextLayerFactory(document__collection=collection, document__doc_number="104-1")
    return ClaimFactory(
        layer=layer,
        accepted=True,
        commitment={"printed_credibility": {"grade": "3", "words": "Appraisal of Content: 3"}},
        document_source__printed_reliability="C",
        document_source__printed_reliability_words="a fairly reliable source",
        reported_date=date(1962, 5, 22),
        **fields,
    )


def test_gradings_are_proposed_with_their_words_and_day_once(collection):
    claim = graded(collection)
    graded(CollectionFactory())
    ClaimFactory(layer=TextLayerFactory(document__collection=collection), accepted=True)

    assert (gather(collection), gather(collection)) == ((2, 2), (2, 0))

    told = PrintedGrading.objects.order_by("grade").values_list("grade", "words", "said_on", "source", "claim")
    assert list(told) == [
        ("3", "Appraisal of Content: 3", date(1962, 5, 22), None, claim.pk),
        ("C", "a fairly reliable source", date(1962, 5, 22), claim.source_id, claim.pk),
    ]
    assert not CredibilityAssessment.objects.exists()
    assert not ReliabilityAssessment.objects.exists()


def test_one_that_is_taken_over_becomes_a_judgement_that_says_where_it_is_printed(analyst, collection):
    claim = graded(collection)
    gather(collection)

    for row in PrintedGrading.objects.all():
        take_over(row, by=analyst, note="The handwriting is clear.")

    credibility, reliability = CredibilityAssessment.objects.get(), ReliabilityAssessment.objects.get()
    assert (credibility.claim, credibility.grade, credibility.by) == (claim, "3", analyst)
    assert credibility.basis == ("Printed in 104-1, 1962-05-22: “Appraisal of Content: 3”. The handwriting is clear.")
    assert (reliability.grade, reliability.is_grade) == ("C", False)
    with pytest.raises(AlreadyDecided):
        take_over(PrintedGrading.objects.first(), by=analyst)


def test_a_printed_1_has_to_be_earned_here_as_well(analyst, collection):
    claim = graded(collection)
    Claim.objects.filter(pk=claim.pk).update(commitment={"printed_credibility": {"grade": "1", "words": "1"}})
    gather(collection)

    with pytest.raises(IndependentOriginMissing):
        take_over(PrintedGrading.objects.get(source=None), by=analyst)

    assert PrintedGrading.objects.proposed().count() == 2


def test_one_that_is_dismissed_says_why_and_does_not_come_back(analyst, collection):
    graded(collection)
    gather(collection)
    row = PrintedGrading.objects.get(source=None)

    with pytest.raises(ReasonNeeded):
        dismiss(row, by=analyst, reason=" ")
    dismiss(row, by=analyst, reason="of another paragraph")

    assert gather(collection) == (1, 0)
    assert PrintedGrading.objects.get(pk=row.pk).reason == "of another paragraph"


def test_the_database_keeps_each_grade_on_its_scale(collection):
    claim = graded(collection)

    for wrong in ({"grade": "3", "source": SourceFactory()}, {"grade": "B"}):
        with pytest.raises(IntegrityError, match="printed_grading_on_its_scale"), transaction.atomic():
            PrintedGrading.objects.create(claim=claim, document=claim.layer.document, words="x", **wrong)


def test_the_page_lists_what_waits_and_takes_decisions(client, analyst, collection, django_assert_max_num_queries):
    graded(collection)
    graded(CollectionFactory())
    client.force_login(analyst)

    gather(collection)
    assert "a fairly reliable source" in client.get(reverse("import:gradings")).content.decode()

    row = PrintedGrading.objects.get(source=None)
    answer = client.post(reverse("import:decide", args=[row.pk]), {"dismiss": "", "words": ""}, follow=True)
    assert "Say why" in answer.content.decode()
    client.post(reverse("import:decide", args=[row.pk]), {"take": "", "words": ""})
    assert CredibilityAssessment.objects.count() == 1
    graded(collection)
    graded(collection)
    gather(collection)
    with django_assert_max_num_queries(20):
        client.get(reverse("import:gradings"))


def test_a_worker_looks_through_a_collection_and_the_page_says_how_far_it_is(client, analyst, collection):
    graded(collection)
    client.force_login(analyst)

    asked = client.post(reverse("import:look"), {"collection": collection.pk})

    job = Job.objects.get()
    assert asked.url == f"{reverse('import:gradings')}?job={job.pk}"
    assert not PrintedGrading.objects.exists()
    for address in (asked.url, reverse("import:gradings")):
        assert f'hx-get="{asked.url}" hx-trigger="load delay:1s"' in client.get(address).content.decode()
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.words) == ("done", 1, 1, "2 new printed gradings.")
    part = client.get(asked.url, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="look-job">')
    assert "2 new printed gradings." in part
    assert "2 new" not in client.get(reverse("import:gradings")).content.decode()


def test_a_look_is_refused_for_who_left_the_collection_or_has_too_many_jobs(client, analyst, collection, settings):
    graded(collection)
    job = start_look(collection, by=analyst)
    settings.JOBS_PER_USER = 1
    client.force_login(analyst)
    page = client.post(reverse("import:look"), {"collection": collection.pk}, follow=True).content.decode()
    assert "You have 1 jobs that are not done." in page

    collection.members.clear()
    run_job(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error_code) == ("failed", "job_failed")
    assert not PrintedGrading.objects.exists()


def test_the_page_is_closed_to_readers_and_other_collections(client, collection):
    graded(collection)
    gather(collection)
    address = reverse("import:decide", args=[PrintedGrading.objects.earliest("pk").pk])
    client.force_login(UserFactory(groups=["viewer"]))
    assert client.get(reverse("import:gradings")).status_code == 403
    client.force_login(UserFactory())
    assert "Nothing waits" in client.get(reverse("import:gradings")).content.decode()
    assert client.post(address, {"take": ""}).status_code == 404
    assert client.post(reverse("import:look"), {"collection": collection.pk}).status_code == 404
    job = start_look(collection, by=UserFactory())
    assert "look-job" not in client.get(f"{reverse('import:gradings')}?job={job.pk}").content.decode()
