"""The reports on a proposition by their origin: which are one, who had it from whom, what an analyst confirmed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from claims.models import Claim, ClaimLink, IndependentOrigin, LinkState, Stance
from claims.origins import Origins as Weighed
from grading.origins import origin_of_each
from review.propositions.tellers import Teller, TellersPicture, Thread, tellers_picture
from review.sources.names import named
from sources.models import Source


@dataclass(frozen=True, slots=True)
class HadFrom:
    """Why a report counts with another one: the link, and whom it leads to."""

    link: ClaimLink | None
    name: str
    key: Hashable

    @property
    def proposed(self) -> bool:
        return self.link is not None and self.link.state == LinkState.PROPOSED


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report in the table behind the picture. claim: with `said_by` and `number`."""

    claim: Any
    had_from: tuple[HadFrom, ...]
    through: tuple[str, ...]
    """Who told it on, the one nearest to the source first."""
    confirmed: IndependentOrigin | None
    counts: bool = True
    """Not where it was taken back or discredited."""

    @property
    def repeats(self) -> bool:
        return any(each.link and not each.proposed for each in self.had_from)

    @property
    def may_be_confirmed(self) -> bool:
        return self.confirmed is None and not self.repeats


@dataclass(frozen=True, slots=True)
class OriginGroup:
    number: int
    rows: list[ReportRow]

    @property
    def confirmed(self) -> bool:
        return any(row.confirmed for row in self.rows)


@dataclass(frozen=True, slots=True)
class Origins:
    groups: list[OriginGroup]
    tellers: list[Teller]
    pictures: list[TellersPicture]

    @property
    def summary(self) -> str:
        """In words, first for what is said, then for its denial."""
        sides = [self._counted(Stance.ASSERTS), self._counted(Stance.DENIES)]
        told = [_("%(reports)s, %(origins)s") % side for side in sides[:1] if side]
        told += [_("denied by %(reports)s, %(origins)s") % side for side in sides[1:] if side]
        return "; ".join(told) or _("No report in a collection you can see")

    @property
    def confirmed(self) -> int:
        return sum(group.confirmed for group in self.groups)

    @property
    def title(self) -> str:
        """What the picture shows, for who cannot see it."""
        told = []
        names = {teller.key: teller.name for teller in self.tellers}
        for teller in self.tellers:
            told += [
                _("%(name)s had it from %(other)s") % {"name": teller.name, "other": names[thread.teller]}
                for thread in teller.had_from
                if thread.teller in names
            ]
        return ". ".join([_("Who had it from whom: %s") % self.summary, *told[:12]]) + "."

    def _counted(self, stance: Stance) -> dict[str, str]:
        groups = [[row for row in group.rows if row.counts and row.claim.stance == stance] for group in self.groups]
        reports, origins = sum(map(len, groups)), sum(map(bool, groups))
        if not reports:
            return {}
        return {
            "reports": ngettext("%d report", "%d reports", reports) % reports,
            "origins": ngettext("%d independent origin", "%d independent origins", origins) % origins,
        }


def origins_of(claims: Sequence[Any], user: User, weighed: Weighed | None = None) -> Origins:
    """claims: accepted ones on one proposition, with `said_by`, `number`, `layer.document` and their chains prefetched.

    weighed: what the weighing found; without it (as in a preview) only links between these claims are seen.
    Four queries, however many there are.
    """
    ids = [claim.pk for claim in claims]
    links = list(
        ClaimLink.objects.visible_to(user)
        .relays()
        .filter(claim__in=ids)
        .exclude(state=LinkState.DISMISSED)
        .for_list()
        .order_by("id")
    )
    asked = [link.origin_source_id or (link.origin.source_id if link.origin else None) for link in links]
    names = _standing({pk for pk in asked if pk}, user)
    confirmed = {
        row.claim_id: row
        for row in IndependentOrigin.objects.in_force().filter(claim__in=ids).select_related("by").order_by("id")
    }
    tied = {term.claim.pk: term.origin for term in weighed.terms if term.via is None} if weighed else {}
    counted = {claim for claim in ids if weighed is None or claim in weighed.corroboration}
    return _arranged(claims, links, names, confirmed, tied, counted)


def _arranged(
    claims: Sequence[Any],
    links: Iterable[ClaimLink],
    names: Mapping[int, Source],
    confirmed: Mapping[int, IndependentOrigin],
    tied: Mapping[int, int],
    counted: Set[int],
) -> Origins:
    """Groups in the order of their first claims, and the tellers of the picture. names: sources by the id asked for."""
    said_by = {claim.pk: claim.said_by.pk if claim.said_by else ("claim", claim.pk) for claim in claims}
    had_from: dict[int, list[HadFrom]] = {claim.pk: [] for claim in claims}
    for link in links:
        had_from[link.claim_id].append(_had_from(link, said_by, names))
    numbers = _numbers(claims, said_by, had_from, tied)
    groups: dict[int, list[ReportRow]] = {}
    for claim in claims:
        through = tuple(each.canonical for each in reversed(claim.chain_of_tellers[:-1]))
        row = ReportRow(claim, tuple(had_from[claim.pk]), through, confirmed.get(claim.pk), claim.pk in counted)
        groups.setdefault(numbers[claim.pk], []).append(row)
    found = [OriginGroup(number, rows) for number, rows in groups.items()]
    tellers = _tellers(found, said_by)
    return Origins(found, tellers, [tellers_picture(tellers, narrow=narrow) for narrow in (False, True)])


def _had_from(link: ClaimLink, said_by: Mapping[int, Hashable], names: Mapping[int, Source]) -> HadFrom:
    if link.origin_id in said_by:
        key = said_by[link.origin_id or 0]
        origin = link.origin
        source = names.get(origin.source_id or 0) if origin else None
    else:
        source = names.get(link.origin_source_id or (link.origin.source_id if link.origin else 0) or 0)
        key = source.pk if source else ("link", link.pk)
    return HadFrom(link, source.shown_name if source else _("somebody you cannot see"), key)


def _numbers(
    claims: Sequence[Any],
    said_by: Mapping[int, Hashable],
    had_from: Mapping[int, list[HadFrom]],
    tied: Mapping[int, int],
) -> dict[int, int]:
    """For each claim the number of its origin group, from 1. Only what is confirmed ties; one source is one origin."""
    first: dict[Hashable, int] = {}
    pairs = list(tied.items())
    for claim in claims:
        pairs.append((claim.pk, first.setdefault(said_by[claim.pk], claim.pk)))
        confirmed = (each for each in had_from[claim.pk] if not each.proposed)
        pairs.extend((claim.pk, first.setdefault(each.key, claim.pk)) for each in confirmed)
    origins = origin_of_each([claim.pk for claim in claims], pairs)
    order = {origin: number for number, origin in enumerate(dict.fromkeys(origins.values()), start=1)}
    return {claim: order[origin] for claim, origin in origins.items()}


def _tellers(groups: Iterable[OriginGroup], said_by: Mapping[int, Hashable]) -> list[Teller]:
    found = []
    for group in groups:
        told: dict[Hashable, _Told] = {}
        for row in group.rows:
            key = said_by[row.claim.pk]
            name = row.claim.said_by.shown_name if row.claim.said_by else _("somebody")
            told.setdefault(key, _Told(name, [], {})).threads.update({each.key: each for each in row.had_from})
            told[key].confirmed |= row.confirmed is not None
            last = told[_passed_on(told, key, row)]
            last.reports.append(_in_words(row.claim))
            last.denials += row.claim.stance == Stance.DENIES
        for one in list(told.values()):
            for each in one.threads.values():
                if not each.proposed:
                    told.setdefault(each.key, _Told(each.name, [], {}))
        found += [
            Teller(
                key=key,
                name=one.name,
                origin=group.number,
                reports=tuple(one.reports),
                had_from=tuple(Thread(each.key, each.proposed) for each in one.threads.values()),
                confirmed=one.confirmed,
                unheard=not one.reports,
                denies=one.denials > 0 and one.denials == len(one.reports),
            )
            for key, one in told.items()
        ]
    return found


@dataclass(slots=True)
class _Told:
    name: str
    reports: list[str]
    threads: dict[Hashable, HadFrom]
    confirmed: bool = False
    denials: int = 0


def _passed_on(told: dict[Hashable, _Told], source: Hashable, row: ReportRow) -> Hashable:
    """The last who told it on before it was written down; the source itself where nobody did."""
    before = source
    for name in row.through:
        here = ("through", source, name)
        told.setdefault(here, _Told(name, [], {}))
        told[here].threads[before] = HadFrom(None, "", before)
        before = here
    return before


def _in_words(claim: Any) -> str:
    words = f"{claim.layer.document.label}"
    if claim.reported_date:
        words += f", {date_format(claim.reported_date, 'j M Y')}"
    return f"{claim.number}. " + (_("denied: %s") % words if claim.stance == Stance.DENIES else words)


def _standing(ids: set[int], user: User) -> dict[int, Source]:
    """For each of these sources the one it is today, fit for `shown_name`."""
    standing = {
        pk: merged or pk for pk, merged in Source.objects.filter(Q(pk__in=ids)).values_list("pk", "merged_into")
    }
    found = named(standing.values(), user)
    return {pk: found[other] for pk, other in standing.items() if other in found}


def numbered(claims: Iterable[Claim]) -> None:
    """Gives each claim its `number` on the page, from 1."""
    for number, claim in enumerate(claims, start=1):
        claim.number = number  # type: ignore[attr-defined]
