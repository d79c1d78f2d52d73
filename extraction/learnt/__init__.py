"""A learnt labeller of sources, cues and contents: may take the rules' place in `extraction.roles`."""

from extraction.learnt.attributions import find
from extraction.learnt.combination import find_outermost, find_outermost_each

__all__ = ["find", "find_outermost", "find_outermost_each"]
