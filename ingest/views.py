"""Documents in the workbench: what arrived, how far it is, bringing in more, trying failed ones again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import row_id
from accounts.models import User
from claims.marks import claims_in_text
from claims.models import Claim
from documents.errors import DocumentError
from documents.marking import columns
from documents.models import Collection, Document, DocumentState, TextLayer
from ingest import intake
from ingest.listing import collections_for, listing, with_tallies

MOST_FILES = 100
"""Files of one upload that are taken."""


@require_GET
@never_cache
def documents(request: HttpRequest) -> HttpResponse:
    user = _allowed(request, "documents.view_document")
    page = listing(user, request.GET)
    context = {
        "page": page,
        "states": DocumentState.choices,
        "collections": collections_for(user),
        "may_upload": user.has_perm("documents.add_document"),
        "may_retry": user.has_perm("documents.retry_document"),
        "limit": filesizeformat(settings.MAX_UPLOAD_BYTES),
        "limit_bytes": settings.MAX_UPLOAD_BYTES,
    }
    if getattr(request, "htmx", False):
        return render(request, "ingest/_list.html", context)
    return render(request, "ingest/documents.html", context)


@require_GET
@never_cache
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """A document's printed facts and its text as released, with its claims marked and listed."""
    user = _allowed(request, "documents.view_document")
    found = _document(user, document_id)
    layer = TextLayer.objects.newest_first().filter(document=found).first()
    claims = list(Claim.objects.as_seen_by(user).current().filter(layer=layer).in_reading_order()) if layer else []
    [row] = with_tallies([found], user)
    if getattr(request, "htmx", False):
        # The page asks again and again while the document is worked on, and is loaded anew when that is over.
        return HttpResponse(status=204) if row.unfinished else HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "document": found,
        "row": row,
        "layer": layer,
        "text": claims_in_text(layer, claims) if layer else "",
        "columns": columns(layer.text) if layer else 0,
        "claims": claims,
        "may_retry": user.has_perm("documents.retry_document"),
    }
    return render(request, "ingest/document.html", context)


@require_POST
def bring_in(request: HttpRequest) -> HttpResponse:
    """Take the files of one upload, each for itself: what is refused keeps the others from nothing."""
    user = _allowed(request, "documents.add_document")
    collection = _collection(user, request.POST.get("collection", ""))
    files = request.FILES.getlist("files")
    if not files:
        messages.warning(request, _("Choose one or more files first."))
    if len(files) > MOST_FILES:
        messages.warning(request, _("Only the first %d files were taken; send the others after.") % MOST_FILES)
    new = known = 0
    for file in files[:MOST_FILES]:
        try:
            _found, created = intake.receive(
                _bytes(file), name=file.name or _("unnamed"), collection=collection, added_by=user
            )
        except DocumentError as error:
            messages.error(request, str(error))
            continue
        new += created
        known += not created
    if new:
        text = ngettext(
            "%(n)d document brought in. Its claims come as soon as it is read.",
            "%(n)d documents brought in. Their claims come as soon as they are read.",
            new,
        )
        messages.success(request, text % {"n": new})
    if known:
        text = ngettext(
            "%(n)d file was in %(collection)s already.", "%(n)d files were in %(collection)s already.", known
        )
        messages.info(request, text % {"n": known, "collection": collection.name})
    return redirect("ingest:documents")


@require_POST
def retry(request: HttpRequest, document_id: int) -> HttpResponse:
    """Have a failed document read again."""
    user = _allowed(request, "documents.retry_document")
    found = _document(user, document_id)
    try:
        intake.retry(found)
    except DocumentError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%s is read again.") % found.label)
    if "stay" in request.POST:
        return redirect("ingest:document", document_id=found.pk)
    return redirect("ingest:documents")


def _allowed(request: HttpRequest, permission: str) -> User:
    """The user, if `permission` is theirs; otherwise PermissionDenied, saying what to ask for."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 -- LoginRequiredMiddleware lets nobody else in
    if not user.has_perm(permission):
        role = "viewer" if permission == "documents.view_document" else "analyst"
        raise PermissionDenied(_("This needs the role “%s”. Ask an administrator to give it to you.") % role)
    return user


def _document(user: User, document_id: int) -> Document:
    found = Document.objects.visible_to(user).for_list().filter(pk=document_id).first()
    if found is None:
        raise Http404(_("There is no such document, or it is in a collection you cannot see."))
    return found


def _collection(user: User, chosen: str) -> Collection:
    return get_object_or_404(Collection.objects.visible_to(user), pk=row_id(chosen) or 0)


def _bytes(file: UploadedFile[Any]) -> bytes:
    """The file's bytes; of one above the limit only so many that it is refused for its size."""
    data: bytes = file.read(settings.MAX_UPLOAD_BYTES + 1)
    return data
