"""An archive of every kind of row, made by our own services, as varied as a seed tells."""

from __future__ import annotations

import contextlib
import random
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from claims import services
from claims.errors import ClaimError
from claims.models import ChainLink, Claim, Proposition, Question
from claims.services.split import split
from documents.models import Collection, Document
from documents.services import store_text
from sources.models import Source
from sources.services import describe_source
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentFactory,
    DocumentSourceFactory,
    ExtractionRunFactory,
    TextLayerFactory,
    UserFactory,
)

DAY = date(2012, 3, 1)
NAMES = ("A source close to the cabinet", "General Ümit", "ein Berater 🙂", "The ministry's spokesman", 'an "aide"')
CUES = ("stated", "denied", "warned", "said privately")
WORDS = (
    "talks",
    "army",
    "port",
    "minister",
    "loan",
    "border",
    "rebels",
    "election",
    "naïve",
    "plan\nfails",
    "=SUM(A1)",
)


class ArchiveMaker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.analyst, self.reviewer = UserFactory(), UserFactory(groups=["admin"])
        self.collections = [CollectionFactory(members=[self.analyst]) for _ in range(self.chance.randint(1, 2))]
        self.accepted: list[Claim] = []

    def make(self, *, documents: int = 4, claims: int = 4) -> None:
        for _ in range(documents):
            self._document(self.chance.choice(self.collections), claims)
        self._ask()
        self._link()
        self._identify()
        self._judge()
        self._settle()
        self._undo()
        self._tell()

    @property
    def anybody(self) -> User:
        user: User = self.chance.choice([self.analyst, self.reviewer])
        return user

    def _document(self, collection: Collection, claims: int) -> None:
        document = DocumentFactory(
            collection=collection,
            added_by=self.analyst,
            title=self.chance.choice(["", "A memo", "=cmd|' /C calc'!A0", "Ünïcode"]),
            document_date=DAY if self.chance.random() < 0.5 else None,
            exemptions=["B6"] if self.chance.random() < 0.5 else [],
            near_duplicate_of=Document.objects.order_by("?").first() if self.chance.random() < 0.3 else None,
        )
        sentences = [
            f"{self.chance.choice(NAMES)} {self.chance.choice(CUES)} that {self._words(4)} {number}."
            for number in range(claims)
        ]
        layer = TextLayerFactory(document=document, text="\f".join(sentences), page_starts=[0, 3])
        run = ExtractionRunFactory(layer=layer)
        for sentence in sentences:
            self._claim(layer, run, sentence)
        if self.chance.random() < 0.5:
            store_text(document, text="\f".join(sentences) + " more", reader="text", reader_version="2", facts={})

    def _claim(self, layer: Any, run: Any, sentence: str) -> None:
        teller = next(name for name in NAMES if sentence.startswith(name))
        cue = next(cue for cue in CUES if f" {cue} that" in sentence)
        said = sentence.partition(" that ")[2].removesuffix(".")
        heard = DocumentSourceFactory(run=run, canonical=teller, printed_reliability=self.chance.choice(["", "B"]))
        claim = ClaimFactory(layer=layer, run=run, document_source=heard, words=(teller, cue, said), hedge="may")
        if self.chance.random() < 0.4:
            outer = DocumentSourceFactory(run=run, canonical="The reporter")
            outer.members.add(heard)
            for position, one in enumerate([outer, heard]):
                ChainLink.objects.create(claim=claim, position=position, document_source=one)
        self._decide(claim)

    def _decide(self, claim: Claim) -> None:
        drawn = self.chance.random()
        if drawn < 0.15:
            return
        if drawn < 0.25:
            services.reject(claim, by=self.anybody, reason="a heading")
            return
        if drawn < 0.5:
            services.edit(claim, by=self.analyst, modality="belief")
            claim.refresh_from_db()
        known = Proposition.objects.order_by("pk").last() if self.accepted and self.chance.random() < 0.5 else None
        source = Source.objects.order_by("pk").first() if self.chance.random() < 0.3 else None
        stance = "denies" if self.chance.random() < 0.3 else "asserts"
        services.accept(claim, by=self.analyst, source=source, proposition=known, stance=stance)
        claim.refresh_from_db()
        self.accepted.append(claim)

    def _ask(self) -> None:
        question = Question.objects.create(text="Who is right?")
        answers = Proposition.objects.order_by("pk").values_list("pk", flat=True)[:2]
        Proposition.objects.filter(pk__in=list(answers)).update(question=question, topic="Talks")

    def _link(self) -> None:
        for later, earlier in zip(self.accepted[1:], self.accepted, strict=False):
            if self.chance.random() < 0.4 and later.source_id:
                services.link_claims(later, origin=earlier, by=self.analyst, why="the same words")
        propositions = list(Proposition.objects.order_by("pk")[:4])
        kinds = ("contradicts", "refines", "corroborates")
        for one, other, kind in zip(propositions, propositions[1:], kinds, strict=False):
            services.link_propositions(one, other, kind=kind, by=self.analyst, why="they exclude each other")

    def _identify(self) -> None:
        sources = list(Source.objects.standing().filter(claims__isnull=False).distinct().order_by("pk"))
        if len(sources) > 1:
            describe_source(sources[0], by=self.reviewer, placement="in the palace", motive="promotion")
            merge = services.merge(sources[1], sources[0], by=self.reviewer, reason="the same man")
            if self.chance.random() < 0.5:
                services.undo_merge(merge, by=self.reviewer, reason="they are two")
        busy = next((s for s in sources if Claim.objects.accepted().filter(source=s).count() > 1), None)
        if busy is not None:
            busy.refresh_from_db()
            first = Claim.objects.accepted().filter(source=busy).order_by("pk")[:1]
            split(busy, claims=[claim.pk for claim in first], by=self.reviewer, reason="two men", descriptor="Another")

    def _judge(self) -> None:
        for claim in Claim.objects.accepted().order_by("pk"):
            if self.chance.random() < 0.5:
                services.assess_credibility(
                    claim, grade=self.chance.choice("23456"), basis="fits", by=self.analyst, likelihood=60
                )
        for source in Source.objects.standing().order_by("pk"):
            if self.chance.random() < 0.5:
                services.grade_source(
                    source, grade=self.chance.choice("ABCDEF"), basis="record", by=self.anybody, departure="known to me"
                )
        claim = Claim.objects.accepted().order_by("pk").last()
        if claim is not None:
            services.discredit(claim, by=self.analyst, reason="a forgery")

    def _settle(self) -> None:
        for number, proposition in enumerate(Proposition.objects.unsettled().order_by("pk")):
            if self.chance.random() < 0.6:
                outcome = "false" if proposition.question_id else self.chance.choice(["true", "partly", "false"])
                day = DAY + timedelta(number)
                verdict = services.settle(
                    proposition, outcome=outcome, decided_on=day, evidence="a cable", by=self.reviewer
                )
                if self.chance.random() < 0.4:
                    services.withdraw_verdict(verdict, by=self.reviewer, reason="the cable was false")

    def _undo(self) -> None:
        if self.chance.random() < 0.7:
            with contextlib.suppress(ClaimError):  # where something rests on the step by now
                services.undo_last(by=self.analyst)

    def _tell(self) -> None:
        claim = Claim.objects.filter(layer__document__collection__in=self.collections).earliest("pk")
        note = services.write_note(claim, text="Is it he? 🙂\n<b>See</b> page 2.", by=self.analyst, to=[self.reviewer])
        services.mark_note(note, by=self.reviewer, done=True)
        services.write_note(claim, text=f"It is, @{self.analyst.username}.", by=self.reviewer)

    def _words(self, count: int) -> str:
        return " ".join(self.chance.choice(WORDS) for _ in range(count))
