"""How a proposition stands to others: both sides' words with what the rule found in them, ready to be decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from claims.models import Claim, LinkState, Proposition, PropositionLink, RelationKind
from review.propositions.marked import Piece, pieces

RULES = {
    "analyst": gettext_lazy("an analyst said so"),
    "polarity": gettext_lazy("one affirms what the other negates"),
    "opposites": gettext_lazy("opposite words for the same thing"),
    "quantity": gettext_lazy("the numbers cannot both be right"),
    "quantifier": gettext_lazy("all, some and none cannot all be right"),
    "time": gettext_lazy("the times cannot both be right"),
    "time of day": gettext_lazy("the times of day cannot both be right"),
    "functional role": gettext_lazy("only one can hold this place at a time"),
    "only": gettext_lazy("one says that nobody or nothing else did"),
    "roles the other way round": gettext_lazy("who did it and to whom are exchanged"),
    "cancelled plan": gettext_lazy("one plans what the other calls off"),
    "similarity": gettext_lazy("much the same words for the same event"),
}
"""What a rule looks at, in words; others are shown by their names."""


@dataclass(frozen=True, slots=True)
class Side:
    proposition: Proposition
    words: list[Piece]
    claim: int | None
    """Whose words these are; None: the proposition's own."""


@dataclass(frozen=True, slots=True)
class RelationShown:
    """A link as a reader may see it."""

    link: PropositionLink
    sides: tuple[Side, Side]

    @property
    def open(self) -> bool:
        return self.link.state == LinkState.PROPOSED

    @property
    def rule(self) -> str:
        return str(RULES.get(self.link.rule, ""))

    def seen_from(self, proposition: int) -> RelationShown:
        """The same with this proposition on the first side."""
        if self.sides[0].proposition.pk == proposition:
            return self
        return RelationShown(self.link, (self.sides[1], self.sides[0]))

    @property
    def others(self) -> list[tuple[str, str]]:
        """The relations it does not have, seen from the first proposition."""
        refines = _("refines"), _("is refined by")
        every = [
            (RelationKind.CONTRADICTS.value, _("contradicts")),
            (RelationKind.CORROBORATES.value, _("corroborates")),
            (RelationKind.REFINES.value, refines[0]),
            ("refined_by", refines[1]),
        ]
        return [(value, name) for value, name in every if name != self.says]

    @property
    def says(self) -> str:
        """How the first proposition stands to the second."""
        if self.link.kind == RelationKind.CONTRADICTS:
            return _("contradicts")
        if self.link.kind == RelationKind.CORROBORATES:
            return _("corroborates")
        return _("refines") if self.sides[0].proposition.pk == self.link.proposition_id else _("is refined by")


def shown_to(user: User, links: Sequence[PropositionLink]) -> list[RelationShown]:
    """Words that were compared stand in claims; those of a claim out of sight are not shown. One query."""
    claims = {pk for link in links for pk in (link.claim_id, link.other_claim_id) if pk}
    seen = set(Claim.objects.visible_to(user).filter(pk__in=claims).values_list("pk", flat=True))
    return [
        RelationShown(
            link,
            (
                _side(link, link.proposition, link.claim_id, link.said, link.spans, seen),
                _side(link, link.other, link.other_claim_id, link.other_said, link.other_spans, seen),
            ),
        )
        for link in links
    ]


def _side(
    link: PropositionLink,
    proposition: Proposition,
    claim: int | None,
    said: str,
    spans: Iterable[Sequence[int]],
    seen: set[int],
) -> Side:
    out_of_sight = claim is not None and claim not in seen
    reworded = claim is None and said != proposition.text  # the places are those of the old words
    if (out_of_sight and said != proposition.text) or reworded:
        return Side(proposition, pieces(proposition.text, []), None)
    return Side(proposition, pieces(said, spans, link.kind), None if out_of_sight else claim)


def relations_of(proposition: Proposition, user: User) -> list[RelationShown]:
    """Links of a proposition that count or wait, seen from it; those that count first, then the newest."""
    links = (
        PropositionLink.objects.touching([proposition.pk])
        .visible_to(user)
        .exclude(state=LinkState.DISMISSED)
        .for_list()
    )
    found = [each.seen_from(proposition.pk) for each in shown_to(user, list(links[:100]))]
    return sorted(found, key=lambda each: (each.open, -each.link.pk))
