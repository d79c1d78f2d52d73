"""The records of links between claims and between propositions: looked up here, decided in the workbench."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse

from accounts.records import RecordAdmin
from claims.models import ClaimLink, PropositionLink


@admin.register(PropositionLink)
class PropositionLinkAdmin(RecordAdmin[PropositionLink]):
    workbench = "propositions:proposition"
    list_display = ["proposition", "kind", "other", "state", "rule", "by", "at", "in_workbench"]
    list_select_related = ["proposition", "other", "by"]
    list_filter = ["state", "kind"]
    fields = ["proposition", "kind", "other", "state", "rule", "why", "said", "other_said", "by", "at"]
    ordering = ["-id"]

    def in_workbench_address(self, row: PropositionLink) -> str:
        return reverse(self.workbench, args=[row.proposition_id])


@admin.register(ClaimLink)
class ClaimLinkAdmin(RecordAdmin[ClaimLink]):
    workbench = "review:claim"
    list_display = ["claim", "kind", "origin", "origin_source", "state", "rule", "by", "at", "in_workbench"]
    list_select_related = ["claim", "origin", "origin_source", "by"]
    list_filter = ["state", "kind"]
    fields = ["claim", "kind", "origin", "origin_source", "state", "rule", "why", "by", "at"]
    ordering = ["-id"]

    def in_workbench_address(self, row: ClaimLink) -> str:
        return reverse(self.workbench, args=[row.claim_id])
