"""The private cluster, with real servers in throwaway folders."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import postgres
from config.postgres import TEST_SETTINGS, Cluster
from config.postgres_binaries import PostgresUnavailable

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs a second system user, which only root can become")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder the server's system user may enter, which pytest's own temporary folders are not for root."""
    path = postgres.state_folder() / f"t-{uuid.uuid4().hex[:6]}"
    path.mkdir(parents=True)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def cluster(folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder / "pg", TEST_SETTINGS)
    yield cluster
    cluster.stop()


@pytest.fixture
def private_state(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """The private cluster of a machine on which nothing ran before."""
    monkeypatch.setenv("HEARSAY_STATE", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield postgres.private_cluster()
    postgres.private_cluster().stop()


def current_role(url: str) -> tuple[str, str]:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_user, current_database()").fetchone()
    assert row is not None
    return row


def postmaster_pid(cluster: Cluster) -> int:
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def crash(cluster: Cluster) -> None:
    pid = postmaster_pid(cluster)
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while cluster.answers():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_first_start_makes_a_database_that_an_ordinary_role_owns(cluster: Cluster):
    assert not cluster.answers()

    assert cluster.start() is True

    assert current_role(cluster.url()) == ("hearsay", "hearsay")
    with psycopg.connect(cluster.url()) as connection:
        privileges = connection.execute(
            "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        listening = connection.execute("SHOW listen_addresses").fetchone()
    assert privileges == (False, True)
    assert listening == ("",)


def test_a_second_start_finds_the_server_running_and_data_survive_a_stop(cluster: Cluster):
    cluster.start()
    with psycopg.connect(cluster.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS value")

    assert cluster.start() is False
    assert cluster.stop() is True
    assert cluster.stop() is False
    assert cluster.start() is True

    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SELECT value FROM kept").fetchone() == (1,)


def test_two_processes_that_start_at_once_share_one_server(cluster: Cluster):
    program = f"from config.postgres import *; print(Cluster(Path({str(cluster.folder)!r})).start())"
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=postgres.CHECKOUT)
        for _ in range(2)
    ]

    answers = sorted(process.communicate(timeout=60)[0].strip() for process in processes)

    assert answers == ["False", "True"]
    assert cluster.answers()


def test_a_crash_whose_process_id_went_to_another_program_does_not_block_the_next_start(cluster: Cluster):
    cluster.start()
    crash(cluster)
    owner = pwd.getpwuid(cluster.data.stat().st_uid)
    switch = {"user": owner.pw_uid} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["sleep", "60"], **switch)  # type: ignore[call-overload]  # as the server's own user
    try:
        for leftover in (cluster.data / "postmaster.pid", cluster.socket_folder / ".s.PGSQL.5432.lock"):
            _, rest = leftover.read_text().split("\n", 1)
            leftover.write_text(f"{stranger.pid}\n{rest}")

        assert cluster.start() is True
        assert cluster.answers()
    finally:
        stranger.kill()
        stranger.wait()


def test_an_interrupted_first_start_is_begun_anew(cluster: Cluster):
    (cluster.folder / "data.new").mkdir(parents=True)
    (cluster.folder / "data.new" / "PG_VERSION").write_text("15\n")

    assert cluster.start() is True


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder(folder: Path):
    deep = Cluster(folder / ("d" * 100) / "pg", TEST_SETTINGS)

    assert deep.start() is True

    try:
        assert len(str(deep.socket_folder / ".s.PGSQL.5432")) < postgres.SOCKET_PATH_LIMIT
        assert deep.socket_folder.stat().st_mode & 0o777 == 0o700
        assert current_role(deep.url()) == ("hearsay", "hearsay")
    finally:
        deep.stop()
        shutil.rmtree(deep.socket_folder)


@as_root
def test_a_short_folder_that_somebody_else_made_is_refused(folder: Path):
    deep = Cluster(folder / ("d" * 100) / "pg", TEST_SETTINGS)
    deep.socket_folder.mkdir()
    os.chown(deep.socket_folder, pwd.getpwnam("nobody").pw_uid, -1)
    try:
        with pytest.raises(PostgresUnavailable, match="belongs to somebody else"):
            deep.start()
    finally:
        shutil.rmtree(deep.socket_folder)


@as_root
def test_another_system_user_is_refused_even_where_the_folders_are_open(cluster: Cluster):
    cluster.start()
    cluster.folder.chmod(0o755)
    program = f"""
import os, sys
import psycopg
os.setuid({pwd.getpwnam("nobody").pw_uid})
try:
    psycopg.connect({cluster.url()!r})
except psycopg.OperationalError as error:
    print(error)
"""

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert 'Peer authentication failed for user "hearsay"' in answer.stdout


def test_data_of_a_version_that_is_not_installed_are_named_in_one_sentence(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("config.postgres_binaries.may_install", lambda: False)
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(PostgresUnavailable, match=r"PostgreSQL 9 \(it made the existing data\) was not found"):
        cluster.start()


def test_a_server_that_does_not_come_up_says_why(cluster: Cluster):
    cluster.start()
    cluster.stop()
    (cluster.data / "postgresql.auto.conf").write_text("shared_buffers = 'nonsense'\n")

    with pytest.raises(PostgresUnavailable, match="nonsense"):
        cluster.start()


def test_the_last_borrower_stops_what_a_borrower_started(cluster: Cluster):
    with cluster.borrowed():
        with cluster.borrowed():
            assert cluster.answers()
        assert cluster.answers()
    assert not cluster.answers()


def test_a_server_started_by_hand_survives_its_borrowers(cluster: Cluster):
    cluster.start()

    with cluster.borrowed():
        pass

    assert cluster.answers()


def test_database_url_comes_first(private_state: Cluster, cluster: Cluster, monkeypatch: pytest.MonkeyPatch):
    cluster.start()
    monkeypatch.setenv("DATABASE_URL", cluster.url())

    with postgres.database() as url:
        assert url == cluster.url()
        assert not private_state.answers()
    assert cluster.answers()


def test_a_database_url_that_does_not_answer_is_an_error_and_not_a_reason_to_take_another(
    private_state: Cluster, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@localhost:1/nothing")

    with pytest.raises(PostgresUnavailable, match="DATABASE_URL does not answer"), postgres.database():
        pass
    assert not private_state.answers()


def test_without_database_url_the_private_cluster_is_made_and_started(private_state: Cluster):
    steps: list[str] = []

    with postgres.database(progress=steps.append) as url:
        assert url == private_state.url() == postgres.default_url()
        assert current_role(url) == ("hearsay", "hearsay")

    assert steps[0] == "creating the private database cluster"
    assert not private_state.answers()


def test_django_gets_every_parameter_of_the_url():
    settings = postgres.django_database("postgresql://me:p%40ss@db.example/claims?sslmode=verify-full&port=6432")

    assert settings == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "claims",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_the_state_folder_is_one_per_checkout_and_outside_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("HEARSAY_STATE", raising=False)
    here = postgres.state_folder()

    monkeypatch.setattr(postgres, "CHECKOUT", Path("/elsewhere") / postgres.CHECKOUT.name)

    assert postgres.state_folder() != here
    assert postgres.state_folder().parent == here.parent
    assert postgres.CHECKOUT not in here.parents


def test_the_command_line_starts_shows_and_stops_the_cluster(
    private_state: Cluster, capsys: pytest.CaptureFixture[str]
):
    assert postgres.main(["status"]) == 3
    assert postgres.main(["start"]) == 0
    assert postgres.main(["status"]) == 0
    assert postgres.main(["url"]) == 0
    assert postgres.main(["stop"]) == 0
    assert postgres.main(["stop"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"not running: {private_state.folder}"
    assert lines[-3:] == [private_state.url(), "stopped", "was not running"]
