"""What schemathesis has to know of our API to come deeper than `not found` (loaded by schemathesis.toml)."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import schemathesis

from config.api.bounds import CALL_NAME, TAGS

ROWS = 24
"""How many ids of each table tests/api/world.py has, about."""
BEYOND_THE_DESCRIPTION = re.compile(
    r"There is n(one with this id|o (collection|document|step|claim)\b).* that you may see\."  # a row that is not there
    r"|There is nobody of this name.*"
    r"|This is no cursor of ours\..*|This cursor is of another order: .*|Give document, too: .*"
    r"|Give `after` of an earlier answer as it was, or an event's id\."  # opaque
    r"|The submitted file is empty\."
    r"|Not among the fields asked for: .*|Give (one of|either) .*|It lies before the start\..*"  # one by another
)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Have calls find rows, each be a new call, and fit whatever the state of the row."""
    for name, pattern, value in (("Idempotency-Key", CALL_NAME, uuid4().hex), ("If-Match", TAGS, "*")):
        if re.search(pattern, str((case.headers or {}).get(name, ""))):
            case.headers[name] = value
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    for name, value in (case.path_parameters or {}).items():
        if case.meta.phase.name.value != "stateful" and isinstance(value, int) and value % 4:
            case.path_parameters[name] = value % ROWS + 1  # those of stateful calls come from answers
    if "page_size" in (case.query or {}):
        case.query.pop("cursor", None)


@schemathesis.check
def keeps_what_it_promises(ctx: Any, response: Any, case: Any) -> None:
    """A call that keeps to the description is answered with 400 for nothing that a description could have said."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code != 400:
        return
    refusal = json.loads(response.content)
    told = [message for messages in refusal.get("fields", {}).values() for message in messages]
    for message in told or [refusal["detail"]]:
        if not BEYOND_THE_DESCRIPTION.fullmatch(message):
            raise AssertionError(f"The description allows this call, and it is refused: {message}")
