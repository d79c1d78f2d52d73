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


class CannotSplit(SourceError):
    code = "cannot_split"

    def __init__(self, source_id: int, problem: str) -> None:
        super().__init__(f"Source {source_id} cannot be split so: {problem}")


class CannotUndoSplit(SourceError):
    code = "cannot_undo_split"

    def __init__(self, split_id: int, problem: str) -> None:
        super().__init__(f"Split {split_id} cannot be undone: {problem}")


class CannotDescribe(SourceError):
    code = "cannot_describe"

    def __init__(self, source_id: int) -> None:
        super().__init__(
            f"Source {source_id} also speaks in collections that you do not see, and its description may rest on them. "
            "Ask somebody who sees them all."
        )


class SourceChanged(SourceError):
    code = "source_changed"

    def __init__(self, source_id: int) -> None:
        super().__init__(f"Source {source_id} was described anew by somebody else meanwhile. Reload it and look again.")


class DepartureUnexplained(SourceError):
    code = "departure_unexplained"

    def __init__(self, grade: str, suggestion: str) -> None:
        super().__init__(
            f"The verdicts on this source suggest {suggestion}, and you chose {grade}. Say why you depart from them."
        )
