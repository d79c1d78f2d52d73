"""The keys of the REST API: one's own, and for administrators all of them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import AccountError
from accounts.models import ApiKey
from accounts.services import give_key, revoke_key
from review.api_keys.forms import KeyForm
from review.permissions import needs
from review.sources.views import the_user

PAGE_SIZE = 50


@require_http_methods(["GET", "POST"])
@never_cache
@needs("accounts.use_keys")
@sensitive_variables("secret")
def keys(request: HttpRequest) -> HttpResponse:
    """The list, and a form for a new one, whose secret stands in this one answer and nowhere else."""
    user = the_user(request)
    form = KeyForm(request.POST if request.method == "POST" else None, by=user)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = give_key(form.cleaned_data["user"], by=user, **form.wanted())
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            form = KeyForm(by=user)
    rows = ApiKey.objects.manageable_by(user).for_list()
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "all_of_them": user.has_perm("accounts.manage_keys"),
    }
    return render(request, "review/api_keys/list.html", context, status=422 if form.errors else 200)


@require_POST
@needs("accounts.use_keys")
def revoke(request: HttpRequest) -> HttpResponse:
    user = the_user(request)
    key = ApiKey.objects.manageable_by(user).filter(pk=request.POST.get("key", "")).first()
    if key is None:
        raise Http404(_("There is no such key, or it is somebody else's."))
    try:
        revoke_key(key, by=user)
    except AccountError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("“%(name)s” opens nothing any more.") % {"name": key.name})
    return redirect("api_keys:list")
