"""Grading what is selected in a list of records alike: one basis is asked for, and each row is graded by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.errors import ClaimError
from claims.models import AnalyticConfidence
from grading.scales import Credibility, Reliability
from sources.errors import SourceError


class GradeSelectedForm(forms.Form):
    """One judgement for all that is selected."""

    grade = forms.ChoiceField()
    basis = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), help_text="What the grade rests on.")


class GradeSourcesForm(GradeSelectedForm):
    grade = forms.ChoiceField(
        choices=[("", "---------"), *((letter.value, f"{letter.value} {letter.label}") for letter in Reliability)]
    )
    departure = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="Why it lies outside what the verdicts suggest, where it does.",
    )
    review_by = forms.DateField(
        required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="When to look at it again."
    )


class GradeClaimsForm(GradeSelectedForm):
    grade = forms.ChoiceField(
        choices=[("", "---------"), *((digit.value, f"{digit.value} {digit.label}") for digit in Credibility)]
    )
    likelihood = forms.IntegerField(min_value=1, max_value=99, required=False, help_text="In percent.")
    confidence = forms.ChoiceField(choices=[("", "---------"), *AnalyticConfidence.choices], required=False)


def grade_alike(
    records: ModelAdmin[Any],
    request: HttpRequest,
    rows: QuerySet[Any],
    form: type[GradeSelectedForm],
    grade: Callable[..., object],
) -> TemplateResponse | None:
    """Ask for grade and basis; once they are given, call `grade(row, by=, **given)` for each row.

    A row that is refused is reported with the reason, and the others are graded all the same.
    """
    asked = form(request.POST if "apply" in request.POST else None)
    kind = records.model._meta
    if not asked.is_valid():
        count = rows.count()
        context = {
            **records.admin_site.each_context(request),
            "title": f"Grade selected {kind.verbose_name_plural}",
            "count": f"{count} {kind.verbose_name if count == 1 else kind.verbose_name_plural}",
            "verb": "is" if count == 1 else "are",
            "rows": rows,
            "form": asked,
            "back": reverse(f"admin:{kind.app_label}_{kind.model_name}_changelist"),
        }
        return TemplateResponse(request, "claims/grade_selected.html", context)
    graded = 0
    for row in rows:
        try:
            grade(row, by=request.user, **asked.cleaned_data)
            graded += 1
        except (SourceError, ClaimError) as error:
            records.message_user(request, f"{row}: {error}", messages.ERROR)
    if graded:
        said = f"Graded {graded} {kind.verbose_name if graded == 1 else kind.verbose_name_plural}."
        records.message_user(request, said, messages.SUCCESS)
    return None
