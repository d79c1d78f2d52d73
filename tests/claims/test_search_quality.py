from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import Claim, Proposition
from claims.search_quality import average_precision, quality, read_known, read_splits, reciprocal_rank
from documents.models import Document

RIGHT = frozenset({"a"})


def test_average_precision_counts_the_first_five_only():
    assert average_precision(["a", "b"], RIGHT) == 1
    assert average_precision(["b", "a"], RIGHT) == 1 / 2
    assert average_precision([*"bcdef", "a"], RIGHT) == 0
    assert average_precision(["a", "x", "b"], frozenset({"a", "b"})) == pytest.approx((1 + 2 / 3) / 2)


def test_the_reciprocal_rank_looks_further_down():
    assert reciprocal_rank([*"bcdef", "a"], RIGHT) == 1 / 6
    assert reciprocal_rank(["b"], RIGHT) == 0


def test_a_query_without_answers_found_counts_as_wrong():
    found = quality([["a"], []], [RIGHT, RIGHT])

    assert (found.queries, found.average_precision, found.first_right, found.reciprocal_rank) == (2, 0.5, 0.5, 0.5)


@pytest.fixture
def folder(tmp_path):
    """Two parts, one with a headline and tabs, the other without and with blanks."""
    docs = "\tvclaim\ttitle\n0\tDolphins swam in the canals.\tDid Dolphins Swim?\n1\tBread costs 5 pounds.\tBread\n"
    (tmp_path / "verified_claims.docs.tsv").write_text(docs)
    for name, queries, answers in (
        ("dev", "\ttweet_content\n7\t#DolphinsSwam in Venice!\n8\tnobody answers\n", "7\t0\t0\t1\n7\t0\t1\t0\n"),
        ("deep/test", "t9\tBread? 5 pounds?? https://t.co/x\n", "t9 0 1 1\n"),
    ):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "tweets.queries.tsv").write_text(queries)
        (tmp_path / name / "tweet-vclaim-pairs.qrels").write_text(answers)
    return tmp_path


def test_claims_and_parts_are_read_with_and_without_headlines(folder):
    assert [known.id for known in read_known(folder)] == ["0", "1"]
    assert {name: [(each.text, each.answers) for each in asked] for name, asked in read_splits(folder).items()} == {
        "dev": [("#DolphinsSwam in Venice!", frozenset({"0"}))],
        "deep/test": [("Bread? 5 pounds?? https://t.co/x", frozenset({"1"}))],
    }


@pytest.mark.django_db
def test_the_command_measures_each_part_and_keeps_nothing(folder):
    out = StringIO()

    call_command("evaluate_search", folder, stdout=out)

    assert out.getvalue().splitlines() == [
        "2 claims",
        "deep/test: MAP@5 1.000, P@1 1.000, MRR 1.000 over 1 queries",
        "dev: MAP@5 1.000, P@1 1.000, MRR 1.000 over 1 queries",
    ]
    assert (Proposition.objects.count(), Claim.objects.count(), Document.objects.count()) == (0, 0, 0)


@pytest.mark.django_db
def test_the_command_says_what_is_missing(folder, tmp_path_factory):
    with pytest.raises(CommandError, match="There are: deep/test, dev"):
        call_command("evaluate_search", folder, split=["train"])
    with pytest.raises(CommandError, match="no file of claims"):
        call_command("evaluate_search", tmp_path_factory.mktemp("empty"))
    for file in folder.rglob("*.qrels"):
        file.unlink()
    with pytest.raises(CommandError, match="answers"):
        call_command("evaluate_search", folder)
