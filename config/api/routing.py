from __future__ import annotations

from typing import Any

from rest_framework.routers import DefaultRouter

from config.api.guard import Guarded, Unedited
from config.api.views import Root


class Router(DefaultRouter):
    """Registers resources, each with what all have in common (config/api/guard.py): none can forget it."""

    APIRootView = Root
    include_format_suffixes = False

    def __init__(self) -> None:
        super().__init__(use_regex_path=False)
        self._served: dict[str, list[Any]] = {}

    def register(self, prefix: str, viewset: Any, basename: str | None = None) -> None:
        """Several views may share a prefix; the one with `retrieve` shows a row for all of them."""
        body = {"__doc__": viewset.__doc__, "__module__": viewset.__module__}
        served = type(viewset.__name__, (Guarded, viewset, Unedited), body)
        of_prefix = self._served.setdefault(prefix, [])
        of_prefix.append(served)
        shown_by = next((view for view in of_prefix if hasattr(view, "retrieve")), None)
        for view in of_prefix:
            view.shown_by = shown_by
        super().register(prefix, served, basename or self.get_default_basename(viewset))
