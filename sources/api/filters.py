from __future__ import annotations

from typing import Any

import django_filters

from sources.models import Source, SourceKind, SourceQuerySet


class SourceFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=SourceKind.choices)
    search = django_filters.CharFilter(
        method="find", help_text="Words of its descriptor or of an alias; all of them, each as a beginning."
    )

    class Meta:
        model = Source
        fields: list[str] = []

    def find(self, queryset: SourceQuerySet, _name: str, words: str) -> SourceQuerySet:
        user: Any = self.request.user if self.request else None
        return queryset.matching(words, reader=user)
