"""The page that says how far analysts agree who judged the same claims blindly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from claims.models import SecondReview
from claims.two_opinions import Figures, agreement_for
from documents.models import Collection
from grading.raters import FEWEST_ITEMS
from review.opinions import NAMES
from review.permissions import needs
from review.sources.views import the_user

LEFT, WIDTH, ROW = 110.0, 300.0, 30.0


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures as the page has them. Empty words where there is no figure; `few` where there are too few items."""

    name: str
    items: int
    agreed: int
    percent: str
    kappa: str
    alpha: str
    overlap: str
    few: bool
    no_chance: bool
    """Whether kappa and alpha are missing since everything was judged the same by both."""
    has_categories: bool

    @classmethod
    def of(cls, row: Figures) -> Shown:
        found = row.agreement
        enough = found.enough
        return cls(
            name=str(NAMES[row.of]),
            items=found.items,
            agreed=found.agreed,
            percent=f"{100 * found.share:.0f}" if enough and found.share is not None else "",
            kappa=f"{found.kappa:.2f}" if enough and found.kappa is not None else "",
            alpha=f"{found.alpha:.2f}" if enough and found.alpha is not None else "",
            overlap=f"{100 * row.overlap:.0f}" if enough and row.overlap is not None else "",
            few=not enough,
            no_chance=enough and row.has_categories and found.kappa is None,
            has_categories=row.has_categories,
        )


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the picture. length: what was judged alike. beyond: where Krippendorff's alpha stands, if known."""

    name: str
    y: float
    length: float
    beyond: float | None
    words: str


@require_GET
@never_cache
@needs("claims.view_secondreview")
def agreement(request: HttpRequest) -> HttpResponse:
    user = the_user(request)
    collections = list(Collection.objects.visible_to(user))
    wanted = request.GET.get("collection", "")
    chosen = next((row for row in collections if str(row.pk) == wanted), None)
    everybody, *pairs = agreement_for(user, collection=chosen.pk if chosen else None)
    waiting = SecondReview.objects.visible_to(user).to_adjudicate()
    figures = [Shown.of(row) for row in everybody.figures]
    context = {
        "collections": collections,
        "chosen": chosen,
        "items": everybody.items,
        "figures": figures,
        "pairs": [(pair, [Shown.of(row) for row in pair.figures]) for pair in pairs],
        "bars": bars(everybody.figures) if everybody.items >= FEWEST_ITEMS else [],
        "height": ROW * len(figures) + 26,
        "ticks": [(LEFT + WIDTH * part / 100, part) for part in (0, 25, 50, 75, 100)],
        "left": LEFT,
        "width": WIDTH,
        "fewest": FEWEST_ITEMS,
        "waiting": (waiting.filter(claim__collection=chosen) if chosen else waiting).count(),
    }
    return render(request, "review/agreement.html", context)


def bars(figures: Sequence[Figures]) -> list[Bar]:
    """A bar for each thing that enough items say something of."""
    found = []
    for number, row in enumerate(figures):
        judged = row.agreement
        if not judged.enough or judged.share is None:
            continue
        alpha = judged.alpha
        found.append(
            Bar(
                name=str(NAMES[row.of]),
                y=number * ROW,
                length=round(WIDTH * judged.share, 1),
                beyond=None if alpha is None else round(LEFT + WIDTH * max(alpha, 0.0), 1),
                words=f"{100 * judged.share:.0f} %",
            )
        )
    return found
