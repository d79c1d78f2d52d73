"""Roles as groups. `migrate` brings the groups in line with this table; people get roles by joining groups."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission

VIEWER = [
    "documents.view_collection",
    "documents.view_document",
    "documents.view_textlayer",
    "sources.view_source",
    "sources.view_sourcealias",
    "sources.view_reliabilityassessment",
    "sources.view_sourcemerge",
    "claims.view_claim",
    "claims.view_documentsource",
    "claims.view_proposition",
    "claims.view_credibilityassessment",
    "claims.view_verdict",
    "claims.view_review",
    "claims.view_claimlink",
    "claims.view_propositionlink",
    "claims.view_propositionmove",
    "claims.view_independentorigin",
    "claims.view_originnotice",
    "claims.view_discrediting",
    "claims.view_gradeflag",
    "claims.view_note",
    "exchange.view_job",
    "exchange.view_event",
    "review.view_assignment",
]
ANALYST = [
    *VIEWER,
    "documents.add_document",
    "documents.retry_document",
    "sources.add_source",
    "sources.change_source",
    "sources.assess_source",
    "sources.merge_source",
    "claims.add_claim",
    "claims.review_claim",
    "claims.assess_claim",
    "claims.change_proposition",
    "claims.settle_proposition",
    "claims.decide_link",
    "claims.confirm_independence",
    "claims.discredit",
    "claims.add_note",
    "accounts.use_keys",
    "exchange.manage_webhooks",
]
REVIEWER = [
    *ANALYST,
    "claims.undo_others_review",
    "claims.adjudicate_claim",
    "claims.view_secondreview",
    "sources.grade_source",
    "review.add_assignment",
]
INTEGRATION = [*VIEWER, "documents.add_document", "claims.add_claim", "exchange.manage_webhooks"]
ADMIN = [
    *REVIEWER,
    "accounts.manage_keys",
    "exchange.recompute",
    "accounts.view_user",
    "accounts.add_user",
    "accounts.change_user",
    "auth.view_group",
    "auth.add_group",
    "auth.change_group",
    "documents.view_all_collections",
    "documents.add_collection",
    "documents.change_collection",
]

ROLES: dict[str, list[str]] = {
    "viewer": VIEWER,
    "analyst": ANALYST,
    "reviewer": REVIEWER,
    "integration": INTEGRATION,
    "admin": ADMIN,
}


def sync_roles(**_signal: Any) -> None:
    """Give each role's group exactly the permissions of `ROLES`; those not made yet are left for the next call."""
    made = {f"{p.content_type.app_label}.{p.codename}": p for p in Permission.objects.select_related("content_type")}
    for role, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([made[name] for name in wanted if name in made])
