"""Links proposed for accepted claims, by rules that read."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.models import User
from claims.models import (
    AwaitedComparison,
    ChainLink,
    Claim,
    ClaimLink,
    LinkKind,
    LinkState,
    Proposition,
    PropositionLink,
    RelationKind,
)
from claims.proposals import proposals_for
from claims.services import accept, dismiss_link, join
from claims.services.comparing import propose_links
from claims.tasks import compare
from documents.models import Collection, SharedPassage
from sources.models import Source
from tests.factories import (
    ClaimFactory,
    CollectionFactory,
    DocumentSourceFactory,
    PropositionFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

HURT = "three guards were hurt in the attack on the In Amenas plant"
NOBODY = "nobody was hurt in the attack on the In Amenas plant"
SEVEN = "seven guards were hurt in the attack on the In Amenas plant"


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def collection(ana: User) -> Collection:
    return CollectionFactory(members=[ana])


def candidate(content: str, collection: Collection, *, who: str = "A source close to the cabinet", **fields) -> Claim:
    text = fields.pop("text", f"{who} stated that {content}.")
    cue = fields.pop("cue", "stated")
    return ClaimFactory(
        layer__text=text,
        layer__document__collection=collection,
        words=(who, cue, content),
        reported_date=fields.pop("day", date(2013, 1, 20)),
        document_source__canonical=who,
        **fields,
    )


def accepted(content: str, collection: Collection, by: User, *, source: Source | None = None, **fields) -> Claim:
    claim = candidate(content, collection, **fields)
    accept(claim, by=by, source=source or SourceFactory(descriptor=claim.source_quote))
    return Claim.objects.get(pk=claim.pk)


def compared(claim: Claim) -> int:
    return propose_links(Claim.objects.get(pk=claim.pk))


def test_a_claim_that_contradicts_another_is_proposed_with_rule_and_words(ana: User, collection: Collection):
    first = accepted(HURT, collection, ana)
    second = accepted(SEVEN, collection, ana)

    compared(second)

    link = PropositionLink.objects.get()
    assert (link.proposition, link.other) == (first.proposition, second.proposition)
    assert (link.kind, link.state, link.rule) == (RelationKind.CONTRADICTS, LinkState.PROPOSED, "quantity")
    assert "three" in " ".join(link.said[start:end] for start, end in link.spans)
    assert "seven" in " ".join(link.other_said[start:end] for start, end in link.other_spans)
    assert not PropositionLink.objects.confirmed().exists()


def test_comparing_twice_adds_nothing_and_a_dismissed_link_stays_dismissed(ana: User, collection: Collection):
    accepted(HURT, collection, ana)
    claim = accepted(SEVEN, collection, ana)
    assert compared(claim) == 1
    dismiss_link(PropositionLink.objects.get(), by=ana)

    assert compared(claim) == 0
    assert PropositionLink.objects.get().state == LinkState.DISMISSED


def test_what_the_analyst_may_not_see_is_not_compared(ana: User, collection: Collection):
    accepted(HURT, CollectionFactory(), ana)
    claim = accepted(SEVEN, collection, ana)

    assert compared(claim) == 0


def test_proposals_come_best_first_with_what_is_shared(ana: User, collection: Collection):
    same = accepted(HURT, collection, ana)
    accepted("the minister will travel to Paris", collection, ana)
    contradicting = accepted(SEVEN, collection, ana)
    claim = candidate(HURT + " on 16 January", collection)

    found = proposals_for(claim, ana)

    assert [each.proposition for each in found] == [same.proposition, contradicting.proposition]
    assert found[0].relation in ("corroborates", "refines")
    assert (found[1].relation, found[1].rule) == ("contradicts", "quantity")
    assert "guards" in found[0].shared["word"]
    assert [(found[0].said[start:end], kind) for start, end, kind in found[0].marks if kind == "word"]
    assert all(found[0].proposition.text[start:end] for start, end, _ in found[0].other_marks)


def test_a_denial_is_proposed_to_join_as_a_denial(ana: User, collection: Collection):
    accepted("the guards were hurt in the attack on the In Amenas plant", collection, ana)
    claim = candidate("the guards were not hurt in the attack on the In Amenas plant", collection)

    (proposal,) = proposals_for(claim, ana)

    assert (proposal.relation, proposal.stance) == ("contradicts", "denies")


def test_a_claim_that_joins_waits_to_be_compared_there(ana: User, collection: Collection):
    first, second = accepted(HURT, collection, ana), accepted(HURT, collection, ana)
    assert set(AwaitedComparison.objects.values_list("claim", flat=True)) == {first.pk, second.pk}

    compare()

    assert not AwaitedComparison.objects.exists()
    join(second, first.proposition, by=ana)
    assert AwaitedComparison.objects.get().claim == second


def test_who_is_in_anothers_chain_had_it_from_there(ana: User, collection: Collection):
    colonel, agency = SourceFactory(descriptor="Colonel Haddad"), SourceFactory(descriptor="Agency")
    first = accepted(HURT, collection, ana, source=colonel)
    for position, source in enumerate((agency, colonel)):
        teller = DocumentSourceFactory(run=first.run, source=source)
        ChainLink.objects.create(claim=first, position=position, document_source=teller)
    second = accepted(HURT, collection, ana, source=agency)
    join(second, first.proposition, by=ana)

    compared(second)

    link = ClaimLink.objects.get()
    assert (link.claim, link.origin, link.kind, link.rule) == (second, first, LinkKind.RELAYS, "chain")
    assert link.state == LinkState.PROPOSED


def test_who_was_told_by_another_had_it_from_there(ana: User, collection: Collection):
    first = accepted(HURT, collection, ana, who="Colonel Haddad")
    text = f"A usually reliable source, who was told by Colonel Haddad, said that {HURT}."
    second = accepted(HURT, collection, ana, who="A usually reliable source", text=text, cue="said")
    join(second, first.proposition, by=ana)

    compared(second)

    link = ClaimLink.objects.get()
    assert (link.claim, link.origin, link.rule) == (second, first, "wording")
    assert link.why == "was told by Colonel Haddad"


def test_who_is_told_repeats_the_one_who_tells(ana: User, collection: Collection):
    text = f"Colonel Haddad told a usually reliable source that {HURT}."
    first = accepted(HURT, collection, ana, who="Colonel Haddad", text=text, cue="told")
    second = accepted(HURT, collection, ana, who="A usually reliable source")
    join(second, first.proposition, by=ana)

    compared(second)

    link = ClaimLink.objects.get()
    assert (link.claim, link.origin, link.why) == (second, first, "told a usually reliable source")


def test_the_later_of_two_documents_with_the_same_words_repeats_the_earlier(ana: User, collection: Collection):
    later = accepted(HURT, collection, ana, day=date(2013, 2, 1))
    earlier = accepted(HURT, collection, ana, day=date(2013, 1, 1), who="Another man")
    start, end = later.content_fragments[0]
    other_start, other_end = earlier.content_fragments[0]
    SharedPassage.objects.create(
        layer=earlier.layer,
        other_layer=later.layer,
        start=other_start,
        end=other_end,
        other_start=start,
        other_end=end,
        shingles=7,
    )

    compared(earlier)

    link = ClaimLink.objects.get()
    assert (link.claim, link.origin, link.rule) == (later, earlier, "text reuse")


def test_what_a_source_takes_back_is_proposed_as_a_retraction(ana: User, collection: Collection):
    source = SourceFactory()
    first = accepted(HURT, collection, ana, source=source)
    text = f"A source close to the cabinet retracted the statement that {HURT}."
    second = accepted(HURT, collection, ana, source=source, text=text, cue="retracted")

    compared(second)

    link = ClaimLink.objects.get()
    assert (link.claim, link.origin, link.kind, link.why) == (second, first, LinkKind.RETRACTS, "retracted")


def test_a_claim_nobody_accepted_by_hand_is_left_alone(collection: Collection):
    claim = ClaimFactory(accepted=True, layer__document__collection=collection)
    AwaitedComparison.objects.create(claim=claim)

    assert compared(claim) == 0
    assert not AwaitedComparison.objects.exists()


def test_propositions_that_say_nothing_alike_get_no_proposal(ana: User, collection: Collection):
    PropositionFactory(text="The minister will travel to Paris.")
    claim = candidate(HURT, collection)

    assert proposals_for(claim, ana) == []
    assert Proposition.objects.count() == 1
