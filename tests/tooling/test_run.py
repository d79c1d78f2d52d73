"""`make run` for real: an empty machine state, all processes, the sample documents, and nothing left afterwards."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import postgres, run
from config.run import RunFailed

pytestmark = pytest.mark.xdist_group("run")  # one test process, because the runs build on each other
FEWEST_CLAIMS = 9  # of the eleven that an analyst finds in the seed memo


class Machine:
    """A state folder of its own, as if nothing had run on this machine before."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self._started: list[subprocess.Popen[str]] = []
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        environment = {**os.environ, "HEARSAY_STATE": str(self.state), "WORKER_PROCESSES": "1", "WEB_PROCESSES": "1"}
        for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "HEARSAY_HTTPS"):
            environment.pop(name, None)
        process = subprocess.Popen(
            [sys.executable, "-m", "config.run", "--port", str(self.port), *arguments],
            cwd=postgres.CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._started.append(process)
        return process

    def clean_up(self) -> None:
        """End what a failed test left running."""
        for process in self._started:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=60)

    def processes(self) -> list[str]:
        """Command lines of whatever runs with this state folder in its environment or arguments."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes() + b"\0" + (folder / "environ").read_bytes()
            except OSError:
                continue
            if str(self.state).encode() in words:
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """What the runs of this file keep between them."""
    folder = postgres.state_folder() / f"t-{uuid.uuid4().hex[:6]}"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def machine(state: Path) -> Iterator[Machine]:
    machine = Machine(state)
    yield machine
    machine.clean_up()


def wait_for_line(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if words in line:
            return line
    raise AssertionError(f"{words!r} was never printed:\n{''.join(seen)}")


@pytest.mark.slow
def test_the_first_run_ends_with_the_claims_of_the_seed_memo_and_leaves_nothing_running(machine: Machine):
    output, _ = machine.start("--no-serve").communicate(timeout=280)

    assert re.search(r"Log in as analyst with the password \S{16} ", output), output
    assert re.search(rf"{run.SEED_DOCUMENT}: \d+ claims", output), output
    assert output.count(" candidate ") >= FEWEST_CLAIMS, output
    assert machine.processes() == []


@pytest.mark.slow
def test_the_second_run_keeps_the_data_serves_and_ends_with_ctrl_c(machine: Machine):
    process = machine.start()
    address = re.search(r"http://\S+", wait_for_line(process, "Hearsay is at"))
    assert address is not None
    with urllib.request.urlopen(address.group(), timeout=20) as page:  # noqa: S310 -- our own http address
        assert "login" in page.url

    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=40)

    assert process.returncode == 0, output
    assert machine.processes() == []


@pytest.mark.slow
def test_a_worker_that_dies_ends_the_run_with_its_last_words(machine: Machine):
    process = machine.start()
    wait_for_line(process, "Hearsay is at")
    manager = int((machine.state / "run" / "manager.pid").read_text())
    worker = next(
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if b"celery\0-A\0config" in (folder / "cmdline").read_bytes()
        and str(machine.state).encode() in (folder / "environ").read_bytes()
    )

    os.killpg(os.getpgid(worker), signal.SIGKILL)
    output, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "A process ended by itself" in output
    assert "worker" in output
    assert machine.processes() == []
    assert not Path(f"/proc/{manager}").exists()


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as other, socket.socket() as free:
        other.bind(("127.0.0.1", 0))
        other.listen()
        free.bind(("127.0.0.1", 0))
        taken, next_one = other.getsockname()[1], free.getsockname()[1]
        free.close()
        monkeypatch.setattr(run, "USUAL_PORTS", (taken, next_one))

        assert run._choose_port(None) == next_one


def test_a_taken_port_is_told_in_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(RunFailed, match=f"Port {port} is taken"):
            run.run(port=port, serve=False)


@pytest.mark.slow
def test_stop_ends_what_a_killed_run_left_behind(machine: Machine):
    process = machine.start()
    wait_for_line(process, "Hearsay is at")
    process.kill()
    process.communicate()
    assert machine.processes() != []

    stopped, _ = machine.start("--stop").communicate(timeout=60)

    assert "stopped the worker and the web server" in stopped
    deadline = time.monotonic() + 30
    while machine.processes():
        assert time.monotonic() < deadline, machine.processes()
        time.sleep(0.1)
