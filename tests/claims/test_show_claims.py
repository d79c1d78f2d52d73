import pytest
from django.core.management import CommandError, call_command

from claims.models import ClaimState
from tests.factories import ClaimFactory


def cells(table: str, column: int) -> list[str]:
    """One column of a printed table, first lines of its rows only, without the heading."""
    rows = [line.split("│") for line in table.splitlines() if line.startswith("│")]
    return [row[column].strip() for row in rows if len(row) > 4 and row[5].strip()]


@pytest.mark.django_db
def test_the_claims_of_a_document_are_listed_in_reading_order_without_dropped_ones(capsys: pytest.CaptureFixture[str]):
    second = ClaimFactory(start=200, source_quote="a\n  trader", cue_quote="said", score=0.456)
    document = second.layer.document
    same = {"layer": second.layer, "run": second.run}
    ClaimFactory(**same, fingerprint="b", start=10, source_quote="an envoy", cue_quote="fears", score=None)
    ClaimFactory(**same, fingerprint="c", start=100, source_quote="nobody", state=ClaimState.SUPERSEDED)
    ClaimFactory(source_quote="of another document")

    call_command("show_claims", document.doc_number or document.name)

    printed = capsys.readouterr().out
    assert f"{document.label}: 2 claims" in printed
    assert cells(printed, 1) == ["an envoy", "a trader"]
    assert cells(printed, 2) == ["fears", "said"]
    assert cells(printed, 4) == ["", "0.46"]


@pytest.mark.django_db
def test_an_unknown_document_is_an_error():
    with pytest.raises(CommandError, match="No document has the number or name 'C00000000'"):
        call_command("show_claims", "C00000000")
