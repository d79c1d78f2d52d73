"""What every operation takes and refuses alike, told in the OpenAPI description where the views do not say it.

A name that is not known is refused, in a body as in the query. Ids are 64 bits wide. No string may hold U+0000, which
PostgreSQL cannot store; one that may not be empty may not be blank either, and so may no parameter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.ids import LARGEST_ID

ANY_TEXT = r"^[^\u0000]*$"
SOME_TEXT = r"^[^\u0000]*[^\s\u0000\u001c-\u001f\u0085][^\u0000]*$"
"""Not only white space, as Python knows it."""
TAG = r'"[\x21\x23-\x2b\x2d-\x7e]*"'
TAGS = rf"^(\*|{TAG}(, *{TAG})*)$"
"""Of If-Match: what config/api/guard.py reads."""
CALL_NAME = r'^"?[\x21\x23-\x7e]+"?$'
"""Of Idempotency-Key: what config/api/repeats.py reads."""

Schema = dict[str, Any]


def tell_bounds(result: Schema, **_: Any) -> Schema:
    """A postprocessing hook of drf-spectacular."""
    for name, component in result["components"]["schemas"].items():
        if name.endswith("Request"):
            _bound_body(component)
    for operation in _operations(result):
        for parameter in operation.get("parameters", ()):
            _bound_parameter(parameter)
    return result


def bounds_of(filter: Any) -> Schema:  # noqa: A002 -- a filter of django-filter, None where a parameter is none
    """What a filter of a list says of the values it takes."""
    told = {"min_value": "minimum", "max_value": "maximum", "max_length": "maxLength"}
    extra = filter.extra if filter is not None else {}
    return {word: extra[name] for name, word in told.items() if name in extra}


def _operations(result: Schema) -> Iterator[Schema]:
    for path in result["paths"].values():
        yield from (operation for operation in path.values() if isinstance(operation, dict))


def _bound_body(schema: Schema) -> None:
    if schema.get("type") == "object" and "properties" in schema:
        schema["additionalProperties"] = False
    for field in _fields(schema):
        if _is_free_text(field):
            field["pattern"] = SOME_TEXT if field.get("minLength") else ANY_TEXT


def _fields(schema: Schema) -> Iterator[Schema]:
    """The schemas inside, but for what they refer to."""
    for inner in [*schema.get("properties", {}).values(), schema.get("items"), schema.get("additionalProperties")]:
        if isinstance(inner, dict):
            yield inner
            yield from _fields(inner)


def _bound_parameter(parameter: Schema) -> None:
    schema = parameter["schema"]
    if parameter["in"] == "query" and _is_free_text(schema):
        schema.update(minLength=max(1, schema.get("minLength", 1)), pattern=SOME_TEXT)
    elif schema.get("type") == "integer" and "maximum" not in schema:
        schema.update(minimum=1, maximum=LARGEST_ID, format="int64")


def _is_free_text(schema: Schema) -> bool:
    kind = schema.get("type")
    text = kind == "string" or (isinstance(kind, list) and "string" in kind)
    return text and not schema.keys() & {"enum", "format", "pattern"}
