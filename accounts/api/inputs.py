from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from accounts.ids import LARGEST_ID


class Input(serializers.Serializer[Any]):
    """What an action takes. A name it does not know is refused: a misspelt field must not pass for an empty one.

    So is a number in place of text, anything else in place of true and false, and one of these in place of a number.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                known = ", ".join(self.fields)
                raise serializers.ValidationError(
                    {name: [f"There is no such field here. Known are: {known or 'none'}."] for name in unknown}
                )
            if wrong := {name: [said] for name, value in data.items() if (said := self._against_type(name, value))}:
                raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def _against_type(self, name: str, value: Any) -> str:
        """What is wrong with a value that Python would convert, and JSON tells apart; empty if nothing is."""
        field = self.fields[name]
        if isinstance(field, serializers.CharField) and isinstance(value, int | float):
            return "Give text, in quotation marks."
        if isinstance(field, serializers.BooleanField) and str(value).lower() not in ("true", "false", "none"):
            return "Give true or false."
        if isinstance(field, serializers.FloatField) and isinstance(value, bool):
            return "Give a number."
        return ""


class RowIdField(serializers.IntegerField):
    """An id that a row may have. Whether one has it is for others to say."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


def checked(form: type[Input], data: Any, **context: Any) -> dict[str, Any]:
    """The values of `data` as `form` reads them. Raises rest_framework's ValidationError."""
    read = form(data=data, context=context)
    read.is_valid(raise_exception=True)
    values: dict[str, Any] = read.validated_data
    return values
