"""The reading view: what of a document is text to read, and where each character of it stands in the original."""

from extraction.reading.headers import HeaderField, Segment
from extraction.reading.lines import Furniture
from extraction.reading.view import Paragraph, ReadingView, reading_view

__all__ = ["Furniture", "HeaderField", "Paragraph", "ReadingView", "Segment", "reading_view"]
