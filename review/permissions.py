"""Who may do what in the workbench, said so that a refusal names what to ask for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

NO_ROLE = gettext_lazy("Your account has no role yet. Ask an administrator for the role “viewer”.")
ASK_FOR = {
    "accounts.use_keys": gettext_lazy("API keys need the role “analyst”. Ask an administrator for it, or for a key."),
    "claims.view_claim": NO_ROLE,
    "claims.review_claim": gettext_lazy("Reviewing needs the role “analyst”. Ask an administrator to give it to you."),
    "claims.add_claim": gettext_lazy(
        "Adding a claim needs the role “analyst”. Ask an administrator to give it to you."
    ),
    "claims.assess_claim": gettext_lazy("Grading needs the role “analyst”. Ask an administrator to give it to you."),
    "claims.view_proposition": gettext_lazy(
        "Your account has no role yet. Ask an administrator for the role “viewer”."
    ),
    "claims.settle_proposition": gettext_lazy(
        "Settling needs the role “analyst”. Ask an administrator to give it to you."
    ),
    "claims.view_propositionlink": NO_ROLE,
    "claims.view_originnotice": NO_ROLE,
    "claims.view_gradeflag": NO_ROLE,
    "claims.change_proposition": gettext_lazy(
        "Joining, splitting and merging need the role “analyst”. Ask an administrator to give it to you."
    ),
    "claims.decide_link": gettext_lazy(
        "Deciding links needs the role “analyst”. Ask an administrator to give it to you."
    ),
    "claims.confirm_independence": gettext_lazy(
        "Confirming an origin needs the role “analyst”. Ask an administrator to give it to you."
    ),
    "claims.view_note": NO_ROLE,
    "review.view_assignment": NO_ROLE,
    "claims.add_note": gettext_lazy("Writing notes needs the role “analyst”. Ask an administrator to give it to you."),
    "claims.discredit": gettext_lazy("Discrediting needs the role “analyst”. Ask an administrator to give it to you."),
    "sources.view_source": gettext_lazy("Your account has no role yet. Ask an administrator for the role “viewer”."),
    "sources.assess_source": gettext_lazy("Grading needs the role “analyst”. Ask an administrator to give it to you."),
    "sources.change_source": gettext_lazy(
        "Describing a source needs the role “analyst”. Ask an administrator to give it to you."
    ),
    "sources.merge_source": gettext_lazy(
        "Merging and splitting need the role “analyst”. Ask an administrator to give it to you."
    ),
}


def needs(permission: str) -> Callable[[View[P]], View[P]]:
    """Let in only those who have `permission`; tell others what to ask for."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.has_perm(permission):
                raise PermissionDenied(ASK_FOR.get(permission) or _("Your role does not cover this."))
            return view(request, *args, **kwargs)

        return checked

    return decorate
