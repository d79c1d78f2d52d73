from __future__ import annotations

from typing import cast

import django_filters
from django.db.models import Q
from rest_framework.request import Request

from accounts.api.permissions import caller
from accounts.models import User
from claims.models import Claim, ClaimState, ClaimType, Outcome, Proposition
from claims.models.claim import ClaimQuerySet
from claims.models.proposition import PropositionQuerySet
from documents.api.filters import IdFilter, YesNoFilter


class ClaimFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ClaimState.choices, method="in_state")
    document = IdFilter(field_name="layer__document", help_text="Id of the document.")
    doc_number = django_filters.CharFilter(
        field_name="layer__document__doc_number", help_text="The number printed on the document, exactly."
    )
    collection = IdFilter(help_text="Id of the collection.")
    source = IdFilter(
        method="by_source", help_text="Id of the source it is ascribed to; with all found to be one with that source."
    )
    proposition = IdFilter(method="of_proposition", help_text="Id of the proposition it asserts or denies.")
    type = django_filters.ChoiceFilter(choices=ClaimType.choices, method="of_type")
    cue = django_filters.CharFilter(
        method="with_cue", help_text="The attributing words, whole; capitals do not matter."
    )
    score_min = django_filters.NumberFilter(field_name="score", lookup_expr="gte", min_value=0, max_value=1)
    score_max = django_filters.NumberFilter(field_name="score", lookup_expr="lte", min_value=0, max_value=1)
    search = django_filters.CharFilter(
        method="find", help_text='Words of the content, in any form; "a phrase", -without, or.'
    )

    class Meta:
        model = Claim
        fields: list[str] = []

    @property
    def caller(self) -> User:
        return caller(cast(Request, self.request))

    def in_state(self, queryset: ClaimQuerySet, _name: str, state: str) -> ClaimQuerySet:
        return queryset.seen_in_state(state, self.caller)

    def find(self, queryset: ClaimQuerySet, _name: str, words: str) -> ClaimQuerySet:
        return queryset.seen_matching(words, self.caller)

    def of_type(self, queryset: ClaimQuerySet, _name: str, value: str) -> ClaimQuerySet:
        return queryset.seen_with(self.caller, Q(type=value), seen_type=value)

    def with_cue(self, queryset: ClaimQuerySet, _name: str, words: str) -> ClaimQuerySet:
        return queryset.seen_with(self.caller, Q(cue_quote__iexact=words), seen_cue__iexact=words)

    def by_source(self, queryset: ClaimQuerySet, _name: str, source_id: int) -> ClaimQuerySet:
        return queryset.by_source(source_id).as_ascribed(self.caller)

    def of_proposition(self, queryset: ClaimQuerySet, _name: str, proposition_id: int) -> ClaimQuerySet:
        return queryset.filter(proposition=proposition_id).as_ascribed(self.caller)


class PropositionFilter(django_filters.FilterSet):
    settled = YesNoFilter(method="by_verdict", help_text="Whether a verdict is in force.")
    outcome = django_filters.ChoiceFilter(
        choices=Outcome.choices, method="by_outcome", help_text="Of the verdict in force."
    )
    contested = YesNoFilter(
        method="by_contest", help_text="Unsettled, with claims for it and against it, as far as you see them."
    )
    search = django_filters.CharFilter(
        method="find", help_text='Words of its text, in any form; "a phrase", -without, or.'
    )

    class Meta:
        model = Proposition
        fields: list[str] = []

    def by_verdict(self, queryset: PropositionQuerySet, _name: str, settled: bool) -> PropositionQuerySet:
        return queryset.settled() if settled else queryset.unsettled()

    def by_contest(self, queryset: PropositionQuerySet, _name: str, contested: bool) -> PropositionQuerySet:
        found = Proposition.objects.contested(caller(cast(Request, self.request)))
        return queryset.filter(pk__in=found.values("pk")) if contested else queryset.exclude(pk__in=found.values("pk"))

    def by_outcome(self, queryset: PropositionQuerySet, _name: str, outcome: str) -> PropositionQuerySet:
        return queryset.settled(outcome)

    def find(self, queryset: PropositionQuerySet, _name: str, words: str) -> PropositionQuerySet:
        return queryset.matching(words)
