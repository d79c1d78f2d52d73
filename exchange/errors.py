from __future__ import annotations


class ExchangeError(Exception):
    """Something about a job, a subscription or an exchange format was refused; the text says what to do next."""

    code = "exchange_error"


class JobEnded(ExchangeError):
    code = "job_ended"

    def __init__(self, job_id: int, state: str) -> None:
        super().__init__(f"Job {job_id} is {state} already: there is nothing left to cancel.")


class JobNotDone(ExchangeError):
    code = "job_not_done"

    def __init__(self, job_id: int, state: str) -> None:
        super().__init__(f"Job {job_id} has no result: it is {state}. Ask again when it is done.")


class NoResult(ExchangeError):
    code = "no_result"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Job {job_id} leaves nothing to fetch.")


class ResultGone(ExchangeError):
    code = "result_gone"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"The result of job {job_id} has expired and was deleted. Start the job once more.")


class ResultOutOfSight(ExchangeError):
    code = "result_out_of_sight"

    def __init__(self, job_id: int) -> None:
        super().__init__(
            f"The result of job {job_id} may hold what you can no longer see. Start the job once more, to get the rest."
        )


class TooManyJobs(ExchangeError):
    code = "too_many_jobs"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} jobs that are not done. Wait for one of them, or cancel one.")


class JobFailed(ExchangeError):
    """Raised by what a job runs, when it cannot be done: in words that an analyst can act on."""

    code = "job_failed"

    def __init__(self, words: str, *, code: str = "job_failed") -> None:
        self.code = code
        super().__init__(words)


class JobCancelled(ExchangeError):
    """Somebody cancelled the job that runs; raised by its report, to end it."""

    code = "job_cancelled"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Job {job_id} was cancelled.")


class JobLeaseLost(ExchangeError):
    """Another run has the job; raised by this one's report, to end it."""

    code = "job_lease_lost"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Another run has job {job_id} now; this one ends.")


class BadAddress(ExchangeError):
    code = "bad_address"

    def __init__(self, problem: str) -> None:
        super().__init__(f"This address cannot be called: {problem}")


class TooManyWebhooks(ExchangeError):
    code = "too_many_webhooks"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} webhooks. Delete one first, or give one of them more types.")


class EventUnknown(ExchangeError):
    code = "event_unknown"

    def __init__(self) -> None:
        super().__init__("There is no such event any more, or none yet. Events are kept for a while only.")


class AlreadyDecided(ExchangeError):
    code = "already_decided"

    def __init__(self, row_id: int) -> None:
        super().__init__(f"Printed grading {row_id} was taken over or dismissed already.")


class ReasonNeeded(ExchangeError):
    code = "reason_missing"

    def __init__(self) -> None:
        super().__init__("Say why the printed grading is dismissed.")
