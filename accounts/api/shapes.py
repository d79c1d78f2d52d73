"""`fields=` and `expand=`: how much of a row an answer shows, and so how much is loaded for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.api.reading import Reading, fields_of

if TYPE_CHECKING:
    from rest_framework.viewsets import GenericViewSet

    Viewed = GenericViewSet[Any]
else:
    Viewed = object

SHAPE_PARAMETERS = ("fields", "expand")
SHAPED_ACTIONS = ("list", "retrieve")

Prepare = Callable[[serializers.BaseSerializer[Any], list[Any], Mapping[str, Any]], None]


@dataclass(frozen=True)
class Shape:
    """What an answer shows. fields: None for all."""

    fields: frozenset[str] | None = None
    expand: frozenset[str] = frozenset()

    def shows(self, *names: str) -> bool:
        """Whether any of these fields is shown."""
        return self.fields is None or not self.fields.isdisjoint(names)

    @property
    def is_plain(self) -> bool:
        return self.fields is None and not self.expand


@dataclass(frozen=True)
class Expansion:
    """A field that can be shown as the whole row it refers to.

    makes: the field in its place. prepare: called with it, the rows of the answer and the context, to load for all rows
    at once.
    """

    makes: Callable[[], serializers.BaseSerializer[Any]]
    prepare: Prepare | None = None


class ShapedMixin(Viewed):
    """A view whose rows are listed and shown as `fields` and `expand` ask. `get_queryset` asks `shape` what to load."""

    expansions: Mapping[str, Expansion] = {}

    @cached_property
    def shape(self) -> Shape:
        if self.action not in SHAPED_ACTIONS or self.request.method != "GET":
            return Shape()
        if self.request.query_params.keys().isdisjoint(SHAPE_PARAMETERS):
            return Shape()
        kind: Any = self.get_serializer_class()
        known = list(fields_of(kind))
        fields = _names(self.request, "fields", known)
        expand = _names(self.request, "expand", list(self.expansions))
        if fields is not None and expand is not None and (hidden := expand - fields - (expand - set(known))):
            said = f"Not among the fields asked for: {', '.join(sorted(hidden))}."
            raise ValidationError({"expand": [said]})
        return Shape(fields, expand or frozenset())

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        made: Any = super().get_serializer(*args, **kwargs)
        if self.shape.is_plain:
            return made
        rows = made.instance if kwargs.get("many") else [made.instance]
        row: Reading = getattr(made, "child", made)
        for name in self.shape.expand:
            expansion = self.expansions[name]
            field = expansion.makes()
            row.show(name, field)
            if expansion.prepare is not None:
                expansion.prepare(field, list(rows), row.context)
        if self.shape.fields is not None:
            for name in row.shown.keys() - self.shape.fields - self.shape.expand:
                del row.shown[name]
        return made


def _names(request: Request, parameter: str, known: Collection[str]) -> frozenset[str] | None:
    """What a parameter names, separated by commas; None without it."""
    given = request.query_params.get(parameter)
    if given is None:
        return None
    names = frozenset(name.strip() for name in given.split(","))
    if unknown := sorted(names - set(known)):
        raise ValidationError(
            {parameter: [f"There is no '{unknown[0][:100]}' here. Known are: {', '.join(known) or 'none'}."]}
        )
    return names
