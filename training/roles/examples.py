"""What the two models learn from: gold cues and gold roles of parsed passages, as batches."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from extraction.learnt.candidates import ABLE, candidates
from extraction.learnt.features import CueFeatures, RoleFeatures, windows
from extraction.learnt.network import LABELS
from extraction.learnt.settings import COLON, DEEP_BITS
from extraction.learnt.tokens import Flags, Numbers, Tokens
from training.roles.corpus import Passage
from training.roles.learning import Batch

Gold = dict[str, npt.NDArray[np.int64]]


def cue_head(tokens: Tokens, cue: Numbers) -> int:
    """The token of the cue that the others hang on: a candidate whose head stands outside, where there is one."""
    inside = np.isin(tokens.head[cue], cue) & (tokens.head[cue] != cue)
    able = np.isin(tokens.pos[cue], ABLE)
    for group in (cue[~inside & able], cue[able], cue):
        if len(group):
            return int(group[0])
    raise ValueError("a cue has at least one token")


def gold_heads(passage: Passage) -> dict[int, Gold]:
    """The passage's attributions by the head of their cue; of two with one head the first counts."""
    heads: dict[int, Gold] = {}
    for attribution in passage.attributions:
        heads.setdefault(cue_head(passage.tokens, attribution["cue"]), attribution)
    return heads


def is_head(passage: Passage) -> Flags:
    """For each token whether it is the head of an annotated cue."""
    heads = np.zeros(len(passage.tokens), dtype=bool)
    heads[list(gold_heads(passage))] = True
    return heads


def cue_batch(passage: Passage, exceptions: Flags, style: int) -> tuple[Batch, Numbers]:
    """Every candidate of a passage with whether it heads a cue; stretches that are no article are left out."""
    features = CueFeatures(passage.tokens, style)
    which = candidates(passage.tokens, exceptions)
    which = which[~passage.discarded[which]]
    gold = np.isin(which, list(gold_heads(passage))).astype(np.int64)
    return Batch(features.of(which, DEEP_BITS), passage.tokens.tensor, gold, np.ones(len(which), dtype=np.int64)), which


def role_batch(passage: Passage, certainty: npt.NDArray[np.float32], style: int) -> Batch | None:
    """A window for every gold cue; `certainty` is what a model that has not seen the passage says of its cues.

    Windows of wrong cues are not shown: with them the model leaves one true cue in six without a content.
    """
    tokens = passage.tokens
    heads = gold_heads(passage)
    cues = np.array(sorted(heads), dtype=np.int64)
    if not len(cues):
        return None
    seen = windows(tokens, cues, COLON)
    cue, token = seen.pairs()
    labels = []
    for head, start, end in zip(cues.tolist(), seen.start.tolist(), seen.end.tolist(), strict=True):
        row = np.zeros(len(tokens), dtype=np.int64)
        for label, role in (("C", "content"), ("S", "source"), ("V", "cue")):
            row[heads[head][role]] = LABELS.index(label)
        labels.append(row[start:end])
    features = RoleFeatures(tokens, certainty, style).of(cue, token, DEEP_BITS)
    return Batch(features, passage.tokens.tensor, np.concatenate(labels), seen.sizes)
