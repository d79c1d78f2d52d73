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


class ClaimAlreadyThere(ClaimError):
    code = "claim_already_there"

    def __init__(self, claim_id: int, state: str) -> None:
        self.claim_id = claim_id
        super().__init__(f"Claim {claim_id} stands at the same place already ({state}). Open that one instead.")


class CannotSplitClaim(ClaimError):
    code = "cannot_split_claim"

    def __init__(self, claim_id: int, problem: str) -> None:
        super().__init__(f"Claim {claim_id} cannot be split so: {problem}")


class CannotMergeClaims(ClaimError):
    code = "cannot_merge_claims"

    def __init__(self, claim_id: int, other_id: int, problem: str) -> None:
        super().__init__(f"Claims {claim_id} and {other_id} cannot be made one: {problem}")


class NoSuchClaim(ClaimError):
    code = "no_such_claim"

    def __init__(self, claim_id: int) -> None:
        super().__init__(f"There is no claim {claim_id}, or it is in a collection you cannot see.")


class TooManyClaims(ClaimError):
    code = "too_many_claims"

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"{count} claims are too many for one step. Choose {most} at most.")


class BadSpan(ClaimError):
    code = "bad_span"

    def __init__(self, role: str, problem: str) -> None:
        super().__init__(f"The {role} cannot be marked there: {problem}")


class NothingToUndo(ClaimError):
    code = "nothing_to_undo"

    def __init__(self) -> None:
        super().__init__("There is no step of yours left to undo.")


class CannotUndo(ClaimError):
    """claims: whose steps stand in the way."""

    code = "cannot_undo"
    most_named = 5

    def __init__(self, review_id: int, problem: str, claim_id: int | None = None) -> None:
        self.claims = [claim_id] if claim_id else []
        super().__init__(f"Step {review_id} cannot be undone: {problem}")

    @classmethod
    def several(cls, problems: list[CannotUndo]) -> CannotUndo:
        """Of steps undone together, those that cannot be; nothing was undone then."""
        error = cls(0, "")
        error.claims = [claim for problem in problems for claim in problem.claims]
        named = ", ".join(str(claim) for claim in error.claims[: cls.most_named])
        more = f" and {len(error.claims) - cls.most_named} more" if len(error.claims) > cls.most_named else ""
        error.args = (f"Nothing was undone, because claim {named}{more} stands in the way. {problems[0]}",)
        return error


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
            f"Grade 1 for claim {claim_id} needs another claim that says the same, whose independent origin an analyst "
            "has confirmed; there is none. Confirm one on the proposition's page, or grade it 2 at most."
        )


class ClaimContradicted(ClaimError):
    code = "claim_contradicted"

    def __init__(self, claim_id: int) -> None:
        super().__init__(
            f"Grade 1 for claim {claim_id} is refused while something contradicts it. Settle the proposition, or "
            "dismiss the contradiction if there is none; else grade it 2 at most."
        )


class CannotMoveClaim(ClaimError):
    code = "cannot_move_claim"

    def __init__(self, claim_id: int, problem: str) -> None:
        super().__init__(f"Claim {claim_id} cannot go to that proposition: {problem}")


class CannotMergePropositions(ClaimError):
    code = "cannot_merge_propositions"

    def __init__(self, absorbed_id: int, into_id: int, problem: str) -> None:
        super().__init__(f"Proposition {absorbed_id} cannot be merged into {into_id}: {problem}")


class CannotSplitProposition(ClaimError):
    code = "cannot_split_proposition"

    def __init__(self, proposition_id: int, problem: str) -> None:
        super().__init__(f"Proposition {proposition_id} cannot be split so: {problem}")


class CannotUndoMove(ClaimError):
    code = "cannot_undo_move"

    def __init__(self, move_id: int, problem: str) -> None:
        super().__init__(f"Move {move_id} cannot be undone: {problem}")


class TextMissing(ClaimError):
    code = "text_missing"

    def __init__(self, what: str) -> None:
        super().__init__(f"Word it: {what} needs a text.")


class LinkAlreadyDecided(ClaimError):
    code = "link_already_decided"

    def __init__(self, link_id: int, state: str) -> None:
        super().__init__(f"Link {link_id} is {state} already. Reopen it first, or go to the next one.")


class BadLink(ClaimError):
    code = "bad_link"

    def __init__(self, problem: str) -> None:
        super().__init__(f"These cannot be linked so: {problem}")


class IndependenceInTheWay(ClaimError):
    code = "independence_in_the_way"

    def __init__(self, claim_id: int) -> None:
        super().__init__(
            f"An analyst confirmed that claim {claim_id} has an origin of its own. Withdraw that first, saying why."
        )


class NotIndependent(ClaimError):
    code = "not_independent"

    def __init__(self, claim_id: int, problem: str) -> None:
        super().__init__(f"The origin of claim {claim_id} cannot be confirmed as independent: {problem}")


class AlreadyConfirmed(ClaimError):
    code = "already_confirmed"

    def __init__(self, claim_id: int) -> None:
        super().__init__(f"The origin of claim {claim_id} is confirmed as independent already.")


class AlreadyWithdrawn(ClaimError):
    code = "already_withdrawn"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was withdrawn already. Reload the page to see how it stands.")


class AlreadyDiscredited(ClaimError):
    code = "already_discredited"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is discredited already. Withdraw that first, to give another reason.")


class FlagAlreadyCleared(ClaimError):
    code = "flag_already_cleared"

    def __init__(self, flag_id: int) -> None:
        super().__init__(f"Flag {flag_id} was cleared already. Reload the page to see how the grade stands.")


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


class CannotAdjudicate(ClaimError):
    code = "cannot_adjudicate"

    def __init__(self, claim_id: int, problem: str) -> None:
        super().__init__(f"Claim {claim_id} cannot be adjudicated: {problem}")


class NoteEmpty(ClaimError):
    code = "note_empty"

    def __init__(self) -> None:
        super().__init__("Write something first: a note has a text.")


class NoteTooLong(ClaimError):
    code = "note_too_long"

    def __init__(self, length: int, most: int) -> None:
        super().__init__(f"The note has {length} characters, and {most} are the most. Make it shorter, or two of it.")


class NoteChanged(ClaimError):
    code = "note_changed"

    def __init__(self, note_id: int) -> None:
        super().__init__(f"You changed note {note_id} elsewhere meanwhile. Nothing was saved; look at it as it is now.")


class NotYourNote(ClaimError):
    code = "not_your_note"

    def __init__(self, note_id: int) -> None:
        super().__init__(f"Note {note_id} is somebody else's, and only they change it. Answer with a note of your own.")


class CannotAddress(ClaimError):
    """It names nobody: who writes the note need not know them."""

    code = "cannot_address"

    def __init__(self) -> None:
        super().__init__("Somebody it is for cannot read a note on this claim. Address those who see its collection.")


class NotAddressed(ClaimError):
    code = "not_addressed"

    def __init__(self, note_id: int) -> None:
        super().__init__(f"Note {note_id} is not addressed to you: there is nothing for you to mark as done.")
