"""What documents print about themselves: banners, marks, heads of memos, telegrams and report forms."""

from datetime import date

import pytest

from ingest.readers import Facts
from ingest.readers.facts import find_facts

BANNER = "    UNCLASSIFIED U.S. Department of State Case No. F-2014-20439 Doc No. C05797165 Date: 01/07/2016\n"
HEADER = """From:                           {sender}
Sent:                           Saturday, January 19, 2013 7:44 PM
To:                             {to}
Subject:                        {subject}
"""
FIVE_LINES = """UNCLASSIFIED                              STATE DEPT. - PRODUCED TO HOUSE SELECT BENGHAZI COMM.
U.S. Department of State       SUBJECT TO AGREEMENT ON SENSITIVE INFORMATION & REDACTIONS. NO FOIA WAIVER.
Case No. F-2015-04841
Doc No. C05739594
Date: 05/13/2015                                                                              RELEASE IN
                                                                                              PART B6


             From:                                                                                             B6
             Sent:                           Sunday, March 27, 201i 9:05 PM
             To
             Subject                         H: Lots of new intel. Sid
             Attachments:                    hrc memo lots of new
                                             intel.docx

Body.
"""


def facts_of(text: str) -> Facts:
    return find_facts(text)[0]


def header(sender: str = "Ann", to: str = "", subject: str = "Update") -> str:
    return HEADER.format(sender=sender, to=to, subject=subject) + "\nWords.\n"


def test_a_page_banner_gives_the_numbers_and_the_day_of_release():
    facts = facts_of(BANNER + "\nSome words of a report.\n\n" + BANNER)

    assert (facts.doc_number, facts.case_number, facts.release_date) == ("C05797165", "F-2014-20439", date(2016, 1, 7))
    assert facts.document_date is None
    assert facts.classification == "UNCLASSIFIED"


def test_a_banner_over_five_lines_is_a_release_and_not_the_head_of_a_mail():
    assert facts_of(FIVE_LINES) == Facts(
        title="H: Lots of new intel. Sid",
        doc_number="C05739594",
        case_number="F-2015-04841",
        document_date=date(2011, 3, 27),
        release_date=date(2015, 5, 13),
        classification="UNCLASSIFIED",
        release_mark="RELEASE IN PART",
        exemptions=("B6",),
    )


def test_a_misread_banner_is_outvoted_by_the_other_pages():
    misread = BANNER.replace("C05797165", "CO5797I66")

    assert facts_of(misread + BANNER + BANNER).doc_number == "C05797165"
    assert facts_of(misread).doc_number == "C05797166"


@pytest.mark.parametrize(
    ("lines", "mark", "exemptions"),
    [
        (["RELEASE IN FULL"], "RELEASE IN FULL", ()),
        (["RELEASE IN PART B5,B6"], "RELEASE IN PART", ("B5", "B6")),
        (["RELEASE IN PART", "B1,1.4(D)"], "RELEASE IN PART", ("B1", "1.4(D)")),
        (["RELEASE IN", "PART B6"], "RELEASE IN PART", ("B6",)),
        (["RELEASE", "IN PART", "B6"], "RELEASE IN PART", ("B6",)),
        (["RELEASE IN", "FULL"], "RELEASE IN FULL", ()),
        (["RELEASE IN PART B3", "CIA PERS/ORG,B6"], "RELEASE IN PART", ("B3", "B6")),
        (["RELEASE IN PART", "B5,B7(A),B7(E)"], "RELEASE IN PART", ("B5", "B7(A)", "B7(E)")),
        (["[RELEASE IN FULL"], "RELEASE IN FULL", ()),
        (["DENIED IN FULL", "B1"], "DENIED IN FULL", ("B1",)),
        (["RELEASE IN"], "", ()),
        (["B6"], "", ()),
    ],
)
def test_a_release_mark_is_put_together_from_the_pieces_in_the_margin(lines, mark, exemptions):
    margin = "".join(f"{'':90}{line}\n" for line in lines)

    facts = facts_of(f"{BANNER}\n\n{margin}\n\n{header()}")

    assert (facts.release_mark, facts.exemptions) == (mark, exemptions)


def test_a_release_mark_beside_header_lines_is_not_read_into_them():
    text = (
        "From:                Abedin, Huma <AbedinH@state.gov>                  RELEASE IN\n"
        "Sent:                Monday, August 22, 2011 6:37 PM                   PART B1,1.4(D)\n"
        "To:\n"
        "Subject:             Readout\n"
    )

    facts = facts_of(BANNER + text)

    assert facts.author == "Abedin, Huma <AbedinH@state.gov>"
    assert (facts.release_mark, facts.exemptions) == ("RELEASE IN PART", ("B1", "1.4(D)"))


def test_release_words_in_running_text_are_no_mark():
    assert facts_of(BANNER + "The RELEASE IN PART of the prisoners was reported.\n").release_mark == ""


@pytest.mark.parametrize(
    ("printed", "author"),
    [
        ("Sidney Blumenthal <", "Sidney Blumenthal"),
        ("Sidney Blumenthal <                  >", "Sidney Blumenthal"),
        ("sbwhoeop             [mailto:sbwhoeop", "sbwhoeop"),
        ("\"sbwhoeop              ' <sbwhoeop", "sbwhoeop"),
        ("H <hrod17@clintonemail.com >", "H <hrod17@clintonemail.com>"),
        ("Verveer, Melanne S <VerveerMS©state.gov>", "Verveer, Melanne S <VerveerMS©state.gov>"),
        ("'sullivanjj@state.gov'", "sullivanjj@state.gov"),
        ('"Doe, John" <jd@state.gov>', '"Doe, John" <jd@state.gov>'),
        ("                                                       B6", ""),
        ("", ""),
    ],
)
def test_a_name_is_kept_as_printed_without_what_a_redaction_left(printed, author):
    assert facts_of(BANNER + header(sender=printed)).author == author


def test_recipients_are_to_and_copies():
    text = "From: Ann\nSent: Friday, May 6, 2011 1:00 PM\nTo: Bob; Carol;\nDan\nCc: Eve\nSubject: x\n\nWords.\n"

    assert facts_of(text).recipients == "Bob; Carol; Dan; Eve"


def test_a_memo_attached_without_a_mail_is_dated_and_signed_by_its_own_head():
    head = f"{'CONFIDENTIAL':>60}\n\n{'June 24, 2012':>60}\n\n For: Hillary\n\n From: Sid\n\n Re; The deal\n\n"
    text = f"{BANNER}\n\n{head} 1. Words.\n"

    assert facts_of(text) == Facts(
        title="The deal",
        doc_number="C05797165",
        case_number="F-2014-20439",
        author="Sid",
        recipients="Hillary",
        information_date=date(2012, 6, 24),
        document_date=date(2012, 6, 24),
        release_date=date(2016, 1, 7),
        classification="CONFIDENTIAL",
    )


def test_a_memo_sent_on_later_keeps_both_dates():
    text = header(subject="Fw: Libya") + "\n      January 15, 2013\n\nFor: Hillary\nFrom Sid\nRe: Libya\n\n1. Words.\n"

    facts = facts_of(text)

    assert (facts.information_date, facts.document_date) == (date(2013, 1, 15), date(2013, 1, 19))
    assert (facts.title, facts.author) == ("Fw: Libya", "Ann")


def test_the_head_of_a_forwarded_memo_says_nothing_about_the_words_above_it():
    above = (
        "The following words are long enough to be a message of their own, without any header above them at all.\n\n"
    )

    facts = facts_of(above + header() + "\nFor: Hillary\nFrom: Sid\nRe: Libya\n")

    assert (facts.author, facts.document_date) == ("", None)


@pytest.mark.parametrize(
    ("words", "classification"),
    [
        ("                    CONFIDENTIAL\n\n(SBU) Words.\n", "CONFIDENTIAL"),
        ("        SECRET//NOFORN\n\nWords.\n", "SECRET//NOFORN"),
        ("   Sensitive But Unclassified\n\nWords.\n", "SENSITIVE BUT UNCLASSIFIED"),
        ("CONFIDENTIAL                                                  RELEASE IN FULL\n", "CONFIDENTIAL"),
        ("(SBU) Embassy Manama reports tanks.\n", "SBU"),
        ("1. (S) Words.\n", "SECRET"),
        ("To: Macmanus, Joseph E (S) and others\n", "UNCLASSIFIED"),
        ("SBU\nThis email is UNCLASSIFIED.\n", "SBU"),
        ("This email is UNCLASSIFIED.\n", "UNCLASSIFIED"),
        ("Classified by DAS, A/GIS, DoS on 11/30/2015 — Class:\n      CONFIDENTIAL — Reason: 1.4(B)\n", "CONFIDENTIAL"),
        ("He said the talks were CONFIDENTIAL\nand left.\n", "UNCLASSIFIED"),
    ],
)
def test_the_documents_own_marking_goes_before_stamps_and_banners(words, classification):
    assert facts_of(BANNER + "\n" + words).classification == classification


def test_a_document_that_prints_no_marking_has_none():
    assert facts_of("Only words.\n").classification == ""


TELEGRAM = """LIMITED OFFICIAL USE

PAGE 01  LA PAZ 01488  121416Z

ACTION ARA-20
                       ---------------------     069702
R 121254Z MAR 74
FM AMEMBASSY LA PAZ
TO SECSTATE WASHDC PRIORITY 2504

LIMITED OFFICIAL USE LA PAZ 1488

E.O. 11652: N/A
TAGS: PINT, BGEN, BL
SUBJ: BANZER AND CAMPESINOS
IN COCHABAMBA
REF: LA PAZ 0430

SUMMARY: PRESIDENT BANZER SOUGHT TO RECONCILE.
"""
ATTRIBUTES = """
 Declassified/Released US Department of State EO Systematic Review 30 JUN 2005
Message Attributes

Current Classification: UNCLASSIFIED
Draft Date: 12 MAR 1974
Document Number: 1974LAPAZ01488
Drafter: n/a
From: LA PAZ
Original Classification: LIMITED OFFICIAL USE
Subject: BANZER AND CAMPESINOS SUMMARY: PRESIDENT
To: STATE
"""


def test_a_telegram_is_dated_by_its_date_time_group_and_numbered_by_its_last_page():
    assert facts_of(TELEGRAM + ATTRIBUTES) == Facts(
        title="BANZER AND CAMPESINOS IN COCHABAMBA",
        doc_number="1974LAPAZ01488",
        author="AMEMBASSY LA PAZ",
        recipients="SECSTATE WASHDC",
        document_date=date(1974, 3, 12),
        release_date=date(2005, 6, 30),
        classification="LIMITED OFFICIAL USE",
        release_mark="Declassified/Released",
    )


def test_a_telegram_whose_head_is_lost_is_read_from_its_attributes():
    facts = facts_of("Message Text\n\nWORDS OF A TELEGRAM.\n" + ATTRIBUTES)

    assert (facts.author, facts.recipients, facts.document_date) == ("LA PAZ", "STATE", date(1974, 3, 12))


def test_an_information_report_is_dated_and_numbered_by_its_form():
    text = (
        "104-10185-10116\n\n COUNTRY Cuba            REPORT NO. CSCI-316/00694-64\n"
        " SUBJECT Guillermo RUIZ          DATE DISTR. 21 August 1964\n\n FIELD REPORT NO. HU4-1070\n"
    )

    numbered = facts_of(text)
    without_record = facts_of(text.partition("\n")[2])

    assert (numbered.doc_number, numbered.title) == ("104-10185-10116", "Guillermo RUIZ")
    assert numbered.document_date == date(1964, 8, 21)
    assert without_record.doc_number == "CSCI-316/00694-64"


def test_a_cover_sheet_gives_the_date_of_the_report():
    assert facts_of("DATE OF REPORT: 12 December 1960 ! REFERENCES:\n").document_date == date(1960, 12, 12)


def test_an_agencys_release_line_gives_number_and_date():
    facts = facts_of("Approved For Release 2005/01/12 : CIA-RDP79T00975A004500020001-3\n\nDaily Brief\n\nWords.\n")

    assert (facts.doc_number, facts.release_date) == ("CIA-RDP79T00975A004500020001-3", date(2005, 1, 12))
    assert (facts.release_mark, facts.title) == ("Approved For Release", "Daily Brief")


def test_a_records_act_is_a_release_mark_without_a_day():
    act = "2022 RELEASE UNDER THE PRESIDENT JOHN F. KENNEDY ASSASSINATION RECORDS ACT OF 1992"

    facts = facts_of(f"104-10185-10100 | {act} |\n\nWords.\n")

    assert (facts.doc_number, facts.release_mark, facts.release_date) == ("104-10185-10100", act, None)


def test_a_document_without_a_head_is_titled_by_its_heading_and_dated_by_its_dateline():
    facts = facts_of(
        "9. Telegram From the Embassy in the Soviet Union\n\n\nMoscow, January 21, 1961, 4 p.m.\n\nWords.\n"
    )

    assert (facts.title, facts.document_date) == ("9. Telegram From the Embassy in the Soviet Union", date(1961, 1, 21))


@pytest.mark.parametrize(
    "text",
    ["This is a sentence.\n\nAnd more.", "Words that run on\nover two lines", "SECRET\n\n", "12/7\n\nx", "", "\n\f \n"],
)
def test_what_is_no_heading_gives_no_title(text):
    assert facts_of(text).title == ""
