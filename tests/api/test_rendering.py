"""Answers are written by orjson; what is read from them is what REST framework's own renderer would have written."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy
from rest_framework import renderers
from rest_framework.utils.serializer_helpers import ReturnDict

from claims.models import ClaimState
from config.api.renderers import JSONRenderer

ANSWERS: dict[str, Any] = {
    "nothing": None,
    "rows": [
        {"id": 1, "score": 0.1, "none": None, "yes": True, "text": "ø \u2028 \u2029 \x00 \x7f </script> \U0001f600"}
    ],
    "days": {"at": datetime(2012, 8, 4, 9, 30, tzinfo=UTC), "on": date(2012, 8, 4)},
    "half seconds": datetime(2012, 8, 4, 9, 30, 0, 500, tzinfo=UTC),
    "others": [Decimal("1.5"), UUID(int=7), (1, 2), gettext_lazy("Save"), ClaimState.ACCEPTED, b"bytes"],
    "large": [2**80, -(2**63)],
    "keys": {1: "one", None: "none"},
    "of a serializer": ReturnDict({"id": 1}, serializer=None),
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("accepted", ["application/json", "application/json; indent=2"])
def test_an_answer_is_written_as_by_rest_framework(name: str, accepted: str):
    expected = renderers.JSONRenderer().render(ANSWERS[name], accepted, {})

    written = JSONRenderer().render(ANSWERS[name], accepted, {})

    assert written == expected


def test_numbers_read_as_they_were():
    numbers = [1e-7, 1e16, 1e22, 0.1 + 0.2, -0.0, 5e-324]

    assert json.loads(JSONRenderer().render(numbers)) == numbers


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError):
        JSONRenderer().render({"what": object()})
