"""Every operation of the description, called by schemathesis with what the description allows and what it forbids.

A few calls of each in `make test`. `make fuzz ONLY=api` calls each a hundred times (HEARSAY_API_EXAMPLES), and with
each bound overstepped, each part left out and each other method (HEARSAY_API_PHASES). What it is told of the API stands
in schemathesis.toml and described.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator

from accounts.services import create_key
from ingest import intake
from tests.api.world import world_in
from tests.factories import CollectionFactory, UserFactory

pytestmark = pytest.mark.slow
EXAMPLES = os.environ.get("HEARSAY_API_EXAMPLES", "2")
PHASES = os.environ.get("HEARSAY_API_PHASES", "fuzzing")
CONFIG = Path(__file__).with_name("schemathesis.toml")


def test_every_operation_keeps_to_its_description(
    transactional_db: None, live_server: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "ring", lambda _: None)
    admin = UserFactory(groups=["admin"])
    world_in(CollectionFactory(name="Inbox", members=[admin]), admin)
    _, secret = create_key(admin, name="test", scopes=["read", "propose", "review", "admin"])

    told = schemathesis(live_server.url, described(tmp_path), secret, seed=os.environ.get("HEARSAY_API_SEED", "1"))

    assert "No issues found" in told, told


def described(folder: Path) -> Path:
    """The description as the API serves it."""
    file = folder / "openapi.json"
    file.write_text(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    return file


def schemathesis(address: str, description: Path, secret: str, *, seed: str) -> str:
    """What it reports of the API at `address`, all checks on."""
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "--no-color"]
    program += ["run", str(description), "--url", address]
    chosen = ["--checks", "all", "--phases", PHASES, "--max-examples", EXAMPLES, "--seed", seed]
    return subprocess.run(
        [*program, *chosen],
        cwd=settings.BASE_DIR,
        env=os.environ | {"HEARSAY_KEY": secret, "NO_PROXY": "*", "PYTHONPATH": str(settings.BASE_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout
