"""Grading a source in two steps: the letter first, and only then what the machine makes of the verdicts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from claims.services.reliability import grade_source
from grading.scales import Reliability
from review.permissions import needs
from review.sources import about
from review.sources.forms import GradeForm, LetterForm
from review.sources.page import judgements_of
from review.sources.record import record_view
from review.sources.views import UNPROCESSABLE, refusal, standing, the_user
from sources.errors import SourceError
from sources.models import Source


@require_GET
@never_cache
@needs("sources.assess_source")
def choose(request: HttpRequest, source_id: int) -> HttpResponse:
    """The first step: who this is and under which wordings it was seen, and six letters. No record, no suggestion."""
    found = standing(the_user(request), source_id)
    return _letters(request, found)


@require_POST
@needs("sources.assess_source")
def reveal(request: HttpRequest, source_id: int) -> HttpResponse:
    """The second step: the letter is chosen; what the verdicts suggest is shown, and reasons are asked for."""
    found = standing(the_user(request), source_id)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _letters(request, found, problem=_("Choose a letter first."), status=UNPROCESSABLE)
    return _reasons(request, found, form.cleaned_data["grade"])


@require_POST
@needs("sources.assess_source")
def record(request: HttpRequest, source_id: int) -> HttpResponse:
    """Keep the grade with its reasons, and go back to the source."""
    user = the_user(request)
    found = standing(user, source_id)
    form = GradeForm(request.POST)
    letter = request.POST.get("grade", "")
    if letter not in set(Reliability):
        return _letters(request, found, problem=_("Choose a letter first."), status=UNPROCESSABLE)
    try:
        if not form.is_valid():
            raise ValidationError([str(error) for errors in form.errors.values() for error in errors])
        made = grade_source(found, by=user, **form.cleaned_data)
    except (SourceError, ValidationError) as error:
        return _reasons(request, found, letter, problem=refusal(error), status=UNPROCESSABLE)
    words = _("Graded %s.") if made.is_grade else _("Your judgement %s is recorded beside the grade.")
    messages.success(request, words % made.grade)
    return redirect("sources:source", source_id=found.pk)


def _letters(request: HttpRequest, source: Source, *, problem: str = "", status: int = 200) -> HttpResponse:
    reading = about.Reading.of(source, the_user(request))
    context = {
        "source": source,
        "letters": list(Reliability),
        "problem": problem,
        "seen": about.seen(reading),
        "wordings": about.wordings(reading)[: about.SHOWN],
        "hides": settings.HEARSAY_HIDE_SUGGESTION,
        "view": None if settings.HEARSAY_HIDE_SUGGESTION else record_view(source),
    }
    return _answer(request, "_letters.html", context, status)


def _reasons(
    request: HttpRequest, source: Source, letter: str, *, problem: str = "", status: int = 200
) -> HttpResponse:
    members = Source.objects.family_ids(source.pk)
    view = record_view(source)
    context = {
        "source": source,
        "letter": Reliability(letter),
        "view": view,
        "departs": departs(letter, view.now.letters),
        "judgements": judgements_of(members),
        "problem": problem,
        "entered": request.POST,
        "review_by": request.POST.get("review_by", GradeForm.usual_review_by()),
    }
    return _answer(request, "_reasons.html", context, status)


def departs(letter: str, suggestion: str) -> bool:
    """Whether a letter is another than the verdicts suggest. Where they suggest none (F), nothing is departed from."""
    suggested = suggestion.split("-")
    return Reliability.F.value not in suggested and letter not in suggested


def _answer(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    swapped = bool(getattr(request, "htmx", False))
    context["step"] = f"review/sources/{template}"
    return render(request, context["step"] if swapped else "review/sources/grade.html", context, status=status)
