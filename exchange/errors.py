from __future__ import annotations


class ExchangeError(Exception):
    """Something about a job, a subscription or an exchange format was refused; the text says what to do next."""

    code = "exchange_error"
