"""Everybody may choose their own keys; two that act in the same place must differ."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.services import set_preference
from review.keyboard import KEYS, Key, differing, letter_of, problems, shown
from review.permissions import needs
from review.views import UNPROCESSABLE, user_of

KEPT_AS = "keys"
"""Under which name a person's preferences hold their keys."""


@dataclass(frozen=True, slots=True)
class Row:
    key: Key
    letter: str
    problem: str = ""

    @property
    def usual(self) -> list[str]:
        return shown(self.key.letter)

    @property
    def changed(self) -> bool:
        return self.letter != self.key.letter


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs("claims.view_claim")
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of whoever asks. POST keeps a choice without conflicts; `reset` takes the usual ones again."""
    user = user_of(request)
    if request.method == "POST" and "reset" in request.POST:
        set_preference(user, KEPT_AS, {})
        messages.success(request, _("The usual keys act again."))
        return redirect("review:keys")
    chosen = {key.name: letter_of(key.name, user) for key in KEYS}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        chosen |= {key.name: _letter(request.POST.get(key.name, "")) for key in KEYS if not key.fixed}
        wrong = problems(chosen)
        if not wrong:
            set_preference(user, KEPT_AS, differing(chosen))
            messages.success(request, _("Your keys are kept."))
            return redirect("review:keys")
    rows = [Row(key, chosen[key.name], wrong.get(key.name, "")) for key in KEYS]
    groups = [(str(name), list(group)) for name, group in groupby(rows, key=lambda row: str(row.key.group))]
    context = {"groups": groups, "wrong": wrong, "changed": any(row.changed for row in rows)}
    return render(request, "review/keys.html", context, status=UNPROCESSABLE if wrong else 200)


def _letter(typed: str) -> str:
    """As scripts compare it: small, without what surrounds it."""
    return typed.strip().lower()[:12]
