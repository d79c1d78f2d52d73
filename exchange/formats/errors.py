from __future__ import annotations

from exchange.errors import ExchangeError


class BadSelection(ExchangeError):
    """What to export was named in a way that cannot be read.

    fields: by parameter, what is wrong with it. unknown: there are no such parameters.
    """

    code = "bad_selection"

    def __init__(self, fields: dict[str, str], *, unknown: bool = False) -> None:
        self.fields = fields
        self.unknown = unknown
        super().__init__(" ".join(f"{name}: {said}" for name, said in fields.items()))
