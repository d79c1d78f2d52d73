"""How the Python environment is made and kept current, shown on a checkout with two small lock files."""

import sys
from pathlib import Path

import pytest

from config import environment
from config.environment import SetupFailed

RUNTIME = "django==5.2 \\\n    --hash=sha256:aa\n"
DEVELOPMENT = (
    "ruff==0.1 \\\n    --hash=sha256:bb\nuv==0.9 \\\n    --hash=sha256:cc \\\n    --hash=sha256:dd\n    # via -r x\n"
)

Commands = list[list[str]]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "requirements.txt").write_text(RUNTIME)
    (tmp_path / "requirements-dev.txt").write_text(DEVELOPMENT)
    monkeypatch.setattr(environment, "CHECKOUT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv/bin/python")
    return tmp_path


@pytest.fixture
def commands(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The commands that would have been run; making the environment makes a folder with a Python in it."""
    ran: Commands = []

    def run(command: list[str | Path]) -> None:
        ran.append([str(part) for part in command])
        if "venv" in ran[-1]:
            environment.PYTHON.parent.mkdir(parents=True)
            environment.PYTHON.symlink_to(sys.executable)

    monkeypatch.setattr(environment, "_run", run)
    return ran


def test_the_first_call_makes_the_environment_and_installs_what_the_lock_names(checkout: Path, commands: Commands):
    environment.prepare(development=False)

    make, get_uv, install = commands
    assert make[1:3] == ["-m", "venv"]
    assert get_uv[1:4] == ["-m", "pip", "install"]
    assert "--require-hashes" in get_uv
    assert install[-3:] == ["--require-hashes", "-r", str(checkout / "requirements.txt")]
    assert install[0] == str(checkout / ".venv/bin/uv")


def test_a_second_call_does_nothing(checkout: Path, commands: Commands, capsys: pytest.CaptureFixture[str]):
    environment.prepare(development=False)
    commands.clear()

    environment.prepare(development=False, label="[1/7] ")

    assert commands == []
    assert capsys.readouterr().out.endswith("[1/7] Python packages ... ready\n")


def test_a_changed_lock_is_installed_into_the_environment_there_is(checkout: Path, commands: Commands):
    environment.prepare(development=False)
    commands.clear()
    (checkout / "requirements.txt").write_text(RUNTIME + "celery==5.7 \\\n    --hash=sha256:ee\n")

    environment.prepare(development=False)

    assert [command for command in commands if "venv" in command] == []
    assert commands[-1][-1] == str(checkout / "requirements.txt")


def test_the_development_environment_serves_to_run_but_not_the_other_way_round(checkout: Path, commands: Commands):
    environment.prepare(development=False)
    environment.prepare(development=True)
    assert commands[-1][-1] == str(checkout / "requirements-dev.txt")
    commands.clear()

    environment.prepare(development=False)

    assert commands == []


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Path, commands: Commands):
    environment.prepare(development=False)
    environment.PYTHON.unlink()
    environment.PYTHON.parent.rmdir()
    commands.clear()

    environment.prepare(development=False)

    assert commands[0][1:3] == ["-m", "venv"]


def test_uv_comes_in_the_locked_version_with_its_hashes(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    seen: list[str] = []
    monkeypatch.setattr(environment, "_run", lambda command: seen.append(Path(command[-1]).read_text()))

    environment._uv()

    assert seen == ["uv==0.9 \\\n    --hash=sha256:cc \\\n    --hash=sha256:dd\n"]


def test_where_uv_cannot_be_had_pip_installs_the_same_lock(
    checkout: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def no_uv() -> Path:
        raise SetupFailed("no matching distribution")

    monkeypatch.setattr(environment, "_uv", no_uv)

    environment.prepare(development=False)

    assert commands[-1][1:4] == ["-m", "pip", "install"]
    assert commands[-1][-3:] == ["--require-hashes", "-r", str(checkout / "requirements.txt")]
    assert "uv cannot be had (no matching distribution)" in capsys.readouterr().out


def test_a_python_that_can_make_no_environment_is_told_in_one_sentence(checkout: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(command: list[str | Path]) -> None:
        raise SetupFailed("ensurepip is not available")

    monkeypatch.setattr(environment, "_run", fail)
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)

    with pytest.raises(SetupFailed, match=r"sudo apt-get install python3-venv.*ensurepip is not available"):
        environment.prepare(development=False)


def test_a_failing_command_is_quoted_with_its_last_words(checkout: Path):
    with pytest.raises(SetupFailed, match=r"failed: the reason"):
        environment._run([sys.executable, "-c", "import sys; sys.exit('the reason')"])


def test_a_slow_step_says_how_long_it_took_and_whether_it_failed(capsys: pytest.CaptureFixture[str]):
    with environment.step("Counting"):
        pass
    with pytest.raises(ZeroDivisionError), environment.step("Dividing"):
        raise ZeroDivisionError

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Counting ..."
    assert lines[1].startswith("Counting ... done (0.")
    assert lines[3].startswith("Dividing ... failed (0.")


def test_the_command_line_refuses_an_old_python_and_reports_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def fail(*, development: bool, label: str) -> None:
        raise SetupFailed("no disk space")

    monkeypatch.setattr(sys, "argv", ["environment.py", "--dev"])
    monkeypatch.setattr(environment, "prepare", fail)
    assert environment.main() == 1
    assert capsys.readouterr().err == "hearsay: no disk space\n"

    monkeypatch.setattr(environment, "OLDEST_PYTHON", (9, 0))
    assert environment.main() == 1
    assert "make run PYTHON=" in capsys.readouterr().out
