"""Attributed claims out of text: plain Python and spaCy, no Django."""
