from __future__ import annotations

from exchange.errors import ExchangeError


class BadFile(ExchangeError):
    """Nothing of the file can be read; nothing was stored."""

    code = "bad_file"


class BadRow(Exception):
    """A row is refused; the text says what is wrong and what to do. It becomes a line of the report."""
