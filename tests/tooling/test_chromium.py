"""Which browser is used, and what is said where there is none."""

import importlib.util
from pathlib import Path

import pytest

from config import chromium
from config.chromium import find_chromium
from config.postgres_binaries import PostgresUnavailable


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARSAY_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "MAC_APPLICATIONS", ())
    monkeypatch.setattr(chromium, "may_install", lambda: False)


def install(folder: Path, name: str) -> str:
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


def test_the_browser_in_the_path_is_found(tmp_path: Path):
    assert find_chromium() is None

    chrome = install(tmp_path, "google-chrome")
    assert find_chromium() == chrome

    debians = install(tmp_path, "chromium")
    assert find_chromium() == debians


def test_a_chosen_browser_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    install(tmp_path, "chromium")
    monkeypatch.setenv("HEARSAY_CHROMIUM", "/opt/my/browser")

    assert find_chromium() == "/opt/my/browser"


def test_without_a_browser_and_without_root_there_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]):
    assert chromium.main() == 1

    assert (
        "no Chromium was found: install it (Debian: `sudo apt-get install chromium libatomic1`)"
        in capsys.readouterr().err
    )


def test_as_root_on_debian_the_package_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(chromium, "may_install", lambda: True)
    monkeypatch.setattr(chromium, "apt_install", lambda *packages: install(tmp_path, packages[0]))

    assert chromium.main() == 0

    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "chromium")


def test_a_failing_installation_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def fail(*packages: str) -> None:
        raise PostgresUnavailable("`apt-get install` failed: no network")

    monkeypatch.setattr(chromium, "may_install", lambda: True)
    monkeypatch.setattr(chromium, "apt_install", fail)

    assert chromium.main() == 1

    assert capsys.readouterr().err == "hearsay: `apt-get install` failed: no network\n"


def test_a_driver_that_lacks_a_library_is_told_before_a_test_fails_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    install(tmp_path, "chromium")
    node = tmp_path / "playwright" / "driver" / "node"
    node.parent.mkdir(parents=True)
    node.write_text("#!/bin/sh\necho 'libatomic.so.1: cannot open' >&2\nexit 127\n")
    node.chmod(0o755)
    (tmp_path / "playwright" / "__init__.py").touch()
    spec = importlib.util.spec_from_file_location("playwright", tmp_path / "playwright" / "__init__.py")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)

    assert chromium.problem() == (
        "Playwright's driver does not start (Debian: `sudo apt-get install libatomic1`): libatomic.so.1: cannot open"
    )

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert chromium.problem() == "Playwright is not installed: `make setup`"
