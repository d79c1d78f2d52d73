"""The pages of sources: the list, one source, describing and grading it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from claims.models import Outcome
from claims.records import record_of
from claims.services import withdraw_verdict
from claims.services.identity import merge
from claims.services.records import refresh
from documents.models import Collection
from review.sources.record import record_view
from sources.models import Source, SourceKind
from tests.factories import CollectionFactory, SourceFactory, UserFactory
from tests.review.demo import company_of, graded, source_with_a_record, told_by, verdict_on


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def reviewer(collection: Collection) -> User:
    user = UserFactory(groups=["reviewer"], username="rev", first_name="Rafael", last_name="Ortiz")
    collection.members.add(user)
    return user


@pytest.fixture
def source(analyst: User, reviewer: User, collection: Collection, today: date) -> Source:
    made = source_with_a_record(collection, analyst=analyst, reviewer=reviewer, today=today)
    company_of(made, collection, today=today)
    refresh(Source.objects.values_list("pk", flat=True))
    return made


def speaking(collection: Collection, name: str, **given: object) -> Source:
    made = SourceFactory(descriptor=name, **given)
    told_by(made, collection, name, "the talks were broken off", on=date(2024, 3, 1))
    refresh([made.pk])
    return made


def get(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def page(client: Client, source: Source, **query: object) -> str:
    return get(client, "sources:source", source.pk, **query)


def listed(client: Client, **query: object) -> list[str]:
    response = client.get(reverse("sources:list"), query)
    return [row.source.descriptor for row in response.context["page"].rows]


# --- The list ---


def test_the_list_narrows_by_each_filter(
    browser_of_analyst: Client, reviewer: User, collection: Collection, today: date
):
    attache = speaking(collection, "Military attaché", kind=SourceKind.UNNAMED_PERSON)
    union = speaking(collection, "Harbour Union", kind=SourceKind.ORGANISATION, anonymous=False)
    graded(attache, "A", "Long history.", by=reviewer, on=today, is_grade=True)
    claim = union.claims.get()
    verdict_on(claim.proposition, Outcome.TRUE, on=today, by=reviewer)
    refresh([attache.pk, union.pk])

    def only(**query: object) -> list[str]:
        return listed(browser_of_analyst, **query)

    assert set(only()) == {"Military attaché", "Harbour Union"}
    assert only(words="milit") == ["Military attaché"]
    assert only(words="harbour talks") == []
    assert only(kind="organisation") == ["Harbour Union"]
    assert only(naming="unnamed") == ["Military attaché"]
    assert only(grade="A") == ["Military attaché"]
    assert only(grade="never") == ["Harbour Union"]
    assert only(record="yes") == ["Harbour Union"]
    assert only(record="no") == ["Military attaché"]
    assert only(suggestion="B") == []
    assert only(collection=CollectionFactory().pk) == []
    assert set(only(collection=collection.pk)) == {"Military attaché", "Harbour Union"}
    assert only(kind="no such kind") == []
    assert only(after="nonsense") == []


def test_a_divergent_source_is_flagged_first_when_asked_for_with_the_reason(
    browser_of_analyst: Client, reviewer: User, analyst: User, collection: Collection, today: date
):
    wrong = speaking(collection, "Wrong thrice", anonymous=True)
    for number in range(6):
        claim = told_by(wrong, collection, "Wrong thrice", f"thing {number} is so", on=today)
        verdict_on(claim.proposition, Outcome.FALSE, on=today, by=analyst)
    graded(wrong, "A", "Trusted by all.", by=reviewer, on=today, is_grade=True)
    quiet = speaking(collection, "Quiet one")
    refresh([wrong.pk, quiet.pk])

    html = get(browser_of_analyst, "sources:list", order="divergence")

    assert listed(browser_of_analyst, order="divergence") == ["Wrong thrice", "Quiet one"]
    assert listed(browser_of_analyst, diverges="1") == ["Wrong thrice"]
    assert "Grade A lies outside the record" in html


def test_pages_of_the_list_follow_each_other_without_gap_or_repetition(
    browser_of_analyst: Client, collection: Collection, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("review.sources.listing.PAGE_SIZE", 2)
    names = {speaking(collection, f"Source {number}").descriptor for number in range(5)}

    seen: list[str] = []
    for order in ("activity", "divergence"):
        query: dict[str, str] = {"order": order}
        seen = []
        while True:
            rows = browser_of_analyst.get(reverse("sources:list"), query).context["page"]
            seen += [row.source.descriptor for row in rows.rows]
            if not rows.next_after:
                break
            query["after"] = rows.next_after
        assert len(seen) == len(names)
        assert set(seen) == names


def covered(client: Client, **query: object) -> dict[str, bool]:
    response = client.get(reverse("sources:list"), query)
    return {row.source.descriptor: row.covered for row in response.context["page"].rows}


def test_the_list_covers_letters_too_until_the_analyst_has_graded(
    browser_of_analyst: Client, analyst: User, reviewer: User, collection: Collection, today: date, settings
):
    graded(speaking(collection, "Judged by another"), "C", "I know him.", by=reviewer, on=today, is_grade=True)
    graded(speaking(collection, "Judged by me"), "B", "I know her.", by=analyst, on=today, is_grade=False)
    known_as = speaking(collection, "Another name")
    graded(known_as, "B", "I know it.", by=analyst, on=today, is_grade=False)
    merge(known_as, speaking(collection, "Judged as another"), by=reviewer, reason="one firm")

    before, html = covered(browser_of_analyst), get(browser_of_analyst, "sources:list")
    assert before == {"Judged by another": True, "Judged by me": False, "Judged as another": False}
    assert html.count("covered until you have graded it") == 1
    assert not any(covered(browser_of_analyst, uncover="1").values())
    settings.HEARSAY_HIDE_SUGGESTION = False
    assert not any(covered(browser_of_analyst).values())


def test_who_may_not_grade_sees_every_letter_in_the_list(client: Client, collection: Collection):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)
    speaking(collection, "Somebody")

    assert covered(client) == {"Somebody": False}


def test_a_covered_letter_is_not_told_by_the_words_beside_the_bar(
    browser_of_analyst: Client, source: Source, analyst: User, today: date
):
    shown = get(browser_of_analyst, "sources:list", uncover="1")
    hidden = get(browser_of_analyst, "sources:list")

    words = record_view(source).now.words
    assert words in shown
    assert words not in hidden
    assert words.rpartition("; ")[0] in hidden


def test_the_list_takes_the_same_queries_for_one_and_three_sources(
    browser_of_analyst: Client, collection: Collection, django_assert_num_queries
):
    speaking(collection, "Source 1")
    with django_assert_num_queries(8):
        assert len(listed(browser_of_analyst)) == 1
    speaking(collection, "Source 2")
    speaking(collection, "Source 3")
    with django_assert_num_queries(8):
        assert len(listed(browser_of_analyst)) == 3


def test_sources_of_other_collections_are_neither_listed_nor_shown(browser_of_analyst: Client, collection: Collection):
    hidden = speaking(CollectionFactory(), "Of another collection")

    assert listed(browser_of_analyst) == []
    assert browser_of_analyst.get(reverse("sources:source", args=[hidden.pk])).status_code == 404


def test_a_source_heard_elsewhere_is_shown_by_its_sanitised_name(browser_of_analyst: Client, collection: Collection):
    both = SourceFactory(
        descriptor="Deputy head of the service", sanitised_name="An official", placement="In the service"
    )
    told_by(both, collection, "A man in the know", "the talks were broken off", on=date(2024, 3, 1))
    told_by(both, CollectionFactory(), "The deputy head", "something else was so", on=date(2024, 1, 1))
    refresh([both.pk])

    html = page(browser_of_analyst, both) + get(browser_of_analyst, "sources:list")

    assert "An official" in html
    assert "Deputy head" not in html
    assert "In the service" not in html


def test_somebody_in_no_collection_is_told_what_to_do(client: Client, db: None):
    client.force_login(UserFactory())

    assert "You are not in a collection yet" in get(client, "sources:list")


def test_somebody_without_a_role_is_told_what_to_ask_for(client: Client, db: None):
    client.force_login(UserFactory(groups=[]))

    response = client.get(reverse("sources:list"))

    assert response.status_code == 403
    assert "the role “viewer”" in response.content.decode()


# --- The page of one source ---


def test_the_page_tells_the_record_in_words_and_as_a_picture(browser_of_analyst: Client, source: Source):
    html = page(browser_of_analyst, source, suggestion="shown")

    assert "15 of 21 verdicts confirmed, 2 partly" in html
    assert html.count('<svg class="chart record') == 2
    assert "Grades given: F" in html
    assert " style=" not in html
    assert "<style" not in html


def test_the_picture_marks_each_verdict_that_counts_and_each_grade(browser_of_analyst: Client, source: Source):
    response = browser_of_analyst.get(reverse("sources:source", args=[source.pk]))
    [wide, _narrow] = response.context["charts"]

    assert sorted(mark.outcome for mark in wide.marks) == ["false"] * 4 + ["partly"] * 2 + ["true"] * 15
    assert [grade.letter for grade in wide.grades] == ["F", "C", "B"]


def test_the_suggestion_is_covered_until_the_analyst_has_graded(
    browser_of_analyst: Client, source: Source, analyst: User, today: date
):
    covered = page(browser_of_analyst, source)
    shown = page(browser_of_analyst, source, suggestion="shown")
    graded(source, "B", "My own view.", by=analyst, on=today, is_grade=False)
    afterwards = page(browser_of_analyst, source)

    assert "The suggested letter is covered" in covered
    assert "Suggested by its verdicts:" not in covered
    assert "Suggested by its verdicts:" in shown
    assert "Suggested by its verdicts:" in afterwards


def test_the_covering_can_be_switched_off(browser_of_analyst: Client, source: Source, settings):
    settings.HEARSAY_HIDE_SUGGESTION = False

    assert "The suggested letter is covered" not in page(browser_of_analyst, source)
    assert "Its verdicts suggest:" in get(browser_of_analyst, "sources:grade", source.pk)


def test_an_earlier_day_shows_the_record_of_that_day(browser_of_analyst: Client, source: Source, today: date):
    html = page(browser_of_analyst, source, as_of=(today - timedelta(days=1500)).isoformat())

    assert "5 of 7 verdicts confirmed, 1 partly" in html


def test_as_shown_that_day_knows_no_verdict_recorded_later(browser_of_analyst: Client, source: Source, today: date):
    past = (today - timedelta(days=1)).isoformat()

    assert "no verdict yet" in page(browser_of_analyst, source, as_of=past, known_then="1")


def test_a_topic_shows_the_record_on_that_topic_alone(browser_of_analyst: Client, source: Source):
    html = page(browser_of_analyst, source, topic="Army")

    assert "6 of 6 verdicts confirmed" in html


def test_a_withdrawn_verdict_leaves_no_mark(browser_of_analyst: Client, source: Source, analyst: User):
    claim = source.claims.order_by("pk").first()
    assert claim is not None
    assert claim.proposition is not None
    withdraw_verdict(claim.proposition.verdicts.get(), by=analyst, reason="Mistaken.")

    assert "14 of 20 verdicts confirmed" in page(browser_of_analyst, source, suggestion="shown")


def test_claims_are_grouped_by_how_they_turned_out(browser_of_analyst: Client, source: Source):
    url = reverse("sources:source", args=[source.pk])

    groups = browser_of_analyst.get(url).context["page"].groups
    refuted = browser_of_analyst.get(url, {"turned_out": "false"}).context["page"]

    counts = {group.key: group.count for group in groups}
    assert counts == {"": 24, "true": 15, "partly": 2, "false": 4, "unverifiable": 1, "open": 2}
    assert {claim.proposition.verdict.outcome for claim in refuted.claims} == {"false"}


def test_claims_come_in_pages(browser_of_analyst: Client, source: Source):
    url = reverse("sources:source", args=[source.pk])

    first = browser_of_analyst.get(url).context["page"]
    second = browser_of_analyst.get(url, {"before": first.older}).context["page"]

    assert (len(first.claims), len(second.claims)) == (20, 4)
    assert second.older is None
    assert not {claim.pk for claim in first.claims} & {claim.pk for claim in second.claims}


def test_htmx_gets_only_the_part_it_asks_for(browser_of_analyst: Client, source: Source):
    url = reverse("sources:source", args=[source.pk])

    response = browser_of_analyst.get(url, headers={"HX-Request": "true", "HX-Target": "claims"})

    assert response.content.decode().strip().startswith('<section id="claims"')


def test_the_page_takes_the_same_queries_for_one_and_many_claims(
    browser_of_analyst: Client, source: Source, collection: Collection
):
    lone = speaking(collection, "Lone source")
    with CaptureQueriesContext(connection) as one:
        page(browser_of_analyst, lone)
    for number in range(3):
        told_by(lone, collection, "Lone source", f"thing {number} is so", on=date(2024, 1, 1))
    with CaptureQueriesContext(connection) as four:
        page(browser_of_analyst, lone)
    with CaptureQueriesContext(connection) as many:
        page(browser_of_analyst, source)

    assert len(four) == len(one)
    assert len(many) <= 50


def test_other_opinions_stand_beside_the_grade(browser_of_analyst: Client, source: Source, analyst: User, today: date):
    graded(source, "D", "Wrong on everything I could check.", by=analyst, on=today, is_grade=False)

    html = page(browser_of_analyst, source)

    assert "Others see it differently" in html
    assert "Wrong on everything I could check." in html


def test_company_and_names_are_told(browser_of_analyst: Client, source: Source):
    html = page(browser_of_analyst, source)

    assert "Spokesman of the Harbour Union" in html
    assert "Valletta" in html


# --- Describing and grading ---


def test_a_description_is_changed_once_and_a_stale_form_is_refused(browser_of_analyst: Client, source: Source):
    url = reverse("sources:describe", args=[source.pk])
    form = browser_of_analyst.get(url).context["form"]
    values = {name: form.initial[name] for name in form.fields} | {"tag": source.description_tag}

    changed = browser_of_analyst.post(url, values | {"expertise": "Ports"})
    stale = browser_of_analyst.post(url, values | {"expertise": "Ships"})

    source.refresh_from_db()
    assert changed.status_code == 302
    assert stale.status_code == 422
    assert source.expertise == "Ports"


def test_grading_asks_for_the_letter_before_it_tells_the_suggestion(browser_of_analyst: Client, source: Source):
    first = get(browser_of_analyst, "sources:grade", source.pk)
    second = browser_of_analyst.post(reverse("sources:grade_reasons", args=[source.pk]), {"grade": "B"})

    assert "verdicts confirmed" not in first
    assert "80 % interval" not in first
    assert "15 of 21 verdicts confirmed" in second.content.decode()


def test_grading_without_a_letter_is_refused(browser_of_analyst: Client, source: Source):
    response = browser_of_analyst.post(reverse("sources:grade_reasons", args=[source.pk]), {})

    assert response.status_code == 422
    assert "Choose a letter first." in response.content.decode()


def test_a_grade_is_recorded_with_its_basis_and_the_suggestion_of_the_day(
    client: Client, source: Source, reviewer: User
):
    client.force_login(reviewer)

    client.post(
        reverse("sources:grade_record", args=[source.pk]),
        {"grade": "B", "basis": "Held in most cases.", "review_by": "2027-06-01"},
    )

    row = source.reliability_assessments.newest_first()[0]
    assert (row.grade, row.basis, row.is_grade, row.by, str(row.review_by)) == (
        "B",
        "Held in most cases.",
        True,
        reviewer,
        "2027-06-01",
    )
    assert row.suggestion == "B"


@pytest.mark.parametrize(
    ("entered", "says"),
    [({"grade": "B", "basis": " "}, "rests on"), ({"grade": "E", "basis": "A feeling."}, "depart")],
)
def test_a_grade_without_a_basis_or_a_departure_without_a_reason_is_refused_and_kept_in_the_form(
    browser_of_analyst: Client, source: Source, entered: dict[str, str], says: str
):
    before = source.reliability_assessments.count()

    response = browser_of_analyst.post(reverse("sources:grade_record", args=[source.pk]), entered)

    html = response.content.decode()
    assert response.status_code == 422
    assert source.reliability_assessments.count() == before
    assert says in html
    assert entered["basis"].strip() in html


@pytest.mark.parametrize("name", ["sources:grade", "sources:merge", "sources:split", "sources:describe"])
def test_viewers_read_but_do_not_grade_merge_split_or_describe(
    client: Client, collection: Collection, source: Source, name: str
):
    viewer = UserFactory(groups=["viewer"])
    collection.members.add(viewer)
    client.force_login(viewer)

    refused = client.get(reverse(name, args=[source.pk]))

    assert refused.status_code == 403
    assert "Ask an administrator" in refused.content.decode()
    assert "Grade this source" not in page(client, source)


def test_the_page_shows_the_figures_of_the_services_to_the_last_bit(source: Source, today: date):
    for as_of in (None, today - timedelta(days=400), today - timedelta(days=5000)):
        for known_on in (None, today - timedelta(days=1)):
            for topic in ("", "Army"):
                asked = {"as_of": as_of, "known_on": known_on, "topic": topic}
                view, record = record_view(source, **asked), record_of(source, **asked)
                assert (view.now.record, view.now.on) == (record.record, record.as_of), asked
                assert (view.prior, view.unverifiable) == (record.prior, record.unverifiable), asked
