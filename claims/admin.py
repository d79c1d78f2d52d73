from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.changes import Change
from accounts.models import User
from accounts.records import RecordAdmin, RecordInline
from claims import admin_links, admin_sources  # noqa: F401 -- register the records of links and of sources
from claims.admin_bulk import decide_selected
from claims.admin_grading import GradeClaimsForm, grade_alike
from claims.admin_history import of_claim, of_proposition, of_verdicts
from claims.errors import ClaimError
from claims.models import ChainLink, Claim, CredibilityAssessment, Proposition, Review, Verdict
from claims.services import assess_credibility, reword, settle
from documents.admin import OwnCollections


class CollectionOfClaim(OwnCollections):
    path = "collection"


class ChainInline(RecordInline):
    model = ChainLink
    fields = ["position", "document_source"]
    verbose_name_plural = "chain of tellers, from the outermost"
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("document_source")


class ReviewInline(RecordInline):
    model = Review
    fk_name = "claim"
    fields = ["decision", "reason", "analyst", "at", "seconds", "version"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("analyst").order_by("-id")


class CredibilityInline(RecordInline):
    model = CredibilityAssessment
    fields = ["grade", "likelihood", "confidence", "basis", "by", "at"]


@admin.register(Claim)
class ClaimAdmin(RecordAdmin[Claim]):
    """Looked up here, decided in the workbench."""

    workbench = "review:claim"
    list_display = ["content", "source_quote", "state", "shown_score", "in_workbench"]
    list_filter = ["state", "type", "modality", CollectionOfClaim]
    search_fields = ["content_quote"]
    search_help_text = "Words of the content"
    ordering = ["-id"]
    inlines = [ChainInline, ReviewInline, CredibilityInline]
    actions = ["decide_selected", "grade_selected"]
    fieldsets = [
        ("Said", {"fields": ["source_quote", "cue_quote", "content_quote", "circumstance_quote"]}),
        ("Kind", {"fields": ["type", "modality", "hedge", "commitment", "information_date", "reported_date"]}),
        ("Decision", {"fields": ["state", "source", "proposition", "stance", "version"]}),
        ("Engine", {"fields": ["run", "document_source", "resolution_uncertain", "score", "score_calibrated"]}),
        (
            "Place",
            {
                "fields": [
                    "layer",
                    "source_fragments",
                    "cue_fragments",
                    "content_fragments",
                    "circumstance_fragments",
                    "created_at",
                ],
                "classes": ["collapse"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        return super().get_queryset(request).select_related("layer__document").defer("layer__text", "layer__furniture")

    def has_grade_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.assess_claim")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("claims.review_claim")

    @admin.action(description="Decide selected claims", permissions=["decide"])
    def decide_selected(self, request: HttpRequest, claims: QuerySet[Claim]) -> TemplateResponse | None:
        """Accept or reject them as one step; what was decided or changed meanwhile is left alone and reported."""
        return decide_selected(self, request, claims)

    @admin.action(description="Grade selected claims", permissions=["grade"])
    def grade_selected(self, request: HttpRequest, claims: QuerySet[Claim]) -> TemplateResponse | None:
        """How credible they are, with one basis; each claim is graded by itself, and each refusal reported."""
        return grade_alike(self, request, claims, GradeClaimsForm, assess_credibility)

    @admin.display(description="score", ordering="score")
    def shown_score(self, claim: Claim) -> str:
        return "" if claim.score is None else f"{claim.score:.2f}"

    @admin.display(description="content", ordering="content_quote")
    def content(self, claim: Claim) -> str:
        return claim.wording[:160]

    def told_beside(self, row: Claim, reader: Any) -> Iterable[Change]:
        return of_claim(row, reader)


class ClaimInline(RecordInline):
    model = Claim
    fields = ["content_quote", "source", "stance", "reported_date"]
    verbose_name_plural = "claims that meet here"


class VerdictInline(RecordInline):
    model = Verdict
    fields = ["outcome", "decided_on", "evidence", "by", "withdrawn_at", "withdrawal_reason"]


class HasVerdict(admin.SimpleListFilter):
    """Whether the truth is known."""

    title = "verdict"
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Settled"), ("no", "Open")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Proposition]:
        chosen = {"yes": queryset.settled, "no": queryset.unsettled}.get(self.value() or "")
        rows: QuerySet[Proposition] = chosen() if chosen else queryset
        return rows


@admin.register(Proposition)
class PropositionAdmin(RecordAdmin[Proposition]):
    may_change = True
    workbench = "propositions:proposition"
    list_display = ["text", "topic", "created_at", "in_workbench"]
    list_filter = [HasVerdict]
    search_fields = ["text"]
    search_help_text = "Words of the text"
    fields = ["text", "topic", "question", "created_at"]
    readonly_fields = ["question", "created_at"]
    ordering = ["-id"]
    inlines = [ClaimInline, VerdictInline]

    def save_model(self, request: HttpRequest, obj: Proposition, form: Any, change: bool) -> None:
        said = {name: form.cleaned_data[name] for name in form.changed_data}
        reword(Proposition.objects.get(pk=obj.pk), by=request.user, **said)  # type: ignore[arg-type]  # staff

    def told_beside(self, row: Proposition, reader: Any) -> Iterable[Change]:
        return of_proposition(row)


class JudgementForm(forms.ModelForm[Any]):
    """Tries the service first, without keeping what it does: what it refuses is told in the form, which is kept."""

    by: ClassVar[User]
    service: ClassVar[Callable[..., Any]]
    about: ClassVar[str]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                with transaction.atomic():
                    self.judge()
                    transaction.set_rollback(True)
            except ClaimError as refused:
                raise ValidationError(str(refused)) from refused
        return given

    def judge(self) -> Any:
        given = dict(self.cleaned_data)
        return type(self).service(given.pop(self.about), by=self.by, **given)


class CredibilityForm(JudgementForm):
    service = assess_credibility
    about = "claim"


class VerdictForm(JudgementForm):
    service = settle
    about = "proposition"


class JudgementAdmin(RecordAdmin[Any]):
    """Rows are added through their service, never changed."""

    may_add = True
    ordering = ["-id"]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Any], bool]:
        return queryset, False

    def get_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, *args, **kwargs)
        form.by = request.user  # type: ignore[attr-defined]  # made anew for each request
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = form.judge().pk


@admin.register(CredibilityAssessment)
class CredibilityAssessmentAdmin(JudgementAdmin):
    form = CredibilityForm
    workbench = "review:claim"
    list_display = ["claim", "grade", "likelihood", "confidence", "by", "at", "in_workbench"]
    list_select_related = ["claim", "by"]
    list_filter = ["grade", "confidence"]
    fields = ["claim", "grade", "likelihood", "confidence", "basis"]
    autocomplete_fields = ["claim"]

    def in_workbench_address(self, row: CredibilityAssessment) -> str:
        return reverse(self.workbench, args=[row.claim_id])

    def visible(self, rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        return rows.filter(claim__in=Claim.objects.visible_to(user))

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("claims.assess_claim")


@admin.register(Verdict)
class VerdictAdmin(JudgementAdmin):
    form = VerdictForm
    workbench = "propositions:proposition"
    list_display = ["proposition", "outcome", "decided_on", "by", "at", "withdrawn_at", "in_workbench"]
    list_select_related = ["proposition", "by"]
    list_filter = ["outcome"]
    autocomplete_fields = ["proposition"]

    def get_fields(self, request: HttpRequest, obj: Verdict | None = None) -> Any:
        fields = ["proposition", "outcome", "decided_on", "evidence"]
        return [*fields, "by", "at", "withdrawn_at", "withdrawn_by", "withdrawal_reason"] if obj else fields

    def in_workbench_address(self, row: Verdict) -> str:
        return reverse(self.workbench, args=[row.proposition_id])

    def told_beside(self, row: Verdict, reader: Any) -> Iterable[Change]:
        return of_verdicts(Verdict.objects.filter(pk=row.pk))

    def visible(self, rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        """One claim is looked up for each verdict: of an EXISTS PostgreSQL makes a join with all claims."""
        claims = Claim.objects.visible_to(user).filter(proposition=OuterRef("proposition")).order_by()
        seen: QuerySet[Any] = rows.alias(claim_seen=Subquery(claims.values("pk")[:1]))
        return seen.filter(claim_seen__isnull=False)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return request.user.has_perm("claims.settle_proposition")


@admin.register(Review)
class ReviewAdmin(RecordAdmin[Review]):
    """Every step an analyst took. Undoing is done in the workbench."""

    workbench = "review:claim"
    list_display = ["at", "analyst", "decision", "claim", "reason", "seconds", "picked", "in_workbench"]
    list_select_related = ["analyst", "claim"]
    list_filter = ["decision", "picked"]
    ordering = ["-id"]

    def in_workbench_address(self, row: Review) -> str:
        return reverse(self.workbench, args=[row.claim_id])

    def visible(self, rows: QuerySet[Review], user: Any) -> QuerySet[Review]:
        return rows.filter(claim__in=Claim.objects.visible_to(user))
