"""What the page of one source shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from claims.impact import impact_of
from claims.models import Claim, SourceSplit
from grading.scales import Reliability
from grading.suggestion import diverges
from review.charts import Graded, record_chart
from review.sources import about
from review.sources.claims import claims_page
from review.sources.forms import AsOfForm
from review.sources.names import named
from review.sources.record import RecordView, record_view
from sources.models import ReliabilityAssessment, Source, SourceMerge

SPLITS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Judgements:
    """How people judge a source, in general: the grade that counts, and what others think."""

    rows: list[ReliabilityAssessment]
    """Newest first, with those on single topics."""

    @property
    def general(self) -> list[ReliabilityAssessment]:
        return [row for row in self.rows if not row.topic]

    @property
    def grade(self) -> ReliabilityAssessment | None:
        return next((row for row in self.general if row.is_grade), None)

    @property
    def grades_oldest_first(self) -> list[ReliabilityAssessment]:
        return [row for row in reversed(self.general) if row.is_grade]

    @property
    def others(self) -> list[ReliabilityAssessment]:
        """The newest opinion of everybody whose judgement is not the grade."""
        newest: dict[int, ReliabilityAssessment] = {}
        for row in self.general:
            newest.setdefault(row.by_id, row)
        grade = self.grade
        return [row for row in newest.values() if grade is None or (row.pk != grade.pk and row.by_id != grade.by_id)]

    @property
    def disagree(self) -> bool:
        grade = self.grade
        return bool(grade) and any(row.grade not in (grade.grade, Reliability.F.value) for row in self.others)

    def by(self, user: User) -> ReliabilityAssessment | None:
        return next((row for row in self.general if row.by_id == user.pk), None)

    @property
    def review_is_due(self) -> bool:
        grade = self.grade
        return bool(grade and grade.review_by and grade.review_by <= timezone.localdate())


def find_source(user: User, source_id: int) -> Source:
    """The source, whether it stands or was merged into another, fit for `shown_name`. Raises Http404."""
    found = Source.objects.visible_to(user).named_for(user).defer("search").filter(pk=source_id).first()
    if found is None:
        raise Http404(_("There is no such source, or it speaks only in collections you cannot see."))
    return found


def judgements_of(members: Sequence[int]) -> Judgements:
    return Judgements(
        list(ReliabilityAssessment.objects.filter(source__in=members).select_related("by").newest_first())
    )


def merges_into(source: Source, family: dict[int, Source]) -> list[SourceMerge]:
    """Merges in force, newest first, with the absorbed sources fit for `shown_name`."""
    merges = list(SourceMerge.objects.in_force().filter(into=source).select_related("by").order_by("-at", "-id"))
    for merge in merges:
        merge.absorbed = family.get(merge.absorbed_id, merge.absorbed)
    return merges


def splits_of(source: Source, user: User) -> list[SourceSplit]:
    """Splits in force that took claims from this source or gave it some, newest first, with `taken`, how many."""
    splits = list(
        SourceSplit.objects.in_force()
        .filter(Q(source=source) | Q(into=source))
        .select_related("by")
        .order_by("-at", "-id")[:SPLITS_SHOWN]
    )
    names = named([pk for split in splits for pk in (split.source_id, split.into_id) if pk], user)
    for split in splits:
        split.other = names.get(split.into_id if split.source_id == source.pk else split.source_id)
        split.received = split.into_id == source.pk
        split.taken = len(split.claims)
    return splits


def page_of(source: Source, user: User, wanted: QueryDict) -> dict[str, Any]:
    """The template context of a source's page; the number of queries does not depend on the source."""
    members = Source.objects.family_ids(source.pk)
    form = AsOfForm(wanted)
    chosen = form.cleaned_data if form.is_valid() else {}
    as_of = chosen.get("as_of") or timezone.localdate()
    known_on = as_of if chosen.get("known_then") else None
    view = record_view(source, as_of=as_of, known_on=known_on, topic=chosen.get("topic", ""))
    judgements = judgements_of(members)
    before = wanted.get("before", "")
    claims = claims_page(
        members, user, group=wanted.get("turned_out", ""), before=int(before) if before.isdecimal() else None
    )
    family = named(members, user)
    merges = merges_into(source, family)
    splits = splits_of(source, user)
    for claim in claims.claims:
        claim.given_to = family.get(claim.source_id)
    hidden = suggestion_is_hidden(user, judgements) and wanted.get("suggestion") != "shown"
    return {
        "source": source,
        "members": members,
        "merges": merges,
        "judgements": judgements,
        "view": view,
        "charts": charts(view, judgements),
        "as_of": as_of,
        "known_then": bool(known_on),
        "is_today": as_of == timezone.localdate() and not known_on,
        "today": timezone.localdate(),
        "topic": chosen.get("topic", ""),
        "topics": topics(members, user),
        "hidden": hidden,
        "diverges": _diverges(judgements, view),
        "chart_title": chart_title(view, judgements),
        "marks_key": [("true", _("confirmed")), ("partly", _("partly")), ("false", _("refuted"))],
        "page": claims,
        "wordings": about.wordings(members, user),
        "seen": about.seen(members, user),
        "speaks_of": about.speaks_of(members, user),
        "told_with": about.told_with(members, user),
        "cited_with": about.cited_with(members, user),
        "impact": impact_of(source, user),
        "splits": splits,
        "split_now": next((split for split in splits if str(split.pk) == wanted.get("split")), None),
        "merged_now": next((merge for merge in merges if str(merge.pk) == wanted.get("merged")), None),
        "may_grade": user.has_perm("sources.assess_source"),
        "may_merge": user.has_perm("sources.merge_source"),
        "may_describe": user.has_perm("sources.change_source"),
    }


def suggestion_is_hidden(user: User, judgements: Judgements) -> bool:
    """Whether the machine's letter stays covered: for who may grade and has not chosen one yet."""
    return settings.HEARSAY_HIDE_SUGGESTION and user.has_perm("sources.assess_source") and judgements.by(user) is None


def charts(view: RecordView, judgements: Judgements) -> list[Any]:
    """The picture, wide and narrow; none before the first verdict or grade."""
    grades = [
        Graded(day, Reliability(row.grade), row.by.display_name)
        for row in judgements.grades_oldest_first
        if (day := timezone.localtime(row.at).date()) <= view.now.on
    ]
    if not view.verdicts and not grades:
        return []
    moments = [point.moment for point in view.series]
    return [record_chart(moments, view.verdicts, grades, until=view.now.on, narrow=narrow) for narrow in (False, True)]


def chart_title(view: RecordView, judgements: Judgements) -> str:
    """What the picture shows, for who cannot see it."""
    first = view.series[0] if view.series else view.now
    words = _(
        "Record from %(first)s to %(last)s: expected to be right %(then)s %% at first, %(now)s %% at the end."
    ) % {
        "first": date_format(first.on, "j M Y"),
        "last": date_format(view.now.on, "j M Y"),
        "then": first.mean_percent,
        "now": view.now.mean_percent,
    }
    letters = ", ".join(f"{row.grade} ({date_format(row.at, 'j M Y')})" for row in judgements.grades_oldest_first)
    return f"{words} {_('Grades given:')} {letters}." if letters else words


def topics(members: Sequence[int], user: User) -> list[str]:
    """What its propositions are about, for the chooser."""
    return list(
        Claim.objects.visible_to(user)
        .accepted()
        .filter(source__in=members, proposition__topic__gt="")
        .order_by("proposition__topic")
        .values_list("proposition__topic", flat=True)
        .distinct()
    )


def _diverges(judgements: Judgements, view: RecordView) -> bool:
    grade = judgements.grade
    return bool(grade) and diverges(Reliability(grade.grade), view.now.record)
