from __future__ import annotations


class SourceError(Exception):
    """Something about a source was refused and nothing was written; the text says what to do next."""

    code = "source_error"


class DescriptorMissing(SourceError):
    code = "descriptor_missing"

    def __init__(self) -> None:
        super().__init__("Say in a few words who the source is, for example 'a source close to the cabinet'.")


class BasisMissing(SourceError):
    code = "basis_missing"

    def __init__(self) -> None:
        super().__init__("Say what the reliability grade rests on.")
