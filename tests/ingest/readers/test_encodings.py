"""Bytes to characters when nobody says how they were encoded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.encodings import decode

RUSSIAN = "Источник сообщил вчера вечером, что переговоры продолжатся в Москве на следующей неделе. " * 4
FRENCH = "L’envoyé a déclaré : « Ça n’a pas été décidé » – et s’est tu…"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "cp1252"])
def test_western_text_comes_back_from_every_usual_encoding(encoding):
    assert decode(FRENCH.encode(encoding)) == FRENCH


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "iso8859-5"])
def test_cyrillic_text_comes_back_from_its_old_encodings(encoding):
    assert decode(RUSSIAN.encode(encoding)) == RUSSIAN


def test_a_broken_byte_does_not_turn_utf8_into_something_else():
    assert decode("née à Orléans, élue".encode() + b" \xff end") == "née à Orléans, élue \N{REPLACEMENT CHARACTER} end"


def test_a_declared_encoding_that_fits_is_believed():
    assert decode("naïve".encode("cp850"), declared="cp850") == "naïve"


@pytest.mark.parametrize("declared", ["utf-8", "no-such-charset", "punycode", "unicode_escape", "base64", "\0"])
def test_a_declared_encoding_that_is_wrong_unknown_or_no_charset_is_ignored(declared):
    assert decode(b"caf\xe9 \\u0041", declared=declared) == "café \\u0041"


def test_what_mail_programs_call_latin_1_is_read_as_windows_1252():
    assert decode(b"\x93quoted\x94", declared="iso-8859-1") == "“quoted”"


@given(st.binary(max_size=400), st.sampled_from(["", "utf-7", "utf-16", "ascii", "shift_jis", "hz"]))
def test_any_bytes_become_text_that_postgresql_can_store(data, declared):
    text = decode(data, declared=declared)

    assert "\0" not in text
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=200))
def test_text_stored_as_utf8_comes_back_unchanged(text):
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text
