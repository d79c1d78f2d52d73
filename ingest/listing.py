"""One page of the document list: filters, older and newer by key, and how far each document is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from claims.models import Claim, ClaimState
from documents.models import Collection, Document, DocumentState

PAGE_SIZE = 50


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that names nothing narrows to nothing."""

    words = forms.CharField(required=False, max_length=200)
    collection = forms.IntegerField(required=False, min_value=1)
    state = forms.ChoiceField(required=False, choices=[("", _("Any state")), *DocumentState.choices])
    before = forms.IntegerField(required=False, min_value=1)


@dataclass(frozen=True, slots=True)
class Row:
    document: Document
    waiting: int
    decided: int

    @property
    def unfinished(self) -> bool:
        return self.document.state in (DocumentState.RECEIVED, DocumentState.READ)


@dataclass(frozen=True, slots=True)
class Listing:
    rows: list[Row]
    chosen: dict[str, str]
    """The filters as the reader set them, without the place in the list."""
    before: int | None
    older: int | None
    """Id below which the next page begins; None on the last."""

    @property
    def unfinished(self) -> bool:
        return any(row.unfinished for row in self.rows)

    @property
    def filtered(self) -> bool:
        return bool(self.chosen)

    @property
    def query(self) -> str:
        """This page's filters and place, for its address."""
        return urlencode(self.chosen | ({"before": str(self.before)} if self.before else {}))

    @property
    def older_query(self) -> str:
        return urlencode(self.chosen | {"before": str(self.older)})

    @property
    def newest_query(self) -> str:
        return urlencode(self.chosen)


def listing(user: User, wanted: QueryDict) -> Listing:
    """The page of documents that `wanted` asks for; the number of queries does not depend on how many there are."""
    form = FilterForm(wanted)
    documents = Document.objects.visible_to(user).for_list()
    if not form.is_valid():
        documents = documents.none()
    values = form.cleaned_data
    if words := values.get("words"):
        documents = documents.matching(words)
    if collection := values.get("collection"):
        documents = documents.filter(collection=collection)
    if state := values.get("state"):
        documents = documents.filter(state=state)
    before = values.get("before")
    if before:
        documents = documents.filter(pk__lt=before)
    found = list(documents[: PAGE_SIZE + 1])
    return Listing(
        rows=with_tallies(found[:PAGE_SIZE], user),
        chosen={name: str(wanted[name]) for name in ("words", "collection", "state") if wanted.get(name)},
        before=before,
        older=found[PAGE_SIZE - 1].pk if len(found) > PAGE_SIZE else None,
    )


def with_tallies(documents: list[Document], user: User) -> list[Row]:
    tallies = Claim.objects.filter(layer__document__in=documents).tally_by_document(user)
    return [
        Row(
            document,
            waiting=tallies.get(document.pk, {}).get(ClaimState.CANDIDATE, 0),
            decided=sum(tallies.get(document.pk, {}).get(s, 0) for s in (ClaimState.ACCEPTED, ClaimState.REJECTED)),
        )
        for document in documents
    ]


def collections_for(user: User) -> list[Collection]:
    return list(Collection.objects.visible_to(user))
