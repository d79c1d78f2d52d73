"""A source with a long record, as a demonstration shows it: 22 verdicts over six years, grades, wordings, company."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from accounts.models import User
from claims.models import Claim, Outcome, Proposition, Stance, Verdict
from documents.models import Collection
from sources.models import Access, ReliabilityAssessment, Source, SourceAlias, SourceKind
from tests.factories import (
    ClaimFactory,
    DocumentFactory,
    DocumentSourceFactory,
    ExtractionRunFactory,
    OriginalFactory,
    PropositionFactory,
    SourceFactory,
    TextLayerFactory,
    place,
)

TRUE, PARTLY, FALSE, UNVERIFIABLE = Outcome.TRUE, Outcome.PARTLY, Outcome.FALSE, Outcome.UNVERIFIABLE
HARBOUR, CABINET, ARMY = "Port strike", "Cabinet", "Army"
SAID: list[tuple[int, str, str, Outcome | None]] = [
    (2150, CABINET, "the Interior Minister Karim Belhadj would resign within the month", TRUE),
    (2080, HARBOUR, "the dockers of Port Selim would not return to work before Ramadan", TRUE),
    (1990, CABINET, "the budget would be cut by a fifth", FALSE),
    (1910, ARMY, "General Tawfik Amari had been relieved of the southern command", TRUE),
    (1805, HARBOUR, "a second terminal at Port Selim would be closed", PARTLY),
    (1700, CABINET, "the talks with the Harbour Union had failed", TRUE),
    (1610, ARMY, "two battalions had been moved to the border near Tel Harun", TRUE),
    (1500, CABINET, "President Idris Mansour would not stand again", FALSE),
    (1390, CABINET, "the Foreign Minister had met the delegation in Valletta", TRUE),
    (1270, HARBOUR, "the strike fund of the Harbour Union was exhausted", UNVERIFIABLE),
    (1180, ARMY, "General Amari would be posted abroad", TRUE),
    (1060, CABINET, "the emergency law would be extended by six months", TRUE),
    (960, HARBOUR, "the new port director came from the Navy", TRUE),
    (860, CABINET, "the Central Bank would float the dinar", FALSE),
    (770, ARMY, "the Navy had bought two patrol boats from Valletta", TRUE),
    (640, CABINET, "the Interior Ministry would be split", PARTLY),
    (540, HARBOUR, "the Harbour Union would split over the wage offer", TRUE),
    (450, ARMY, "the southern command would be dissolved", TRUE),
    (350, CABINET, "a reshuffle of the cabinet was planned for the autumn", TRUE),
    (240, CABINET, "Idris Mansour had been flown to a hospital in Valletta", TRUE),
    (150, HARBOUR, "the port would be leased to a foreign operator", FALSE),
    (80, ARMY, "conscription would be lengthened to two years", TRUE),
    (30, CABINET, "the Prime Minister had offered his resignation", None),
    (12, HARBOUR, "a new strike was set for the first week of the month", None),
]
WORDINGS = [
    "A source close to the cabinet",
    "A senior official in the Prime Minister's office",
    "An official who attends the cabinet's meetings",
]


def told_by(
    source: Source, collection: Collection, wording: str, content: str, *, on: date, topic: str = "", number: str = ""
) -> Claim:
    """One accepted claim of `source`, in a memo of its own."""
    text = f"1. {wording} stated that {content}.\n2. No further comment was offered."
    document = DocumentFactory(
        collection=collection, original=OriginalFactory(content=text.encode()), document_date=on, doc_number=number
    )
    layer = TextLayerFactory(document=document, text=text)
    run = ExtractionRunFactory(layer=layer)
    seen = DocumentSourceFactory(run=run, canonical=wording, source=source)
    proposition = PropositionFactory(text=content[0].upper() + content[1:] + ".", topic=topic)
    return ClaimFactory(
        accepted=True,
        layer=layer,
        run=run,
        document_source=seen,
        source=source,
        proposition=proposition,
        words=(wording, "stated", content),
        reported_date=on,
    )


def verdict_on(proposition: Proposition, outcome: Outcome, *, on: date, by: User) -> Verdict:
    return Verdict.objects.create(
        proposition=proposition, outcome=outcome, decided_on=on, evidence="Confirmed by later reporting.", by=by
    )


def graded(source: Source, letter: str, basis: str, *, by: User, on: date, **given: object) -> ReliabilityAssessment:
    at = datetime(on.year, on.month, on.day, 9, 30, tzinfo=UTC)
    return ReliabilityAssessment.objects.create(source=source, grade=letter, basis=basis, by=by, at=at, **given)


def source_with_a_record(collection: Collection, *, analyst: User, reviewer: User, today: date) -> Source:
    source = SourceFactory(
        descriptor="Official in the Prime Minister's office who attends the cabinet's meetings",
        kind=SourceKind.UNNAMED_PERSON,
        access=Access.DIRECT,
        placement="Prime Minister's office; present at most cabinet meetings since 2019",
        motive="Rival of the Interior Minister: exaggerates what weakens him",
        expertise="Domestic politics; not military matters",
        sanitised_name="A government official",
    )
    for number, (days_ago, topic, content, outcome) in enumerate(SAID):
        on = today - timedelta(days=days_ago)
        wording = WORDINGS[number % 3]
        claim = told_by(source, collection, wording, content, on=on, topic=topic, number=f"TDX-{315_400 + 37 * number}")
        if outcome and claim.proposition:
            verdict_on(claim.proposition, outcome, on=on + timedelta(days=45), by=analyst)
    for wording in WORDINGS:
        SourceAlias.objects.create(source=source, wording=wording, collection=collection)
    graded(
        source,
        "F",
        "First report; nothing known of the source.",
        by=reviewer,
        on=today - timedelta(days=2140),
        is_grade=True,
    )
    graded(
        source,
        "C",
        "Two of four reports held; access confirmed by a second source.",
        by=reviewer,
        on=today - timedelta(days=1650),
        is_grade=True,
    )
    graded(
        source,
        "B",
        "Long reporting history, direct access confirmed; errs on personal matters of the President.",
        by=reviewer,
        on=today - timedelta(days=700),
        is_grade=True,
        suggestion="B-C",
        review_by=today + timedelta(days=40),
    )
    return source


def company_of(source: Source, collection: Collection, *, today: date) -> list[Source]:
    """Other sources in some of the same documents, and one that nobody has judged."""
    union = SourceFactory(descriptor="Spokesman of the Harbour Union", kind=SourceKind.NAMED_PERSON, anonymous=False)
    attache = SourceFactory(descriptor="Military attaché in Valletta", kind=SourceKind.UNNAMED_PERSON)
    for number, claim in enumerate(source.claims.order_by("-id")[:9]):
        other = union if number % 3 else attache
        words = ("A source close to the cabinet", "stated", "No further comment was offered")
        spans = [
            place(claim.layer.text, claim.source_quote),
            place(claim.layer.text, "stated"),
            place(claim.layer.text, words[2]),
        ]
        ClaimFactory(
            accepted=True,
            layer=claim.layer,
            run=claim.run,
            document_source=DocumentSourceFactory(run=claim.run, canonical=other.descriptor, source=other),
            source=other,
            proposition=claim.proposition if number == 2 else PropositionFactory(text=f"Point {number} was raised."),
            stance=Stance.DENIES if number == 2 else Stance.ASSERTS,
            spans=spans,
            reported_date=today - timedelta(days=20 * number),
        )
    return [union, attache]
