"""Attributed claims out of text: plain Python and spaCy, no Django."""

from extraction.engine import extract, extract_many

__all__ = ["extract", "extract_many"]
