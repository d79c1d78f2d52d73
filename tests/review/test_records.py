"""The records pages (Django's admin): everything opens, other collections stay hidden, services do the changing."""

from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import create_key
from claims.errors import (
    IndependentOriginMissing,
    PropositionAlreadySettled,
    QuestionAlreadyAnswered,
    VerdictOfTheFuture,
)
from claims.models import Claim, ClaimLink, CredibilityAssessment, PropositionLink, Question, Verdict
from claims.services import accept, assess_credibility, settle
from documents.models import Document, DocumentState
from sources.models import ReliabilityAssessment, Source
from sources.services import assess_reliability
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DispatchFactory,
    DocumentFactory,
    SourceFactory,
    UserFactory,
)

OURS = ("accounts", "documents", "sources", "claims")
MODELS = [model for model in admin.site._registry if model._meta.app_label in OURS]


@pytest.fixture
def keeper(db: None) -> User:
    """Keeps the records: an administrator, but no superuser."""
    return UserFactory(groups=["admin"], is_staff=True)


@pytest.fixture
def records(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


@pytest.fixture
def clerk(client: Client, db: None) -> User:
    """Staff, and member of one collection only."""
    user = UserFactory(groups=["analyst"], is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def accepted(keeper: User) -> Claim:
    """A claim with everything that hangs on one."""
    claim = ClaimFactory()
    DispatchFactory(document=claim.layer.document)
    accept(claim, by=keeper)
    claim.refresh_from_db()
    assess_credibility(claim, grade="2", basis="Two cables.", by=keeper)
    assess_reliability(claim.source, grade="B", basis="Right so far.", by=keeper)
    settle(claim.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="A later cable.", by=keeper)
    create_key(keeper, name="notebook", scopes=["read"])
    return claim


@pytest.fixture
def linked(accepted: Claim, keeper: User) -> Claim:
    """A claim that repeats it, and a proposition that says the same."""
    other = ClaimFactory()
    accept(other, by=keeper)
    other.refresh_from_db()
    ClaimLink.objects.create(claim=other, origin=accepted, kind="relays", rule="declared")
    PropositionLink.objects.create(
        proposition=accepted.proposition, other=other.proposition, kind="corroborates", rule="similarity"
    )
    return other


def listed(client: Client, model: type) -> set:
    response = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    assert response.status_code == 200
    return set(response.context["cl"].result_list)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_and_every_record_opens(records: Client, linked: Claim, model: type):
    rows = listed(records, model)

    assert rows
    for row in rows:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        assert records.get(address).status_code == 200


@pytest.mark.parametrize("model", [m for m in MODELS if m._meta.app_label in ("documents", "claims", "sources")])
def test_staff_see_nothing_of_collections_they_are_no_members_of(
    client: Client, clerk: User, accepted: Claim, model: type
):
    clerk.user_permissions.set([])

    response = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))

    assert response.status_code == 200
    assert list(response.context["cl"].result_list) == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_claims_takes_the_same_queries_for_any_number(
    records: Client, django_assert_num_queries, number: int
):
    for _ in range(number):
        ClaimFactory()

    with django_assert_num_queries(6):
        listed(records, Claim)


def test_search_uses_the_words_of_the_text_index(records: Client, accepted: Claim):
    ClaimFactory(words=("A source close to the cabinet", "stated", "have failed"))

    response = records.get(reverse("admin:claims_claim_changelist"), {"q": "talk"})

    assert list(response.context["cl"].result_list) == [accepted]


def test_failed_documents_are_tried_again_and_each_refusal_is_reported(
    records: Client, django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
):
    rung: list[int] = []
    monkeypatch.setattr("ingest.intake.ring", rung.append)
    failed = DocumentFactory(state=DocumentState.FAILED, failure_reason="It is a picture.")
    ready = DocumentFactory(name="ready.txt")
    chosen = {"action": "try_again", "_selected_action": [failed.pk, ready.pk]}

    with django_capture_on_commit_callbacks(execute=True):
        response = records.post(reverse("admin:documents_document_changelist"), chosen)

    assert rung == [failed.pk]
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        f"ready.txt: Document {ready.pk} is ready; only a failed document can be tried again.",
        "1 document is read again.",
    ]


def test_grades_and_verdicts_go_through_their_services(records: Client, keeper: User):
    claim = ClaimFactory(accepted=True)

    records.post(
        reverse("admin:sources_reliabilityassessment_add"),
        {"source": claim.source_id, "grade": "C", "topic": "", "basis": "  Mixed.  ", "review_by": ""},
    )
    records.post(
        reverse("admin:claims_credibilityassessment_add"),
        {"claim": claim.pk, "grade": "3", "likelihood": "", "confidence": "", "basis": "One cable."},
    )
    records.post(
        reverse("admin:claims_verdict_add"),
        {"proposition": claim.proposition_id, "outcome": "false", "decided_on": "2013-02-01", "evidence": "Seen."},
    )

    grade = ReliabilityAssessment.objects.get()
    assert (grade.source, grade.grade, grade.basis, grade.by) == (claim.source, "C", "Mixed.", keeper)
    assert CredibilityAssessment.objects.get().by == keeper
    assert Verdict.objects.get().outcome == "false"


def test_grade_1_and_a_second_verdict_are_refused_in_words(records: Client, keeper: User):
    claim = ClaimFactory(accepted=True)
    settle(claim.proposition, outcome="true", decided_on=date(2013, 2, 1), evidence="A later cable.", by=keeper)

    grade = records.post(
        reverse("admin:claims_credibilityassessment_add"),
        {"claim": claim.pk, "grade": "1", "likelihood": "", "confidence": "", "basis": "One cable."},
    )
    verdict = records.post(
        reverse("admin:claims_verdict_add"),
        {"proposition": claim.proposition_id, "outcome": "false", "decided_on": "2013-02-01", "evidence": "Seen."},
    )

    assert [*grade.context["adminform"].form.non_field_errors()] == [str(IndependentOriginMissing(claim.pk))]
    assert [*verdict.context["adminform"].form.non_field_errors()] == [
        str(PropositionAlreadySettled(claim.proposition_id))
    ]
    assert not CredibilityAssessment.objects.exists()
    assert Verdict.objects.count() == 1


def test_a_verdict_of_tomorrow_or_a_second_true_answer_is_refused_in_words(records: Client, keeper: User):
    question = Question.objects.create(text="Who is governor?")
    first, second = (ClaimFactory(accepted=True, proposition__question=question).proposition for _ in range(2))
    settle(first, outcome="true", decided_on=date(2013, 2, 1), evidence="A later cable.", by=keeper)
    tomorrow = timezone.localdate() + timedelta(1)

    refused = [
        records.post(reverse("admin:claims_verdict_add"), {"proposition": second.pk, "evidence": "Seen.", **given})
        for given in (
            {"outcome": "false", "decided_on": tomorrow.isoformat()},
            {"outcome": "true", "decided_on": "2013-02-01"},
        )
    ]

    assert [[*response.context["adminform"].form.non_field_errors()] for response in refused] == [
        [str(VerdictOfTheFuture(tomorrow))],
        [str(QuestionAlreadyAnswered(second.pk))],
    ]
    assert Verdict.objects.count() == 1


def test_machine_made_records_cannot_be_changed_here(records: Client, accepted: Claim):
    before = Claim.objects.values().get(pk=accepted.pk)

    response = records.post(reverse("admin:claims_claim_change", args=[accepted.pk]), {"state": "rejected"})

    assert response.status_code == 403
    assert Claim.objects.values().get(pk=accepted.pk) == before
    assert records.post(reverse("admin:documents_document_add")).status_code == 403


def test_descriptors_of_a_source_are_kept_here(records: Client, keeper: User):
    source = SourceFactory(descriptor="a clerk", created_by=keeper)
    address = reverse("admin:sources_source_change", args=[source.pk])
    empty = {
        f"{prefix}-{name}": "0"
        for prefix in ("aliases", "reliability_assessments")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    records.post(address, {"descriptor": "a cabinet clerk", "kind": "unnamed_person", "access": "direct", **empty})

    assert Source.objects.get(pk=source.pk).descriptor == "a cabinet clerk"


def test_a_key_is_revoked_but_never_made_or_shown_here(records: Client, keeper: User):
    key, secret = create_key(keeper, name="notebook", scopes=["read"])

    page = records.get(reverse("admin:accounts_apikey_change", args=[key.pk])).content.decode()
    added = records.get(reverse("admin:accounts_apikey_add"))
    records.post(reverse("admin:accounts_apikey_delete", args=[key.pk]), {"post": "yes"})

    assert secret not in page
    assert added.status_code == 403
    assert not type(key).objects.exists()


def test_only_superusers_see_superusers(records: Client, keeper: User):
    chief = UserFactory(is_superuser=True, is_staff=True)

    assert chief not in listed(records, User)
    assert "is_superuser" not in records.get(reverse("admin:accounts_user_change", args=[keeper.pk])).content.decode()


def test_a_record_leads_to_the_workbench(records: Client, accepted: Claim):
    document = Document.objects.get()

    claims = records.get(reverse("admin:claims_claim_changelist")).content.decode()
    documents = records.get(reverse("admin:documents_document_changelist")).content.decode()

    assert f'href="{reverse("review:claim", args=[accepted.pk])}"' in claims
    assert f'href="{reverse("ingest:document", args=[document.pk])}"' in documents


def test_the_list_of_documents_is_filtered_by_collection(records: Client, keeper: User):
    cables = CollectionFactory(name="Cables")
    inside = DocumentFactory(collection=cables)
    DocumentFactory()

    response = records.get(reverse("admin:documents_document_changelist"), {"collection": cables.pk})

    assert list(response.context["cl"].result_list) == [inside]


def test_a_proposition_is_reworded_through_the_service_and_keeps_its_question(records: Client, accepted: Claim):
    proposition = accepted.proposition
    assert proposition is not None
    other = Question.objects.create(text="Who is governor?")
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 0}
    inlines = {f"{prefix}-{name}": value for prefix in ("claims", "verdicts") for name, value in empty.items()}
    given = {"text": "  The talks failed. ", "topic": "Cabinet", "question": other.pk, **inlines}

    answer = records.post(reverse("admin:claims_proposition_change", args=[proposition.pk]), given)

    assert answer.status_code == 302
    proposition.refresh_from_db()
    assert (proposition.text, proposition.topic, proposition.question) == ("The talks failed.", "Cabinet", None)
