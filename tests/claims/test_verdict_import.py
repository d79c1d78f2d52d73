from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from claims.models import Claim, Verdict
from tests.factories import ClaimFactory, CollectionFactory, UserFactory

pytestmark = pytest.mark.django_db

HEADINGS = "proposition,outcome,decided_on,evidence\n"


@pytest.fixture
def user() -> User:
    return UserFactory(username="ana")


@pytest.fixture
def claim(user: User) -> Claim:
    return ClaimFactory(accepted=True, layer__document__collection=CollectionFactory(members=[user]))


def bring_in(tmp_path: Path, rows: str) -> None:
    file = tmp_path / "verdicts.csv"
    file.write_text(rows)
    call_command("import_verdicts", str(file), "--by", "ana")


def test_rows_settle_propositions_and_the_same_file_again_changes_nothing(tmp_path: Path, claim: Claim, capsys):
    rows = f"{HEADINGS}{claim.proposition_id},false,2021-03-02,a later cable\n"

    bring_in(tmp_path, rows)
    bring_in(tmp_path, rows)

    verdict = Verdict.objects.get()
    assert (verdict.outcome, str(verdict.decided_on), verdict.evidence) == ("false", "2021-03-02", "a later cable")
    assert "0 settled, 1 known already, 0 refused" in capsys.readouterr().out


def test_each_bad_row_is_refused_with_its_line_and_the_others_count(tmp_path: Path, claim: Claim, capsys):
    hidden = ClaimFactory(accepted=True)
    number = claim.proposition_id
    rows = [
        f"{hidden.proposition_id},true,2021-03-02,cable",
        f"{number},maybe,2021-03-02,cable",
        f"{number},true,spring,cable",
        f"{number},true,2021-03-02,",
        "the first,true,2021-03-02,cable",
        f"{number},true,2021-03-02,cable",
        f"{number},false,2021-03-02,cable",
        f"{'9' * 5_000},false,2021-03-02,cable",
    ]

    with pytest.raises(CommandError, match="7 rows were refused"):
        bring_in(tmp_path, HEADINGS + "\n".join(rows))

    said = " ".join(capsys.readouterr().out.split())
    for complaint in (
        f"line 2: refused there is no proposition {hidden.proposition_id} that ana may see",
        "line 3: refused the outcome is 'maybe'; write one of true, partly, false, unverifiable",
        "line 4: refused decided_on is 'spring'; write a day as YYYY-MM-DD",
        "line 5: refused Say why: a verdict needs a reason.",
        "line 6: refused the proposition is 'the first'; write its number",
        "line 7: settled",
        "line 8: refused Proposition",
        f"line 9: refused there is no proposition {'9' * 40} that ana may see",
    ):
        assert complaint in said
    assert Verdict.objects.get().outcome == "true"


def test_a_file_without_a_column_or_an_unknown_user_is_refused(tmp_path: Path, user: User):
    with pytest.raises(CommandError, match="lacks outcome, decided_on, evidence"):
        bring_in(tmp_path, "proposition\n1\n")
    with pytest.raises(CommandError, match="no user 'nobody'"):
        call_command("import_verdicts", str(tmp_path / "verdicts.csv"), "--by", "nobody")
