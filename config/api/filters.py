from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.api.shapes import SHAPE_PARAMETERS, SHAPED_ACTIONS, ShapedMixin
from config.api.pagination import Pages

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which reads the settings that name this module


class UnknownParameter(ValidationError):
    default_code = "unknown_parameter"


class StrictFilterBackend(DjangoFilterBackend):
    """Filters a list by its declared parameters, and refuses any other: a misspelt filter must not return everything.

    A view's `parameters` names what its other actions take in the query string.
    """

    def filter_queryset(self, request: HttpRequest, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        refuse_unknown(request, self.known_parameters(view, queryset))
        filterset = self.get_filterset_class(view, queryset) if getattr(view, "action", None) == "list" else None
        if filterset is None or request.GET.keys().isdisjoint(filterset.base_filters):
            return queryset  # without the form, a tenth of the time of a page
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered

    def known_parameters(self, view: APIView, queryset: QuerySet[Any]) -> list[str]:
        action = getattr(view, "action", "")
        if action != "list":
            return [*parameters_of(view), *_shape_parameters(view, action)]
        filterset = self.get_filterset_class(view, queryset)
        filters = filterset.base_filters if filterset else ()
        return [*filters, *Pages.of_lists, *_shape_parameters(view, action)]


def parameters_of(view: Any) -> tuple[str, ...]:
    """What an action other than a list takes in the query string, by the view's own word."""
    parameters: tuple[str, ...] = getattr(view, "parameters", {}).get(getattr(view, "action", ""), ())
    return parameters


def _shape_parameters(view: APIView, action: str) -> tuple[str, ...]:
    return SHAPE_PARAMETERS if isinstance(view, ShapedMixin) and action in SHAPED_ACTIONS else ()


def refuse_unknown(request: HttpRequest | Request, known: Collection[str]) -> None:
    said: dict[str, list[str]] = {}
    for name in request.GET:
        if name not in known:
            said[name] = [f"There is no such parameter here. Known are: {', '.join(known) or 'none'}."]
    if said:
        raise UnknownParameter(said)


def refuse_repeated(request: Request) -> None:
    """A parameter given twice, or without a value, could mean anything."""
    said: dict[str, list[str]] = {}
    for name, values in request.query_params.lists():
        if len(values) > 1:
            said[name] = ["Give it once."]
        elif values == [""]:
            said[name] = ["It is empty. Give a value, or leave it out."]
    if said:
        raise ValidationError(said)
