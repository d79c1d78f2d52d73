"""Serializers that only show rows, and show many of them quickly.

REST framework copies all fields of a serializer for each answer, and asks each field anew for each row how it reads
itself off the row. Here the fields are made once per class, and each answer works out once, per field, a function that
reads a row. What is shown is the same, byte for byte (tests/api/test_reading.py); a field in which REST framework does
anything special is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.utils.functional import cached_property
from django.utils.timezone import get_current_timezone_name
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
        try:
            return {name: read(instance) for name, read in self._readers}
        except SkipField:
            return dict(self._without_skipped(instance))

    def _without_skipped(self, row: Any) -> Iterator[tuple[str, Any]]:
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
        return _reading(field, _shown_by(field)) if field.source_attrs else field.to_representation


class ReadSerializer(Reading, serializers.Serializer[Row]):
    """Shows what is no row of one table."""


class ReadModelSerializer(Reading, serializers.ModelSerializer[ModelRow]):
    """Shows a row of a table."""


@cache
def fields_of(kind: type[serializers.BaseSerializer[Any]]) -> dict[str, AnyField]:
    """The fields that a serializer class shows, by name."""
    made: Any = kind()
    return {name: field for name, field in made.fields.items() if not field.write_only}


def _shown_by(field: AnyField) -> Reader:
    """What the field makes of a value, by a shorter way where there is one."""
    shown = type(field).to_representation
    if shown in PLAIN:
        return PLAIN[shown]
    if shown is serializers.BooleanField.to_representation:
        return _true_or_false(field)
    if shown is serializers.DateTimeField.to_representation:
        return _moment(field)
    if isinstance(field, serializers.ModelSerializer):
        return _shown_once(field)
    return field.to_representation


def _true_or_false(field: AnyField) -> Reader:
    return lambda value: value if value is True or value is False else field.to_representation(value)


def _moment(field: AnyField) -> Reader:
    """As in REST framework, of which nothing is to be converted where the database's UTC is what is shown."""
    if hasattr(field, "timezone") or hasattr(field, "format") or get_current_timezone_name() != "UTC":
        return field.to_representation

    def show(value: Any) -> Any:
        if type(value) is datetime and value.tzinfo is UTC:
            return value.isoformat().removesuffix("+00:00") + "Z"
        return field.to_representation(value)

    return show


def _shown_once(field: AnyField) -> Reader:
    """Rows share what they refer to, such as the document of fifty claims: it is shown once for all."""
    shown: dict[int, tuple[Any, Any]] = {}

    def show(row: Any) -> Any:
        if id(row) not in shown:
            shown[id(row)] = row, field.to_representation(row)  # the row as well, so that no other gets its id
        return shown[id(row)][1]

    return show


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
