"""Which server programs are chosen, shown with stand-ins that only know their version."""

from pathlib import Path

import pytest

from config import postgres_binaries
from config.postgres_binaries import PROGRAMS, Binaries, PostgresUnavailable, find_binaries, require_binaries


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setattr(postgres_binaries, "DEBIAN_SETTINGS", tmp_path / "no-such-folder")
    monkeypatch.setattr(postgres_binaries, "VERSIONED_FOLDERS", (f"{tmp_path}/usr/lib/postgresql/*/bin",))
    monkeypatch.setattr(postgres_binaries, "may_install", lambda: False)


def install(folder: Path, version: str, programs: tuple[str, ...] = PROGRAMS) -> Path:
    folder.mkdir(parents=True)
    for program in programs:
        (folder / program).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / program).chmod(0o755)
    return folder


def versioned(tmp_path: Path, major: str) -> Path:
    return tmp_path / "usr/lib/postgresql" / major / "bin"


def test_programs_in_the_path_come_before_versioned_folders(tmp_path: Path):
    in_path = install(tmp_path / "path", "15.4")
    install(versioned(tmp_path, "17"), "17.1")

    assert find_binaries() == Binaries(in_path, 15)


def test_the_newest_of_the_versioned_folders_is_taken(tmp_path: Path):
    install(versioned(tmp_path, "9.6"), "9.6.24")
    newest = install(versioned(tmp_path, "17"), "17.1")
    install(versioned(tmp_path, "15"), "15.4")

    assert find_binaries() == Binaries(newest, 17)


def test_existing_data_want_the_version_that_made_them(tmp_path: Path):
    install(versioned(tmp_path, "17"), "17.1")
    older = install(versioned(tmp_path, "15"), "15.4")

    assert find_binaries(15) == Binaries(older, 15)


def test_a_link_in_the_path_leads_to_the_folder_with_all_programs(tmp_path: Path):
    real = install(tmp_path / "opt", "16.2")
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "postgres").symlink_to(real / "postgres")

    assert find_binaries() == Binaries(real, 16)


def test_what_pg_config_names_is_found_last(tmp_path: Path):
    hidden = install(tmp_path / "hidden", "16.2")
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "pg_config").write_text(f"#!/bin/sh\necho {hidden}\n")
    (tmp_path / "path" / "pg_config").chmod(0o755)

    assert find_binaries() == Binaries(hidden, 16)


@pytest.mark.parametrize(
    ("version", "programs"), [("13.9", PROGRAMS), ("15.4", ("postgres", "initdb")), ("", PROGRAMS)]
)
def test_old_incomplete_and_broken_installations_do_not_count(tmp_path: Path, version: str, programs: tuple[str, ...]):
    install(tmp_path / "path", version, programs)

    assert find_binaries() is None


def test_without_a_server_and_without_root_there_is_one_clear_sentence():
    with pytest.raises(PostgresUnavailable) as refusal:
        require_binaries()

    assert "apt-get install postgresql" in str(refusal.value)
    assert "DATABASE_URL" in str(refusal.value)


def test_as_root_on_debian_the_package_is_installed_and_its_own_server_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    installed: list[str] = []
    said: list[str] = []
    monkeypatch.setattr(postgres_binaries, "may_install", lambda: True)

    def install_package(package: str) -> None:
        installed.append(package)
        install(versioned(tmp_path, "15"), "15.4")

    monkeypatch.setattr(postgres_binaries, "install_postgresql", install_package)

    assert require_binaries(progress=said.append) == Binaries(versioned(tmp_path, "15"), 15)
    assert installed == ["postgresql"]
    assert said == ["installing postgresql with apt-get"]


def pretend_apt(folder: Path, *, fails: bool = False) -> Path:
    """An apt-get that writes down its arguments."""
    log = folder / "apt.log"
    folder.mkdir(exist_ok=True)
    complaint = "echo 'Reading lists' >&2; echo 'E: Unable to locate package' >&2; exit 100" if fails else "exit 0"
    (folder / "apt-get").write_text(f'#!/bin/sh\necho "$@" >> {log}\n{complaint}\n')
    (folder / "apt-get").chmod(0o755)
    return log


def test_installing_the_package_keeps_debian_from_starting_a_server_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    log = pretend_apt(tmp_path / "path")
    monkeypatch.setattr(postgres_binaries, "DEBIAN_SETTINGS", tmp_path / "etc")

    postgres_binaries.install_postgresql("postgresql")

    assert "create_main_cluster = false" in (tmp_path / "etc/createcluster.d/hearsay.conf").read_text()
    assert log.read_text().splitlines() == ["update -q", "install -y -q --no-install-recommends postgresql"]


def test_what_the_administrator_chose_for_debians_clusters_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    pretend_apt(tmp_path / "path")
    (tmp_path / "etc").mkdir()
    monkeypatch.setattr(postgres_binaries, "DEBIAN_SETTINGS", tmp_path / "etc")

    postgres_binaries.install_postgresql("postgresql")

    assert list((tmp_path / "etc").iterdir()) == []


def test_a_failing_installation_gives_the_last_words_of_apt(tmp_path: Path):
    pretend_apt(tmp_path / "path", fails=True)

    with pytest.raises(PostgresUnavailable, match="failed: E: Unable to locate package"):
        postgres_binaries.apt_install("postgresql")


def test_the_command_line_says_where_the_server_programs_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert postgres_binaries.main() == 1
    assert "PostgreSQL 14 or newer was not found" in capsys.readouterr().err

    folder = install(tmp_path / "path", "15.4")

    assert postgres_binaries.main() == 0
    assert capsys.readouterr().out == f"PostgreSQL 15 in {folder}\n"
