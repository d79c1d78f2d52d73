from __future__ import annotations

from typing import Any

import django_filters
from django import forms

from accounts.ids import LARGEST_ID
from documents.models import Document, DocumentQuerySet, DocumentState


class IdFilter(django_filters.Filter):
    """Rows that belong to the one with this id."""

    field_class = forms.IntegerField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, min_value=1, max_value=LARGEST_ID, **kwargs)


class YesNoField(forms.TypedChoiceField):
    default_error_messages = {"invalid_choice": "Give true or false."}

    def __init__(self, **kwargs: Any) -> None:
        words = [("true", "true"), ("false", "false")]
        super().__init__(choices=words, coerce="true".__eq__, empty_value=None, **kwargs)


class YesNoFilter(django_filters.BooleanFilter):
    """`true` or `false`. Anything else is refused; Django's own field would take it for no filter at all."""

    field_class = YesNoField  # type: ignore[assignment]  # which Django's own would not refuse


class DocumentFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=DocumentState.choices, help_text="How far it is.")
    collection = IdFilter(help_text="Id of the collection.")
    doc_number = django_filters.CharFilter(help_text="The number printed on it, exactly.")
    case_number = django_filters.CharFilter(help_text="The release case printed on it, exactly.")

    search = django_filters.CharFilter(
        method="find",
        max_length=200,
        help_text="Words of its file's name, title or numbers; all of them, also in part.",
    )

    class Meta:
        model = Document
        fields: list[str] = []

    def find(self, queryset: DocumentQuerySet, _name: str, words: str) -> DocumentQuerySet:
        return queryset.matching(words)
