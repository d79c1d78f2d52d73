"""Make the Python environment `.venv` of this checkout: `python3 config/environment.py [--dev]`.

Runs before anything is installed, so: standard library only, no imports from our own packages.
Packages come by uv (itself pinned by hash) or, where that cannot be had, by pip; either way only what the lock file
names, by hash. A stamp in the environment makes the second call a matter of milliseconds.
"""

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
HEARTBEAT = 15.0  # seconds between signs of life where the output is not a terminal


class SetupFailed(Exception):
    """The message is one sentence that says what to do."""


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title`, and while the block runs the seconds it takes."""
    began = time.monotonic()
    done = threading.Event()
    ticker = threading.Thread(target=_tick, args=(title, began, done), daemon=True)
    print(f"{title} ...", end="" if sys.stdout.isatty() else "\n", flush=True)
    ticker.start()
    outcome = "failed"
    try:
        yield
        outcome = "done"
    finally:
        done.set()
        ticker.join()
        start = "\r" if sys.stdout.isatty() else ""
        print(f"{start}{title} ... {outcome} ({time.monotonic() - began:.1f} s)", flush=True)


def _tick(title: str, began: float, done: threading.Event) -> None:
    terminal = sys.stdout.isatty()
    while not done.wait(1.0 if terminal else HEARTBEAT):
        end = "" if terminal else "\n"
        print(f"{chr(13) if terminal else ''}{title} ... {time.monotonic() - began:.0f} s", end=end, flush=True)


def prepare(*, development: bool, label: str = "") -> None:
    """Bring `.venv` in line with the lock file. Raises SetupFailed."""
    lock = CHECKOUT / ("requirements-dev.txt" if development else "requirements.txt")
    if _is_current(lock):
        print(f"{label}Python packages ... ready", flush=True)
        return
    if not _works():
        with step(f"{label}Creating the Python environment"):
            _create()
    with step(f"{label}Installing Python packages"):
        _install(lock)
    _stamp(lock).write_text(_digest(lock))


def _is_current(lock: Path) -> bool:
    # The development lock holds all of the other, so its stamp will do for both.
    development = CHECKOUT / "requirements-dev.txt"
    stamped = any(_stamp(one).exists() and _stamp(one).read_text() == _digest(one) for one in {lock, development})
    return stamped and _works()


def _stamp(lock: Path) -> Path:
    return VENV / f"installed-{lock.stem}"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _works() -> bool:
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True, check=False).returncode == 0


def _create() -> None:
    if importlib.util.find_spec("ensurepip") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (
            ["apt-get", "update", "-q"],
            ["apt-get", "install", "-y", "-q", "--no-install-recommends", "python3-venv"],
        ):
            subprocess.run(
                command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, check=False
            )
    errors = []
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        ["uv", "venv", "--clear", "--seed", "--python", sys.executable, str(VENV)],
        ["virtualenv", "--clear", "--python", sys.executable, str(VENV)],
    ):
        try:
            _run(command)
        except SetupFailed as error:
            errors.append(str(error))
        else:
            return
    raise SetupFailed(
        f"{sys.executable} cannot make an environment: install its venv module (Debian: `sudo apt-get install "
        f"python3-venv`) and try again. It said: {errors[0]}"
    )


def _install(lock: Path) -> None:
    try:
        uv = _uv()
    except SetupFailed as error:
        print(f"  uv cannot be had ({error}); pip will do, more slowly", flush=True)
        _run([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock])
    else:
        # Where Python may not keep compiled modules, every start would compile the packages again.
        compiled = ["--compile-bytecode"] if os.environ.get("PYTHONDONTWRITEBYTECODE") else []
        _run([uv, "pip", "install", "-q", *compiled, "--python", PYTHON, "--require-hashes", "-r", lock])


def _uv() -> Path:
    """uv in the version and with the hashes of the development lock, installed into the environment by pip."""
    uv = VENV / "bin" / "uv"
    pinned = _locked_entry("uv")
    if uv.exists() and pinned.split()[0].partition("==")[2] in _output([uv, "--version"]):
        return uv
    with tempfile.TemporaryDirectory() as folder:
        requirement = Path(folder) / "uv.txt"
        requirement.write_text(pinned)
        _run(
            [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", requirement]
        )
    return uv


def _locked_entry(package: str) -> str:
    """The lines of the development lock that pin `package` and its hashes."""
    lines = (CHECKOUT / "requirements-dev.txt").read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(f"{package}=="))
    last = next(number for number in range(first, len(lines)) if not lines[number].endswith("\\"))
    return "\n".join(lines[first : last + 1]) + "\n"


def _run(command: Sequence[str | Path]) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise SetupFailed(f"{command[0]} is not there") from error
    if done.returncode != 0:
        last_lines = (done.stderr.strip() or done.stdout.strip()).splitlines()[-6:]
        raise SetupFailed(f"`{' '.join(map(str, command))}` failed: " + "\n  ".join(last_lines))


def _output(command: Sequence[str | Path]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description="Make or update the Python environment .venv of this checkout.")
    parser.add_argument("--dev", action="store_true", help="also what the checks and tests need")
    parser.add_argument("--label", default="", help="printed before each step, such as '[1/7] '")
    options = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:2]))
        print(f"hearsay: Python 3.11 or newer is needed, this is {found}: name one, `make run PYTHON=python3.11`.")
        return 1
    try:
        prepare(development=options.dev, label=options.label)
    except SetupFailed as error:
        print(f"hearsay: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
