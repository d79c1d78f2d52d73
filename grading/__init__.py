"""Scales and arithmetic of source records and claim grades: plain Python, no Django."""
