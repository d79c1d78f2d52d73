from __future__ import annotations

from exchange.errors import ExchangeError


class BadSelection(ExchangeError):
    """What to export was named in a way that cannot be read. `fields`: parameter to what is wrong with it."""

    code = "bad_selection"

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields
        super().__init__(" ".join(f"{name}: {said}" for name, said in fields.items()))
