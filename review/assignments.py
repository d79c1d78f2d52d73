"""Whose task which documents are: who has what and how far they are; giving documents out and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import LARGEST_ID
from accounts.models import User
from accounts.roles import ROLES
from claims.models import Claim
from documents.models import Collection, Document, DocumentQuerySet, DocumentState
from review.models import Assignment
from review.permissions import needs
from review.services.assignments import assign_all, may_give, unassign_all
from review.sources.views import the_user
from review.worklist import Progress

PAGE_SIZE = 50
ME, NOBODY = "me", "nobody"
FILTERS = ("words", "collection", "given")


class FilterForm(forms.Form):
    """What the list is narrowed to. A value that names nothing narrows to nothing."""

    words = forms.CharField(required=False, max_length=200)
    collection = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    given = forms.RegexField(rf"^({ME}|{NOBODY}|(person|team):\d{{1,18}})$", required=False)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)


@dataclass(frozen=True, slots=True)
class Row:
    document: Document
    progress: Progress
    holders: list[Assignment]


@dataclass(frozen=True, slots=True)
class Share:
    """What one person or team has, as the reader sees it. open: documents in which claims wait."""

    name: str
    key: str
    documents: int
    open: int
    waiting: int

    @property
    def finished(self) -> int:
        return max(0, self.documents - self.open)


@require_GET
@never_cache
@needs("review.view_assignment")
def assignments(request: HttpRequest) -> HttpResponse:
    user = the_user(request)
    form = FilterForm(request.GET)
    valid = form.is_valid()
    before = form.cleaned_data.get("before")
    found = _narrowed(user, form.cleaned_data) if valid else Document.objects.none()
    page = found.filter(pk__lt=before) if before else found
    held = Assignment.objects.select_related("person", "team").order_by("at", "pk")
    documents = list(page.for_list().prefetch_related(Prefetch("assignments", held))[: PAGE_SIZE + 1])
    older = documents[PAGE_SIZE - 1].pk if len(documents) > PAGE_SIZE else None
    chosen = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
    shares = shares_of(user)
    context = {
        "rows": _rows(documents[:PAGE_SIZE], user),
        "total": found.count(),
        "shares": shares,
        "chosen": chosen,
        "query": urlencode(chosen),
        "older_query": urlencode(chosen | {"before": str(older)}) if older else "",
        "before": before,
        "collections": list(Collection.objects.visible_to(user).order_by("name")),
        "people": people_for(user),
        "teams": teams(),
        "may_give": may_give(user, to=None),
        "may_take": may_give(user, to=user),
    }
    return render(request, "review/assignments.html", context)


@require_POST
@needs("claims.review_claim")
def change(request: HttpRequest) -> HttpResponse:
    """Give the documents that were ticked, or all that fit, to somebody; or take them back."""
    user = the_user(request)
    back = redirect(_address(request.POST))
    to = _chosen(user, request.POST.get("to", ""))
    documents = _wanted(user, request.POST)
    if to is None:
        messages.warning(request, _("Choose to whom first. Nothing was changed."))
        return back
    if not may_give(user, to=to):
        raise PermissionDenied(_("Giving documents to others needs the role “reviewer”. Ask an administrator for it."))
    if documents is None:
        messages.warning(request, _("Tick one or more documents first. Nothing was changed."))
        return back
    if "take" in request.POST:
        n = unassign_all(documents, to=to)
        said = ngettext("%(n)d document taken from %(who)s.", "%(n)d documents taken from %(who)s.", n)
        messages.success(request, said % {"n": n, "who": name_of(to)})
        return back
    given = assign_all(documents, to=to, by=user)
    said = ngettext("%(n)d document given to %(who)s.", "%(n)d documents given to %(who)s.", given.new)
    messages.success(request, said % {"n": given.new, "who": name_of(to)})
    if given.had:
        said = ngettext("%(who)s had %(n)d of them already.", "%(who)s had %(n)d of them already.", given.had)
        messages.info(request, said % {"n": given.had, "who": name_of(to)})
    if given.hidden:
        said = ngettext(
            "%(n)d is in a collection that %(who)s may not see, and was left out.",
            "%(n)d are in collections that %(who)s may not see, and were left out.",
            given.hidden,
        )
        messages.warning(request, said % {"n": given.hidden, "who": name_of(to)})
    return back


def name_of(holder: User | Group) -> str:
    return holder.display_name if isinstance(holder, User) else holder.name


def people_for(user: User) -> list[User]:
    """Who may be given documents of the user's collections: their members who may review. One query."""
    seen = Collection.objects.visible_to(user).order_by().values("pk")
    reviewing = Q(groups__permissions__codename="review_claim", collections__in=seen)
    found = User.objects.filter(reviewing | Q(pk=user.pk), is_active=True).distinct()
    return sorted(found, key=lambda person: (person != user, person.display_name.casefold()))


def teams() -> list[Group]:
    """Groups of people that are no roles."""
    return list(Group.objects.exclude(name__in=ROLES).order_by("name"))


def shares_of(user: User) -> list[Share]:
    """Who has documents of the user's collections, those with the most that waits first. Three queries."""
    seen = Collection.objects.ids_visible_to(user)
    holders = ("person", "team")
    names = ("person__first_name", "person__last_name", "person__username", "team__name")
    rows = Assignment.objects.filter(document__collection__in=seen).order_by().values(*holders, *names)
    person, team = "layer__document__assignments__person", "layer__document__assignments__team"
    waiting = Claim.objects.filter(collection__in=seen, layer__document__assignments__isnull=False).waiting_for(user)
    counted = waiting.order_by().values(person, team)
    counted = counted.annotate(claims=Count("pk"), documents=Count("layer__document", distinct=True))
    by_holder = {(row[person], row[team]): row for row in counted}
    found = []
    for row in rows.annotate(documents=Count("document")):
        open_ones = by_holder.get((row["person"], row["team"]), {})
        name = f"{row['person__first_name'] or ''} {row['person__last_name'] or ''}".strip() or row["person__username"]
        key = f"person:{row['person']}" if row["person"] else f"team:{row['team']}"
        found.append(
            Share(
                name=row["team__name"] or str(name),
                key=key,
                documents=row["documents"],
                open=open_ones.get("documents", 0),
                waiting=open_ones.get("claims", 0),
            )
        )
    return sorted(found, key=lambda share: (-share.waiting, share.name.casefold()))


def _narrowed(user: User, values: dict[str, Any]) -> DocumentQuerySet:
    found = Document.objects.visible_to(user).filter(state=DocumentState.EXTRACTED)
    if words := values.get("words"):
        found = found.matching(words)
    if collection := values.get("collection"):
        found = found.filter(collection=collection)
    given = values.get("given") or ""
    held = Assignment.objects.filter(document=OuterRef("pk"))
    kind, _colon, number = given.partition(":")
    if given == NOBODY:
        found = found.filter(~Exists(held))
    elif given == ME:
        found = found.filter(Exists(held.of(user)))
    elif given:
        found = found.filter(Exists(held.filter(**{kind: int(number)})))
    return found


def _wanted(user: User, posted: QueryDict) -> DocumentQuerySet | None:
    """All that fit, or those ticked; None: none was."""
    if "all" in posted:
        form = FilterForm(posted)
        return _narrowed(user, form.cleaned_data) if form.is_valid() else None
    ids = [int(one) for one in posted.getlist("document") if one.isascii() and one.isdecimal() and len(one) < 19]
    return Document.objects.visible_to(user).filter(pk__in=ids) if ids else None


def _chosen(user: User, key: str) -> User | Group | None:
    kind, _colon, number = key.partition(":")
    choices: list[User] | list[Group] = people_for(user) if kind == "person" else teams()
    return next((one for one in choices if str(one.pk) == number), None)


def _address(posted: QueryDict) -> str:
    kept = {name: posted[name] for name in (*FILTERS, "before") if posted.get(name)}
    return reverse("assignments:list") + (f"?{urlencode(kept)}" if kept else "")


def _rows(documents: list[Document], user: User) -> list[Row]:
    tally = Claim.objects.filter(layer__document__in=documents).tally_by_document(user)
    return [
        Row(document, Progress.of(tally.get(document.pk, {})), list(document.assignments.all()))
        for document in documents
    ]
