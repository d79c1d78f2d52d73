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


class CannotMerge(SourceError):
    code = "cannot_merge"

    def __init__(self, absorbed_id: int, into_id: int, problem: str) -> None:
        super().__init__(f"Source {absorbed_id} cannot be merged into source {into_id}: {problem}")


class CannotUndoMerge(SourceError):
    code = "cannot_undo_merge"

    def __init__(self, merge_id: int, problem: str) -> None:
        super().__init__(f"Merge {merge_id} cannot be undone: {problem}")
