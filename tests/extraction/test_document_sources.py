"""Sources inside one document: who is who, and what the text says about them."""

import pytest

from extraction import extract, pipeline
from extraction.clusters import same_name
from extraction.mentions import analyse, background
from extraction.roles.sentences import Sentences
from extraction.spans import DocumentSource


def sources(text: str) -> dict[str, DocumentSource]:
    return {source.canonical: source for source in extract(text).sources}


def source_ids(text: str) -> list[str | None]:
    return [attribution.source_id for attribution in extract(text).attributions]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mokhtar Belmokhtar", "Belmokhtar", True),
        ("Ali Zidan", "Zidan", True),
        ("Abdurrahim el-Keib", "el-Kieb", True),
        ("Jalil", "Jaill", True),
        ("Mohamed Morsi", "Mohammad Morsi", True),
        ("Mahmoud Morsi", "Mohamed Morsi", False),
        ("al- Sissi", "Abdel Fatah al-Sissi", True),
        ("Saif al Islam Qaddafi", "Muammar al Qaddafi", False),
        ("Abdulaziz", "Abdualaziz", True),
        ("Muammar Qaddafi", "Saif Qaddafi", False),
        ("Jalil", "Jibril", False),
        ("Mustafa Abdel Jalil", "Mustafa Jalil", True),
    ],
)
def test_names_of_one_person_are_told_from_names_of_two(one: str, other: str, same: bool):
    assert same_name(tuple(one.split()), tuple(other.split())) is same


@pytest.mark.parametrize(
    ("phrase", "names", "kind", "number", "form"),
    [
        ("President Mustafa Abdel Jalil", ("Mustafa", "Abdel", "Jalil"), "person", "singular", "name"),
        ("a source with access to the Army", (), "person", "singular", "indefinite"),
        ("These sources", (), "person", "plural", "demonstrative"),
        ("the ministry", (), "organisation", "singular", "definite"),
        ("Mangoush, Shuwail and their officers", (), "", "plural", "bare"),
        ("Press reports", (), "document", "plural", "bare"),
        ("They", (), "", "plural", "pronoun"),
        ("el-Keib and Jalil", (), "", "plural", "bare"),
        ("S/E Stevens", ("Stevens",), "person", "singular", "name"),
    ],
)
def test_a_noun_phrase_is_read(phrase: str, names: tuple[str, ...], kind: str, number: str, form: str):
    mention = analyse(phrase, 0)

    assert mention.names == names
    assert (mention.number, mention.form) == (number, form)
    assert mention.kind == kind or not kind


@pytest.mark.slow
def test_this_source_goes_back_to_the_source_before_it():
    text = "A sensitive source stated that the king is ill. This source added that the heir is abroad."

    assert source_ids(text) == ["S1", "S1"]


@pytest.mark.slow
def test_an_indefinite_source_is_a_new_one():
    text = "A sensitive source stated that the king is ill. A sensitive source stated that the heir is abroad."

    assert source_ids(text) == ["S1", "S2"]


@pytest.mark.slow
def test_a_last_name_goes_back_to_the_full_name():
    text = "Prime Minister Ali Zidan said that the port is open. Zidan added that ships may enter."

    assert source_ids(text) == ["S1", "S1"]
    assert sources(text)["Prime Minister Ali Zidan"].kind == "named_individual"
    assert not sources(text)["Prime Minister Ali Zidan"].anonymous


@pytest.mark.slow
def test_he_and_they_go_back_to_one_and_to_many():
    text = (
        "General Haddad met officers of the coast guard. The officers said that the port is open. "
        "They believe that ships may enter. Haddad noted that the sea is rough. He fears that a ship will sink."
    )

    assert source_ids(text) == ["S1", "S1", "S2", "S2"]


@pytest.mark.slow
def test_these_sources_sum_up_those_who_spoke():
    text = (
        "A courier told us that the road is open. A customs officer stated that the bridge is closed. "
        "These sources noted that trade has stopped. They add that prices rise."
    )

    extraction = extract(text)

    group = extraction.sources[-1]
    assert [attribution.source_id for attribution in extraction.attributions] == ["S1", "S2", "S3", "S3"]
    assert (group.kind, group.members) == ("group", ("S1", "S2"))
    assert [attribution.resolution_uncertain for attribution in extraction.attributions] == [False, False, True, True]


@pytest.mark.slow
def test_the_author_speaks_for_himself_but_not_inside_a_quotation():
    text = 'I told them that the port is open. "We think that it is closed," the mayor said.'

    assert [source.kind for source in extract(text).sources] == ["author", "named_individual"]


@pytest.mark.slow
def test_access_affiliation_and_condition_are_kept_verbatim():
    text = (
        "Speaking in strict confidence, a source with access to the highest levels of the Algerian Army stated that "
        "the raid had failed. Officers of the Coast Guard said that the port is open."
    )

    first, second = extract(text).sources

    assert first.access == "with access to the highest levels of the Algerian Army"
    assert first.condition == "in strict confidence"
    assert (first.kind, first.anonymous) == ("anonymous_individual", True)
    assert second.affiliation == "the Coast Guard"
    assert second.kind == "group"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # Another noun for the same persons, named in another's report.
        (
            "A courier stated that naval commanders expect a storm. These officers believe that the port will close.",
            ["S1", "S2", "S2"],
        ),
        # Persons that are no subject and have not spoken yet.
        ("Levin met a group of rebel leaders. The rebel leaders assured him that the road was safe.", ["S1"]),
        # Who spoke goes on speaking, whoever the report was about.
        ("Karim reported that one member of the council had left. He noted that the rest would stay.", ["S1", "S1"]),
        # Levels and figures hold no belief.
        (
            "Lund and his advisors met on Monday. The figures were bad. They fear that the bank will fail.",
            ["S1"],
        ),
        ("A port official stated that a request was made. The same official believes that it was late.", ["S1", "S1"]),
        (
            "The Minister of Trade, Paul Lund, warned Prime Minister Eva Holm that the bank would fail. "
            "The Minister of Trade added that the loan was lost. The Prime Minister said that she knew.",
            ["S1", "S1", "S2"],
        ),
        (
            "Staff officers of the navy said that the fleet was old. Guild members said that trade was slow. "
            "The navy officials added that the docks were closed.",
            ["S1", "S2", "S1"],
        ),
        # Initials of a name that was written out; a pair that was named more fully.
        (
            "Lund met officers of the Supreme Council of the Northern Fleet. The SCNF officers said that the dock is "
            "full. Deputy Minister Paul Lund and Mayor Eva Holm left. Lund and Holm believe that it will burn. "
            "They fear a storm.",
            ["S1", "S2", "S2"],
        ),
        # A new indefinite source is the one that "this individual" takes up.
        (
            "A sensitive source said that the king is ill. A knowledgeable individual stated that the heir is abroad. "
            "This individual added that the queen is at sea.",
            ["S1", "S2", "S2"],
        ),
        # A name with its acronym in brackets, wherever it stands; an organisation that is cited without an article.
        (
            "The raid was led by men of the Northern Harbour Guard (NHG). Lund warned that the pier burns. "
            "The NHG denied that it had fired.",
            ["S1", "S2"],
        ),
        ("The dock is full, according to press. The mayor left. The pier burns, according to press.", ["S1", "S1"]),
        # The office before a name, also a long one.
        (
            "Minister of Foreign Trade and Inland Waters Paul Lund left. Mayor Eva Holm stayed. "
            "The Minister of Foreign Trade said that the dock was full. Lund added that it burns.",
            ["S1", "S1"],
        ),
        ("Premier Lund gave a speech. The Danish Premier said that taxes will rise.", ["S1"]),
        ("The rebel forces took the port. The rebels believe that the town will fall.", ["S1"]),
        # Whom a source speaks of holds the beliefs; the source itself is "this individual".
        (
            "According to a sensitive source, Magnus Lund is losing his allies. He believes that Holm will resign. "
            "This individual added that the vote is in May.",
            ["S1", "S2", "S1"],
        ),
        # "This individual" is no person whose name the author knows.
        (
            "General Lund said that the dock is full. This individual added that the pier burns.",
            ["S1", "S2"],
        ),
        (
            "According to a source in the palace, the king is ill. The Chief of Staff believes that he will live. "
            "This individual added that the heir is abroad.",
            ["S1", "S2", "S1"],
        ),
        # A name and an office with a comma between them, in either order; not after an unnamed source.
        ("General Paul Lund, the Foreign Minister, left. The Minister said that it rains. Lund stayed.", ["S1"]),
        (
            "Ada met the Foreign Minister, General Lund. Lund added that it pours. The Minister said that it rains.",
            ["S1", "S1"],
        ),
        (
            "According to an official, Lund left. The official added that Holm stayed. Lund said that it rains.",
            ["S1", "S1", "S2"],
        ),
        # Officials that somebody else reports on are no "sources"; who gave an opinion is one.
        (
            "In the opinion of a sensitive source, the port officials fear that the dock will burn. "
            "This source added that the pier is old.",
            ["S1", "S2", "S1"],
        ),
        (
            "Sources with access to the port stated that navy officials expect a storm. The officials left. "
            "These sources added that the pier is old.",
            ["S1", "S2", "S1"],
        ),
        # "According to a source" stands beside a clause that is about somebody else; "a source stated" does not.
        (
            "According to a sensitive source, Paul Lund told Holm that the dock is full. He added that the pier burns.",
            ["S1", "S2", "S2"],
        ),
        (
            "In the opinion of an extremely sensitive source, Paul Lund is ill. He complains that his aides left.",
            ["S1", "S2"],
        ),
        ("A sensitive source stated that Paul Lund is ill. He added that the pier burns.", ["S1", "S1"]),
        (
            "According to these sources, the port officials fear a storm. They added that the pier is old.",
            ["S1", "S2", "S1"],
        ),
        # Of two whose names may be misread for each other the one that is spelled alike.
        ("Paul Jalil said that it pours. Bethel Jalii left. Jalil said that it rains.", ["S1", "S1"]),
    ],
)
def test_a_phrase_or_pronoun_goes_back_to_the_likeliest_source(text: str, ids: list[str]):
    assert source_ids(text) == ids


@pytest.mark.slow
def test_a_month_with_its_day_is_nobody():
    parse = pipeline.load()("Lund began receiving reports on 19 February that the tribe had left.")

    assert [mention.text for mention in background(Sentences(parse), 0)] == ["Lund", "the tribe"]


@pytest.mark.slow
def test_this_source_goes_back_over_any_number_of_people_that_are_only_mentioned():
    names = ["Abel", "Berg", "Carlsen", "Dahl", "Eide", "Foss", "Gran", "Holm", "Iversen", "Juul", "Krog", "Lie", "Moe"]
    others = [f"{title} {name} left." for title in ("Captain", "Major", "Colonel", "General") for name in names]
    text = (
        f"A sensitive source said that the king is ill. {' '.join(others)} This source added that the heir is abroad."
    )

    assert source_ids(text) == ["S1", "S1"]


@pytest.mark.slow
def test_a_source_known_by_pointing_phrases_alone_is_shown_by_what_they_take_up():
    text = "Levin met three dockers. These dockers believe that the crane is unsafe."

    (source,) = extract(text).sources
    assert [mention.quote for mention in source.mentions] == ["three dockers", "These dockers"]


@pytest.mark.slow
def test_a_source_cited_by_a_short_name_is_shown_by_its_full_one():
    text = "Levin met Minister Paul Lund. Lund said that the dock is full."

    (source,) = extract(text).sources
    assert [mention.quote for mention in source.mentions] == ["Minister Paul Lund", "Lund"]


@pytest.mark.slow
def test_an_organisation_cited_by_its_acronym_is_shown_by_its_full_name():
    text = "Levin wrote to the Northern Harbour Guard (NHG). The NHG said that the dock is full."

    (source,) = extract(text).sources
    assert [mention.quote for mention in source.mentions] == ["the Northern Harbour Guard", "The NHG"]


@pytest.mark.slow
def test_a_phrase_finds_its_words_in_its_own_message_of_a_thread_first():
    message = "From: Levin, Ada\nSent: Monday, May 7, 2012 9:00 AM\nTo: Holm, Eva\nSubject: Docks\n\n"
    text = f"{message}The bishop left.\n\n{message}We met Bishop Paul Lund. The Bishop said that the dock is full.\n"

    (source,) = extract(text).sources
    assert source.canonical == "Bishop Paul Lund"


@pytest.mark.slow
def test_in_a_telegram_a_role_without_article_goes_back_to_its_holder():
    text = "PRESIDENT PAZ SPOKE TO FARMERS. PRESIDENT SAID THAT THE GIFT IS A FIRST STEP."

    assert [source.canonical for source in extract(text).sources] == ["PRESIDENT PAZ"]


def test_a_body_named_with_its_acronym_inside_the_phrase_for_its_people_is_read():
    found = sources("A two-person team from Human Rights Watch (HRW) has confirmed the use of torture.")

    assert any("Human Rights Watch" in name for name in found)
