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
