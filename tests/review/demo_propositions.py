"""A contested proposition as a demonstration shows it: five reports, three origins, a repeater, a denial, a rival."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import User
from claims.models import (
    ChainLink,
    Claim,
    ClaimLink,
    IndependentOrigin,
    LinkKind,
    LinkState,
    Proposition,
    PropositionLink,
    RelationKind,
    Stance,
)
from documents.models import Collection
from sources.models import Source, SourceKind, TrackRecord
from tests.factories import DocumentSourceFactory, SourceFactory
from tests.review.demo import told_by

FREED = "the army freed 573 hostages at Tiguentourine"
FEWER = "the army freed fewer than 400 hostages at Tiguentourine"


@dataclass(frozen=True, slots=True)
class Demo:
    proposition: Proposition
    rival: Proposition
    wider: Proposition
    claims: list[Claim]
    contradiction: PropositionLink
    refinement: PropositionLink
    repeated: ClaimLink


def spans_of(text: str, *words: str) -> list[list[int]]:
    return [[text.index(word), text.index(word) + len(word)] for word in words]


def link(
    one: Claim, two: Claim, kind: str, rule: str, words: tuple[str, ...], others: tuple[str, ...], **given: object
) -> PropositionLink:
    """A proposed link between the propositions of two claims, by words of these claims."""
    row = PropositionLink(
        proposition=one.proposition,
        other=two.proposition,
        kind=kind,
        rule=rule,
        claim=one,
        said=one.wording,
        spans=spans_of(one.wording, *words),
        other_claim=two,
        other_said=two.wording,
        other_spans=spans_of(two.wording, *others),
        **given,
    )
    row.put_in_order()
    row.save()
    return row


def speakers() -> dict[str, Source]:
    return {
        "officer": SourceFactory(descriptor="Officer of the Special Forces command", kind=SourceKind.UNNAMED_PERSON),
        "agency": SourceFactory(descriptor="State news agency", kind=SourceKind.ORGANISATION, anonymous=False),
        "engineer": SourceFactory(descriptor="Engineer who escaped from the plant", kind=SourceKind.UNNAMED_PERSON),
        "embassy": SourceFactory(descriptor="Second secretary of an embassy", kind=SourceKind.UNNAMED_PERSON),
        "spokesman": SourceFactory(
            descriptor="Spokesman of the militia", kind=SourceKind.NAMED_PERSON, anonymous=False
        ),
    }


def contested_proposition(collection: Collection, *, analyst: User, today: date) -> Demo:
    who = speakers()

    def told(name: str, words: str, content: str, days: int, number: str, topic: str = "Tiguentourine") -> Claim:
        on = today - timedelta(days=days)
        return told_by(who[name], collection, words, content, on=on, topic=topic, number=number)

    first = told("officer", "An officer of the Special Forces", FREED, 40, "TDX-315447")
    proposition = first.proposition
    assert proposition is not None
    Proposition.objects.filter(pk=proposition.pk).update(text="The army freed 573 hostages at Tiguentourine.")
    again = told("officer", "This sensitive source", "573 hostages were freed by the army", 37, "TDX-315502")
    agency = told("agency", "The state news agency", "573 hostages have been freed", 36, "Press 13-018")
    engineer = told("engineer", "An engineer who escaped", "nearly 600 of us were freed by soldiers", 33, "Debrief 7")
    spokesman = told("spokesman", "The militia's spokesman", "the army freed 573 hostages", 30, "Press 13-024")
    for claim, stance in [(again, "asserts"), (agency, "asserts"), (engineer, "asserts"), (spokesman, "denies")]:
        Claim.objects.filter(pk=claim.pk).update(proposition=proposition, stance=Stance(stance))
        claim.refresh_from_db()
    for position, words in enumerate(["The embassy's second secretary", "This sensitive source"]):
        teller = DocumentSourceFactory(run=again.run, canonical=words)
        ChainLink.objects.create(claim=again, position=position, document_source=teller)
    repeated = ClaimLink.objects.create(
        claim=agency, kind=LinkKind.RELAYS, origin=first, state=LinkState.CONFIRMED, rule="declared", by=analyst
    )
    IndependentOrigin.objects.create(
        claim=engineer, proposition=proposition, basis="He was there, and spoke to nobody before us.", by=analyst
    )
    rival_claim = told("embassy", "A second secretary", FEWER, 35, "TDX-315530")
    wider_claim = told("officer", "An officer", "hostages were freed at Tiguentourine", 41, "TDX-315440")
    contradiction = link(
        first,
        rival_claim,
        RelationKind.CONTRADICTS,
        "quantity",
        ("freed 573 hostages",),
        ("freed fewer than 400 hostages",),
        state=LinkState.CONFIRMED,
        by=analyst,
    )
    refinement = link(
        first, wider_claim, RelationKind.REFINES, "similarity", ("freed", "hostages"), ("hostages", "freed")
    )
    assert rival_claim.proposition is not None
    assert wider_claim.proposition is not None
    return Demo(
        proposition=Proposition.objects.get(pk=proposition.pk),
        rival=rival_claim.proposition,
        wider=wider_claim.proposition,
        claims=[first, again, agency, engineer, spokesman],
        contradiction=contradiction,
        refinement=refinement,
        repeated=repeated,
    )


def with_records(demo: Demo) -> None:
    """As if the sources had been judged often. To be called when their records are there."""
    means = [0.78, 0.78, 0.6, 0.84, 0.55]
    for claim, mean in zip(demo.claims, means, strict=True):
        TrackRecord.objects.overall().filter(source=claim.source).update(mean=mean)


def links_that_wait(collection: Collection, *, today: date) -> list[PropositionLink]:
    """One proposed contradiction and one proposed corroboration between propositions of one claim each."""
    source, other = SourceFactory(descriptor="Harbour pilot"), SourceFactory(descriptor="Union speaker")

    def told(who: Source, words: str, content: str, days: int) -> Claim:
        return told_by(who, collection, words, content, on=today - timedelta(days=days), topic="Port strike")

    over = told(source, "A pilot", "the strike at Port Selim is over", 5)
    goes_on = told(other, "A speaker of the union", "the strike at Port Selim is not over", 4)
    ended = told(other, "The speaker", "dockers ended their strike at Port Selim", 3)
    return [
        link(over, goes_on, RelationKind.CONTRADICTS, "polarity", ("is over",), ("is not over",)),
        link(over, ended, RelationKind.CORROBORATES, "similarity", ("strike", "over"), ("ended", "strike")),
    ]
