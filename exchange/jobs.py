"""Kinds of jobs, and how a job that runs says how far it is and hands over its result.

A kind is an entry in settings.JOB_KINDS: its name, and where its `Kind` is. What it runs may run twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zlib import compress

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.models import Scope
from exchange.errors import JobCancelled, JobLeaseLost
from exchange.models import Job, JobPiece, JobState

PIECE_BYTES = 512 * 1024
"""Of a result, before it is compressed."""
COMPRESSION = 1  # zlib's quickest: a result is written once and read once


@dataclass(frozen=True)
class Kind:
    """What a job can be. permission, scope: what starting and cancelling one takes of a user and of a key."""

    label: str | Promise
    run: Callable[[Job, Report], None]
    permission: str
    scope: Scope


def kind_of(name: str) -> Kind:
    """Raises KeyError for a name that is not in settings.JOB_KINDS."""
    kind: Kind = import_string(settings.JOB_KINDS[name])
    return kind


class Report:
    """How one run of a job tells how far it is, learns that it is to end, and hands over its result."""

    def __init__(self, job_id: int, holder: UUID) -> None:
        self.job_id, self.holder = job_id, holder
        self.name = self.media_type = ""
        self.bytes = 0
        self.collections: list[int] = []
        self._progress: dict[str, object] = {}
        self._cancelled = threading.Event()
        self._lost = threading.Event()
        self._buffer = bytearray()
        self._pieces = 0

    def progress(self, done: int, total: int | None = None, words: str = "") -> None:
        """Say how far it is; cheap, call it as often as you like. It is stored about once a second.

        Raises JobCancelled when somebody cancelled the job and JobLeaseLost when another run has it: let them pass.
        """
        self._progress = {"done": done if total is None else min(done, total), "total": total, "words": words[:200]}
        self.check()

    def check(self) -> None:
        """Raises JobCancelled or JobLeaseLost when this run is to end."""
        if self._lost.is_set():
            raise JobLeaseLost(self.job_id)
        if self._cancelled.is_set():
            raise JobCancelled(self.job_id)

    def result(self, *, name: str, media_type: str, collections: list[int]) -> None:
        """Announce a result: the file's name, its type, and the collections (ids) whose content may be in it."""
        self.name, self.media_type, self.collections = name, media_type, collections

    def write(self, data: bytes) -> None:
        """Add to the result. Memory stays flat: pieces go to the database as they fill."""
        self._buffer += data
        self.bytes += len(data)
        while len(self._buffer) >= PIECE_BYTES:
            self._store(PIECE_BYTES)

    def close(self) -> None:
        """Store what is left of the result."""
        if self._buffer:
            self._store(len(self._buffer))

    def _store(self, size: int) -> None:
        self.check()
        content = compress(memoryview(self._buffer)[:size].tobytes(), COMPRESSION)
        JobPiece.objects.create(job_id=self.job_id, run=self.holder, number=self._pieces, content=content)
        del self._buffer[:size]
        self._pieces += 1

    def renew(self) -> None:
        """Keep the lease, store the progress, and hear whether somebody cancelled. Called about once a second."""
        mine = Job.objects.filter(pk=self.job_id, holder=self.holder, state=JobState.RUNNING)
        lease_until = timezone.now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)
        if not mine.update(lease_until=lease_until, **self._progress):
            self._lost.set()
        elif mine.filter(cancel_requested=True).exists():
            self._cancelled.set()

    @property
    def last_progress(self) -> dict[str, object]:
        """Fields of the job, as last said."""
        return self._progress
