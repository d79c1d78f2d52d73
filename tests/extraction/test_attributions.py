"""Who said what: the rules on sentences of our own, with the pipeline that is set."""

import pytest

from extraction import extract
from extraction.spans import Attribution

pytestmark = pytest.mark.slow


def triples(text: str) -> list[tuple[str, str, str]]:
    return [plain(attribution) for attribution in extract(text).attributions]


def plain(attribution: Attribution) -> tuple[str, str, str]:
    assert attribution.source is not None
    return attribution.source.quote, attribution.cue.quote, attribution.content.quote


def only(text: str) -> Attribution:
    (attribution,) = extract(text).attributions
    return attribution


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The colonel stated that the bridge was mined.", ("The colonel", "stated", "the bridge was mined")),
        ("The envoy said the king was ill.", ("The envoy", "said", "the king was ill")),
        (
            "The scouts informed General Haddad that the convoy had left the port.",
            ("The scouts", "informed", "the convoy had left the port"),
        ),
        (
            "UNMIS officials, who reported that the road was closed, left the town.",
            ("UNMIS officials", "reported", "the road was closed"),
        ),
        ("The talks had failed, officials said.", ("officials", "said", "The talks had failed")),
        ("He does not believe that the truce will hold.", ("He", "does not believe", "the truce will hold")),
        ("Jalil is concerned that Belhaj will use force.", ("Jalil", "concerned", "Belhaj will use force")),
        (
            "According to a source with access to the palace, the king is ill.",
            ("a source with access to the palace", "According to", "the king is ill"),
        ),
        (
            "At the same time, according to this sensitive source officers of the service are working in secret.",
            ("this sensitive source", "according to", "officers of the service are working in secret"),
        ),
        (
            "According a knowledgeable individual, Lund has sent his men home.",
            ("a knowledgeable individual", "According", "Lund has sent his men home"),
        ),
        (
            "At the same time sensitive sources in Oslo stated that the king is ill.",
            ("sensitive sources in Oslo", "stated", "the king is ill"),
        ),
        ("The raid had failed, according to two officers.", ("two officers", "according to", "The raid had failed")),
        (
            "A usually reliable source, in a report dated 10 May 1963, said that the pilot had left Havana.",
            ("A usually reliable source", "said", "the pilot had left Havana"),
        ),
    ],
)
def test_source_cue_and_content_are_found(text: str, expected: tuple[str, str, str]):
    assert triples(text) == [expected]


def test_a_raising_cue_splits_cue_and_content():
    assert triples("He sees the minister as a puppet of foreign interests.") == [
        ("He", "sees as", "the minister a puppet of foreign interests")
    ]


def test_an_aside_splits_the_content():
    attribution = only("The attackers were, in the opinion of these individuals, looking for money.")

    assert attribution.cue.quote == "in the opinion of"
    assert [fragment.text for fragment in attribution.content.fragments] == ["The attackers were", "looking for money"]


def test_a_possessive_source_splits_the_cue():
    assert triples("In their view the war is lost.") == [("their", "In view", "the war is lost")]


def test_a_cue_that_embeds_itself_is_one_attribution_with_two_cue_pieces():
    attribution = only("Senior advisors added that they believe the king plans to leave in May.")

    assert plain(attribution) == ("Senior advisors", "added believe", "the king plans to leave in May")
    assert attribution.hedge == "believe"
    assert attribution.modality == "belief"


def test_what_somebody_says_he_told_is_no_second_cue_of_the_same_attribution():
    text = "Lund said that he told the mayor that the dock was full."

    assert triples(text) == [
        ("Lund", "said", "he told the mayor that the dock was full"),
        ("he", "told", "the dock was full"),
    ]


def test_coordinated_cues_share_their_source_and_split_their_contents():
    text = "They believe that this attack is a part of a larger effort, and fear that it may be the first of many."

    assert triples(text) == [
        ("They", "believe", "this attack is a part of a larger effort"),
        ("They", "fear", "it may be the first of many"),
    ]


def test_an_inner_report_is_nested_in_the_outer_one():
    extraction = extract(
        "A source with access to the army stated that the commanders consider the operation a success."
    )

    outer, inner = extraction.attributions
    assert inner.chain == (outer.source_id, inner.source_id)
    assert plain(inner) == ("the commanders", "consider", "the operation a success")
    assert outer.content.quote == "the commanders consider the operation a success"


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        # What somebody within a content goes on to say belongs to that content.
        (
            "A reliable source stated that Holm spoke about the pact, saying that it was convenient for the navy.",
            ("Holm", "saying", "it was convenient for the navy"),
        ),
        (
            "The envoy said he had read the speech in which the premier described the navy as a relic and predicted "
            "the dock would burn.",
            ("the premier", "predicted", "the dock would burn"),
        ),
        # What a bureau reports is that somebody told it.
        (
            "The Office of Harbour Affairs reports Lund told the mayor that the dock would burn.",
            ("Lund", "told", "the dock would burn"),
        ),
    ],
)
def test_a_content_goes_on_to_the_end_of_what_it_tells(text: str, inner: tuple[str, str, str]):
    extraction = extract(text)

    outer, found = extraction.attributions[0], extraction.attributions[-1]
    assert plain(found) == inner
    assert found.chain == (outer.source_id, found.source_id)
    assert outer.content.quote.endswith(inner[2])


def test_what_the_speaker_goes_on_to_say_stays_outside_of_his_first_content():
    text = "Lund agreed that they will go, noting that they need help."

    assert triples(text)[0] == ("Lund", "agreed", "they will go")


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("For his part Lund stated that he was tired.", "Lund"),
        ("Prior to their departure for Oslo, Lund and Holm stated that the army is weak.", "Lund and Holm"),
        ("IN RESPONSE TO QUESTION LUND STATED THAT THE DOCK WOULD BE CLOSED.", "LUND"),
        ("As of early May 2012 General Lund believed that the army was weak.", "General Lund"),
        ("Minister of Foreign Trade and Fisheries Paul Lund said that the dock is full.", None),
        ("Mohammed Lund, the new interim President of Libya told advisors that the talks had failed.", None),
        ("According to sources with access to the guard (also known as the watch), the pier burns.", None),
        ("In the opinion of this individual Lund believes that the chancellor will resign.", "Lund"),
        (
            "On March 19 sources with access to the palace stated that the king is ill.",
            "sources with access to the palace",
        ),
        ("Holm added that his sources in Oslo report that the dock will close.", "his sources in Oslo"),
        ("According to this sensitive source officers of the guard believe that it rains.", "officers of the guard"),
        ("Lund left the meeting convinced that Holm wants to be president.", "Lund"),
        ("IN INTERVIEWS MINISTERS STATED THAT THE DOCK WOULD BE CLOSED.", "MINISTERS"),
        (
            "According to knowledgeable individuals, commanders loyal to Lund are surprised that the navy has not "
            "moved.",
            "commanders loyal to Lund",
        ),
        (
            "According to sources with access to the palace, the navy commander, Admiral Paul Lund, was angry.",
            "sources with access to the palace",
        ),
        ("For his part Morsi cautioned that the port is closed.", "Morsi"),
        ("Also in December Lund said that the port is open.", "Lund"),
        ("During the night of 10 February Lund's sources reported that the port is open.", "Lund's sources"),
        ("April Lund said that the port is open.", None),
    ],
)
def test_a_source_is_cut_from_what_stands_before_it(text: str, source: str | None):
    attribution = extract(text).attributions[-1]

    whole = text.removeprefix("According to ").split(" said ")[0].split(" told ")[0].split(", the pier")[0]
    assert attribution.source is not None
    assert attribution.source.quote == (source or whole)


@pytest.mark.parametrize(
    "text",
    [
        "The groups are so frustrated that the talks have stopped.",
        "Egypt will see repeated riots as the members become frustrated.",
    ],
)
def test_what_came_of_something_is_nobodys_claim(text: str):
    assert triples(text) == []


def test_a_verb_that_needs_that_is_no_cue_when_it_has_an_object():
    assert triples("Lund held talks on the cabinet that he will announce.") == []
    assert triples("The envoy highlighted the fact that the dock is full.") == [
        ("The envoy", "highlighted", "the dock is full")
    ]


def test_a_participle_goes_with_the_subject_of_its_clause():
    text = "Zidan asked the general to wait, pointing out that the troops were tired."

    assert triples(text) == [("Zidan", "pointing out", "the troops were tired")]


@pytest.mark.parametrize(
    "text",
    [
        "The minister asked the general to withdraw his troops.",
        "The king plans to leave the country in May.",
        "The pilot was told that the strip was closed.",
        "It is understood that the bridge was mined.",
        "He is believed to be in the south.",
        "There are reports of fighting in the north.",
        "The general was frustrated with the delay.",
        "The army holds the town and the port.",
    ],
)
def test_orders_wishes_passives_and_rumours_are_no_attributions(text: str):
    assert triples(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('"The army is loyal to the king," the general said.', "direct"),
        ('The general said that the army is "loyal to the king" and will stay.', "mixed"),
        ("The general said that the army is loyal.", "indirect"),
    ],
)
def test_quotation_marks_tell_the_type(text: str, kind: str):
    assert only(text).type == kind


def test_a_quotation_around_its_cue_is_one_attribution():
    attribution = only('"The army is loyal," said the general. "It will not leave its barracks."')

    assert plain(attribution)[:2] == ("the general", "said")
    assert [fragment.text for fragment in attribution.content.fragments] == [
        "The army is loyal",
        "It will not leave its barracks",
    ]


def test_a_quotation_over_several_sentences_is_taken_whole():
    attribution = only('The envoy said: "The king is ill. He will not travel. The talks are off."')

    assert attribution.content.quote == "The king is ill. He will not travel. The talks are off"


def test_a_missing_quotation_mark_ends_with_its_paragraph():
    text = 'The envoy said: "The king is ill and will not travel.\n\nThe minister said that the port was open.'

    assert triples(text)[-1] == ("The minister", "said", "the port was open")


def test_the_circumstance_stands_outside_source_and_content():
    attribution = only("Speaking on condition of absolute secrecy, a source stated that the raid had failed.")

    assert attribution.circumstance is not None
    assert attribution.circumstance.quote == "Speaking on condition of absolute secrecy"
    assert plain(attribution) == ("a source", "stated", "the raid had failed")


def test_a_block_introduced_by_according_to_has_a_scope():
    attribution = only("According to the embassy: The airport is closed. All flights were cancelled.")

    assert attribution.content.quote == "The airport is closed"
    assert attribution.scope is not None
    assert attribution.scope.quote == "The airport is closed. All flights were cancelled."


def test_hedges_are_kept_verbatim_and_those_of_an_inner_report_are_its_own():
    outer, inner = extract("The source said that Jalil fears that as many as 40 men may have died.").attributions

    assert outer.hedge == ""
    assert inner.hedge == "fears; as many as; may"
    assert (outer.modality, inner.modality) == ("fact", "fear")


def test_a_denial_is_marked():
    assert only("The general denied that his troops had fired.").modality == "denial"


def test_upper_case_text_is_read():
    assert triples("HE SAID THAT THE GIFT OF TRACTORS IS A FIRST STEP.") == [
        ("HE", "SAID", "THE GIFT OF TRACTORS IS A FIRST STEP")
    ]


def test_the_closing_bracket_of_a_comment_is_not_part_of_the_content():
    text = "(Source Comment: In the opinion of this individual, the prime minister knows the risk.)"

    assert triples(text)[0][2] == "the prime minister knows the risk"


@pytest.mark.parametrize(
    ("text", "source", "cue", "pieces"),
    [
        ("The inspectors accused the firm of hiding two barrels.",
         "The inspectors", "accused of", ["the firm", "hiding two barrels"]),
        ("The miners blamed the storm for the loss of the bridge.",
         "The miners", "blamed for", ["the storm", "the loss of the bridge"]),
        ("The surveyors attribute the crack to the flood.",
         "The surveyors", "attribute to", ["the crack", "the flood"]),
        ("Local guides refer to the pass as the gate.", "Local guides", "refer to as", ["the pass", "the gate"]),
        ("The tower was judged unsafe by the engineers.", "the engineers", "judged", ["The tower", "unsafe"]),
        ("The pilot was accused by the union of flying too low.",
         "the union", "accused of", ["The pilot", "flying too low"]),
        ("The crew is ready for what the captain thinks will be a storm.",
         "the captain", "thinks", ["what", "will be a storm"]),
        ("The dam is not what the engineers consider a sound design.",
         "the engineers", "consider", ["what", "a sound design"]),
        ("The shepherds, who the police say are guides, know the pass.", "the police", "say", ["who", "are guides"]),
        ("The clerk, who according to the captain knows the port, has left.",
         "the captain", "according to", ["who", "knows the port"]),
    ],
)  # fmt: skip
def test_a_content_in_two_halves_is_found(text: str, source: str, cue: str, pieces: list[str]):
    attribution = only(text)

    assert plain(attribution)[:2] == (source, cue)
    assert [fragment.text for fragment in attribution.content.fragments] == pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The consul made it clear to the captains that the port was closed.",
         ("The consul", "made it clear", "the port was closed")),
        ("The harbour office reports the tug sank at dawn.", ("The harbour office", "reports", "the tug sank at dawn")),
        ("The ferry will not sail on Friday, media report.", ("media", "report", "The ferry will not sail on Friday")),
        ("But, said Governor Lund, the road is open.", ("Governor Lund", "said", "the road is open")),
        ("The mayor, speaking in a low voice, said that the well was dry.", ("The mayor", "said", "the well was dry")),
        ("Officers with access to both the navy and the coast guard stated that the radar had failed.",
         ("Officers with access to both the navy and the coast guard", "stated", "the radar had failed")),
        ("The union stated that the pay is too low and expressed support for a new law.",
         ("The union", "stated", "the pay is too low")),
        ("The committee voiced frustration the road had not been mended.",
         ("The committee", "voiced frustration", "the road had not been mended")),
        ("The officers operate under the assumption that the bridge will hold.",
         ("The officers", "operate under the assumption", "the bridge will hold")),
        ("Realizing that the dam would break, the mayor closed the road.",
         ("the mayor", "Realizing", "the dam would break")),
        ("The envoy attacked the plan's cost, warning that the fund was empty.",
         ("The envoy", "warning", "the fund was empty")),
        ("The reporters were pleased that the archive had opened.",
         ("The reporters", "pleased", "the archive had opened")),
        ("Ferry owners, dockers and the pilots said that the channel was blocked.",
         ("Ferry owners, dockers and the pilots", "said", "the channel was blocked")),
    ],
)  # fmt: skip
def test_a_cue_is_found_where_it_stands_unusually(text: str, expected: tuple[str, str, str]):
    assert triples(text) == [expected]


def test_a_shared_assessment_is_nested_in_the_agreement_with_it():
    outer, inner = extract("The auditor agreed with the bank's assessment that the loan was lost.").attributions

    assert plain(outer) == ("The auditor", "agreed with", "the bank's assessment that the loan was lost")
    assert plain(inner) == ("the bank", "assessment", "the loan was lost")
    assert inner.chain == (outer.source_id, inner.source_id)


@pytest.mark.parametrize(
    "text",
    [
        "The board suggested that the director should resign.",
        "The doctor should have known that the well was dry.",
        "The envoy called the ministry to ask for help.",
        "The mayor is concerned about reports that the well is dry.",
        "The ministers did not announce any new tax.",
        "The captain indicated his interest in the harbour.",
        "The board held its meeting on Monday.",
    ],
)
def test_proposals_missed_knowledge_and_other_senses_are_no_attributions(text: str):
    assert triples(text) == []
