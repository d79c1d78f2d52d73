"""What the workbench's own services refuse; each text says what to do next."""


class SearchError(Exception):
    """Something about a saved search was refused and nothing was written."""

    code = "search_error"


class SearchNameTaken(SearchError):
    code = "search_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"You have a saved search called “{name}” already. Choose another name, or delete that one.")


class SearchNameMissing(SearchError):
    code = "search_name_missing"

    def __init__(self) -> None:
        super().__init__("Give the search a name.")


class SearchNotKept(SearchError):
    code = "search_not_kept"


class TooManySearches(SearchError):
    code = "too_many_searches"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} saved searches. Delete one that you no longer need.")


class WeighingError(Exception):
    """How soon a claim is decided was not changed."""

    code = "weighing_error"


class NotWaiting(WeighingError):
    code = "claim_does_not_wait"

    def __init__(self, claim_id: int) -> None:
        super().__init__(
            f"Claim {claim_id} does not wait for you: it is decided. There is nothing to have sooner or later."
        )


class WeightOutOfRange(WeighingError):
    code = "weight_out_of_range"

    def __init__(self, weight: float) -> None:
        super().__init__(f"A weight lies from 0 to 16; {weight:g} was given.")
