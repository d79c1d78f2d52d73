"""The commands in docs/api.md, run as they stand there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from accounts.services import create_key
from claims.models import Claim, CredibilityAssessment, Decision, Review, Verdict
from claims.services import accept
from documents.models import Document
from ingest import intake
from sources.models import ReliabilityAssessment
from tests.factories import ClaimFactory, CollectionFactory, TextLayerFactory, UserFactory

TEXT = "Reports have come in over night. Then a source close to the cabinet stated that the talks have failed."


@pytest.mark.skipif(shutil.which("curl") is None, reason="the commands need curl")
def test_the_commands_of_the_quick_start_work(live_server: object, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "ring", lambda _: None)
    user = UserFactory(groups=["analyst"])
    layer = TextLayerFactory(text=TEXT, document__collection=CollectionFactory(name="Inbox", members=[user]))
    claim = ClaimFactory(layer=layer, words=("a source close to the cabinet", "stated", "the talks have failed"))
    settled = ClaimFactory(layer=TextLayerFactory(document__collection=layer.document.collection))
    accept(settled, by=user)
    settled.refresh_from_db()
    _, secret = create_key(user, name="quick start", scopes=["read", "propose", "review"])
    values = {
        "HEARSAY": f"{live_server.url}/api/v1",
        "KEY": secret,
        "DOCUMENT": layer.document_id,
        "CLAIM": claim.pk,
        "REVIEW": Review.objects.latest("pk").pk + 2,  # the edit, then the acceptance, which is undone
        "SOURCE": settled.source_id,
        "PROPOSITION": settled.proposition_id,
    }

    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script(values)], capture_output=True, text=True, check=False
    )

    assert (run.returncode, run.stderr) == (0, "")
    assert Document.objects.latest("pk").name == "C05797165.txt"
    steps = Review.objects.filter(claim=claim).order_by("pk").values_list("decision", flat=True)
    assert list(steps) == [Decision.EDIT, Decision.ACCEPT, Decision.UNDO]
    assert Claim.objects.get(pk=claim.pk).source_quote == TEXT[38:69].strip()
    assert ReliabilityAssessment.objects.get().source_id == settled.source_id
    assert set(CredibilityAssessment.objects.values_list("claim", "grade")) == {(claim.pk, "2"), (claim.pk, "3")}
    assert Verdict.objects.get().proposition_id == settled.proposition_id


def script(values: dict[str, object]) -> str:
    """The page's commands with our own values put into the variables they set; a refused call ends it."""
    page = Path(settings.BASE_DIR, "docs", "api.md").read_text()
    commands = "\n".join(re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE))
    named = set(re.findall(r"^([A-Z]+)=", commands, re.MULTILINE))
    assert named == set(values)
    for name, value in values.items():
        commands = re.sub(f"^{name}=.*", f"{name}={value}", commands, flags=re.MULTILINE)
    return f"cd {settings.BASE_DIR}\n" + commands.replace("curl -sS", "curl -sS --fail --noproxy '*' -o /dev/null")
