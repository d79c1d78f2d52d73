"""The learnt labeller's two models on disk: one .npz of plain arrays and one .json that says what they are."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extraction.learnt.network import Array
from extraction.learnt.tokens import Flags

SETTING = "HEARSAY_ROLES"
SHIPPED = Path(__file__).resolve().parents[2] / "models" / "roles-default-0.1.0"
CUE, ROLE, CREDITS = "cue", "role", "credits"
EXCEPTIONS = "exceptions"
SCALE = ".scale"
LONG = 1024
"""Rows from which on a table is kept as whole numbers of eight bits, with a scale for each row."""


class ModelMissing(RuntimeError):
    """The learnt labeller's model is not where it should be, or does not fit the pipeline."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of both models, and of what is expected of what they find."""

    name: str
    exceptions: Flags
    """Which words `candidates.candidates` looks at, against their part of speech."""
    cue: dict[str, Array]
    role: dict[str, Array]
    credits: dict[str, Array]
    """Of `assessment.expect`."""
    vector_width: int
    style: str = "news"
    """In which `--outermost` asks for attributions."""
    rules_first: bool = False
    """Are attributions of the rules taken before those learnt, for `--outermost`?"""

    def save(self, folder: Path, facts: dict[str, object]) -> None:
        """Writes model.npz and meta.json; weights are kept in eight bits, those of small tables in sixteen."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays: dict[str, npt.NDArray[np.generic]] = {EXCEPTIONS: np.packbits(self.exceptions)}
        for part, weights in ((CUE, self.cue), (ROLE, self.role), (CREDITS, self.credits)):
            for name, array in weights.items():
                arrays |= _packed(f"{part}.{name}", array)
        np.savez_compressed(folder / "model.npz", allow_pickle=False, **arrays)
        meta = {"name": self.name, "vector_width": self.vector_width, "style": self.style}
        meta |= {"rules_first": self.rules_first, **facts}
        (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Model:
        """The model in `folder`. Raises ModelMissing, which says what to do."""
        if not (folder / "model.npz").is_file() or not (folder / "meta.json").is_file():
            raise ModelMissing(
                f"There is no role model in {folder}. Set {SETTING} to a folder that "
                "`python -m training.roles build` has made."
            )
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        parts: dict[str, dict[str, Array]] = {CUE: {}, ROLE: {}, CREDITS: {}}
        with np.load(folder / "model.npz", allow_pickle=False) as archive:
            arrays = {key: archive[key] for key in archive.files}
        exceptions = np.unpackbits(arrays.pop(EXCEPTIONS)).astype(bool)
        for key in arrays:
            part, name = key.split(".", maxsplit=1)
            if not name.endswith(SCALE):
                parts[part][name] = _unpacked(key, arrays)
        return cls(
            meta["name"], exceptions, parts[CUE], parts[ROLE], parts[CREDITS],
            meta["vector_width"], meta["style"], meta["rules_first"],
        )  # fmt: skip


def _packed(key: str, weights: Array) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays that a table of weights is kept as."""
    if weights.ndim < 2 or len(weights) < LONG:
        return {key: weights.astype(np.float16)}
    scale = (np.abs(weights).max(axis=1, keepdims=True) / 127).astype(np.float16).astype(np.float32)
    steps = np.divide(weights, scale, out=np.zeros_like(weights), where=scale > 0)
    return {key: np.clip(np.rint(steps), -127, 127).astype(np.int8), key + SCALE: scale.astype(np.float16)}


def _unpacked(key: str, arrays: dict[str, npt.NDArray[np.generic]]) -> Array:
    weights = arrays[key].astype(np.float32)
    scale = arrays.get(key + SCALE)
    return weights if scale is None else weights * scale.astype(np.float32)


@cache
def shipped() -> Model:
    """The model that `HEARSAY_ROLES` names, else the one in the checkout; read once per process."""
    return Model.read(Path(os.environ.get(SETTING, "").strip() or SHIPPED))
