"""A private PostgreSQL cluster for this checkout, over the server programs the system already has.

`database()` answers "which one?": DATABASE_URL if set, else this checkout's own cluster, started when needed.
The cluster listens on a unix socket only and lets in the owner of the checkout (peer authentication).
`python -m config.postgres --help` starts, stops and shows it by hand.
"""

import argparse
import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict

from config.postgres_binaries import Binaries, PostgresUnavailable, Progress, require_binaries

CHECKOUT = Path(__file__).resolve().parent.parent
PORT = 5432
ROLE = "hearsay"
DATABASE = "hearsay"
SUPERUSER = "postgres"
ROOT_RUNS_AS = "postgres"
SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103  # sun_path, without the closing NUL
START_TIMEOUT = 60.0

BASE_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0777",  # the folder and peer authentication are the guards
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",  # our queries are short: compiling them costs more than it saves
}
TEST_SETTINGS = {
    # A test cluster may be lost at any power cut; creating a database from a template is 11 times faster so.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


@dataclass(frozen=True)
class Cluster:
    """One data directory with its server. `folder` holds data/, server.log, start.lock and the socket."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def socket_folder(self) -> Path:
        """The cluster's folder, or a short private one below /tmp when the socket's path would be too long."""
        if len(os.fsencode(self.folder / _socket_name())) <= SOCKET_PATH_LIMIT:
            return self.folder
        return Path("/tmp") / f"hearsay-{os.geteuid()}-{_digest(self.folder)}"  # noqa: S108 -- made private, and its owner is checked

    def url(self, database: str = DATABASE, *, role: str = ROLE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='/')}&port={PORT}"

    def answers(self) -> bool:
        """Whether the server lets us in now. Only a connection proves that; a process id does not."""
        return self._refusal() is None

    def start(self, *, progress: Progress = lambda _: None) -> bool:
        """Make the cluster if there is none, start it if it does not answer. Returns whether this call started it.

        Raises PostgresUnavailable. Several callers at once are fine: one starts, the others wait for it.
        """
        if self.answers():
            return False
        binaries = require_binaries(self._major_of_data(), progress=progress)  # also brings the user to run it as
        self._make_folders()
        with _locked(self.folder / "start.lock"):
            if self.answers():
                return False
            if not (self.data / "PG_VERSION").exists():
                progress("creating the private database cluster")
                self._initialise(binaries)
            progress(f"starting PostgreSQL {binaries.major}")
            self._launch(binaries)
            self._create_role_and_database()
        return True

    def stop(self) -> bool:
        """Stop the server, rolling back open transactions. Returns whether there was one to stop."""
        if not (self.data / "postmaster.pid").exists():
            return False
        with _locked(self.folder / "start.lock"):
            if self._postmaster_pid() is None:
                return False
            binaries = require_binaries(self._major_of_data())
            _run_as_owner([binaries.path("pg_ctl"), "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60"])
            self._started_by_borrower.unlink(missing_ok=True)
        return True

    @contextlib.contextmanager
    def borrowed(self, *, progress: Progress = lambda _: None) -> Iterator[None]:
        """A running server for the length of the block. The last of all borrowers stops what a borrower started.

        A server that somebody started by hand stays. Locks end with their process, so a killed borrower is no trouble.
        """
        require_binaries(self._major_of_data(), progress=progress)
        self._make_folders()
        with (self.folder / "borrowers.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            if self.start(progress=progress):
                self._started_by_borrower.touch()
            try:
                yield
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    if self._started_by_borrower.exists():
                        self.stop()

    @property
    def _started_by_borrower(self) -> Path:
        return self.folder / "started-by-borrower"

    def _refusal(self) -> str | None:
        if not (self.socket_folder / _socket_name()).exists():
            return "no socket"
        try:
            psycopg.connect(self.url("postgres", role=SUPERUSER), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            return str(error)
        return None

    def _major_of_data(self) -> int | None:
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.exists() else None

    def _make_folders(self) -> None:
        owner = _owner()
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            for folder in {self.folder, self.socket_folder}:
                folder.mkdir(mode=0o700, exist_ok=True)
                if os.geteuid() == 0 and folder.lstat().st_uid == 0:
                    os.chown(folder, owner.pw_uid, owner.pw_gid)
        except PermissionError as error:
            raise PostgresUnavailable(
                f"{error.filename} cannot be written: set HEARSAY_STATE to a folder of yours."
            ) from error
        if self.socket_folder.is_symlink() or self.socket_folder.stat().st_uid != owner.pw_uid:
            raise PostgresUnavailable(
                f"{self.socket_folder} belongs to somebody else: set HEARSAY_STATE to a shorter path."
            )

    def _initialise(self, binaries: Binaries) -> None:
        """Make the data directory beside its final place: an interrupted attempt must not look like a finished one."""
        unfinished = self.folder / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        options = f"--username={SUPERUSER} --auth=peer --encoding=UTF8 --no-instructions".split()
        if self.settings.get("fsync") == "off":
            options.append("--no-sync")
        command = [binaries.path("initdb"), "-D", str(unfinished), *options]
        try:
            _run_as_owner([*command, "--locale=C.UTF-8"])
        except PostgresUnavailable:
            _run_as_owner([*command, "--locale=C"])  # systems without the C.UTF-8 locale
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'hearsay.conf'\n")
        unfinished.rename(self.data)

    def _configure(self) -> None:
        """Written at every start, so that a moved folder or a new setting takes effect."""
        settings = {**BASE_SETTINGS, **self.settings, "unix_socket_directories": str(self.socket_folder)}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        system_users = sorted({_owner().pw_name, _system_user().pw_name})
        identities = [f'hearsay "{user}" {role}\n' for user in system_users for role in (ROLE, SUPERUSER)]
        for name, content in {
            "hearsay.conf": "".join(lines),
            "pg_ident.conf": "".join(identities),
            "pg_hba.conf": "local all all peer map=hearsay\n",
        }.items():
            (self.data / name).write_text(content)
            os.chown(self.data / name, _owner().pw_uid, _owner().pw_gid)

    def _launch(self, binaries: Binaries) -> None:
        self._configure()
        if self._postmaster_pid() is None:
            self._forget_dead_server()
            command = [
                binaries.path("pg_ctl"),
                "start",
                "-D",
                str(self.data),
                "-l",
                str(self.log),
                "-w",
                "-t",
                str(int(START_TIMEOUT)),
            ]
            try:
                _run_as_owner(command)
            except PostgresUnavailable as error:
                raise PostgresUnavailable(
                    f"PostgreSQL did not start; its last words in {self.log}: {self._last_words()}"
                ) from error
        deadline = time.monotonic() + START_TIMEOUT
        while (refusal := self._refusal()) is not None:
            if time.monotonic() > deadline:
                raise PostgresUnavailable(f"PostgreSQL runs but does not answer at {self.socket_folder}: {refusal}")
            time.sleep(0.05)

    def _last_words(self) -> str:
        try:
            lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        except OSError:
            return "(no log)"
        return " / ".join(lines[-3:]) or "(empty log)"

    def _postmaster_pid(self) -> int | None:
        """The process id of a living postmaster over this very data directory.

        After a crash the file keeps the id, and the system may have given it to another program since: PostgreSQL
        would then refuse to start for ever. So the command line must name our data directory.
        """
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if str(self.data) in command_line(pid) else None

    def _forget_dead_server(self) -> None:
        """Remove lock files of a server that is gone. PostgreSQL still checks its shared memory for survivors."""
        for leftover in (self.data / "postmaster.pid", self.socket_folder / f"{_socket_name()}.lock"):
            leftover.unlink(missing_ok=True)

    def _create_role_and_database(self) -> None:
        with psycopg.connect(self.url("postgres", role=SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


def state_folder() -> Path:
    """Where this checkout keeps what must survive: HEARSAY_STATE, or a folder of its own outside the checkout.

    Outside, because as root the server runs as another user, who may not enter root's folders.
    """
    if chosen := os.environ.get("HEARSAY_STATE"):
        return Path(chosen).expanduser().absolute()
    base = Path("/var/lib/hearsay") if os.geteuid() == 0 else Path.home() / ".local/state/hearsay"
    return base / f"{CHECKOUT.name}-{_digest(CHECKOUT)}"


def private_cluster() -> Cluster:
    return Cluster(state_folder() / "postgres")


def cluster_for_tests() -> Cluster:
    """Fast and forgetful, beside the private cluster; the tests start and stop it."""
    return Cluster(state_folder() / "postgres-test", TEST_SETTINGS)


def default_url() -> str:
    """The private cluster's URL, whether or not it runs. Computes paths only."""
    return private_cluster().url()


@contextlib.contextmanager
def database(*, progress: Progress = lambda _: None) -> Iterator[str]:
    """The URL of the database to use: DATABASE_URL, else the private cluster, borrowed until the block ends.

    Raises PostgresUnavailable when there is none and none can be made.
    """
    if url := os.environ.get("DATABASE_URL"):
        try:
            psycopg.connect(url, connect_timeout=10).close()
        except psycopg.Error as error:
            reason = str(error).strip().replace("\n", " ")
            raise PostgresUnavailable(f"the database in DATABASE_URL does not answer: {reason}") from error
        yield url
        return
    cluster = private_cluster()
    with cluster.borrowed(progress=progress):
        yield cluster.url()


def django_database(url: str) -> dict[str, object]:
    """A DATABASES entry for a libpq URL, unix sockets and extra parameters included."""
    parts = conninfo_to_dict(url)
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    entry: dict[str, object] = {setting: str(parts.pop(name, "") or "") for name, setting in named.items()}
    return {"ENGINE": "django.db.backends.postgresql", **entry, "OPTIONS": dict(parts)}


def _owner() -> pwd.struct_passwd:
    """The system user the server runs as: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return _system_user()
    try:
        return pwd.getpwnam(ROOT_RUNS_AS)
    except KeyError as error:
        advice = f"PostgreSQL does not run as root: make a user for it with `useradd --system {ROOT_RUNS_AS}`."
        raise PostgresUnavailable(advice) from error


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise PostgresUnavailable(
            f"user id {os.geteuid()} has no name, which PostgreSQL needs: add it to passwd."
        ) from error


def _run_as_owner(command: list[str]) -> None:
    owner = _owner()
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": owner.pw_dir, "LC_ALL": "C", "TZ": "UTC"}
    switch = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    done = subprocess.run(  # type: ignore[call-overload]  # the keywords depend on the user
        command,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
        **switch,
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).replace("\n", " ")
        raise PostgresUnavailable(f"`{' '.join(command)}` failed: {said}")


def command_line(pid: int) -> str:
    """The command line of process `pid`, empty when it is gone or only waits to be reaped."""
    proc = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self").exists():
        try:
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    ps = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _socket_name() -> str:
    return f".s.PGSQL.{PORT}"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:8]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m config.postgres", description="This checkout's private PostgreSQL."
    )
    parser.add_argument("command", choices=["start", "stop", "status", "url", "psql"])
    parser.add_argument("--test", action="store_true", help="the test cluster instead of the private one")
    options, rest = parser.parse_known_args(arguments)
    cluster = cluster_for_tests() if options.test else private_cluster()
    if rest and options.command != "psql":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    try:
        return _execute(options.command, cluster, rest)
    except PostgresUnavailable as error:
        print(f"hearsay: {error}", file=sys.stderr)
        return 1


def _execute(command: str, cluster: Cluster, rest: list[str]) -> int:
    if command == "start":
        started = cluster.start(progress=lambda step: print(f"  {step}", flush=True))
        print(f"{'started' if started else 'already running'}: {cluster.url()}")
    elif command == "stop":
        print("stopped" if cluster.stop() else "was not running")
    elif command == "status":
        running = cluster.answers()
        print(f"{'running' if running else 'not running'}: {cluster.folder}")
        return 0 if running else 3
    elif command == "url":
        print(cluster.url())
    else:
        psql = require_binaries(cluster._major_of_data()).folder / "psql"
        os.execvp(psql if psql.exists() else "psql", ["psql", cluster.url(), *rest])
    return 0


if __name__ == "__main__":
    sys.exit(main())
