"""Near-duplicates and quotations among stored documents. With HEARSAY_SHARED, among 150 real releases, too."""

import csv
import os
import random
import re
import textwrap
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from documents.models import Document, Fingerprint, SharedPassage
from documents.reuse import find_reuse
from extraction.reading import reading_view
from tests.factories import CollectionFactory, DocumentFactory, TextLayerFactory, UserFactory

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[2] / "samples"
RELEASES = Path(os.environ.get("HEARSAY_SHARED", "/nowhere"), "documents/foia")
MEMO = (SAMPLES / "C05797165.txt").read_text()
QUOTE = (
    "The delegation left the capital on Tuesday evening after the talks had failed. Nobody was told where the convoy "
    "was heading. Two officers of the guard followed in a second car until the border."
)


def other_words(name, count=80):
    """Text that shares nothing with any other name's."""
    return " ".join(f"{name}{number}" for number in range(count)) + "."


def stored(text, **fields):
    """A document with that text, compared with all stored before."""
    furniture = [list(piece) for piece in reading_view(text).furniture]
    document = TextLayerFactory(text=text, furniture=furniture, document=DocumentFactory(**fields)).document
    find_reuse(document)
    return document


def everything():
    passages = SharedPassage.objects.order_by("layer", "other_layer", "start", "other_start")
    return (
        list(
            passages.values_list("layer_id", "other_layer_id", "start", "end", "other_start", "other_end", "shingles")
        ),
        list(Document.objects.order_by("pk").values_list("pk", "near_duplicate_of")),
        sorted(Fingerprint.objects.values_list("document_id", "number")),
    )


def passage_texts():
    return [
        (row.layer.text[row.start : row.end], row.other_layer.text[row.other_start : row.other_end])
        for row in SharedPassage.objects.select_related("layer", "other_layer").order_by("pk")
    ]


def test_a_quotation_links_the_two_documents_and_says_where():
    first = stored(f"{other_words('week')} {QUOTE}")
    second = stored(f"{other_words('embassy')}\n\nAn official recalls: {QUOTE} No more was said.")
    stored("The harvest was poor in the eastern provinces and nobody knows what the winter will bring to them.")

    passage = SharedPassage.objects.get()
    assert (passage.layer.document, passage.other_layer.document) == (second, first)
    assert passage_texts() == [(QUOTE.rstrip("."), QUOTE.rstrip("."))]
    assert not Document.objects.filter(near_duplicate_of__isnull=False).exists()


def test_the_same_memo_forwarded_names_the_first_stored():
    first = stored(MEMO)
    forwarded = stored(f"From: H\nTo: Jake\nSubject: Fw: see below\n\nPlease print the memo below for me.\n\n{MEMO}")
    again = stored(MEMO.replace("commanders", "cornmanders") + "\nprinted")

    named = dict(Document.objects.values_list("pk", "near_duplicate_of"))
    assert named == {first.pk: None, forwarded.pk: first.pk, again.pk: first.pk}


def test_near_duplicates_of_each_other_are_linked_to_the_first_only():
    first = stored(MEMO)
    for number in range(3):
        stored(f"{MEMO}\ncopy {number}")

    pairs = set(SharedPassage.objects.values_list("layer__document", "other_layer__document"))
    assert pairs == {(first.pk + number, first.pk) for number in (1, 2, 3)}


def test_whoever_quotes_a_memo_that_is_there_many_times_is_still_linked():
    first = stored(f"{MEMO}\n\n{QUOTE}")
    for number in range(45):
        stored(f"{MEMO}\n\n{QUOTE}\n\ncopy {number}")

    quoting = stored(f"An official recalls what he had heard: {QUOTE}")

    pairs = SharedPassage.objects.filter(layer__document=quoting).values_list("other_layer__document", flat=True)
    assert set(pairs) == {first.pk}


def test_what_every_document_begins_with_links_nobody():
    form = "This report was prepared by the watch of the operations centre and has not been cleared by the bureaus."
    documents = [stored(f"{form} {other_words(f'matter{number}x')}") for number in range(12)]

    assert not SharedPassage.objects.filter(layer__document__in=documents[6:]).exists()


def test_every_run_again_in_any_order_leaves_the_same_rows():
    documents = [
        stored(MEMO),
        stored(f"{MEMO}\nforwarded"),
        stored(f"{other_words('week')} {QUOTE}"),
        stored(f"{QUOTE} {other_words('embassy')} {QUOTE} And so on."),
        stored("", name="empty.txt"),
    ]
    before = everything()

    for document in [*reversed(documents), documents[0], documents[0]]:
        find_reuse(document)

    assert everything() == before


def test_documents_compared_last_to_first_are_linked_alike():
    texts = [MEMO, f"{MEMO}\nforwarded", f"{other_words('week')} {QUOTE}", f"{QUOTE} {other_words('embassy')}"]
    documents = [TextLayerFactory(text=text).document for text in texts]
    for document in reversed(documents):
        find_reuse(document)
    backwards = everything()
    SharedPassage.objects.all().delete()
    Fingerprint.objects.all().delete()
    Document.objects.update(near_duplicate_of=None)

    for document in documents:
        find_reuse(document)

    assert everything() == backwards
    assert Document.objects.get(pk=documents[1].pk).near_duplicate_of == documents[0]


def test_a_better_reading_of_a_document_replaces_what_the_earlier_one_shared():
    first = stored(f"{other_words('week')} {QUOTE}")
    second = stored(f"{QUOTE} {other_words('embassy')}")
    TextLayerFactory(document=second, version=2, text="Nothing of it was meant to be read like that, as was found out.")

    find_reuse(second)

    assert not SharedPassage.objects.exists()
    assert set(Fingerprint.objects.filter(document=second).values_list("number", flat=True)).isdisjoint(
        Fingerprint.objects.filter(document=first).values_list("number", flat=True)
    )


def test_a_near_duplicate_that_no_longer_is_one_names_none():
    stored(MEMO)
    second = stored(f"{MEMO}\nforwarded")
    TextLayerFactory(document=second, version=2, text=QUOTE)

    find_reuse(second)

    second.refresh_from_db()
    assert second.near_duplicate_of is None


def test_a_document_without_text_shares_nothing():
    assert find_reuse(DocumentFactory()) == 0


def test_passages_are_seen_by_those_who_may_see_both_documents():
    user = UserFactory()
    open_to_user, hidden = CollectionFactory(members=[user]), CollectionFactory()
    stored(f"{other_words('week')} {QUOTE}", collection=open_to_user)
    seen = stored(f"{QUOTE} {other_words('embassy')}", collection=open_to_user)
    stored(f"{other_words('harvest')} {QUOTE}", collection=hidden)

    visible = SharedPassage.objects.visible_to(user)

    assert [row.layer.document for row in visible] == [seen]
    assert SharedPassage.objects.visible_to(UserFactory(groups=["admin"])).count() == 3
    assert SharedPassage.objects.of_document(seen).visible_to(user).for_list().count() == 1


def test_the_command_compares_what_is_there_already():
    collection = CollectionFactory(name="Old")
    for text in (MEMO, f"{MEMO}\nforwarded", QUOTE):
        TextLayerFactory(text=text, document=DocumentFactory(collection=collection))
    out = StringIO()

    call_command("find_reuse", collection="Old", stdout=out)

    assert out.getvalue() == "1 of 3 documents share passages; 1 are near-duplicates.\n"
    with pytest.raises(CommandError, match="no collection"):
        call_command("find_reuse", collection="New")


def sentences_of(view):
    paragraphs = view.split("\n\n")
    found = (part.strip() for each in paragraphs for part in re.split(r"(?<=[.!?])\s+(?=[A-Z(])", each))
    return [sentence for sentence in found if len(sentence.split()) >= 5]


def linked(texts, *, cases, seed):
    """How many of `cases` made-up documents that quote three sentences of a stored one are linked with it."""
    chance = random.Random(seed)
    documents = [stored(text) for text in texts]
    sentences = [sentences_of(reading_view(text).text) for text in texts]
    heads = dict(Document.objects.values_list("pk", "near_duplicate_of"))
    usable = [number for number, found in enumerate(sentences) if len(found) >= 8]
    hits = 0
    for number in range(cases):
        quoted, around = chance.sample(usable, 2)
        first = chance.randrange(len(sentences[quoted]) - 2)
        quote = " ".join(sentences[quoted][first : first + 3])
        body = list(sentences[around])
        body.insert(chance.randrange(1, len(body)), f'"{quote}"')
        lines = textwrap.wrap(" ".join(body), chance.choice([60, 75, 90]))
        quoting = stored("\n".join([*lines, f"Case {number}"]))
        shared = SharedPassage.objects.filter(layer__document=quoting)
        others = {heads[pk] or pk for pk in shared.values_list("other_layer__document", flat=True)}
        hits += (heads[documents[quoted].pk] or documents[quoted].pk) in others
        SharedPassage.objects.filter(layer__document=quoting).delete()
        Fingerprint.objects.filter(document=quoting).delete()
    return hits


@pytest.mark.slow
def test_a_document_that_quotes_three_sentences_of_a_sample_is_linked_with_it():
    texts = [path.read_text() for path in sorted(SAMPLES.glob("*.txt"))]

    assert linked(texts, cases=40, seed=1) >= 38


@pytest.mark.slow
@pytest.mark.skipif(not RELEASES.is_dir(), reason="HEARSAY_SHARED names no folder with documents/foia")
def test_a_document_that_quotes_three_sentences_of_a_release_is_linked_with_it():
    texts = [path.read_text() for path in sorted(RELEASES.glob("*.txt"))]

    assert linked(texts, cases=100, seed=1) >= 95


@pytest.mark.slow
@pytest.mark.skipif(not RELEASES.is_dir(), reason="HEARSAY_SHARED names no folder with documents/foia")
def test_the_near_duplicates_among_the_releases_are_found_and_no_others():
    with (RELEASES / "index.csv").open() as lines:
        index = list(csv.DictReader(lines))
    for row in index:
        stored((RELEASES / row["file"]).read_text(), doc_number=row["doc_number"])

    near = Document.objects.filter(near_duplicate_of__isnull=False)
    found = {frozenset(pair) for pair in near.values_list("doc_number", "near_duplicate_of__doc_number")}
    known = {frozenset([row["doc_number"], row["near_duplicate_of"]]) for row in index if row["near_duplicate_of"]}
    assert len(known) == 12
    assert known <= found
    assert len(found - known) <= 2
