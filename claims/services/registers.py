"""A register's rows become sources, questions, propositions, accepted claims, declared relays and verdicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts.models import User
from claims.errors import BadRegister
from claims.models import (
    Claim,
    ClaimLink,
    ClaimState,
    ClaimType,
    LinkKind,
    LinkState,
    Outcome,
    Proposition,
    Question,
    Stance,
    Verdict,
)
from claims.registers import Register, RegisteredClaim
from claims.services.records import refresh
from claims.services.store import fingerprint_of, role_fields
from documents.models import Collection, Document, TextLayer
from documents.services import mark_extracted, store_document, store_text
from extraction.spans import Span
from sources.models import Source, SourceAlias, SourceKind

BATCH = 2_000
DECLARED = "declared"
"""The rule of a claim link that the register itself states."""

Answer = tuple[str, str]
"""A question and one of its values, as the register words them."""


@dataclass(frozen=True, slots=True)
class RegisterImport:
    """What an import added; all 0 when everything was known."""

    document: Document
    claims: int = 0
    sources: int = 0
    questions: int = 0
    repeats: int = 0
    verdicts: int = 0


@transaction.atomic
def import_register(
    register: Register, *, collection: Collection, by: User, day_zero: date, decided_on: date
) -> RegisterImport:
    """Store a register: claims.csv as a document, each row as an accepted claim at its place in it.

    Sources and questions are those of the same name that the collection's registers already have, else new ones. The
    same claims.csv again adds no claim; verdicts that are new are added either way. A question's true value settles
    all its answers.
    Raises BadRegister for a file above the size limit of documents and for a verdict that contradicts one in force.
    """
    document, created = store_document(
        register.content, name=f"{register.name}.csv", collection=collection, added_by=by, to_be_read=False
    )
    added = _store_claims(register, document, by=by, day_zero=day_zero) if created else {}
    verdicts, settled_sources = _settle(register, collection, by=by, decided_on=decided_on)
    if created or verdicts:
        speakers = Claim.objects.of_document(document).values_list("source_id", flat=True).distinct()
        refresh(source for source in {*settled_sources, *speakers} if source)
    return RegisterImport(document, verdicts=verdicts, **added)


def _store_claims(register: Register, document: Document, *, by: User, day_zero: date) -> dict[str, int]:
    layer = store_text(
        document, text=register.text, reader="register", reader_version="1", facts={"media_type": "text/csv"}
    )
    mark_extracted(document)
    sources, new_sources = _sources(register, document.collection, by=by)
    answers, new_questions = _propositions(register, document.collection)
    dates = register.dates(day_zero)
    claims = Claim.objects.bulk_create(
        (_claim(row, layer, sources[row.source], answers[row.question, row.value], dates) for row in register.claims),
        batch_size=BATCH,
    )
    repeats = _declare_repeats(register, dict(zip(register.claims, claims, strict=True)), sources, by=by)
    return {"claims": len(claims), "sources": new_sources, "questions": new_questions, "repeats": repeats}


def _claim(
    row: RegisteredClaim, layer: TextLayer, source: Source, proposition: Proposition, dates: dict[str, date]
) -> Claim:
    who, said = Span.cut(layer.text, [row.source_place]), Span.cut(layer.text, [row.content_place])
    return Claim(
        layer=layer,
        fingerprint=fingerprint_of(who, None, said),
        start=min(who.start, said.start),
        type=ClaimType.DIRECT,
        state=ClaimState.ACCEPTED,
        source=source,
        given_source=source,
        proposition=proposition,
        stance=Stance.ASSERTS,
        reported_date=dates[row.identifier],
        collection=layer.document.collection,
        **role_fields("source", who),
        **role_fields("content", said),
    )


def _sources(register: Register, collection: Collection, *, by: User) -> tuple[dict[str, Source], int]:
    """The register's sources by name, and how many of them are new."""
    names = {row.source for row in register.claims} | set(register.repeats.values())
    spoken = Source.objects.filter(claims__collection=collection, descriptor__in=names).distinct()
    found = {source.descriptor: source for source in spoken}
    new = Source.objects.bulk_create(
        [
            Source(descriptor=name, kind=SourceKind.NAMED_PERSON, anonymous=False, created_by=by)
            for name in sorted(names - found.keys())
        ],
        batch_size=BATCH,
    )
    SourceAlias.objects.bulk_create(
        SourceAlias(source=source, wording=source.descriptor, collection=collection) for source in new
    )
    return found | {source.descriptor: source for source in new}, len(new)


def _propositions(register: Register, collection: Collection) -> tuple[dict[Answer, Proposition], int]:
    """A proposition for each question and value, and how many of the questions are new."""
    wanted = {(row.question, row.value) for row in register.claims}
    questions = _known_questions(collection, {question for question, _ in wanted})
    new_questions = Question.objects.bulk_create(
        [Question(text=text) for text in sorted({question for question, _ in wanted} - questions.keys())],
        batch_size=BATCH,
    )
    questions |= {question.text: question for question in new_questions}
    answers = _known_answers(questions.values())
    new = Proposition.objects.bulk_create(
        [
            Proposition(text=f"{question}: {value}", question=questions[question])
            for question, value in sorted(wanted - answers.keys())
        ],
        batch_size=BATCH,
    )
    return answers | {answer_of(proposition): proposition for proposition in new}, len(new_questions)


def _known_questions(collection: Collection, texts: Iterable[str]) -> dict[str, Question]:
    asked = Question.objects.filter(propositions__claims__collection=collection, text__in=list(texts)).distinct()
    return {question.text: question for question in asked}


def _known_answers(questions: Iterable[Question]) -> dict[Answer, Proposition]:
    known = Proposition.objects.filter(question__in=[question.pk for question in questions]).select_related("question")
    return {answer_of(proposition): proposition for proposition in known.defer("search")}


def answer_of(proposition: Proposition) -> Answer:
    """The question a proposition answers, and the answer: its text without the question."""
    question = proposition.question.text if proposition.question else ""
    return question, proposition.text.removeprefix(f"{question}: ")


def _declare_repeats(
    register: Register, claims: dict[RegisteredClaim, Claim], sources: dict[str, Source], *, by: User
) -> int:
    """Link each repeating claim to its origin's claim about the question, or to the origin where there is none."""
    answers = {(row.source, row.question): claim for row, claim in claims.items()}
    links = []
    for row, claim in claims.items():
        if origin := register.repeats.get(row.identifier):
            repeated = answers.get((origin, row.question))
            repeated = None if repeated is claim else repeated
            links.append(
                ClaimLink(
                    claim=claim,
                    kind=LinkKind.RELAYS,
                    origin=repeated,
                    origin_source=None if repeated else sources[origin],
                    state=LinkState.CONFIRMED,
                    rule=DECLARED,
                    by=by,
                )
            )
    return len(ClaimLink.objects.bulk_create(links, batch_size=BATCH))


def _settle(register: Register, collection: Collection, *, by: User, decided_on: date) -> tuple[int, set[int | None]]:
    """Settle all answers to the questions whose true value is known. Returns how many, and whose claims they judge."""
    questions = _known_questions(collection, register.true_values)
    if unknown := sorted(register.true_values.keys() - questions.keys()):
        raise BadRegister([f"verdicts.csv: no claim answers question {question}" for question in unknown])
    answers = _known_answers(questions.values())
    in_force = dict(
        Verdict.objects.in_force()
        .filter(proposition__in=[proposition.pk for proposition in answers.values()])
        .values_list("proposition_id", "outcome")
    )
    verdicts, mistakes = [], []
    for (question, value), proposition in answers.items():
        outcome = Outcome.TRUE if register.true_values[question] == value else Outcome.FALSE
        known = in_force.get(proposition.pk)
        if known is None:
            verdicts.append(
                Verdict(
                    proposition=proposition,
                    outcome=outcome,
                    decided_on=decided_on,
                    evidence=f"Register {register.name}: the answer is {register.true_values[question]}.",
                    by=by,
                )
            )
        elif known != outcome:
            mistakes.append(f"verdicts.csv: {question} = {value} has the verdict {known} already; withdraw it first")
    if mistakes:
        raise BadRegister(mistakes)
    Verdict.objects.bulk_create(verdicts, batch_size=BATCH)
    judged = Claim.objects.accepted().filter(proposition__in=[verdict.proposition_id for verdict in verdicts])
    return len(verdicts), set(judged.values_list("source_id", flat=True).distinct())
