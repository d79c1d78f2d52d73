"""A learnt labeller of sources, cues and contents: may take the rules' place in `extraction.roles`."""

from extraction.learnt.attributions import find
from extraction.learnt.combination import find_outermost

__all__ = ["find", "find_outermost"]
