class AccountError(Exception):
    """Something about an account was refused; the text says what to do next."""

    code = "account_error"


class UnknownRole(AccountError):
    code = "unknown_role"

    def __init__(self, role: str, *, known: list[str]) -> None:
        super().__init__(f"There is no role '{role}'. Choose one of: {', '.join(known)}.")
