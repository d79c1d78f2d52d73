"""How long every list takes at the server, by its address: the workbench's, the records' and the API's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

ROUNDS = 10
WANTED = "p95 <= 300 ms"

WORKBENCH = [
    "/",
    "/decisions/",
    "/decisions/?by=mine",
    "/decisions/?score_from=0.3&score_to=0.4",
    "/review/",
    "/search/",
    "/search/?q=ban",
    "/search/?q=lum+tor",
    "/search/?q=%22ban+gan%22",
    "/search/?q=ban+-gan+or+lumjorri",
    "/search/?q=ban&state=accepted&reliability=B&reported=2013",
    "/search/?outcome=false",
    "/search/?reported=2013-01",
    "/search/?q=ban&before=100000",
    "/search/?q=ban&kind=documents",
    "/search/?q=%22ban+gan%22+-lumjorri&kind=documents",
    "/documents/",
    "/documents/?words=report",
    "/documents/?words=HS-001234",
    "/documents/?state=failed",
    "/documents/?collection=3&before=5000",
    "/sources/",
    "/sources/?order=divergence",
    "/sources/?words=official+north",
    "/sources/?collection=3",
    "/sources/?grade=B&record=yes",
    "/propositions/",
    "/propositions/?state=contested",
    "/propositions/?state=open",
    "/propositions/?state=settled",
    "/propositions/?outcome=partly",
    "/propositions/?collection=3",
    "/propositions/?words=lum+tor",
    "/propositions/?topic=harbour",
    "/propositions/?before=20000",
    "/propositions/grades/",
    "/links/",
    "/links/?kind=contradicts",
    "/links/?kind=claims",
    "/links/notices/",
    "/links/notices/?decided=1",
]
"""Each list, with its filters, as somebody asks for it who sees everything."""


def lists(client: Any, asked: Callable[[Any, list[str]], str], line: Callable[[str, str, str], None]) -> None:
    """Time each list as the administrator sees it, whose lists are the longest."""
    for address in [*WORKBENCH, *records()]:
        line(address, asked(client, [address] * ROUNDS), WANTED)


def records() -> Iterator[str]:
    """The lists of the records pages: as they come, with each filter, and searched for a word."""
    from django.contrib import admin
    from django.urls import reverse

    for model, pages in admin.site._registry.items():
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        yield address
        if pages.search_fields:
            yield f"{address}?q=lum"
        for chosen in pages.list_filter:
            if isinstance(chosen, str):
                yield from _filtered(model, address, chosen)
            else:
                yield f"{address}?{chosen.parameter_name}=3"  # type: ignore[union-attr]  # a filter class of ours


def _filtered(model: Any, address: str, name: str) -> Iterator[str]:
    field = model._meta.get_field(name)
    if field.choices:
        yield from (f"{address}?{name}__exact={value}" for value, _label in field.choices)
    elif field.get_internal_type() == "BooleanField":
        yield f"{address}?{name}__exact=1"
