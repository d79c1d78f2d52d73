"""What the marking of a collection is in terms that other systems know: the Traffic Light Protocol (FIRST, 2.0)."""

from __future__ import annotations

import re

TRAFFIC_LIGHTS = ("clear", "green", "amber", "amber+strict", "red")
_TLP = re.compile(r"\bTLP\s*[:\- ]\s*(CLEAR|WHITE|GREEN|AMBER\+STRICT|AMBER|RED)(?![\w+])", re.IGNORECASE)


def traffic_light(marking: str) -> str:
    """One of TRAFFIC_LIGHTS when the marking names one, else "". WHITE, of version 1, is clear.

    A marking that names two of them names none: which one holds is not ours to guess.
    """
    named = {found.lower().replace("white", "clear") for found in _TLP.findall(marking)}
    return named.pop() if len(named) == 1 else ""
