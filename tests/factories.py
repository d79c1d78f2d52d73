"""Rows for tests, one factory per model, states as traits. Nothing is random."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from accounts.models import User
from claims.models import Claim, ClaimState, DocumentSource, ExtractionRun, Proposition, Stance
from claims.services.store import fingerprint_of
from documents.models import Collection, Dispatch, Document, DocumentState, Original, TextLayer
from extraction.spans import Span
from sources.models import Source, SourceKind

SENTENCE = "A source close to the cabinet stated that the talks have failed."


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    password = factory.django.Password("correct horse battery")

    @factory.post_generation
    def groups(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        if create and extracted is None:
            extracted = ["analyst"]
        for name in extracted or []:
            self.groups.add(Group.objects.get(name=name))


class CollectionFactory(DjangoModelFactory[Collection]):
    """`members=[user, ...]` lets them see it."""

    class Meta:
        model = Collection
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Collection {n}")

    @factory.post_generation
    def members(self: Any, create: bool, extracted: Any, **_: Any) -> None:
        if create and extracted:
            self.members.add(*extracted)


class OriginalFactory(DjangoModelFactory[Original]):
    class Meta:
        model = Original
        django_get_or_create = ("sha256",)

    content = factory.Sequence(lambda n: f"file {n}".encode())
    sha256 = factory.LazyAttribute(lambda row: sha256(row.content).hexdigest())
    size = factory.LazyAttribute(lambda row: len(row.content))


class DocumentFactory(DjangoModelFactory[Document]):
    """An extracted document; `state=` and `failure_reason=` for others, `queued=True` for one with work to do."""

    class Meta:
        model = Document

    collection = factory.SubFactory(CollectionFactory)
    original = factory.SubFactory(OriginalFactory)
    name = factory.Sequence(lambda n: f"memo-{n}.txt")
    state = DocumentState.EXTRACTED


class DispatchFactory(DjangoModelFactory[Dispatch]):
    class Meta:
        model = Dispatch

    document = factory.SubFactory(DocumentFactory, state=DocumentState.RECEIVED)


class TextLayerFactory(DjangoModelFactory[TextLayer]):
    class Meta:
        model = TextLayer

    document = factory.SubFactory(DocumentFactory)
    version = 1
    reader = "text"
    reader_version = "1"
    text = SENTENCE


class ExtractionRunFactory(DjangoModelFactory[ExtractionRun]):
    class Meta:
        model = ExtractionRun

    layer = factory.SubFactory(TextLayerFactory)
    engine = "test-engine"
    engine_version = "1"
    found = 1


class DocumentSourceFactory(DjangoModelFactory[DocumentSource]):
    class Meta:
        model = DocumentSource

    run = factory.SubFactory(ExtractionRunFactory)
    label = factory.Sequence(lambda n: f"S{n}")
    canonical = "A source close to the cabinet"
    kind = SourceKind.UNNAMED_PERSON
    anonymous = True


class SourceFactory(DjangoModelFactory[Source]):
    class Meta:
        model = Source

    descriptor = factory.Sequence(lambda n: f"Source {n}")


class PropositionFactory(DjangoModelFactory[Proposition]):
    class Meta:
        model = Proposition

    text = "The talks have failed."


class ClaimFactory(DjangoModelFactory[Claim]):
    """A candidate found in its layer's text; `words=("source", "cue", "content")` must stand there.

    `accepted=True` gives it a source and a proposition.
    """

    class Meta:
        model = Claim
        exclude = ("spans",)

    class Params:
        words = ("A source close to the cabinet", "stated", "the talks have failed")
        accepted = factory.Trait(
            state=ClaimState.ACCEPTED,
            source=factory.SubFactory(SourceFactory),
            proposition=factory.SubFactory(PropositionFactory),
            stance=Stance.ASSERTS,
        )

    layer = factory.SubFactory(TextLayerFactory)
    collection = factory.SelfAttribute("layer.document.collection")
    run = factory.SubFactory(ExtractionRunFactory, layer=factory.SelfAttribute("..layer"))
    document_source = factory.SubFactory(DocumentSourceFactory, run=factory.SelfAttribute("..run"))
    type = "indirect"
    score = 0.8
    spans = factory.LazyAttribute(lambda row: [place(row.layer.text, words) for words in row.words])
    source_quote = factory.LazyAttribute(lambda row: row.spans[0].quote)
    source_fragments = factory.LazyAttribute(lambda row: row.spans[0].offsets)
    cue_quote = factory.LazyAttribute(lambda row: row.spans[1].quote)
    cue_fragments = factory.LazyAttribute(lambda row: row.spans[1].offsets)
    content_quote = factory.LazyAttribute(lambda row: row.spans[2].quote)
    content_fragments = factory.LazyAttribute(lambda row: row.spans[2].offsets)
    start = factory.LazyAttribute(lambda row: min(span.start for span in row.spans))
    fingerprint = factory.LazyAttribute(lambda row: fingerprint_of(*row.spans))


def place(text: str, words: str) -> Span:
    """The span of the first place where `words` stand in `text`."""
    start = text.index(words)
    return Span.cut(text, [(start, start + len(words))])
