"""How long the search for propositions takes with a million claims, each channel by itself; measure.py calls it."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

SEARCHES = 100


def searches(times: Callable[..., str], line: Callable[[str, str, str], None]) -> None:
    """What an analyst asks on accepting a claim, for claims drawn by chance: their words, their names, their day."""
    from accounts.models import User
    from claims.models import Claim
    from claims.search import Channel, propositions_like

    user = User.objects.get(username="bench-analyst")
    chance = random.Random(8)
    newest = Claim.objects.order_by("pk").last()
    assert newest is not None
    drawn = [chance.randrange(1, newest.pk) for _ in range(3 * SEARCHES)]
    rows = Claim.objects.accepted().filter(pk__in=drawn).values_list("content_quote", "reported_date")
    asked: list[Any] = list(rows[: SEARCHES + 1])

    def ask(channel: Channel, waiting: list[Any]) -> None:
        said, day = waiting.pop()
        words = said.split()
        name = f"{words[1].title()} {words[-1].title()}"
        propositions_like(f"{said} {name}", user=user, on=day, entities=[name], channels=[channel])

    for what, channel, wanted in (
        ("search: duplicates", Channel.DUPLICATE, "p95 <= 200 ms"),
        ("search: corroboration", Channel.CORROBORATION, "p95 <= 1000 ms"),
    ):
        waiting = list(asked)
        ask(channel, waiting)  # once before: connections, prepared plans
        line(what, times(partial(ask, channel, waiting), rounds=len(waiting)), wanted)
