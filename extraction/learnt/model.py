"""The learnt labeller's two models on disk: one .npz of plain arrays and one .json that says what they are."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from extraction.learnt.network import Array

SETTING = "HEARSAY_ROLES"
SHIPPED = Path(__file__).resolve().parents[2] / "models" / "roles-default-0.1.0"
CUE, ROLE = "cue", "role"


class ModelMissing(RuntimeError):
    """The learnt labeller's model is not where it should be, or does not fit the pipeline."""


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of both models, and the certainty a cue needs in each style (0 to 1)."""

    name: str
    cue: dict[str, Array]
    role: dict[str, Array]
    thresholds: dict[str, float]
    vector_width: int

    def save(self, folder: Path, facts: dict[str, object]) -> None:
        """Writes model.npz and meta.json; weights are kept in half precision."""
        folder.mkdir(parents=True, exist_ok=True)
        arrays = {f"{CUE}.{name}": weights.astype(np.float16) for name, weights in self.cue.items()}
        arrays |= {f"{ROLE}.{name}": weights.astype(np.float16) for name, weights in self.role.items()}
        np.savez_compressed(folder / "model.npz", allow_pickle=False, **arrays)
        meta = {"name": self.name, "thresholds": self.thresholds, "vector_width": self.vector_width, **facts}
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
        parts: dict[str, dict[str, Array]] = {CUE: {}, ROLE: {}}
        with np.load(folder / "model.npz", allow_pickle=False) as archive:
            for key in archive.files:
                part, name = key.split(".", maxsplit=1)
                parts[part][name] = archive[key].astype(np.float32)
        return cls(meta["name"], parts[CUE], parts[ROLE], meta["thresholds"], meta["vector_width"])


@cache
def shipped() -> Model:
    """The model that `HEARSAY_ROLES` names, else the one in the checkout; read once per process."""
    return Model.read(Path(os.environ.get(SETTING, "").strip() or SHIPPED))
