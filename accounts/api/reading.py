"""Serializers that only show rows, and show many of them quickly.

REST framework copies all fields of a serializer for each answer, and asks each field anew for each row how it reads
itself off the row. Here the fields are made once per class, and each answer works out once, per field, a function that
reads a row. What is shown is the same, byte for byte (tests/api/test_reading.py); a field in which REST framework does
anything special is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.fields import Field, SkipField
from rest_framework.relations import PKOnlyObject

AnyField = Field[Any, Any, Any, Any]
Reader = Callable[[Any], Any]

Row = TypeVar("Row")
ModelRow = TypeVar("ModelRow", bound=Model)

PLAIN: dict[Callable[..., Any], Reader] = {
    serializers.CharField.to_representation: str,
    serializers.IntegerField.to_representation: int,
    serializers.FloatField.to_representation: float,
}
"""What REST framework's own fields make of a value, without the method around it."""

if TYPE_CHECKING:
    Base = serializers.Serializer[Any]
else:
    Base = object


class Reading(Base):
    """Goes before a serializer class that shows rows. It is not for input."""

    @cached_property
    def shown(self) -> dict[str, AnyField]:
        """The fields of this answer by name. All answers share them: take some out, or `show` others in their place."""
        return dict(fields_of(type(self)))

    def show(self, name: str, field: AnyField) -> None:
        """Show this field instead of, or beside, those of the class."""
        field.bind(name, self)
        self.shown[name] = field

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return dict(self._read(instance))

    def _read(self, row: Any) -> Iterator[tuple[str, Any]]:
        for name, read in self._readers:
            try:
                value = read(row)
            except SkipField:
                continue
            yield name, value

    @cached_property
    def _readers(self) -> list[tuple[str, Reader]]:
        return [(name, self._reader(name, field)) for name, field in self.shown.items()]

    def _reader(self, name: str, field: AnyField) -> Reader:
        if isinstance(field, serializers.SerializerMethodField):
            method: Reader = getattr(self, field.method_name or f"get_{name}")
            return method
        if isinstance(field, serializers.BaseSerializer) and field.parent is not self:
            field = deepcopy(field)  # its context is that of this answer
            field.bind(name, self)
        if type(field).get_attribute is not Field.get_attribute:
            return _as_it_says_itself(field)
        show = PLAIN.get(type(field).to_representation, field.to_representation)
        return _reading(field, show) if field.source_attrs else show


class ReadSerializer(Reading, serializers.Serializer[Row]):
    """Shows what is no row of one table."""


class ReadModelSerializer(Reading, serializers.ModelSerializer[ModelRow]):
    """Shows a row of a table."""


@cache
def fields_of(kind: type[serializers.BaseSerializer[Any]]) -> dict[str, AnyField]:
    """The fields that a serializer class shows, by name."""
    made: Any = kind()
    return {name: field for name, field in made.fields.items() if not field.write_only}


def _reading(field: AnyField, show: Reader) -> Reader:
    """Reads an attribute, or an entry of a dict, and has it shown. What is unusual is left to the field."""
    source = str(field.source)
    attribute: Reader = attrgetter(source)

    def read(row: Any) -> Any:
        try:
            value = row[source] if type(row) is dict else attribute(row)
        except (AttributeError, KeyError, ObjectDoesNotExist):
            value = field.get_attribute(row)
        else:
            if callable(value):
                value = field.get_attribute(row)
        return None if value is None else show(value)

    return read


def _as_it_says_itself(field: AnyField) -> Reader:
    """As in REST framework's `Serializer.to_representation`."""

    def read(row: Any) -> Any:
        value = field.get_attribute(row)
        if (value.pk if isinstance(value, PKOnlyObject) else value) is None:
            return None
        return field.to_representation(value)

    return read
