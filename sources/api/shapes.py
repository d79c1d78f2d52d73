"""What is loaded for the fields of sources that an answer shows."""

from __future__ import annotations

from django.db.models import Prefetch

from accounts.api.shapes import Expansion, Shape
from accounts.models import User
from sources.api.serializers import SourceSerializer
from sources.models import Source, SourceAlias, SourceQuerySet


def whole_sources(user: User, rows: SourceQuerySet | None = None) -> SourceQuerySet:
    """Sources, or these, with all that is shown of one."""
    return shaped_sources(Source.objects.all() if rows is None else rows, Shape(), user)


def shaped_sources(rows: SourceQuerySet, shape: Shape, user: User) -> SourceQuerySet:
    """With what the fields of `shape` show, newest first."""
    rows = rows.named_for(user).for_list()
    if shape.shows("reliability", "reliability_judged"):
        rows = rows.with_grade()
    if shape.shows("aliases"):
        wordings = SourceAlias.objects.visible_to(user).defer("search", "sounds").order_by("id")
        absorbed = Source.objects.only("id", "merged_into").order_by("id")
        rows = rows.prefetch_related(
            Prefetch("aliases", wordings), Prefetch("absorbed", absorbed), Prefetch("absorbed__aliases", wordings)
        )
    if "merged_into" in shape.expand:
        rows = rows.prefetch_related(Prefetch("merged_into", whole_sources(user)))
    return rows


SOURCE_EXPANSIONS = {"merged_into": Expansion(lambda: SourceSerializer(allow_null=True))}
