"""Made-up documents, sources, claims and verdicts, the same on every machine: rows for COPY, table by table.

The shape is that of an archive: a few sources speak all the time and most once or twice, what is said is said again by
others, some answers exclude each other, and a third of all is settled in the end.
"""

# ruff: noqa: E501 -- what COPY is told of a table's columns stays together
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np

Row = tuple[Any, ...]
Table = tuple[str, Iterator[Row]]
"""'table (column, ...)' and its rows."""

FIRST_DAY = date(2011, 1, 1)
DAYS = 5500
NOW = datetime(2026, 5, 1, tzinfo=UTC)
KINDS = ("named_person", "unnamed_person", "group", "organisation", "document", "author")
PLACES = ("north", "south", "east", "west", "capital", "ports", "mountains", "islands")
TOPICS = ("", *(f"{what} in the {where}" for what in ("Trade", "Talks", "Arms", "Health") for where in PLACES))
OUTCOMES = ("true", "partly", "false", "unverifiable")
SYLLABLES = ("ka", "lo", "mi", "ter", "ban", "os", "ri", "del", "fu", "gan", "hal", "is", "jor", "ke", "lum", "nar")
VOCABULARY, WORDS = 30_000, 13
PER_DOCUMENT, TELLERS, COLLECTIONS = 40, 6, 20


class Archive:
    """claims: how many; sources are a tenth of it, documents a fortieth. analysts: ids of users, at least two."""

    def __init__(self, *, claims: int, analysts: list[int]) -> None:
        self.rng = np.random.default_rng(4)
        self.analysts = analysts
        self.claims = claims
        self.documents = claims // PER_DOCUMENT
        self.sources = claims // 10
        self._choose_who_speaks()
        self._choose_what_is_said()
        self._choose_what_is_true()

    def _choose_who_speaks(self) -> None:
        activity = self.rng.pareto(1.1, self.sources) + 1
        often = self.documents * TELLERS - self.sources
        drawn = self.rng.choice(self.sources, size=often, p=activity / activity.sum())
        everybody = self.rng.permutation(np.concatenate([np.arange(self.sources), drawn]))
        self.tellers = everybody.reshape(self.documents, TELLERS) + 1
        self.teller = self.rng.integers(0, TELLERS, self.claims)
        self.document = np.arange(self.claims) // PER_DOCUMENT
        self.source = self.tellers[self.document, self.teller]
        self.day = self.rng.integers(0, DAYS, self.documents)
        self.kind = self.rng.integers(0, len(KINDS), self.sources + 1)
        self.accuracy = self.rng.beta(5, 2, self.sources + 1)

    def _choose_what_is_said(self) -> None:
        opens = self.rng.random(self.claims) < 0.6
        opens[0] = True
        opened = np.cumsum(opens)
        back = self.rng.integers(0, 5000, self.claims)
        self.proposition = np.where(opens, opened, np.maximum(1, opened - back))
        self.propositions = int(opened[-1])
        drawn = self.rng.random(self.claims)
        self.state = np.where(drawn < 0.9, 0, np.where(drawn < 0.98, 1, 2))  # accepted, candidate, rejected
        self.denies = self.rng.random(self.claims) < 0.05
        self._choose_words(np.flatnonzero(opens)[self.proposition - 1])
        self.repeats = np.zeros(self.claims, dtype=np.int64)
        first: dict[int, int] = {}
        for claim, (about, state, chance) in enumerate(
            zip(self.proposition.tolist(), self.state.tolist(), self.rng.random(self.claims).tolist(), strict=True)
        ):
            if state == 0 and (origin := first.setdefault(about, claim)) != claim and chance < 0.15:
                self.repeats[claim] = origin + 1
        self.first = first

    def _choose_words(self, opener: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        """As common and as rare as in the sentences of 3,000 released e-mails, whose stems were counted: of 13 words the
        rarest stands in one sentence of ten thousand, the fifth in one of 300, and few in more than one of 50.

        opener: of each claim, the first about the same; a later one repeats two thirds of its words.
        """
        share = 1 / (np.arange(VOCABULARY) + 60.0) ** 1.35
        drawn = np.searchsorted(np.cumsum(share / share.sum()), self.rng.random((self.claims, WORDS))) + 1
        words = np.minimum(drawn, VOCABULARY)
        self.words = np.where(self.rng.random(words.shape) < 0.67, words[opener], words)

    def _choose_what_is_true(self) -> None:
        self.settled = sorted(about for about in self.first if self.rng.random() < 0.37)
        self.outcome = {}
        for about in self.settled:
            claim = self.first[about]
            right = self.rng.random() < self.accuracy[self.source[claim]]
            drawn = self.rng.random()
            plain = 0 if right != self.denies[claim] else 2
            self.outcome[about] = 1 if drawn < 0.05 else 3 if drawn < 0.1 else plain

    def tables(self) -> Iterator[Table]:
        """In an order in which no row names one that does not stand yet."""
        yield "documents_collection (id, name, marking, created_at)", self._collections()
        yield "documents_collection_members (collection_id, user_id)", self._members()
        texts = [self._text(number) for number in range(self.documents)]
        yield "documents_original (sha256, content, size)", self._originals(texts)
        yield (
            (
                "documents_document (id, collection_id, original_id, name, media_type, title, doc_number, case_number, author,"
                " recipients, document_date, classification, release_mark, exemptions, state, failure_code, failure_reason,"
                " created_at)"
            ),
            self._documents(texts),
        )
        yield (
            (
                "documents_textlayer (id, document_id, version, reader, reader_version, text, page_starts, segments,"
                " furniture, created_at)"
            ),
            self._layers(texts),
        )
        yield (
            (
                "sources_source (id, descriptor, sanitised_name, kind, anonymous, access, placement, motive, expertise,"
                " created_at)"
            ),
            self._sources(),
        )
        yield "sources_sourcealias (source_id, wording, created_at)", self._aliases()
        yield "claims_extractionrun (id, layer_id, engine, engine_version, found, at)", self._runs()
        yield (
            (
                "claims_documentsource (id, run_id, label, canonical, kind, anonymous, access, affiliation, condition, mentions,"
                " source_id)"
            ),
            self._document_sources(),
        )
        yield "claims_question (id, text, created_at)", self._questions()
        yield "claims_proposition (id, text, topic, question_id, created_at)", self._propositions()
        yield (
            (
                "claims_claim (id, layer_id, collection_id, run_id, fingerprint, start, source_quote, source_fragments,"
                " cue_quote, cue_fragments, content_quote, content_fragments, circumstance_quote, circumstance_fragments,"
                " type, hedge, modality, score, score_calibrated, resolution_uncertain, state, document_source_id, source_id,"
                " given_source_id, proposition_id, stance, reported_date, version, created_at)"
            ),
            self._claims(texts),
        )
        yield "claims_claimlink (claim_id, kind, origin_id, state, rule, by_id, at)", self._links()
        yield (
            ("claims_review (claim_id, analyst_id, decision, reason, seconds, picked, version, before, made, at)"),
            self._reviews(),
        )
        yield (
            (
                "claims_verdict (proposition_id, outcome, decided_on, evidence, by_id, at, withdrawn_at, withdrawn_by_id,"
                " withdrawal_reason)"
            ),
            self._verdicts(),
        )
        yield (
            (
                "sources_reliabilityassessment (source_id, grade, topic, basis, is_grade, suggestion, departure, by_id, at)"
            ),
            self._grades(),
        )
        yield (
            "claims_credibilityassessment (claim_id, grade, likelihood, confidence, basis, by_id, at)",
            self._credible(),
        )

    def _collections(self) -> Iterator[Row]:
        return ((number, f"Archive {number}", "", NOW) for number in range(1, COLLECTIONS + 1))

    def _members(self) -> Iterator[Row]:
        return ((number, user) for number in range(1, COLLECTIONS + 1) for user in self.analysts)

    def _content(self, claim: int) -> str:
        return " ".join(_word(number) for number in self.words[claim].tolist())

    def _text(self, document: int) -> str:
        claims = range(document * PER_DOCUMENT, (document + 1) * PER_DOCUMENT)
        return "\n".join(f"{self._wording(claim)} stated that {self._content(claim)}." for claim in claims)

    def _wording(self, claim: int) -> str:
        return _descriptor(int(self.source[claim]), int(self.kind[self.source[claim]]))

    def _day(self, document: int) -> date:
        return FIRST_DAY + timedelta(int(self.day[document]))

    def _originals(self, texts: list[str]) -> Iterator[Row]:
        for text in texts:
            data = text.encode()
            yield sha256(data).hexdigest(), data, len(data)

    def _documents(self, texts: list[str]) -> Iterator[Row]:
        for number, text in enumerate(texts):
            given = ("text/plain", f"Report {number + 1}", f"HS-{number + 1:06}", "", "", "")
            yield (
                number + 1, number % COLLECTIONS + 1, sha256(text.encode()).hexdigest(), f"report-{number + 1}.txt",
                *given, self._day(number), "", "", "{}", "extracted", "", "", NOW,
            )  # fmt: skip

    def _layers(self, texts: list[str]) -> Iterator[Row]:
        for number, text in enumerate(texts, start=1):
            yield number, number, 1, "text", "1", text, "{0}", "[]", "[]", NOW

    def _sources(self) -> Iterator[Row]:
        for number in range(1, self.sources + 1):
            kind = int(self.kind[number])
            yield number, _descriptor(number, kind), "", KINDS[kind], kind != 0, "unknown", "", "", "", NOW

    def _aliases(self) -> Iterator[Row]:
        return ((number, _descriptor(number, int(self.kind[number])), NOW) for number in range(1, self.sources + 1))

    def _runs(self) -> Iterator[Row]:
        return ((number, number, "hearsay", "bench", PER_DOCUMENT, NOW) for number in range(1, self.documents + 1))

    def _document_sources(self) -> Iterator[Row]:
        for document in range(self.documents):
            for place, source in enumerate(self.tellers[document].tolist()):
                kind = int(self.kind[source])
                yield (
                    document * TELLERS + place + 1, document + 1, f"S{place + 1}", _descriptor(source, kind),
                    KINDS[kind], kind != 0, "", "", "", "[]", source,
                )  # fmt: skip

    def _question_of(self, proposition: int) -> int | None:
        return proposition // 9 + 1 if proposition // 3 % 3 == 0 else None

    def _questions(self) -> Iterator[Row]:
        return ((number, f"What holds of matter {number}?", NOW) for number in range(1, self.propositions // 9 + 2))

    def _propositions(self) -> Iterator[Row]:
        for number in range(1, self.propositions + 1):
            claim = self.first.get(number, number % self.claims)
            topic = TOPICS[(int(self.source[claim]) * 7 + number % 2) % len(TOPICS)]
            yield number, self._content(claim), topic, self._question_of(number), NOW

    def _claims(self, texts: list[str]) -> Iterator[Row]:
        scores = np.round(self.rng.beta(4, 1.5, self.claims), 4).tolist()
        start = 0
        for claim in range(self.claims):
            document = claim // PER_DOCUMENT
            start = 0 if claim % PER_DOCUMENT == 0 else start
            who, said = self._wording(claim), self._content(claim)
            cue, content = start + len(who) + 1, start + len(who) + 13
            state, source = int(self.state[claim]), int(self.source[claim])
            accepted = state == 0
            yield (
                claim + 1, document + 1, document % COLLECTIONS + 1, document + 1, f"{claim:064x}", start,
                who, f"{{{{{start},{start + len(who)}}}}}", "stated", f"{{{{{cue},{cue + 6}}}}}",
                said, f"{{{{{content},{content + len(said)}}}}}", "", "{}", "indirect", "", "fact", scores[claim], False,
                False, ("accepted", "candidate", "rejected")[state], document * TELLERS + int(self.teller[claim]) + 1,
                source, source if accepted else None, int(self.proposition[claim]) if accepted else None,
                ("denies" if self.denies[claim] else "asserts") if accepted else "", self._day(document), 2, NOW,
            )  # fmt: skip
            start = content + len(said) + 2

    def _links(self) -> Iterator[Row]:
        for claim in np.flatnonzero(self.repeats).tolist():
            yield claim + 1, "relays", int(self.repeats[claim]), "confirmed", "bench", self.analysts[0], NOW

    def _reviews(self) -> Iterator[Row]:
        picked = np.where(self.rng.random(self.claims) < 0.2, "random", "priority")
        for claim in np.flatnonzero(self.state != 1).tolist():
            accepted = self.state[claim] == 0
            yield (
                claim + 1, self.analysts[claim % len(self.analysts)], "accept" if accepted else "reject",
                "" if accepted else "not a claim", 4.2, picked[claim], 2, "{}", "{}", NOW,
            )  # fmt: skip

    def _verdicts(self) -> Iterator[Row]:
        by = self.analysts[-1]
        for number, about in enumerate(self.settled):
            said = self._day(self.first[about] // PER_DOCUMENT)
            day = min(said + timedelta(30 + number * 7 % 800), NOW.date())
            outcome = OUTCOMES[self.outcome[about]]
            if number % 20 == 0:
                yield about, "false", day, "first report", by, NOW, NOW, by, "the report was forged"
            yield about, outcome, day, "later report", by, NOW, None, None, ""

    def _grades(self) -> Iterator[Row]:
        for source in range(1, self.sources + 1, 3):
            letter = "ABCDE"[min(4, int((1 - self.accuracy[source]) * 5 + source % 2))]
            yield source, letter, "", "known for years", True, "", "", self.analysts[-1], NOW

    def _credible(self) -> Iterator[Row]:
        for claim in np.flatnonzero(self.state == 0)[::18].tolist():
            chance = int(np.clip(100 * self.accuracy[self.source[claim]] + claim % 21 - 10, 1, 99))
            yield claim + 1, "23456"[claim % 5], chance, "moderate", "fits", self.analysts[claim % 2], NOW


def _descriptor(number: int, kind: int) -> str:
    if kind == 0:
        return f"{_word(number * 13 + 5000).title()} {_word(number * 7 + 9000).title()} {number}"
    role = ("a person", "an official", "a group", "an agency", "a newspaper", "an author")[kind]
    return f"{role} in {_word(number % 900 + 50)} near {_word(number + 900)}"


def _word(number: int) -> str:
    syllables = []
    while number:
        number, place = divmod(number, len(SYLLABLES))
        syllables.append(SYLLABLES[place])
    return "".join(syllables) or "a"
