"""The OpenAPI description: what the views declare, and the refusals that every operation shares."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from accounts.api.shapes import SHAPED_ACTIONS, ShapedMixin
from accounts.errors import CallUnderway, NameUsedOtherwise
from config.api.bounds import CALL_NAME, TAGS, bounds_of
from config.api.errors import TRY_AGAIN, ErrorSerializer, Refusal, StaleSerializer, status_of
from config.api.guard import PreconditionFailed, PreconditionRequired
from config.api.shapes import describe_shapes, shape_parameters

SHARED = {
    "400": (
        "The request cannot be read, or a value in it is impossible.",
        "invalid",
        "page_size: Give a number from 1 to 200.",
    ),
    "401": (
        "Who calls is not known.",
        "not_authenticated",
        "Authentication credentials were not provided. Send an API key, as `Authorization: Bearer hs_...`, or log in.",
    ),
    "403": (
        "The account lacks the permission, or the key the scope.",
        "scope_missing",
        "This API key may not do this: it lacks the scope review. Use a key that has it.",
    ),
    "404": ("There is no such row, or none that you may see.", "not_found", "There is nothing here that you may see."),
    "429": ("Too many calls.", "throttled", "Request was throttled. Expected available in 12 seconds."),
}
CONFLICTS = {
    "409": "The row is not, or no longer, in a state for this.",
    "410": "It was there, and is no longer.",
    "412": "The row was changed since the state that If-Match names. Nothing was written.",
    "413": "Too large.",
    "422": "Understood, but a rule refuses it.",
    "428": "If-Match is missing.",
}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the package types it partly
    target_class = "accounts.api.authentication.KeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer hs_...`."}


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The row's ETag as you got it. If the row was changed since: 412, nothing written. `*`: whatever "
    "its state.",
    "schema": {"type": "string", "pattern": TAGS, "examples": ['"v3"']},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A new UUID for each new call, such as 1b4e28ba-2fa1-4d2c-883f-0016d3cca427. The same call under "
    "the same key takes effect once; for 24 hours it gets the same answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": CALL_NAME},
}
RATES = ("RateLimit", "RateLimit-Policy")


class Schema(AutoSchema):
    """Adds to each operation what config/api/guard.py does around it, and the refusals it can answer with: the shared
    ones, and the view's `refusals`."""

    def _map_serializer_field(self, field: Any, direction: str, *args: Any, **kwargs: Any) -> Any:
        described = super()._map_serializer_field(field, direction, *args, **kwargs)  # type: ignore[no-untyped-call]
        if described and direction == "request" and getattr(field, "allow_empty", True) is False:
            described.setdefault("minItems", 1)
        return described

    def _get_filter_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_filter_parameters()  # type: ignore[no-untyped-call]
        filters = getattr(getattr(self.view, "filterset_class", None), "base_filters", {})
        for parameter in parameters:
            parameter["schema"] |= bounds_of(filters.get(parameter["name"]))
        return parameters

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        headers = [IF_MATCH] * self._edits + [IDEMPOTENCY_KEY] * (self.method == "POST")
        if headers:
            operation["parameters"] = [*operation.get("parameters", ()), *deepcopy(headers)]
        if isinstance(self.view, ShapedMixin) and self.view.action in SHAPED_ACTIONS:
            operation["parameters"] = [*operation.get("parameters", ()), *shape_parameters(self.view)]
            describe_shapes(self, operation)
        for response in operation["responses"].values():
            response["headers"] = response.get("headers", {}) | self._answer_headers()
        operation["responses"] |= self._refusals(operation)
        return operation

    @property
    def _edits(self) -> bool:
        return getattr(self.view, "action", "") in getattr(self.view, "edits", ())

    def _answer_headers(self) -> dict[str, Any]:
        shows_row = self._edits or (getattr(self.view, "action", "") == "retrieve" and self._has_tag())
        names = [*RATES, *["ETag"] * shows_row, *["Idempotency-Replayed"] * (self.method == "POST")]
        return {name: {"$ref": f"#/components/headers/{name}"} for name in names}

    def _has_tag(self) -> bool:
        queryset = getattr(self.view, "queryset", None)
        return queryset is not None and hasattr(queryset.model, "edit_tag")

    def _refusals(self, operation: dict[str, Any]) -> dict[str, Any]:
        takes_path = any(parameter["in"] == "path" for parameter in operation.get("parameters", ()))
        found: dict[str, tuple[str, dict[str, str]]] = {
            status: (description, {code: detail})
            for status, (description, code, detail) in SHARED.items()
            if status != "404" or takes_path
        }
        said: list[Refusal] = list(getattr(self.view, "refusals", {}).get(getattr(self.view, "action", ""), ()))
        if self.method != "GET":
            found["503"] = ("Two calls stood in each other's way.", {"try_again": TRY_AGAIN})
        if self.method == "POST":
            said += [CallUnderway(), NameUsedOtherwise("1b4e28ba")]
        for refusal in said:
            status = str(status_of(refusal))
            found.setdefault(status, (CONFLICTS[status], {}))[1][refusal.code] = str(refusal)
        if self._edits:
            for precondition in (PreconditionFailed, PreconditionRequired):
                status = str(precondition.status_code)
                found[status] = (CONFLICTS[status], {precondition.default_code: precondition.default_detail})
        return {status: self._response(status, *found[status]) for status in sorted(found)}

    def _response(self, status: str, description: str, details: dict[str, str]) -> dict[str, Any]:
        serializer = StaleSerializer if status == "412" else ErrorSerializer
        error = self.resolve_serializer(serializer(), "response")
        more: dict[str, Any] = {"current": {}} if status == "412" else {}
        examples = {code: {"value": {"code": code, "detail": detail, **more}} for code, detail in details.items()}
        headers = {"412": ["ETag"], "429": ["Retry-After", *RATES], "503": ["Retry-After"]}.get(status, [])
        return {
            "description": description,
            **({"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers}} if headers else {}),
            "content": {"application/json": {"schema": error.ref, "examples": examples}},
        }
