"""Webhooks in the workbench: making them, how well they answer, what was sent and sending it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from documents.models import Collection
from exchange.errors import ExchangeError
from exchange.models import Delivery, DeliveryState, EventType, Webhook
from exchange.pages.allowed import allowed
from exchange.services import webhooks as services

PAGE_SIZE = 50
NEEDED = "exchange.manage_webhooks"


class WebhookForm(forms.Form):
    """Who is called, and what for."""

    name = forms.CharField(max_length=100, label=gettext_lazy("What it is for"))
    url = forms.CharField(
        max_length=500,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy("https://…, on the internet. An administrator can allow networks of your own."),
    )
    types = forms.MultipleChoiceField(
        choices=EventType.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Only of this"),
        help_text=gettext_lazy("Choose none, and it is told of everything."),
    )
    collections = forms.ModelMultipleChoiceField(
        Collection.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Only in these collections"),
        help_text=gettext_lazy("Choose none, and it is told of all that you may see, now and later."),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        collections: Any = self.fields["collections"]
        collections.queryset = Collection.objects.visible_to(by)

    def wanted(self) -> dict[str, Any]:
        """The arguments of `subscribe`."""
        given = self.cleaned_data
        return {**given, "collections": [collection.pk for collection in given["collections"]]}


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_variables("secret")
def webhooks(request: HttpRequest) -> HttpResponse:
    """The list, and a form for a new one, whose secret stands in this one answer and nowhere else."""
    user = allowed(request, NEEDED)
    form = WebhookForm(request.POST if request.method == "POST" else None, by=user)
    made, secret = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = services.subscribe(by=user, **form.wanted())
        except ExchangeError as error:
            form.add_error("url" if error.code == "bad_address" else None, str(error))
        else:
            form = WebhookForm(by=user)
    context = {
        "form": form,
        "made": made,
        "secret": secret,
        "webhooks": Webhook.objects.visible_to(user).order_by("-id"),
    }
    return render(request, "exchange/webhooks.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def webhook(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """One webhook and its log."""
    return _page(request, _webhook(allowed(request, NEEDED), webhook_id))


@require_POST
@never_cache
@sensitive_variables("secret")
def new_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    found = _webhook(allowed(request, NEEDED), webhook_id)
    return _page(request, found, secret=services.new_secret(found))


@require_POST
def switch(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """On, telling all that it missed; `skip` tells only what comes. Or off."""
    found = _webhook(allowed(request, NEEDED), webhook_id)
    wanted = request.POST.get("to")
    if wanted == "skip":
        services.skip_to_now(found)
    services.change(found, active=wanted != "off")
    said = {"off": _("It is called no more."), "skip": _("It is told of what comes from now on.")}
    messages.success(request, said.get(wanted or "", _("It is told of all that it missed.")))
    return redirect("webhooks:webhook", webhook_id=found.pk)


@require_POST
def delete(request: HttpRequest, webhook_id: int) -> HttpResponse:
    found = _webhook(allowed(request, NEEDED), webhook_id)
    services.unsubscribe(found)
    messages.success(request, _("“%(name)s” and its log are deleted.") % {"name": found.name})
    return redirect("webhooks:list")


@require_POST
def send_again(request: HttpRequest, delivery_id: int) -> HttpResponse:
    delivery = _delivery(allowed(request, NEEDED), delivery_id)
    services.send_again(delivery)
    return _said(request, delivery.webhook, _("It is sent again in a moment."))


@require_POST
def replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """That event and all after it."""
    delivery = _delivery(allowed(request, NEEDED), delivery_id)
    services.replay(delivery.webhook, since=delivery.event.uuid)
    return _said(request, delivery.webhook, _("All from there on is sent again."))


def _page(request: HttpRequest, found: Webhook, *, secret: str = "") -> HttpResponse:
    state = request.GET.get("state", "")
    log = found.deliveries.for_list()
    if state in DeliveryState.values:
        log = log.filter(state=state)
    context = {
        "webhook": found,
        "secret": secret,
        "page": Paginator(log, PAGE_SIZE).get_page(request.GET.get("page")),
        "states": DeliveryState.choices,
        "state": state,
        "types": [EventType(name).label for name in found.types],
        "collections": Collection.objects.visible_to(found.by).filter(pk__in=found.collections),
        "waiting": found.deliveries.waiting().count(),
    }
    return render(request, "exchange/webhook.html", context)


def _said(request: HttpRequest, found: Webhook, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("webhooks:webhook", webhook_id=found.pk)


def _webhook(user: User, webhook_id: int) -> Webhook:
    found = Webhook.objects.visible_to(user).select_related("by").filter(pk=webhook_id).first()
    if found is None:
        raise Http404(_("There is no such webhook, or it is somebody else's."))
    return found


def _delivery(user: User, delivery_id: int) -> Delivery:
    own = Delivery.objects.visible_to(user).select_related("webhook", "event")
    found = own.filter(pk=delivery_id).first()
    if found is None:
        raise Http404(_("There is no such delivery, or it is somebody else's."))
    return found


app_name = "webhooks"
urlpatterns = [
    path("", webhooks, name="list"),
    path("<int:webhook_id>/", webhook, name="webhook"),
    path("<int:webhook_id>/new-secret/", new_secret, name="new_secret"),
    path("<int:webhook_id>/switch/", switch, name="switch"),
    path("<int:webhook_id>/delete/", delete, name="delete"),
    path("deliveries/<int:delivery_id>/send-again/", send_again, name="send_again"),
    path("deliveries/<int:delivery_id>/replay/", replay, name="replay"),
]
