from __future__ import annotations

from exchange.errors import ExchangeError


class BadDump(ExchangeError):
    """Nothing of the file was taken in. line: which one is to blame, counted from 1; 0: the file as a whole."""

    code = "bad_dump"

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {what}" if line else what)


class NotEmpty(ExchangeError):
    code = "not_empty"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"This installation has {what} already. A full dump goes into an empty one, where only users may be there. "
            "Claims, verdicts and sources are added to what is there by import_rows."
        )
