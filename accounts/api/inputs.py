from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class Input(serializers.Serializer[Any]):
    """What an action takes. A name it does not know is refused: a misspelt field must not pass for an empty one."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(set(data) - set(self.fields))
            if unknown:
                known = ", ".join(self.fields)
                raise serializers.ValidationError(
                    {name: [f"There is no such field here. Known are: {known or 'none'}."] for name in unknown}
                )
        return super().to_internal_value(data)


def checked(form: type[Input], data: Any, **context: Any) -> dict[str, Any]:
    """The values of `data` as `form` reads them. Raises rest_framework's ValidationError."""
    read = form(data=data, context=context)
    read.is_valid(raise_exception=True)
    values: dict[str, Any] = read.validated_data
    return values
