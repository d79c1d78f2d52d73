"""Lists in two steps: which rows a page has, and then what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.permissions import caller
from accounts.api.shapes import ShapedMixin
from accounts.kept import KeptQueries, OneOf
from accounts.models import User
from documents.models import sight_of

KEPT = KeptQueries(300)


class ListedMixin(ShapedMixin):
    """A view whose list asks first for the ids of a page, by filters and order, and then for these rows.

    The second query is the long one, and depends on nothing but who asks and what is to be shown: it is compiled once
    for these. PostgreSQL is better off as well: it joins only what a page needs, and plans that without guessing.
    """

    queryset: Any

    def readable(self, user: User) -> QuerySet[Any]:
        """The rows that this view can show to the user."""
        raise NotImplementedError

    def shaped(self, rows: Any, user: User) -> QuerySet[Any]:
        """The same rows, with what `shape` shows. Looks at nothing but these, the user and the shape."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        user = caller(self.request)
        rows = self.readable(user)
        return rows if self.action == "list" else self.shaped(rows, user)

    def paginate_queryset(self, queryset: Any) -> Any:
        if self.action != "list":
            return super().paginate_queryset(queryset)
        paginator: Any = self.paginator
        return self._whole(paginator.ids(queryset, self.request, self))

    def _whole(self, ids: Sequence[int]) -> Sequence[Any]:
        user = caller(self.request)
        rows = self.queryset.model.objects.filter(OneOf("pk", "ids")).order_by()
        query = KEPT.get((type(self), self.shape, sight_of(user)), lambda: self.shaped(rows, user).order_by())
        found = {row.pk: row for row in query.ask(ids=ids)}
        return [found[pk] for pk in ids if pk in found]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with caller(request).asked_once():
            answer: Response = super().list(request, *args, **kwargs)  # type: ignore[misc]  # of the view's other class
        return answer
