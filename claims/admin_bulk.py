"""Deciding what is selected in the list of claims: one step, through the same service as workbench and API."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from claims.errors import ClaimError
from claims.models import Claim, Decision
from claims.services import decide_many


class DecideForm(forms.Form):
    """seen: `<id>:<version>` of each claim as it was listed before the decision."""

    decision = forms.ChoiceField(
        choices=[("", "---------"), (Decision.ACCEPT.value, "Accept"), (Decision.REJECT.value, "Reject")]
    )
    reason = forms.CharField(required=False, max_length=2_000, help_text="Why, if they are rejected.")
    seen = forms.RegexField(r"^(\d{1,18}:\d{1,9} ?)+$", widget=forms.HiddenInput)


def decide_selected(
    records: ModelAdmin[Claim], request: HttpRequest, claims: QuerySet[Claim]
) -> TemplateResponse | None:
    """Show count and ids and ask for the decision; once it is given, decide, and report what was left alone."""
    rows = list(claims.order_by("pk"))
    now = " ".join(f"{claim.pk}:{claim.version}" for claim in rows)
    asked = DecideForm(request.POST if "apply" in request.POST else None, initial={"seen": now})
    if not asked.is_valid():
        context = {
            **records.admin_site.each_context(request),
            "title": f"Decide {len(rows)} selected claim{'' if len(rows) == 1 else 's'}",
            "rows": rows,
            "form": asked,
            "back": reverse("admin:claims_claim_changelist"),
        }
        return TemplateResponse(request, "claims/decide_selected.html", context)
    given: dict[str, Any] = asked.cleaned_data
    seen = {int(pk): int(version) for pk, version in (pair.split(":") for pair in given["seen"].split())}
    try:
        decided = decide_many(
            seen,
            decision=Decision(given["decision"]),
            by=request.user,  # type: ignore[arg-type]  # nobody comes here without an account
            reason=given["reason"],
        )
    except ClaimError as error:
        records.message_user(request, str(error), messages.ERROR)
        return None
    for item in decided.refused:
        records.message_user(request, f"Claim {item.claim_id}: {item.refusal}", messages.ERROR)
    if count := len(decided.done):
        said = f"{Decision(given['decision']).label} {count} claim{'' if count == 1 else 's'}, as one step to undo."
        records.message_user(request, said, messages.SUCCESS)
    return None
