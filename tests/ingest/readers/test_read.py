"""Bytes in, text layer out: which reader takes what, what is refused and how, and what every layer promises."""

from datetime import date
from pathlib import Path

import pytest

from ingest.readers import MAX_BYTES, Facts, Segment, Unreadable, read, sniff

SAMPLES = Path(__file__).parents[3] / "samples"
MAIL = b"From: a@x.example\r\nDate: Tue, 14 May 2024 08:41:55 +0200\r\nSubject: hello\r\n\r\nbody\r\n"


def test_the_seed_memo_is_read_as_it_stands_with_all_its_facts():
    data = (SAMPLES / "C05797165.txt").read_bytes()

    reading = read(data, name="C05797165.txt")

    assert reading.text == data.decode()
    assert (reading.reader, reading.reader_version, reading.media_type) == ("plain", "1", "text/plain")
    assert reading.facts == Facts(
        title="H: Algeria latest French intel. Sid",
        doc_number="C05797165",
        case_number="F-2014-20439",
        author="Sidney Blumenthal",
        recipients="",
        information_date=date(2013, 1, 19),
        document_date=date(2013, 1, 19),
        release_date=date(2016, 1, 7),
        classification="CONFIDENTIAL",
        release_mark="RELEASE IN PART",
        exemptions=("B6",),
    )
    assert reading.segments == (
        Segment(
            0, len(reading.text), "Sidney Blumenthal", "", "H: Algeria latest French intel. Sid", date(2013, 1, 19)
        ),
    )


def test_the_seed_memos_second_page_begins_where_two_banners_meet():
    text = (SAMPLES / "C05797165.txt").read_text()

    reading = read(text.encode(), name="")

    first_page, second_page = text[: reading.page_starts[1]], text[reading.page_starts[1] :]
    assert reading.page_starts[0] == 0
    assert len(reading.page_starts) == 2
    assert first_page.rstrip().endswith("Date: 01/07/2016")
    assert first_page.count("Doc No.") == 2
    assert second_page.lstrip().startswith("UNCLASSIFIED U.S. Department of State")


def test_pages_begin_behind_form_feeds():
    assert read(b"one\ftwo\n\fthree\n\f", name="").page_starts == (0, 4, 9)


@pytest.mark.parametrize("path", sorted([*SAMPLES.glob("*.txt"), *SAMPLES.glob("*.eml")]), ids=lambda path: path.name)
def test_every_sample_reads_and_its_segments_cover_it(path):
    reading = read(path.read_bytes(), name=path.name)

    assert reading.facts.title
    assert [segment.start for segment in reading.segments] == [0, *(segment.end for segment in reading.segments[:-1])]
    assert reading.segments[-1].end == len(reading.text)


def test_an_empty_file_is_a_document_without_text():
    reading = read(b"", name="empty.txt")

    assert (reading.text, reading.facts, reading.page_starts, reading.segments) == ("", Facts(), (0,), ())


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\r\nb\n\n\fc\t \r", "a\r\nb\n\n\fc\t \r"),
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        (b"one\x00two and some more words", "one\N{REPLACEMENT CHARACTER}two and some more words"),
    ],
    ids=["line ends and form feeds stay", "the byte order mark goes", "zero characters cannot be stored"],
)
def test_a_text_layer_is_the_file_decoded_and_nothing_else(data, text):
    assert read(data, name="").text == text


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"", "text/plain"),
        (b"Just words.", "text/plain"),
        ("Zwölf Wörter".encode("utf-16"), "text/plain"),
        ("Twelve words".encode("utf-16-le"), "text/plain"),
        (b"From: Sid\nTo: HRC\nSubject: Middle East\n\nA memo, not a mail.", "text/plain"),
        (b"From: Sid\nDate: May 7, 2010\nSubject: x\n\nA memo.", "text/plain"),
        (MAIL, "message/rfc822"),
        (b"\r\n" + MAIL, "message/rfc822"),
        (b"\xef\xbb\xbf" + MAIL, "message/rfc822"),
        (b"Received: from x by y\nMIME-Version: 1.0\n\nno sender", "message/rfc822"),
        (b"From a@x.example Tue May 14 08:41:55 2024\n" + MAIL, "application/mbox"),
        (b"<!DOCTYPE html><p>x", "text/html"),
        (b"\n  <html><body>x", "text/html"),
        (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
        (b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml", sniff(b"PK\x03\x04word/")),
        (b"PK\x03\x04" + b"\0" * 26 + b"notes.txt", "application/zip"),
        (b"\x89PNG\r\n\x1a\n\0\0", "image/png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (bytes(range(256)) * 40, "application/octet-stream"),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_bytes(data, media_type):
    assert sniff(data) == media_type


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"%PDF-1.4", "pdf", "This is a PDF file."),
        (b"PK\x03\x04...word/document.xml", "word_processor", "This is a Word document."),
        (b"PK\x03\x04....", "archive", "Unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office_or_outlook", ".eml"),
        (b"\xff\xd8\xff\xe0", "picture", "OCR"),
        (b"ID3\x03", "recording", "transcript"),
        (bytes(range(256)) * 40, "binary", "no readable text"),
        (b"a" * (MAX_BYTES + 1), "too_large", "the limit is 20 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason_and_the_remedy(data, code, words):
    with pytest.raises(Unreadable) as refusal:
        read(data, name="report.txt")

    assert refusal.value.code == code
    assert words in refusal.value.reason
    assert "import" in refusal.value.reason.lower()


def test_a_file_of_exactly_the_limit_is_read_and_one_byte_more_is_not(monkeypatch):
    monkeypatch.setattr("ingest.readers.MAX_BYTES", 1000)

    assert len(read(b"x" * 1000, name="").text) == 1000
    with pytest.raises(Unreadable):
        read(b"x" * 1001, name="")


def test_a_file_name_decides_nothing():
    assert read(MAIL, name="report.pdf").reader == "mail"


def test_a_web_page_without_a_title_is_titled_like_any_text():
    assert read(b"<html><body><h1>Weekly review</h1><p>Words.", name="").facts.title == "Weekly review"


def test_a_web_page_is_read_as_a_browser_shows_it():
    page = (
        b"<html><head><title>Weekly &amp; more</title><style>p{}</style></head><body><p>He said <b>no</b>.</p></body>"
    )

    reading = read(page, name="page.html")

    assert (reading.reader, reading.text, reading.facts.title) == ("web", "He said no.", "Weekly & more")
