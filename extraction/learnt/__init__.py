"""A learnt labeller of sources, cues and contents: may take the rules' place in `extraction.roles`."""

from extraction.learnt.attributions import find

__all__ = ["find"]
