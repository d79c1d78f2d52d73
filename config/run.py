"""`make run`: the whole of Hearsay on this machine, from an empty database to claims on the screen.

Database, schema, first account, worker and web server, sample documents; then it serves until Ctrl-C and leaves
nothing running. `--no-serve` ends after the table. `--stop` ends what a killed run left behind.
"""

import argparse
import contextlib
import hashlib
import io
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import django
from django.core.management import CommandError, call_command

from config import postgres
from config.environment import step
from config.postgres_binaries import PostgresUnavailable

SAMPLES = "samples"
SEED_DOCUMENT = "C05797165"
WEB_TIMEOUT = 90.0  # seconds until the web server must answer
STOP_TIMEOUT = 20.0  # seconds the process manager gets to end its processes; it kills them after five
STEPS = 7
USUAL_PORTS = range(8000, 8020)
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class RunFailed(Exception):
    """The message is a sentence that says what to do."""


class Services:
    """Worker and web server under one process manager (honcho, by the Procfile), their output in one log."""

    def __init__(self, database_url: str, port: int) -> None:
        self.log = run_folder() / "run.log"
        self.address = f"http://localhost:{port}/"
        variables = {
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "HEARSAY_RUN_FOLDER": str(run_folder()),
            "LOG_LEVEL": "INFO",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PORT": str(port),
            "PYTHONUNBUFFERED": "1",
            "REMAP_SIGTERM": "SIGQUIT",  # a worker that is asked to end does so now; the sweep repeats what it was at
            "WORKER_PROCESSES": os.environ.get("WORKER_PROCESSES", str(min(2, os.cpu_count() or 1))),
        }
        with self.log.open("wb") as log:
            self._manager = subprocess.Popen(
                [sys.executable, "-m", "honcho", "--no-colour", "--env", os.devnull, "start"],
                cwd=postgres.CHECKOUT,
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C comes to us alone; we pass it on in order
            )
        _pid_file().write_text(str(self._manager.pid))
        self._stopping = False
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def died(self) -> bool:
        return not self._stopping and self._manager.poll() is not None

    def wait_until_web_answers(self) -> None:
        deadline = time.monotonic() + WEB_TIMEOUT
        while not _answers(f"{self.address}healthz"):
            if self.died or time.monotonic() > deadline:
                raise RunFailed(self.last_words("The web server did not start"))
            time.sleep(0.1)

    def last_words(self, what: str) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        return f"{what}. The end of {self.log}:\n" + "\n".join(lines[-30:])

    def stop(self) -> None:
        self._stopping = True
        self._manager.terminate()
        try:
            self._manager.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._manager.kill()
        _pid_file().unlink(missing_ok=True)

    def _watch(self) -> None:
        self._manager.wait()
        if not self._stopping:
            os.kill(os.getpid(), signal.SIGTERM)  # wakes the main thread, whatever it waits for


def run(*, port: int | None, serve: bool) -> None:
    """Bring everything up, show the sample's claims, serve until interrupted, take everything down."""
    port = _choose_port(port)
    with contextlib.ExitStack() as stack:
        with step(_label(2, "Starting PostgreSQL")):
            database_url = stack.enter_context(postgres.database(progress=_note))
        _prepare_settings(database_url)
        with step(_label(3, "Bringing the database up to date")):
            _manage("migrate", verbosity=0, interactive=False)
            _manage("setup_broker", stdout=io.StringIO())
        _collect_static_files()
        print(_label(5, "First account"), flush=True)
        _manage("create_first_analyst")
        with step(_label(6, "Starting worker and web server")):
            services = stack.enter_context(_services(database_url, port))
            services.wait_until_web_answers()
        print(_label(7, "Sample documents, processed by the worker"), flush=True)
        try:
            _manage("ingest", SAMPLES, collection="Samples", wait=True)
            _manage("show_claims", SEED_DOCUMENT)
            if serve:
                _serve(services)
        except KeyboardInterrupt:
            if services.died:
                raise RunFailed(services.last_words("A process ended by itself")) from None
            raise


def stop_leftovers() -> None:
    """End the processes and clusters that killed runs left behind, and clusters started by hand."""
    with contextlib.suppress(OSError, ValueError):
        pid = int(_pid_file().read_text())
        if "honcho" in postgres.command_line(pid):
            os.kill(pid, signal.SIGTERM)
            print("stopped the worker and the web server")
        _pid_file().unlink()
    for cluster in (postgres.private_cluster(), postgres.cluster_for_tests()):
        if cluster.stop():
            print(f"stopped PostgreSQL in {cluster.folder}")


def run_folder() -> Path:
    folder = postgres.state_folder() / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextlib.contextmanager
def _services(database_url: str, port: int) -> Iterator[Services]:
    services = Services(database_url, port)
    try:
        yield services
    finally:
        for number in ENDING_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # impatience must not leave processes behind; this ends in seconds
        services.stop()


def _serve(services: Services) -> None:
    print(f"\nHearsay is at {services.address} (its log: {services.log}). Ctrl-C stops it.", flush=True)
    while True:
        time.sleep(3600)


def _prepare_settings(database_url: str) -> None:
    """Settings for this machine that must not change between runs, kept where `config/settings.py` reads them."""
    kept = postgres.state_folder() / "env"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(f"SECRET_KEY={secrets.token_urlsafe(50)}\nHEARSAY_HTTPS=false\n")
    os.environ["DATABASE_URL"] = database_url
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()


def _collect_static_files() -> None:
    """Compressing them takes seconds, so only when one of ours or the packages changed."""
    digest = hashlib.sha256((postgres.CHECKOUT / "requirements.txt").read_bytes())
    for path in sorted(postgres.CHECKOUT.glob("*/static/**/*")):
        digest.update(f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}".encode())
    stamp = run_folder() / "static-files"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        print(_label(4, "Style sheets and scripts ... ready"), flush=True)
        return
    with step(_label(4, "Collecting style sheets and scripts")):
        _manage("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(digest.hexdigest())


def _manage(command: str, *arguments: str, **options: object) -> None:
    try:
        call_command(command, *arguments, **options)
    except CommandError as error:
        raise RunFailed(f"manage.py {command}: {error}") from error


def _choose_port(wanted: int | None) -> int:
    """The port asked for; without one 8000, or the next that is free."""
    for port in [wanted] if wanted else USUAL_PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise RunFailed(f"Port {port} is taken: stop what uses it, or choose another, `make run PORT=8100`.")


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 -- our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _pid_file() -> Path:
    return run_folder() / "manager.pid"


def _label(number: int, title: str) -> str:
    return f"[{number}/{STEPS}] {title}"


def _note(text: str) -> None:
    terminal = sys.stdout.isatty()  # where the cursor waits at the end of the step's line
    print(f"{chr(10) if terminal else ''}      {text}", end="" if terminal else chr(10), flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.run", description="Run Hearsay on this machine.")
    parser.add_argument("--port", type=int, help="default: 8000, or the next free one")
    parser.add_argument("--no-serve", action="store_true", help="end after the sample documents")
    parser.add_argument("--stop", action="store_true", help="stop what an earlier run left behind, and nothing else")
    options = parser.parse_args()
    for number in ENDING_SIGNALS:  # SIGINT too: started in the background by a script, it would be ignored
        signal.signal(number, _interrupt)
    try:
        stop_leftovers() if options.stop else run(port=options.port, serve=not options.no_serve)
    except (RunFailed, PostgresUnavailable) as error:
        print(f"\nhearsay: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0 if not options.no_serve else 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
