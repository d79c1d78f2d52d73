"""Celery workers in quick succession: everything is imported and the engine loaded once, then each worker is a fork.

For tests that kill many. `python -m tests.nursery` is the process they are forked from: it reads one JSON object per
line, `{"arguments": [...], "log": "path"}`, and answers with the new worker's process id.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from config.postgres import CHECKOUT

UNMEASURED = "COVERAGE_PROCESS"
"""What would have coverage measured in the workers: killed, they tell nothing of it, and are slower for it."""
SENTENCE = "A source close to the cabinet stated that the talks have failed."


class Forked:
    """A worker that another process forked: of subprocess.Popen what tests ask of a worker."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode = "unknown"

    def poll(self) -> str | None:
        """None while it runs; the nursery lets no dead child stay."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return None
        return self.returncode

    def terminate(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float = 20.0) -> None:
        """Raises subprocess.TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"worker {self.pid}", timeout)
            time.sleep(0.01)


class Nursery:
    """The process that workers on one database are forked from."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def fork(self, arguments: list[str], log: Path) -> Forked:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"arguments": arguments, "log": str(log)}), file=self._process.stdin, flush=True)
        return Forked(int(self._process.stdout.readline()))


@contextlib.contextmanager
def opened(database_url: str, **environment: str) -> Iterator[Nursery]:
    """A nursery for the length of the block; workers that still run are their tests' to end."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(UNMEASURED)}
    variables = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings_test", **environment}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.nursery"],
        cwd=CHECKOUT,
        env={**inherited, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Nursery(process)


def main() -> None:
    import extraction
    from config.celery import app

    app.loader.import_default_modules()
    extraction.extract(SENTENCE)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries dead children
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _be_worker(order["arguments"], order["log"])
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _be_worker(arguments: list[str], log: str) -> None:
    from celery.__main__ import main as celery

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for standard, now in enumerate((os.open(os.devnull, os.O_RDONLY), output, output)):
        os.dup2(now, standard)
    sys.argv = ["celery", *arguments]
    try:
        celery()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
