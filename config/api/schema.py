"""The OpenAPI description: what the views declare, and the refusals that every operation shares."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from config.api.errors import ErrorSerializer, Refusal, status_of

SHARED = {
    "400": (
        "The request cannot be read, or a value in it is impossible.",
        "invalid",
        "page_size: Give a number from 1 to 200.",
    ),
    "401": ("Who calls is not known.", "not_authenticated", "Authentication credentials were not provided."),
    "403": (
        "The account lacks the permission, or the key the scope.",
        "scope_missing",
        "This API key may not do this: it lacks the scope review. Use a key that has it.",
    ),
    "404": ("There is no such row, or none that you may see.", "not_found", "There is nothing here that you may see."),
}
CONFLICTS = {
    "409": "The row is not, or no longer, in a state for this.",
    "412": "The row was changed since the version that If-Match names.",
    "413": "Too large.",
    "422": "Understood, but a rule refuses it.",
}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the package types it partly
    target_class = "accounts.api.authentication.KeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer hs_...`."}


class Schema(AutoSchema):
    """Adds to each operation the refusals it can answer with: the shared ones, and the view's `refusals`."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["responses"] |= self._refusals(operation)
        return operation

    def _refusals(self, operation: dict[str, Any]) -> dict[str, Any]:
        takes_path = any(parameter["in"] == "path" for parameter in operation.get("parameters", ()))
        found: dict[str, tuple[str, dict[str, str]]] = {
            status: (description, {code: detail})
            for status, (description, code, detail) in SHARED.items()
            if status != "404" or takes_path
        }
        for refusal in getattr(self.view, "refusals", {}).get(getattr(self.view, "action", ""), ()):
            for status in self._statuses(refusal, operation):
                found.setdefault(status, (CONFLICTS[status], {}))[1][refusal.code] = str(refusal)
        return {status: self._response(*found[status]) for status in sorted(found)}

    def _statuses(self, refusal: Refusal, operation: dict[str, Any]) -> list[str]:
        takes_etag = any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ()))
        also = ["412"] if takes_etag and refusal.code in ("claim_changed", "source_changed") else []
        return [str(status_of(refusal)), *also]

    def _response(self, description: str, details: dict[str, str]) -> dict[str, Any]:
        error = self.resolve_serializer(ErrorSerializer(), "response")
        examples = {code: {"value": {"code": code, "detail": detail}} for code, detail in details.items()}
        return {
            "description": description,
            "content": {"application/json": {"schema": error.ref, "examples": examples}},
        }
