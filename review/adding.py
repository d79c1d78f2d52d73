"""A claim that the machine missed: its words are selected in the document, by mouse or by keys."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounts.ids import row_id
from claims import services
from claims.errors import ClaimAlreadyThere
from claims.marks import ROLE_NAMES, claims_in_text
from claims.models import Claim, ClaimType, Modality
from documents.marking import columns
from documents.models import Document, TextLayer
from review.forms import LONGEST_DAY, SpansForm, chosen_source
from review.permissions import needs
from review.proposal import Role, one_line
from review.source_choice import options
from review.views import REFUSALS, UNPROCESSABLE, Note, show, user_of, valid

KEPT = ("spans", "who", "type", "modality", "hedge", "information_date")


class AddForm(SpansForm):
    """What the analyst marked. layer: the text that was before them."""

    layer = forms.IntegerField(min_value=1)
    seconds = forms.FloatField(min_value=0, max_value=LONGEST_DAY, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("claims.add_claim")
def add(request: HttpRequest, document_id: int) -> HttpResponse:
    """The document with nothing marked yet; then the claim that was marked, waiting for its decision."""
    layer = _layer_of(request, document_id)
    if request.method != "POST":
        return _page(request, layer)
    try:
        given = valid(AddForm(request.POST))
        if given.pop("layer") != layer.pk:
            raise ValidationError(_("The document was read anew meanwhile. Mark the words again."))
        claim = Claim(layer=layer)
        who = given.pop("who")
        chosen = chosen_source(who, claim, user_of(request)) if who else {}
        step = services.add_claim(
            layer, by=user_of(request), **{name: value for name, value in given.items() if value}, **chosen
        )
    except ClaimAlreadyThere as there:
        return show(request, there.claim_id, note=Note(str(there), "refused"), status=UNPROCESSABLE)
    except REFUSALS as error:
        draft = {name: str(request.POST.get(name, "")) for name in KEPT}
        return _page(request, layer, note=Note.of_refusal(error, draft))
    return show(request, step.claim_id, note=Note(_("Added. Accept it when it is right.")))


@require_GET
@never_cache
@needs("claims.add_claim")
def source_options(request: HttpRequest, document_id: int) -> HttpResponse:
    """What the source chooser offers for a claim that is not there yet."""
    layer = _layer_of(request, document_id)
    words = one_line(request.GET.get("q", ""))[:500]
    groups = options(Claim(layer=layer), words, user_of(request))
    return render(request, "review/_source_options.html", {"groups": groups, "words": words})


def _layer_of(request: HttpRequest, document_id: int) -> TextLayer:
    document = get_object_or_404(Document.objects.visible_to(user_of(request)), pk=document_id)
    layer = document.layers.select_related("document__collection").newest_first().first()
    if layer is None:
        raise Http404(_("This document has no text yet."))
    return layer


def _page(request: HttpRequest, layer: TextLayer, *, note: Note | None = None) -> HttpResponse:
    claims = Claim.objects.as_seen_by(user_of(request)).current().filter(layer=layer).defer("search").in_reading_order()
    entered = {"spans": "{}", "modality": Modality.FACT.value, "who_label": _("read off the source’s words")}
    context: dict[str, Any] = {
        "document": layer.document,
        "layer": layer,
        "text": claims_in_text(layer, claims),
        "columns": columns(layer.text),
        "furniture_json": json.dumps([[start, end] for start, end, _kind in layer.furniture]),
        "roles": [Role(key, str(name), "", []) for key, name in ROLE_NAMES.items()],
        "entered": entered | (note.draft or {} if note else {}),
        "types": ClaimType.choices,
        "modalities": Modality.choices,
        "adding": True,
        "beside": row_id(request.GET.get("beside", "")),
        "note": note,
        "may_review": True,
    }
    swapped = bool(getattr(request, "htmx", False)) and not getattr(request.htmx, "boosted", False)  # type: ignore[attr-defined]
    template = "review/_adding.html" if swapped else "review/adding.html"
    return render(request, template, context, status=UNPROCESSABLE if note else 200)
