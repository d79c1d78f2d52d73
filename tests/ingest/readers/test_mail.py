"""E-mail files: rendered as a reader sees them, whatever state they are in."""

import sys
from contextlib import suppress
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import Facts, Segment, Unreadable, read

SAMPLES = Path(__file__).parents[3] / "samples"


def mail(body: str = "Body.\n", **headers: str) -> EmailMessage:
    message = EmailMessage()
    values = {"From": "Ann <ann@x.example>", "To": "bob@y.example", "Subject": "Notes", **headers}
    values.setdefault("Date", "Tue, 14 May 2024 08:41:55 +0200")
    for name, value in values.items():
        message[name] = value
    message.set_content(body)
    return message


def text_of(message: EmailMessage | bytes) -> str:
    return read(message if isinstance(message, bytes) else bytes(message), name="").text


def test_a_plain_mail_is_header_lines_a_blank_line_and_the_body():
    assert text_of(mail("He said: “no”.\n", Cc="c@z.example")) == (
        "From: Ann <ann@x.example>\nSent: Tue, 14 May 2024 08:41:55 +0200\nTo: bob@y.example\nCc: c@z.example\n"
        "Subject: Notes\n\nHe said: “no”.\n"
    )


def test_the_sample_with_everything_in_it_reads_as_two_messages():
    reading = read((SAMPLES / "bahrain-update.eml").read_bytes(), name="")

    assert reading.facts == Facts(
        title="FW: Bahrain Update (SBU) – with two notes",
        author='"Duty Officer, Line" <line.duty@staff.example>',
        recipients="Policy Planning <policy@staff.example>; Rémy Desk <remy.desk@staff.example>",
        document_date=date(2011, 3, 14),
        classification="SBU",
    )
    covering, forwarded = (reading.text[segment.start : segment.end] for segment in reading.segments)
    assert "Attachments: distribution.csv\n\nColleagues,\n\nOps’ latest" in covering
    assert "<p>" not in covering
    assert forwarded.startswith("-----Original Message-----\nFrom: Operations Center <operations@ops.example>\n")
    assert reading.segments[1] == Segment(
        start=len(covering),
        end=len(reading.text),
        author="Operations Center <operations@ops.example>",
        recipients="Bahrain Unrest <bahrain-unrest@ops.example>, NEA Staff Assistants <nea-staff@ops.example>; "
        "Senior Watch Officer <swo@ops.example>",
        subject="Bahrain Update (SBU)",
        sent_on=date(2011, 3, 14),
    )


def test_the_reply_quoted_in_the_plain_sample_is_a_segment_of_its_own():
    reading = read((SAMPLES / "harbour-strike.eml").read_bytes(), name="")

    assert [(segment.author, segment.sent_on) for segment in reading.segments] == [
        ("District Reports <reports@district.example>", date(2024, 5, 14)),
        ("Regional Watch <watch@region.example>", date(2024, 5, 13)),
    ]
    assert "\r" not in reading.text


def test_plain_text_is_preferred_and_html_is_read_when_it_is_all_there_is():
    both = mail("plain words\n")
    both.add_alternative("<p>html words</p>", subtype="html")
    only_html = mail()
    only_html.set_content("<p>The envoy said<br>no.</p><script>track()</script>", subtype="html")

    assert text_of(both).endswith("\n\nplain words\n")
    assert text_of(only_html).endswith("\n\nThe envoy said\nno.\n")


def test_attachments_are_named_and_not_read():
    message = mail("See the file.\n")
    message.add_attachment("secret,csv\n", subtype="csv", filename="figures; old.csv")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf")
    message.add_attachment("more words\n", filename="notes.txt")

    text = text_of(message)

    assert "Attachments: figures, old.csv; application/pdf; notes.txt\n" in text
    assert "secret" not in text
    assert "more words" not in text


def test_messages_forwarded_inside_each_other_stand_one_below_the_other():
    innermost, middle, outer = mail("inner\n", Subject="C"), mail("middle\n", Subject="B"), mail("outer\n", Subject="A")
    middle.add_attachment(innermost)
    outer.add_attachment(middle)

    reading = read(bytes(outer), name="")

    assert [segment.subject for segment in reading.segments] == ["A", "B", "C"]
    assert reading.text.index("outer") < reading.text.index("middle") < reading.text.index("inner")


def test_nesting_is_followed_twenty_levels_deep_and_then_said_to_be_cut():
    message = mail("deepest\n")
    for _ in range(25):
        wrapper = mail("")
        wrapper.add_attachment(message)
        message = wrapper

    text = text_of(message)

    assert text.count("-----Original Message-----") == 20
    assert text.endswith("[Messages nested deeper than 20 levels are not shown.]\n")
    assert "deepest" not in text


def test_a_forwarded_message_that_was_encoded_against_the_standard_is_decoded():
    data = (
        b"From: a@x.example\nMIME-Version: 1.0\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        b"RnJvbTogaW5uZXJAeC5leGFtcGxlClN1YmplY3Q6IGlubmVyCgp3b3Jkcwo=\n"
    )

    assert text_of(data).endswith("-----Original Message-----\nFrom: inner@x.example\nTo:\nSubject: inner\n\nwords\n")


def test_a_mail_without_headers_but_its_machines_is_read():
    reading = read(b"Received: from x by y\nMIME-Version: 1.0\n\nOnly words.\n", name="")

    assert reading.text == "To:\n\nOnly words.\n"
    assert reading.facts == Facts()


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        (b"=?utf-8?q?R=C3=A9my?= =?utf-8?q?_Desk?=", "Rémy Desk"),
        (b"=?koi8-r?b?8NLJ18XU?=", "Привет"),
        (b"=?no-such-charset?q?caf=E9?=", "café"),
        (b"=?utf-8?b?broken", "=?utf-8?b?broken"),
        (b"=?utf-8?b?x?=", "=?utf-8?b?x?="),
        (b"caf\xe9 raw", "café raw"),
        ("naïve ünï".encode(), "naïve ünï"),
        (b"folded\r\n over two lines", "folded over two lines"),
    ],
)
def test_subjects_are_read_as_meant_whatever_wrote_them(header, subject):
    assert read(b"MIME-Version: 1.0\r\nSubject: " + header + b"\r\n\r\nx", name="").facts.title == subject


@pytest.mark.parametrize(
    "content_type",
    [
        b"text/plain; charset=no-such-charset",
        b"text/plain; charset=\xff\xfe",
        b"text/plain; charset*=broken'''",
        b"multipart/mixed",
        b'multipart/mixed; boundary="never there"',
        b"text/plain; name*0*=x; name*zz=",
        b";;;",
        b"",
    ],
)
def test_a_broken_content_type_still_gives_the_words(content_type):
    data = b"From: a@x.example\nMIME-Version: 1.0\nContent-Type: " + content_type + b"\n\nThe words.\n"

    assert "The words." in text_of(data) or "Attachments:" in text_of(data)


def test_broken_base64_loses_no_more_than_itself():
    assert text_of(
        b"From: a@x.example\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nSGVsbG8!!\xff\n"
    ).startswith("From: a@")


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        ("filename*=utf-8''r%C3%A9sum%C3%A9.pdf", "résumé.pdf"),
        ("filename*0=long-; filename*1=name.pdf", "long-name.pdf"),
        ("filename*0*=a; filename*=c", "image/png"),
        ("filename*=x\0y''z.pdf", "image/png"),
        ("filename*=utf-7''+2AA-.pdf", "\N{REPLACEMENT CHARACTER}.pdf"),
        ("filename*=no-such-charset''z.pdf", "z.pdf"),
    ],
)
def test_an_attachments_name_is_read_where_it_can_be_and_else_its_kind(parameter, name):
    data = (
        "From: a@x.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        f"Content-Type: image/png\nContent-Disposition: attachment; {parameter}\n\nx\n--b--\n"
    )

    assert f"Attachments: {name}\n" in text_of(data.encode())


def test_a_mail_whose_forms_are_all_unreadable_is_its_header():
    message = mail()
    message.set_content(b"x", maintype="image", subtype="png")
    message.make_alternative()

    assert text_of(message).endswith("Subject: Notes\nAttachments: image/png\n")


def test_parts_beyond_the_thousandth_are_left_out():
    data = b"From: a@x.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"

    text = text_of(data + b"".join(b"--b\n\npart %d\n" % number for number in range(1, 1200)))

    assert "\n\npart 999\n" in text
    assert "part 1000" not in text


def test_zero_characters_do_not_reach_the_database():
    assert text_of(b"MIME-Version: 1.0\nSubject: a\0b\n\nx\0y\n") == "To:\nSubject: a\ufffdb\n\nx\ufffdy\n"


def test_an_encrypted_mail_is_refused_with_the_remedy():
    data = b"From: a@x.example\nMIME-Version: 1.0\nContent-Type: application/pkcs7-mime; name=smime.p7m\n\nMIAGCSq\n"

    with pytest.raises(Unreadable, match="encrypted") as refusal:
        read(data, name="")

    assert refusal.value.code == "mail_encrypted"


@pytest.mark.parametrize("levels", [201, 5000])
def test_a_mail_nested_beyond_all_reason_is_refused(levels):
    with pytest.raises(Unreadable, match="nested") as refusal:
        read(b"MIME-Version: 1.0\nFrom: a\n" + b"Content-Type: message/rfc822\n\n" * levels, name="")

    assert refusal.value.code == "mail_too_nested"


def test_a_mail_nested_deeper_than_the_stack_allows_is_refused_too():
    def at_depth(levels: int) -> None:
        if levels:
            at_depth(levels - 1)
        else:
            read(b"MIME-Version: 1.0\nFrom: a\n" + b"Content-Type: message/rfc822\n\n" * 190, name="")

    with pytest.raises(Unreadable, match="nested"):
        at_depth(sys.getrecursionlimit() - 200)


def test_a_mailbox_of_one_message_is_read_and_one_of_several_refused():
    single = b"From ann@x.example Tue May 14 08:41:55 2024\n" + bytes(mail())

    assert read(single, name="").facts.title == "Notes"
    with pytest.raises(Unreadable, match="several messages"):
        read(single + b"\n" + single, name="")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["From", "Content-Type", "Date", "Content-Disposition", "Subject"]), st.binary(max_size=60)
        ),
        max_size=6,
    ),
    st.binary(max_size=200),
)
def test_no_header_and_no_body_makes_the_reader_fail(headers, body):
    lines = b"".join(name.encode() + b": " + value.replace(b"\n", b" ") + b"\n" for name, value in headers)

    with suppress(Unreadable):
        reading = read(b"MIME-Version: 1.0\nMessage-ID: <1@x>\n" + lines + b"\n" + body, name="")

        assert "\0" not in reading.text
        assert reading.segments[-1].end == len(reading.text)
