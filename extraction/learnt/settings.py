"""What training and run time must agree on."""

from __future__ import annotations

import numpy as np
from spacy.strings import get_string_id

COLON = np.array([get_string_id(":")], dtype=np.uint64)
DEEP_BITS = 14
HIDDEN = 64
STYLES = {"news": 0, "units": 1, "documents": 2}
"""Whose idea of an attribution: PolNeAR's (wide, outermost), GUM's (discourse units), ANNOTATION.md's (nested)."""
NESTED_STYLE = "documents"
