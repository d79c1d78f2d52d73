"""Attributed claims out of text: plain Python and spaCy, no Django.

The engine, and with it spaCy, is loaded when it is first asked for: a web process that only reads dates or grades with
this package needs 45 MB less.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extraction.engine import extract, extract_many

__all__ = ["extract", "extract_many"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("extraction.engine"), name)
