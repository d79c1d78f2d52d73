"""How `fields=` and `expand=` stand in the OpenAPI description."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers

from accounts.api.shapes import ShapedMixin


def shape_parameters(view: ShapedMixin) -> list[dict[str, Any]]:
    """The two parameters, with the names they know."""
    made: Any = view.get_serializer_class()()
    known = list(made.fields)
    found = [_names("fields", "Show only these, and load no more than they take.", known)]
    if view.expansions:
        found.append(_names("expand", "Show these whole instead of by a reference.", list(view.expansions)))
    return found


def describe_shapes(schema: AutoSchema, operation: dict[str, Any]) -> None:
    """Have the answer be described as what it can be: any of the fields, and some of them whole."""
    view: Any = schema.view
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    if view.action == "list":
        answer = _component(schema, answer).schema["properties"]["results"]["items"]
    whole = _component(schema, answer)
    if whole.name.endswith("Shaped"):
        return
    name = f"{whole.name}Shaped"
    shaped = ResolvedComponent(name, ResolvedComponent.SCHEMA, object=name)  # type: ignore[no-untyped-call]
    shaped.schema = deepcopy(whole.schema)
    shaped.schema.pop("required", None)
    shaped.schema["description"] = "All of it, or the fields that were asked for."
    for name, expansion in view.expansions.items():
        reference = shaped.schema["properties"].get(name)
        expanded = _expanded(schema, expansion.makes())
        shaped.schema["properties"][name] = {"anyOf": [reference, expanded]} if reference else expanded
    schema.registry.register_on_missing(shaped)
    answer["$ref"] = shaped.ref["$ref"]


def _expanded(schema: AutoSchema, made: serializers.BaseSerializer[Any]) -> dict[str, Any]:
    row: Any = made.child if isinstance(made, serializers.ListSerializer) else made
    reference: dict[str, Any] = schema.resolve_serializer(row, "response").ref
    return {"type": "array", "items": reference} if row is not made else reference


def _component(schema: AutoSchema, reference: dict[str, Any]) -> ResolvedComponent:
    return schema.registry[reference["$ref"].rsplit("/", 1)[1], ResolvedComponent.SCHEMA]


def _names(parameter: str, description: str, known: list[str]) -> dict[str, Any]:
    return {
        "name": parameter,
        "in": "query",
        "required": False,
        "description": f"{description} Separated by commas.",
        "explode": False,
        "style": "form",
        "schema": {"type": "array", "items": {"type": "string", "enum": known}, "minItems": 1},
    }
