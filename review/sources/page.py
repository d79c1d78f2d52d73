"""What the page of one source shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.ids import row_id
from accounts.models import User
from claims.impact import impact_of
from claims.models import SourceSplit
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
        if grade is None:
            return False
        return any(row.grade not in (grade.grade, Reliability.F.value) for row in self.others)

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


@dataclass(frozen=True, slots=True)
class SplitShown:
    """A split seen from one of its two sources: how many claims it took, to or from whom."""

    split: SourceSplit
    other: Source | None
    received: bool

    @property
    def taken(self) -> int:
        return len(self.split.claims)


def splits_of(source: Source) -> list[SourceSplit]:
    """Splits in force that took claims from this source or gave it some, newest first."""
    either = Q(source=source) | Q(into=source)
    return list(
        SourceSplit.objects.in_force().filter(either).select_related("by").order_by("-at", "-id")[:SPLITS_SHOWN]
    )


def splits_with(splits: Iterable[SourceSplit]) -> set[int]:
    return {pk for split in splits for pk in (split.source_id, split.into_id) if pk}


def _seen_from(source: Source, split: SourceSplit, names: dict[int, Source]) -> SplitShown:
    other = split.source_id if split.into_id == source.pk else split.into_id
    return SplitShown(split, other=names.get(other or 0), received=split.into_id == source.pk)


def page_of(source: Source, user: User, wanted: QueryDict) -> dict[str, Any]:
    """The template context of a source's page; the number of queries does not depend on the source."""
    reading = about.Reading.of(source, user)
    form = AsOfForm(wanted)
    chosen = form.cleaned_data if form.is_valid() else {}
    as_of = chosen.get("as_of") or timezone.localdate()
    known_on = as_of if chosen.get("known_then") else None
    view = record_view(source, as_of=as_of, known_on=known_on, topic=chosen.get("topic", ""))
    judgements = judgements_of(reading.members)
    claims = claims_page(reading.spoken, group=wanted.get("turned_out", ""), before=row_id(wanted.get("before", "")))
    merges = list(SourceMerge.objects.in_force().filter(into=source).select_related("by").order_by("-at", "-id"))
    splits = splits_of(source)
    company = about.cited_with(reading)
    names = named(
        {*reading.members, *splits_with(splits), *(other.source_id or 0 for other in company)},
        user,
    )
    for claim in claims.claims:
        claim.given_to = names.get(claim.source_id)
    for merge in merges:
        merge.absorbed = names[merge.absorbed_id]  # of the family, and so among the names
    topics = about.topics(reading)
    splits_shown = [_seen_from(source, split, names) for split in splits]
    hidden = suggestion_is_hidden(user, judgements) and wanted.get("suggestion") != "shown"
    return {
        "source": source,
        "merges": merges,
        "judgements": judgements,
        "view": view,
        "charts": charts(view, judgements),
        "as_of": as_of,
        "known_then": bool(known_on),
        "is_today": as_of == timezone.localdate() and not known_on,
        "today": timezone.localdate(),
        "topic": chosen.get("topic", ""),
        "topics": topics,
        "hidden": hidden,
        "diverges": _diverges(judgements, view),
        "chart_title": chart_title(view, judgements),
        "marks_key": [("true", _("confirmed")), ("partly", _("partly")), ("false", _("refuted"))],
        "page": claims,
        "wordings": about.wordings(reading),
        "seen": about.seen(reading),
        "speaks_of": about.speaks_of(reading),
        "told_with": about.told_with(reading),
        "cited_with": [
            replace(other, name=names[other.source_id].shown_name) for other in company if other.source_id in names
        ],
        "impact": impact_of(source, user),
        "splits": splits_shown,
        "split_now": next((row for row in splits_shown if str(row.split.pk) == wanted.get("split")), None),
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


def _diverges(judgements: Judgements, view: RecordView) -> bool:
    grade = judgements.grade
    return grade is not None and diverges(Reliability(grade.grade), view.now.record)
