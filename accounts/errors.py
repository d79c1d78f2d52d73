class AccountError(Exception):
    """Something about an account was refused; the text says what to do next."""

    code = "account_error"


class UnknownRole(AccountError):
    code = "unknown_role"

    def __init__(self, role: str, *, known: list[str]) -> None:
        super().__init__(f"There is no role '{role}'. Choose one of: {', '.join(known)}.")


class UnknownCollection(AccountError):
    code = "unknown_collection"

    def __init__(self, name: str, *, known: list[str]) -> None:
        super().__init__(f"There is no collection '{name}'. Choose one of: {', '.join(known) or 'none yet'}.")


class KeyTooStrong(AccountError):
    code = "key_too_strong"


class KeyAlreadyRevoked(AccountError):
    code = "key_already_revoked"

    def __init__(self, name: str) -> None:
        super().__init__(f"The key '{name}' was revoked before.")


class NameUsedOtherwise(AccountError):
    code = "idempotency_key_reused"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The Idempotency-Key '{name}' was sent with another call before. Send a new one with each new call."
        )


class CallUnderway(AccountError):
    code = "call_underway"

    def __init__(self) -> None:
        super().__init__("The same call, under the same Idempotency-Key, is being answered. Send it again in a moment.")
