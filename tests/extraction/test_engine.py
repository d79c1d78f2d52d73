"""The engine as a whole: the seed memo, any input, the order of a stream, the pipeline setting."""

import json
import random
import re
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from extraction import engine, extract, extract_many, pipeline
from extraction.roles import RawAttribution
from extraction.spans import Extraction, Span

DATA = Path(__file__).parent.parent / "data" / "seed"
SAMPLES = Path(__file__).parents[2] / "samples"
GOLD = json.loads((DATA / "gold.json").read_text())
SENTENCE = "The colonel stated that the bridge was mined. "
BANNER = re.compile(r"UNCLASSIFIED|Case No|Doc No|STATE DEPT|SUBJECT TO AGREEMENT|STATE-SCB|RELEASE IN|\f")


def spans(extraction: Extraction) -> Iterator[Span]:
    for attribution in extraction.attributions:
        found = (attribution.source, attribution.cue, attribution.content, attribution.circumstance, attribution.scope)
        yield from (span for span in found if span)
    for source in extraction.sources:
        yield from source.mentions


def assert_spans_stand_in(text: str, extraction: Extraction) -> None:
    for span in spans(extraction):
        for fragment in span.fragments:
            assert text[fragment.start : fragment.end] == fragment.text == fragment.text.strip() != ""


def tokens(text: str, offsets: list[list[int]]) -> set[int]:
    return {match.start() + start for start, end in offsets for match in re.finditer(r"\w+", text[start:end])}


def token_f(one: set[int], other: set[int]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))


def engine_with(label, text: str) -> Extraction:
    """What the engine makes of the attributions that `label` finds."""
    before, engine.label_roles = engine.label_roles, label
    try:
        return engine.extract(text)
    finally:
        engine.label_roles = before


@pytest.fixture(scope="module")
def seed() -> Extraction:
    return extract(GOLD["text"])


def found_for(gold: dict, seed: Extraction):
    text = GOLD["text"]
    matches = [
        attribution
        for attribution in seed.attributions
        if tokens(text, gold["cue"]) & tokens(text, attribution.cue.offsets)
        and attribution.source
        and tokens(text, gold["source"]) & tokens(text, attribution.source.offsets)
    ]
    good = [a for a in matches if token_f(tokens(text, gold["content"]), tokens(text, a.content.offsets)) >= 0.7]
    return good[0] if good else None


@pytest.mark.slow
def test_the_seed_memos_attributions_are_found(seed: Extraction):
    found = {gold["id"]: found_for(gold, seed) for gold in GOLD["attributions"]}

    assert sum(attribution is not None for attribution in found.values()) >= 9
    assert_spans_stand_in(GOLD["text"], seed)


@pytest.mark.slow
def test_the_seed_memos_chain_and_anaphora_are_resolved(seed: Extraction):
    found = {gold["id"]: found_for(gold, seed) for gold in GOLD["attributions"]}
    ids = {identity: attribution.source_id for identity, attribution in found.items() if attribution}

    assert found["A3"].chain == (ids["A2"], ids["A3"])
    assert ids["A2"] == ids["A4"] == ids["A6"]
    assert ids["A7"] == ids["A8"] != ids["A5"]
    assert ids["A9"] == ids["A10"] not in {ids["A7"], ids["A5"], ids["A2"]}
    group = next(source for source in seed.sources if source.id == ids["A9"])
    assert group.members == (ids["A2"], ids["A5"])
    assert found["A9"].resolution_uncertain


@pytest.mark.slow
def test_the_quote_over_the_page_break_has_a_fragment_on_each_page(seed: Extraction):
    gold = next(gold for gold in GOLD["attributions"] if gold["id"] == "A9")

    assert found_for(gold, seed).content.offsets == gold["content"]


@pytest.mark.slow
def test_banners_never_stand_inside_a_quote():
    texts = [path.read_bytes().decode() for path in sorted(SAMPLES.glob("*.txt"))]
    assert texts

    for text, extraction in zip(texts, extract_many(texts), strict=True):
        assert_spans_stand_in(text, extraction)
        assert not [span.quote for span in spans(extraction) if BANNER.search(span.quote)]


@pytest.mark.slow
def test_a_stream_keeps_its_order_and_is_read_as_it_is_asked_for():
    asked = []

    def texts() -> Iterator[str]:
        for number in range(500):
            asked.append(number)
            yield SENTENCE * (number % 3)

    stream = extract_many(texts())
    first = [len(next(stream).attributions) for _ in range(6)]

    assert first == [0, 1, 2, 0, 1, 2]
    assert len(asked) < 100


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "", " \n\f\t ", "\x00\x01\x02", "\ud800 said that", '"' * 3000, "(" * 3000, "a" * 20_000, "said that " * 400,
        "according to " * 400, "x; " * 2000, "İ said that the bridge ﬁnally fell.", SENTENCE.upper() * 3,
        "".join(random.Random(1).choices([chr(code) for code in range(1, 0x500)], k=5000)),
        bytes(random.Random(2).choices(range(256), k=5000)).decode("latin-1"),
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_any_text_is_survived_and_every_span_stands_in_it(text: str):
    assert_spans_stand_in(text, extract(text))


@pytest.mark.slow
def test_a_long_text_is_parsed_in_pieces_and_loses_nothing():
    text = "\n\n".join([SENTENCE.strip()] * 400) + "\n\n" + SENTENCE * 400

    assert len(extract(text).attributions) == 800


@pytest.mark.slow
@pytest.mark.parametrize("piece", ['"', "(", "a, ", "said that ", "according to ", SENTENCE], ids=repr)
@pytest.mark.no_cover
def test_time_grows_with_the_length_and_no_faster(piece: str):
    def seconds(text: str) -> float:
        started = time.process_time()
        extract(text)
        return time.process_time() - started

    short = piece * (6_000 // len(piece))
    seconds(short)

    assert seconds(short * 4) < 8 * (seconds(short) + 0.05)


@pytest.mark.slow
def test_the_engine_names_itself_and_its_pipeline():
    name, version = pipeline.engine_version()

    assert name == "hearsay-rules"
    assert re.fullmatch(r"\d+\.\d+\.\d+\+en_\w+-\d+\.\d+\.\d+", version)


@pytest.fixture
def fresh_pipeline(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    pipeline.load.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    pipeline.load.cache_clear()


@pytest.mark.parametrize("name", ["/nowhere/en_missing-0.1.0", "en_surely_not_installed"])
def test_a_missing_pipeline_is_named_with_the_remedy(fresh_pipeline: pytest.MonkeyPatch, name: str):
    fresh_pipeline.setenv(pipeline.SETTING, name)

    with pytest.raises(pipeline.PipelineMissing, match=f"{name}.*Set HEARSAY_PIPELINE"):
        pipeline.load()


def test_a_pipeline_that_cannot_parse_is_refused(fresh_pipeline: pytest.MonkeyPatch, tmp_path: Path):
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    fresh_pipeline.setenv(pipeline.SETTING, str(tmp_path / "blank"))

    with pytest.raises(pipeline.PipelineMissing, match="no tagger and no parser"):
        pipeline.load()


@pytest.mark.slow
def test_outermost_attributions_come_from_the_learnt_labeller_and_none_stands_inside_another():
    text = "The minister said that the union believes the talks failed. Critics mocked the plan."

    found = next(extract_many([text], outermost=True)).attributions

    assert any(a.source and a.source.quote == "The minister" and a.cue.quote == "said" for a in found)
    for a in found:
        assert not any(a is not b and b.content.start <= a.cue.start < b.content.end for b in found)
        for span in (a.source, a.cue, a.content):
            assert span is None or all(text[f.start : f.end] == f.text for f in span.fragments)


@pytest.mark.slow
def test_what_a_content_commits_to_is_read_for_documents_only():
    text = "The minister said that 40 men did not leave on 3 May 2012."

    [outer] = next(extract_many([text], outermost=True)).attributions
    [full] = next(extract_many([text])).attributions

    assert (outer.quantities, outer.times, outer.negated, outer.information_date) == ((), (), False, None)
    assert (full.quantities[0].low, full.negated, full.information_date) == (40, True, date(2012, 5, 3))


def test_an_attribution_whose_source_nobody_names_stands_without_one():
    text = "The bridge was believed to have been mined. The colonel said that it was safe."

    def label(doc, s):
        words = [token.text for token in doc]
        mined, said = words.index("believed"), words.index("said")
        return [
            RawAttribution(((mined, mined + 1),), (), ((0, 2), (mined + 1, mined + 5)), "belief", 0.6),
            RawAttribution(((said, said + 1),), ((said - 2, said),), ((said + 1, said + 5),), "speech", 0.9),
        ]

    found = engine_with(label, text)

    nobody, colonel = found.attributions
    assert (nobody.source, nobody.source_id, nobody.chain) == (None, None, ())
    assert nobody.content.quote == "The bridge to have been mined"
    assert (colonel.source_id, colonel.chain) == ("S1", ("S1",))
    assert [source.canonical for source in found.sources] == ["The colonel"]


def test_a_teller_inside_what_nobody_in_particular_said_heads_his_own_chain():
    text = "It was reported that the colonel denied that the bridge was mined."

    def label(doc, s):
        return [
            RawAttribution(((2, 3),), (), ((4, 12),), "speech", 0.6),
            RawAttribution(((6, 7),), ((4, 6),), ((8, 12),), "denial", 0.9),
        ]

    found = engine_with(label, text)

    assert [attribution.chain for attribution in found.attributions] == [(), ("S1",)]
