"""The reading view: what is read, what is laid aside, and the way back to the original."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.reading import reading_view

SEED = (Path(__file__).parent.parent / "data" / "seed" / "C05797165.txt").read_bytes().decode()
BANNER = "    UNCLASSIFIED U.S. Department of State Case No. F-2014-20439 Doc No. C05797165 Date: 01/07/2016\n"
WIDE = "The committee met on Monday in the capital to look at the state of the roads, and the minister told the\n"


def paragraphs(text: str) -> list[str]:
    view = reading_view(text)
    return [view.text[paragraph.start : paragraph.end] for paragraph in view.paragraphs]


def kinds(text: str) -> dict[str, str]:
    return {text[item.start : item.end].strip(): item.kind for item in reading_view(text).furniture}


def test_the_seed_memo_reads_as_its_date_and_two_paragraphs():
    first, second, third = paragraphs(SEED)

    assert first == "January 19, 2013"
    assert second.startswith(
        "1. During the evening of January 19, 2013 Algerian Special Forces troops informed President"
    )
    assert second.endswith("as well as other parts of Algeria in the near future.")
    assert "the support of 5,000-10,000 battle hardened fighters across the region. They add" in third


def test_a_sentence_that_goes_over_a_page_break_maps_to_one_stretch_on_each_page():
    view = reading_view(SEED)
    start = view.text.index("battle hardened fighters")

    pieces = view.to_original(start, start + len("battle hardened fighters"))

    assert [SEED[low:high] for low, high in pieces] == ["battle", "hardened fighters"]


def test_a_line_break_and_indentation_stay_inside_a_stretch():
    view = reading_view(SEED)
    start = view.text.index("Abdelaziz Bouteflika")

    pieces = view.to_original(start, start + len("Abdelaziz Bouteflika"))

    assert [SEED[low:high] for low, high in pieces] == ["Abdelaziz\nBouteflika"]


def test_the_way_from_the_original_to_the_view_and_back_is_the_same():
    view = reading_view(SEED)
    start = SEED.index("battle\n")
    end = SEED.index("hardened fighters") + len("hardened fighters")

    stretch = view.to_view(start, end)

    assert stretch is not None
    assert view.text[slice(*stretch)] == "battle hardened fighters"
    assert view.to_view(0, 20) is None


def test_banner_release_mark_code_and_header_are_furniture():
    found = kinds(SEED)

    assert found[BANNER.strip()] == "banner"
    assert found["RELEASE IN PART"] == "release"
    assert found["B6"] == "exemption"
    assert found["CONFIDENTIAL"] == "marking"
    assert found["Subject:                        H: Algeria latest French intel. Sid"] == "header"
    assert found["Re: French intel in touch with Belmokhtar, etc"] == "memo_head"


def test_the_five_line_house_committee_banner_is_furniture_on_both_sides_of_the_break():
    text = (
        "             stated that the army is strong and that it will hold the town for weeks to come, even if\n\n\n"
        "UNCLASSIFIED\nU.S. Department of State\nCase No. F-2015-04841\n"
        "Doc No. C05739861                          STATE DEPT. - PRODUCED TO HOUSE SELECT BENGHAZI COMM.\n"
        "Date: 05/13/2015          SUBJECT TO AGREEMENT ON SENSITIVE INFORMATION & REDACTIONS.    STATE-SCB0045146\n"
        "\fUNCLASSIFIED                                STATE DEPT. - PRODUCED TO HOUSE SELECT BENGHAZI COMM.\n"
        "U.S. Department of State         SUBJECT TO AGREEMENT ON SENSITIVE INFORMATION & REDACTIONS. NO FOIA WAIVER.\n"
        "Case No. F-2015-04841\nDoc No. C05739861\nDate: 05/13/2015\n\n"
        "              the rebels bring up more guns.\n"
    )

    assert paragraphs(text) == [
        "stated that the army is strong and that it will hold the town for weeks to come, even if "
        "the rebels bring up more guns."
    ]


def test_a_margin_code_is_not_read_as_a_word():
    text = (
        WIDE
        + "press that he had spoken with the mayor of the town late last night and again this morning.            B5\n"
        + "They are also anxious to justify the work of the council before the next vote takes place       1.4(D)\n"
        + "                                                                                                B1\n"
        + "in the spring of next year.\n"
    )

    (paragraph,) = paragraphs(text)

    assert "this morning. They are also" in paragraph
    assert "takes place in the spring" in paragraph
    assert set(kinds(text).values()) == {"exemption"}


def test_a_vitamin_at_the_end_of_a_line_is_text():
    text = "The doctor gave him vitamin B6\nand told him to rest for a week.\n"

    assert paragraphs(text) == ["The doctor gave him vitamin B6 and told him to rest for a week."]


def test_a_declassification_stamp_beside_the_text_is_furniture():
    text = (
        "If he is in town, will I still talk with him at nine in the morning tomorrow?\n"
        "                                         Classified by DAS, A/GIS, DoS on 11/30/2015 — Class:\n"
        "                                         CONFIDENTIAL — Reason: 1.4(B), 1.4(D) — Declassify\n"
        "                                         on: 10/21/2027\n"
    )

    assert paragraphs(text) == ["If he is in town, will I still talk with him at nine in the morning tomorrow?"]
    assert set(kinds(text).values()) == {"stamp"}


def test_a_real_hyphen_at_a_line_end_is_kept_and_joined():
    text = (
        WIDE + "press that the prime minister, Abdurrahim el-\nKeib, would visit the semi-\nautonomous region in May.\n"
    )

    assert "Abdurrahim el-Keib, would visit the semi-autonomous region" in paragraphs(text)[0]


def test_a_dash_at_a_line_end_is_no_hyphen():
    text = (
        WIDE
        + "press that the road was closed, which had been said many times by those in the room -\nbut nobody knew.\n"
    )

    assert "in the room - but nobody knew." in paragraphs(text)[0]


def test_carriage_returns_read_the_same_as_line_feeds():
    unix, windows = reading_view(SEED), reading_view(SEED.replace("\n", "\r\n"))

    assert windows.text == unix.text
    assert len(windows.furniture) == len(unix.furniture)


def test_a_form_feed_is_a_page_break_and_never_text():
    text = "One page says that the talks\fhave failed.\fThe end.\n"
    view = reading_view(text)

    assert "\f" not in view.text
    assert view.page_starts == (0, text.index("have"), text.index("The end"))
    start = view.text.index("talks have")
    assert len(view.to_original(start, start + len("talks have"))) == 2


def test_a_text_without_line_breaks_is_one_paragraph_as_it_stands():
    text = "The minister said that the road was closed. " * 40

    assert paragraphs(text) == [text.strip()]


def test_news_with_one_paragraph_a_line_keeps_its_paragraphs():
    text = (
        "A long paragraph of news. " * 20
        + "\n\n"
        + "Another long paragraph of news. " * 20
        + "\nA third. "
        + "x " * 200
    )

    assert len(paragraphs(text)) == 3


def test_double_spaced_lines_are_joined_into_sentences():
    lines = [
        "The general told the council on Monday that the roads to the",
        "capital were open, and that the army would hold them until the",
        "end of the month, when fresh troops were to arrive from the",
        "south of the country with guns and food for the people of the",
        "town, who had been waiting for them since the summer.",
    ]

    assert paragraphs("\n\n".join(lines)) == [" ".join(lines)]


def test_a_redaction_inside_a_line_parts_the_stretch():
    text = (
        WIDE
        + "press that by chance he met with our insightful              in the port and that they talked for long.\n"
    )
    view = reading_view(text)
    start = view.text.index("insightful in the port")

    pieces = view.to_original(start, start + len("insightful in the port"))

    assert [text[low:high] for low, high in pieces] == ["insightful", "in the port"]


CHAIN = """\
From: Mills, Cheryl D <MillsCD@example.gov>
Sent: Saturday, April 10, 2010 7:23 AM
To
Subject    Fw: Poland Sitrep

I am trying to call now.

    Original Message
From: Rodriguez, Hugo F
To: Abedin, Huma; Valmoro, Lona J; Sullivan, Jacob J; Campbell, Piper; Burns, William J; Sherman, Wendy R;
Jones, Beth E
Cc: Adams, Thomas
Sent: Sat Apr 10 06:57:48 2010
Subject: FW: Poland Sitrep

Colleagues, the latest from Warsaw.
"""


def test_a_forwarded_chain_has_a_segment_for_each_message():
    segments = reading_view(CHAIN).segments

    assert [CHAIN[segment.start : segment.start + 8].strip() for segment in segments] == ["From: Mi", "Original"[:4]]
    assert [segment.field("from") for segment in segments] == [
        "Mills, Cheryl D <MillsCD@example.gov>",
        "Rodriguez, Hugo F",
    ]
    assert segments[0].field("to") == ""
    assert segments[0].field("subject") == "Fw: Poland Sitrep"
    assert segments[1].field("to").endswith("Jones, Beth E")
    assert [segment.end for segment in segments] == [segments[1].start, len(CHAIN)]
    assert CHAIN[segments[1].body_start :].strip() == "Colleagues, the latest from Warsaw."


def test_only_the_bodies_of_a_chain_are_read():
    assert paragraphs(CHAIN) == ["I am trying to call now.", "Colleagues, the latest from Warsaw."]


def test_each_paragraph_knows_its_message():
    assert [paragraph.segment for paragraph in reading_view(CHAIN).paragraphs] == [0, 1]


TELEGRAM = """\
                        Declassified/Released US Department of State EO Systematic Review 30 JUN 2005

                                                                   Message Text


LIMITED OFFICIAL USE


PAGE 01  LA PAZ 01488  121416Z


46
ACTION ARA-20


INFO  OCT-01  ISO-00  AID-20  PC-04  OMB-01  AGR-20  EB-11  COME-00


      TRSE-00  SNM-02  DEAE-00  CIAE-00  DODE-00  PM-07  H-03
                       ---------------------     069702
R 121254Z MAR 74
FM AMEMBASSY LA PAZ
TO SECSTATE WASHDC 2504



LIMITED OFFICIAL USE LA PAZ 1488


E.O. 11652: N/A
TAGS: PINT, BGEN, BL
SUBJ: BANZER AND CAMPESINOS


1. HE SAID THAT THE COUNTRY IS FORTUNATE AND THAT FARMERS LIVE IN
LIMITED OFFICIAL USE


LIMITED OFFICIAL USE


PAGE 02  LA PAZ 01488  121416Z


CONTRAST TO THE REST OF THE WORLD.
STEDMAN
"""


def test_an_upper_case_telegram_is_read_over_its_page_marker():
    assert (
        "1. HE SAID THAT THE COUNTRY IS FORTUNATE AND THAT FARMERS LIVE IN CONTRAST TO THE REST OF THE WORLD."
        in "\n".join(paragraphs(TELEGRAM))
    )
    assert "ARA-20" not in reading_view(TELEGRAM).text
    assert "LIMITED OFFICIAL USE" not in reading_view(TELEGRAM).text


@pytest.mark.parametrize("text", ["", " ", "\n\n\f\n", "\x00\x01", "\ud800"])
def test_a_text_without_words_reads_as_nothing(text: str):
    view = reading_view(text)

    assert view.text == ""
    assert view.paragraphs == ()
    assert view.segments[0].start == 0


MATERIAL = st.lists(
    st.sampled_from(
        [
            BANNER,
            "\f",
            "\n",
            "\r\n",
            "   ",
            "        ",
            "B6\n",
            "  1.4(D)\n",
            "From: A\n",
            "To: b; c\n",
            "Subject: x\n",
            "> ",
            "el-\n",
            "The army said ",
            "that it will hold the town",
            ". ",
            '"',
            "SECRET\n",
            "Original Message\n",
            "\x00",
            "\u2029",
            "é",
            "İ",
            "\t",
            "PAGE 02  LA PAZ 01488  121416Z\n",
            WIDE,
        ]
    )
    | st.text(max_size=12),
    max_size=40,
).map("".join)


@given(MATERIAL)
@settings(max_examples=150, deadline=None)
def test_view_furniture_and_original_always_agree(text: str):
    view = reading_view(text)

    for run in view.runs:
        assert text[run.start : run.start + run.length] == view.text[run.view_start : run.view_start + run.length]
    covered = [(run.start, run.start + run.length) for run in view.runs] + [
        (item.start, item.end) for item in view.furniture
    ]
    covered.sort()
    assert all(high <= low for (_, high), (low, _) in pairwise(covered))
    left_over = set(range(len(text))) - {at for low, high in covered for at in range(low, high)}
    assert not any(text[at].isalnum() and text[at] not in "\ud800\udfff" and text[at].isprintable() for at in left_over)
    assert view.segments[0].start == 0
    assert view.segments[-1].end == len(text)


@given(MATERIAL, st.data())
@settings(max_examples=100, deadline=None)
def test_every_stretch_of_the_view_maps_to_the_same_words_in_the_original(text: str, data: st.DataObject):
    view = reading_view(text)
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))

    pieces = view.to_original(start, end)

    words = "".join("".join(text[low:high].split()) for low, high in pieces)
    assert words == "".join(view.text[start:end].split())
    furniture = [item for item in view.furniture if text[item.start : item.end].strip()]
    assert not any(low < item.end and item.start < high for low, high in pieces for item in furniture)


@pytest.mark.slow
@pytest.mark.no_cover
def test_reading_takes_time_linear_in_the_length():
    def seconds(text: str) -> float:
        started = time.process_time()
        reading_view(text)
        return time.process_time() - started

    for piece in (SEED, CHAIN, "From: a\n", "To: b;\n", BANNER, " " * 100, "B6 ", '"', "a"):
        short = piece * (12_000 // len(piece))
        reading_view(short)
        assert seconds(short * 8) < 40 * (seconds(short) + 0.02), piece[:20]


def test_a_telegrams_first_paragraph_is_text_even_right_below_its_subject():
    text = (
        "R 101327Z JAN 74\nFM AMEMBASSY NOWHERE\nTO SECSTATE WASHDC 1897\nE.O. 11652: N/A\nTAGS: PFOR\n"
        "SUBJ: A CALL ON THE FOREIGN\nMINISTER\n1. THE MINISTER INDICATED THAT HIS STAFF\nIS AT WORK.\n"
    )

    view = reading_view(text)

    assert view.text.strip().endswith("THE MINISTER INDICATED THAT HIS STAFF IS AT WORK.")
    assert "A CALL ON THE FOREIGN" not in view.text


CABLE = (
    " Declassified/Released \tUS Department of State \tEO Systematic Review \t20 Mar 2014\r\n"
    "Message Text\r\nSECRET POSS DUPE\r\nPAGE 01 NOWHERE 00206 102125Z\r\n63\r\nACTION ARA-20\r\n"
    "R 102147Z JAN 74\r\nFM AMEMBASSY NOWHERE\r\nTO SECSTATE WASHDC 1910\r\nS E C R E T NOWHERE 0206\r\n"
    "PASS AGRICULTURE\r\nE.O. 11652: N/A\r\nTAGS: OREP\r\nSUBJ: A CALL ON THE PRESIDENT\r\nREF: NOWHERE 0179\r\n"
    "1. PRESIDENT SAID HE IS CONFIDENT THAT WITH HELP OF FOREIGN RADIO/TV\r\nCOMPANIES LARGE HYDRO\ufffe"
    "CARBON DEPOSITS WILL BE FOUND IN THE VALLEYS OF\r\n"
    "SECRET\r\nSECRET\r\nPAGE 02 NOWHERE 00206 102125Z\r\nTHE NORTH, ALTHOUGH NO SURVEY HAS BEEN MADE OF\r\n"
    "\f Declassified/Released \tUS Department of State \tEO Systematic Review \t20 Mar 2014\r\n"
    "THEM SO FAR AND NONE IS\r\n"
    "PLANNED\r\n2. HE THOUGHT THAT PRICES WOULD FALL BEFORE LONG IN ALL THE COUNTRIES\r\nOF THE REGION\r\n"
    "STEDMAN\r\nSECRET\r\nNNN\r\n\fMessage Attributes\r\nAutomatic Decaptioning: X\r\nCapture Date: 01 JAN 1994\r\n"
    "Channel Indicators: n/a\r\nSubject: A CALL ON THE PRESIDENT\r\n"
)


def test_a_telegram_as_a_pdf_reader_gives_it_is_its_paragraphs_and_nothing_else():
    assert paragraphs(CABLE) == [
        "1. PRESIDENT SAID HE IS CONFIDENT THAT WITH HELP OF FOREIGN RADIO/TV COMPANIES LARGE HYDROCARBON DEPOSITS"
        " WILL BE FOUND IN THE VALLEYS OF THE NORTH, ALTHOUGH NO SURVEY HAS BEEN MADE OF THEM SO FAR"
        " AND NONE IS PLANNED",
        "2. HE THOUGHT THAT PRICES WOULD FALL BEFORE LONG IN ALL THE COUNTRIES OF THE REGION",
        "STEDMAN",
    ]


def test_a_word_parted_by_a_soft_hyphen_is_one_word_and_one_stretch():
    view = reading_view(CABLE)
    start = view.text.index("HYDROCARBON")

    [stretch] = view.to_original(start, start + len("HYDROCARBON"))

    assert CABLE[slice(*stretch)] == "HYDRO\ufffeCARBON"


def test_a_small_word_alone_above_a_page_break_is_text_and_a_stub_is_not():
    view = reading_view("THE GOVERNMENT GAVE SOME FORM\nOF\n" + BANNER + "\f" + BANNER + "@-\nRELIEF TO ALL.\n")

    assert " ".join(view.text.split()) == "THE GOVERNMENT GAVE SOME FORM OF RELIEF TO ALL."


def test_labels_of_a_form_in_capitals_are_not_joined_into_a_sentence():
    labels = ["COUNTRY CUBA", "NO. PAGES 3", "REFERENCES", "PLACE AND DATE"]
    notice = "THIS IS UNEVALUATED INFORMATION, SOURCE GRADINGS ARE DEFINITIVE AND APPRAISAL OF CONTENT TENTATIVE."

    assert paragraphs("\n".join([*labels, notice])) == [*labels, notice]


def test_a_sentence_goes_on_below_one_stray_blank_line_but_not_below_a_heading():
    torn = WIDE * 2 + "\n" + "Council that nothing had been decided.\n"

    assert len(paragraphs(torn)) == 1
    assert len(paragraphs(WIDE.replace("told the", "told us.1, 2") + "\nHeadquarters Comments\n")) == 2


FORM_FOOT = (
    "The document of that year was turned\n\n3 SECRET i 7\nNO FOREIGN DISSEM srsssiir\n[sare on rm Rave Te Tas Tere\n"
    "REP Chi x Tare inribotion ladicoted by “#7\nWH/SAT (1), WE 1(2}, CI4, RID\n\nfe\n3.\n"
    "SECRET\nNO FOREIGN DISSEM\nover to a representative of this Agency.\n"
)


def test_a_sentence_goes_on_over_the_scanned_foot_of_a_form():
    assert reading_view(FORM_FOOT).text == (
        "The document of that year was turned over to a representative of this Agency."
    )


def test_text_between_two_classifications_is_text():
    text = "SECRET\nNO FOREIGN DISSEM\nGALLO said that he had been to see his family.\nSECRET\nNO FOREIGN DISSEM\n"

    assert reading_view(text).text == "GALLO said that he had been to see his family."


def test_words_that_have_lost_their_space_are_read_apart_and_quoted_as_one():
    text = "Ausually reliable source said ina report dated 4 July that theUSSR knew. Inca and Aida stay."
    view = reading_view(text)
    start = view.text.index("A usually reliable source")

    assert (
        view.text == "A usually reliable source said in a report dated 4 July that the USSR knew. Inca and Aida stay."
    )
    assert view.to_original(start, start + len("A usually reliable source")) == [(0, len("Ausually reliable source"))]
