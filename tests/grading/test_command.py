import io
import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from grading.__main__ import main

EIGHT_IN_TEN = (
    '{"outcome": "true", "claimed_on": "2026-06-01"}\n' * 8 + '{"outcome": "false", "claimed_on": "2026-06-01"}\n' * 2
)


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs `python -m grading track-record ARGUMENTS < text`; gives exit status, standard output, standard error."""

    def run(text: str | bytes, *arguments: str) -> tuple[int, str, str]:
        data = text.encode() if isinstance(text, str) else text
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        status = main(["track-record", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def as_json(run, text, *arguments):
    status, out, err = run(text, "--json", "--as-of", "2026-06-01", "--half-life", "730", "--prior", "1,1", *arguments)
    assert (status, err) == (0, "")
    return json.loads(out)


def test_the_command_runs_as_a_program():
    command = [sys.executable, "-m", "grading", "track-record", "--json", "--as-of", "2026-06-01"]

    done = subprocess.run(command, input=EIGHT_IN_TEN, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["suggestion"] == "B"


def test_json_holds_the_whole_record(run):
    record = as_json(run, EIGHT_IN_TEN)

    assert record["mean"] == 0.75
    assert record["interval_80"] == pytest.approx([0.5848, 0.8952], abs=1e-4)
    assert record["interval_95"] == pytest.approx([0.4822, 0.9398], abs=1e-4)
    assert record["n_effective"] == 10
    assert record["suggestion"] == "B"
    assert record["verdicts"] == {"total": 10, "true": 8, "partly": 0, "false": 2, "undated": 0}
    assert record["evidence"] == "8 of 10 verdicts confirmed; 80 % interval 58-90 %; B"
    assert sum(record["band_masses"].values()) == pytest.approx(1)
    assert (record["as_of"], record["half_life_days"], record["prior"]) == ("2026-06-01", 730, [1, 1])


def test_a_sentence_is_printed_otherwise(run):
    status, out, err = run(EIGHT_IN_TEN, "--as-of", "2026-06-01")

    assert (status, err) == (0, "")
    assert out == "8 of 10 verdicts confirmed; 80 % interval 58-90 %; B (B with 60 % probability).\n"


def test_no_input_gives_the_prior_and_no_judgement(run):
    record = as_json(run, "")

    assert (record["mean"], record["n_effective"], record["suggestion"]) == (0.5, 0, "F")
    assert record["interval_80"] == pytest.approx([0.1, 0.9])


def test_order_does_not_show(run):
    lines = [
        f'{{"outcome": "{outcome}", "claimed_on": "20{year}-03-01"}}\n'
        for year in range(10, 26)
        for outcome in ("true", "false", "partly")
    ]

    assert as_json(run, "".join(lines)) == as_json(run, "".join(reversed(lines)))


def test_ageing_can_be_switched_off(run):
    old = '{"outcome": "true", "claimed_on": "1990-01-01"}\n'

    assert as_json(run, old)["n_effective"] < 0.001
    assert as_json(run, old, "--half-life", "0")["n_effective"] == 1


def test_another_prior_is_taken(run):
    assert as_json(run, "", "--prior", "3,1")["mean"] == 0.75


@pytest.mark.parametrize("day", ["", ', "claimed_on": null', ', "claimed_on": ""', ', "claimed_on": "unknown"'])
def test_an_unknown_day_counts_as_new_and_is_flagged(run, day):
    record = as_json(run, f'{{"outcome": "true"{day}}}')

    assert record["n_effective"] == 1
    assert record["verdicts"]["undated"] == 1


def test_later_verdicts_and_copies_do_not_count(run):
    later = '{"outcome": "true", "decided_on": "2026-06-02"}\n'
    copy = '{"outcome": "true", "derived": true}\n'
    unverifiable = '{"outcome": "unverifiable"}\n'

    assert as_json(run, later + copy + unverifiable)["verdicts"]["total"] == 0


def test_a_byte_order_mark_empty_lines_and_other_keys_do_no_harm(run):
    lines = b'\xef\xbb\xbf{"outcome": "true", "claimed_on": "2026-06-01", "id": 7}\r\n\r\n'

    assert as_json(run, lines)["n_effective"] == 1


def test_the_day_is_today_unless_said(run):
    before = datetime.now(UTC).date().isoformat()
    _, out, _ = run("", "--json")

    assert before <= json.loads(out)["as_of"] <= datetime.now(UTC).date().isoformat()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"nope", "not JSON"),
        (b'["true"]', "not a JSON object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"outcome": "tru\xe9"}', "save the file as UTF-8"),
        (b'{"claimed_on": "2013-01-29"}', 'no "outcome"; add one of "true", "partly", "false", "unverifiable"'),
        (b'{"outcome": "maybe"}', '"outcome" is "maybe"; write one of'),
        (b'{"outcome": true}', '"outcome" is true; write one of'),
        (b'{"outcome": "withdrawn"}', "leave out the line of a withdrawn verdict"),
        (
            b'{"outcome": "true", "claimed_on": "2013-02-30"}',
            '"claimed_on" is "2013-02-30"; write a day of the calendar',
        ),
        (b'{"outcome": "true", "claimed_on": "20130129"}', "YYYY-MM-DD"),
        (b'{"outcome": "true", "claimed_on": 2013}', '"claimed_on" is 2013'),
        (
            b'{"outcome": "true", "decided_on": "29 January 2013, towards the evening of the day"}',
            '"decided_on" is "29 January',
        ),
        (b'{"outcome": "true", "derived": "yes"}', '"derived" is "yes"; write true or false'),
    ],
)
def test_a_bad_line_is_named_with_its_remedy_and_nothing_is_printed(run, line, told):
    status, out, err = run(b'{"outcome": "true"}\n' + line + b"\n", "--json")

    assert (status, out) == (2, "")
    assert err.startswith("line 2: ")
    assert told in err


def test_every_bad_line_is_named_until_there_are_too_many(run):
    _, _, err = run("nope\n" * 12)

    assert [line.split(":")[0] for line in err.splitlines()] == [
        *(f"line {n}" for n in range(1, 11)),
        "... and 2 more lines",
    ]


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--as-of", "01/06/2026", "write it as YYYY-MM-DD"),
        ("--half-life", "-1", "write 0 or more"),
        ("--half-life", "long", "write 0 or more"),
        ("--half-life", "nan", "write 0 or more"),
        ("--prior", "1", "two numbers above 0"),
        ("--prior", "0,1", "two numbers above 0"),
        ("--prior", "1,inf", "two numbers above 0"),
    ],
)
def test_a_bad_option_is_refused_with_its_remedy(capsys, option, value, told):
    with pytest.raises(SystemExit) as stopped:
        main(["track-record", f"{option}={value}"])

    assert stopped.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert told in printed.err


def test_help_shows_the_shape_of_a_line_and_an_example(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["track-record", "--help"])

    assert stopped.value.code == 0
    assert '{"outcome": "true", "claimed_on": "2013-01-29"}' in capsys.readouterr().out
