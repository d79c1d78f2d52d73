"""Where PostgreSQL's server programs are on this machine, and how to get them where that is allowed.

Standard library only: this runs before anything else is known to work.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 14
DEBIAN_SETTINGS = Path("/etc/postgresql-common")
PROGRAMS = ("initdb", "pg_ctl", "postgres")
VERSIONED_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora and relatives, from postgresql.org
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)

Progress = Callable[[str], None]


class PostgresUnavailable(Exception):
    """No usable PostgreSQL server. The message is one sentence that says what to do."""


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb, pg_ctl and postgres of one major version."""

    folder: Path
    major: int

    def path(self, program: str) -> str:
        return str(self.folder / program)


def find_binaries(major: int | None = None) -> Binaries | None:
    """The first usable set of server programs, newest first among versioned folders.

    major: only this version will do, because a data directory is bound to the version that made it.
    """
    for folder in _candidate_folders():
        found = _inspect(folder)
        if found is not None and found.major >= OLDEST_MAJOR and major in (None, found.major):
            return found
    return None


def require_binaries(major: int | None = None, *, progress: Progress = lambda _: None) -> Binaries:
    """Like `find_binaries`, but installs Debian's package when run as root there; raises PostgresUnavailable."""
    found = find_binaries(major)
    if found is None and may_install():
        package = "postgresql" if major is None else f"postgresql-{major}"
        progress(f"installing {package} with apt-get")
        install_postgresql(package)
        found = find_binaries(major)
    if found is not None:
        return found
    wanted = (
        f"PostgreSQL {OLDEST_MAJOR} or newer" if major is None else f"PostgreSQL {major} (it made the existing data)"
    )
    raise PostgresUnavailable(
        f"{wanted} was not found: install it (Debian: `sudo apt-get install postgresql`, macOS: "
        "`brew install postgresql@17`) or set DATABASE_URL to a server you have."
    )


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_postgresql(package: str) -> None:
    """Install Debian's server package without the ready-made cluster it would otherwise start."""
    if not DEBIAN_SETTINGS.exists():  # else the administrator has already chosen
        settings = DEBIAN_SETTINGS / "createcluster.d" / "hearsay.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(
            "# Hearsay keeps a private cluster; the package need not start its own.\ncreate_main_cluster = false\n"
        )
    apt_install(package)


def apt_install(*packages: str) -> None:
    """Install Debian packages quietly. Raises PostgresUnavailable with apt's last line when that fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-q"], install):
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 and command is install:
            last_line = (done.stderr.strip() or done.stdout.strip()).rpartition("\n")[2]
            raise PostgresUnavailable(f"`{' '.join(install)}` failed: {last_line}")


def main() -> int:
    """Print where PostgreSQL is, installing it first where that is allowed."""
    try:
        found = require_binaries(progress=lambda step: print(f"hearsay: {step}", flush=True))
    except PostgresUnavailable as error:
        print(f"hearsay: {error}", file=sys.stderr)
        return 1
    print(f"PostgreSQL {found.major} in {found.folder}")
    return 0


def _candidate_folders() -> Iterator[Path]:
    for entry in os.get_exec_path():
        yield Path(entry)
    for pattern in VERSIONED_FOLDERS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_version_in, reverse=True)
    configured = _output("pg_config", "--bindir")
    if configured:
        yield Path(configured)


def _version_in(folder: Path) -> float:
    numbers = re.findall(r"\d+(?:\.\d+)?", str(folder))
    return float(numbers[-1]) if numbers else 0.0


def _inspect(folder: Path) -> Binaries | None:
    """`folder` as Binaries when it (or what it links to) holds all programs."""
    postgres = folder / "postgres"
    if not os.access(postgres, os.X_OK):
        return None
    home = postgres.resolve().parent
    if not all(os.access(home / program, os.X_OK) for program in PROGRAMS):
        return None
    version = re.search(r"\(PostgreSQL\) (\d+)", _output(str(home / "postgres"), "--version"))
    return Binaries(home, int(version.group(1))) if version else None


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""


if __name__ == "__main__":
    sys.exit(main())
