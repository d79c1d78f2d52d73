from __future__ import annotations


class DocumentError(Exception):
    """Something about a document was refused; the text says what to do next."""

    code = "document_error"


class NotRetryable(DocumentError):
    code = "document_not_retryable"

    def __init__(self, document_id: int, state: str) -> None:
        super().__init__(f"Document {document_id} is {state}; only a failed document can be tried again.")


class TooLarge(DocumentError):
    code = "document_too_large"

    def __init__(self, name: str, size: int, limit: int) -> None:
        super().__init__(
            f"'{name}' has {size / 2**20:.1f} MB; a document may have {limit / 2**20:.0f} MB. "
            "Split it and send the parts."
        )


class LeaseLost(DocumentError):
    """A run went on for so long that another one was given the document; nothing of this run is stored."""

    code = "lease_lost"

    def __init__(self, document_id: int) -> None:
        super().__init__(f"Document {document_id} was handed to another worker meanwhile; this run stores nothing.")


class NameTaken(DocumentError):
    code = "collection_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a collection of the name '{name}' already. Choose another name.")


class NobodyCalled(DocumentError):
    code = "nobody_called"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no open account with the name '{name}'. Nobody was added or removed.")


class BadShare(DocumentError):
    code = "bad_share"

    def __init__(self, share: float) -> None:
        super().__init__(f"{share:g} is no share. Give one between 0 (no claim) and 1 (every claim).")
