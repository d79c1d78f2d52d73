from __future__ import annotations

from datetime import date


class ClaimError(Exception):
    """Something about a claim was refused and nothing was written; the text says what to do next."""

    code = "claim_error"


class ClaimAlreadyDecided(ClaimError):
    code = "claim_already_decided"

    def __init__(self, claim_id: int, state: str) -> None:
        super().__init__(f"Claim {claim_id} is already {state}. Undo that decision first, or go to the next claim.")


class ClaimChanged(ClaimError):
    code = "claim_changed"

    def __init__(self, claim_id: int, version: int) -> None:
        super().__init__(
            f"Claim {claim_id} was changed by somebody else meanwhile (it is at version {version}). "
            "Reload it and look again."
        )


class NoSource(ClaimError):
    code = "claim_without_source"

    def __init__(self, claim_id: int) -> None:
        super().__init__(f"The text names no source for claim {claim_id}. Choose a known source or make a new one.")


class ReasonMissing(ClaimError):
    code = "reason_missing"

    def __init__(self, what: str) -> None:
        super().__init__(f"Say why: {what} needs a reason.")


class BadSpan(ClaimError):
    code = "bad_span"

    def __init__(self, role: str, problem: str) -> None:
        super().__init__(f"The {role} cannot be marked there: {problem}")


class NothingToUndo(ClaimError):
    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__("There is no step of yours left to undo.")


class CannotUndo(ClaimError):
    code = "cannot_undo"

    def __init__(self, review_id: int, problem: str) -> None:
        super().__init__(f"Step {review_id} cannot be undone: {problem}")


class PropositionAlreadySettled(ClaimError):
    code = "proposition_already_settled"

    def __init__(self, proposition_id: int) -> None:
        super().__init__(
            f"Proposition {proposition_id} already has a verdict. Withdraw that one first, saying why, "
            "then settle it anew."
        )


class VerdictOfTheFuture(ClaimError):
    code = "verdict_of_the_future"

    def __init__(self, day: date) -> None:
        super().__init__(f"Nobody knows on {day} yet how it turned out. Give the day from which the truth is known.")


class QuestionAlreadyAnswered(ClaimError):
    code = "question_already_answered"

    def __init__(self, proposition_id: int) -> None:
        super().__init__(
            f"Proposition {proposition_id} answers a question to which another answer is settled as true, and they "
            "exclude each other. Withdraw that verdict first, or settle this one otherwise."
        )


class VerdictAlreadyWithdrawn(ClaimError):
    code = "verdict_already_withdrawn"

    def __init__(self, verdict_id: int) -> None:
        super().__init__(f"Verdict {verdict_id} is already withdrawn.")


class IndependentOriginMissing(ClaimError):
    code = "independent_origin_missing"

    def __init__(self, claim_id: int) -> None:
        super().__init__(
            f"Grade 1 for claim {claim_id} needs an independent origin that an analyst has confirmed; there is none. "
            "Grade it 2 at most."
        )


class BadRegister(ClaimError):
    """mistakes: one line each."""

    code = "bad_register"
    most_named = 10

    def __init__(self, mistakes: list[str]) -> None:
        self.mistakes = mistakes
        named = mistakes[: self.most_named]
        if len(mistakes) > len(named):
            named.append(f"... and {len(mistakes) - len(named)} more")
        super().__init__("The register cannot be read; nothing was stored.\n" + "\n".join(named))
