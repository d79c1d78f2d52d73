"""Real Celery workers for tests: processes of their own, on the test's database, that can be killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from config.broker import WORKER_FLAGS
from config.postgres import CHECKOUT
from tests.nursery import Forked, Nursery

READY_TIMEOUT = 90.0  # seconds; generous, because test machines are busy


class CeleryWorker:
    """One `celery worker` process with its children, in a process group of its own."""

    def __init__(
        self,
        database_url: str,
        log: Path,
        *,
        concurrency: int = 1,
        beat: bool = False,
        nursery: Nursery | None = None,
        **environment: str,
    ) -> None:
        """nursery: what it is forked from; it has the database and the environment already."""
        self.log = log
        arguments = ["-A", "config", "worker", *WORKER_FLAGS, "--loglevel", "INFO", "--concurrency", str(concurrency)]
        arguments += ["--hostname", f"test-{os.getpid()}-{time.monotonic_ns()}@%h"]
        if beat:
            arguments += ["--beat", "--schedule", str(log.with_suffix(".beat"))]
        self._output = log.open("ab")
        self._process: Forked | subprocess.Popen[bytes]
        if nursery is not None:
            self._process = nursery.fork(arguments, log)
            return
        variables = {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "config.settings_test", **environment}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "celery", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait_until_ready(self, timeout: float = READY_TIMEOUT) -> "CeleryWorker":
        """Wait for the worker's own word that it takes tasks. Raises AssertionError with its log when it does not."""
        deadline = time.monotonic() + timeout
        while " ready." not in self.log.read_text(errors="replace"):
            assert self.running, f"the worker ended with status {self._process.returncode}:\n{self._tail()}"
            assert time.monotonic() < deadline, f"the worker was not ready after {timeout} s:\n{self._tail()}"
            time.sleep(0.05)
        return self

    def survivors(self) -> list[int]:
        """Process ids of the worker's process group that still run (where there is /proc to ask)."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                state, _parent, group, *_ = stat.read_text().rpartition(")")[2].split()
                if int(group) == self._process.pid and state != "Z":
                    found.append(int(stat.parent.name))
        return found

    def kill(self) -> None:
        """SIGKILL to the worker and its children: nobody gets to say goodbye."""
        self._signal(signal.SIGKILL)

    def stop(self, timeout: float = 20.0) -> None:
        """Ask the worker to end, and kill what is left of it after `timeout` seconds."""
        if self.running:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout)
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)
        self._process.wait()
        self._output.close()

    def _tail(self, lines: int = 40) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
