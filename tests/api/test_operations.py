"""Every operation of the description, called by schemathesis with what the description allows and what it forbids.

A few calls of each in `make test`. `make fuzz ONLY=api` calls each a hundred times (HEARSAY_API_EXAMPLES), and with
each bound overstepped, each part left out and each other method (HEARSAY_API_PHASES), and then one after the other with
what they answered; part by part (HEARSAY_API_PARTS), so that a long run need not be done in one piece. What it is told
of the API stands in schemathesis.toml and described.py.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from drf_spectacular.generators import SchemaGenerator

from accounts.services import create_key
from ingest import intake
from tests.api.world import world_in
from tests.factories import CollectionFactory, UserFactory

pytestmark = pytest.mark.slow
EXAMPLES = os.environ.get("HEARSAY_API_EXAMPLES", "2")
PHASES = os.environ.get("HEARSAY_API_PHASES", "fuzzing")
PARTS = (
    "claims",
    "sources",
    "propositions",
    "documents+collections+imports+jobs",
    "links+claim-links+origin-notices",
    "webhooks+events+search",
    "notes+assignments+weighings+adjudications+agreement",
    "printed-gradings+discreditings+grade-flags+verdicts+impact",
)
"""All tags of the description, in parts of which each takes some minutes."""
STATEFUL = "stateful"
"""The part that goes from one operation to the next with what it answered."""
STATEFUL_SECONDS = "300"
"""So long that part begins anew: each round ends where a row is not as it was when the same call was made before."""
WHOLE = ""
CHOSEN = os.environ.get("HEARSAY_API_PARTS", WHOLE)
"""`each`, or parts: a tag, some with `+` between, or STATEFUL. Empty: all operations in one piece."""
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.parametrize("part", [*PARTS, STATEFUL] if CHOSEN == "each" else CHOSEN.split(","))
def test_every_operation_keeps_to_its_description(
    part: str, transactional_db: None, live_server: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(intake, "ring", lambda _: None)
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 60)
    admin = UserFactory(groups=["admin"])
    world_in(CollectionFactory(name="Inbox", members=[admin]), admin)
    _, secret = create_key(admin, name="test", scopes=["read", "propose", "review", "admin"])

    told = schemathesis(live_server.url, described(tmp_path), secret, part=part)

    assert "No issues found" in told, told
    sys.stdout.write(f"\n{part or 'all operations'}\n{told}")


def described(folder: Path) -> Path:
    """The description as the API serves it."""
    told = SchemaGenerator().get_schema(request=None, public=True)
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    assert {tag for operation in operations for tag in operation["tags"]} == set("+".join(PARTS).split("+"))
    file = folder / "openapi.json"
    file.write_text(json.dumps(told, default=str))
    return file


def schemathesis(address: str, description: Path, secret: str, *, part: str) -> str:
    """What it reports of the API at `address`, all checks on."""
    program = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "--no-color"]
    program += ["run", str(description), "--url", address]
    phases = STATEFUL if part == STATEFUL else PHASES
    chosen = ["--checks", "all", "--phases", phases, "--max-examples", EXAMPLES]
    chosen += ["--seed", os.environ.get("HEARSAY_API_SEED", "1")]
    if part == STATEFUL:
        chosen += ["--max-time", STATEFUL_SECONDS]
    elif part != WHOLE:
        chosen += [f"--include-tag={tag}" for tag in part.split("+")]
    return subprocess.run(
        [*program, *chosen],
        cwd=settings.BASE_DIR,
        env=os.environ | {"HEARSAY_KEY": secret, "NO_PROXY": "*", "PYTHONPATH": str(settings.BASE_DIR)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout
