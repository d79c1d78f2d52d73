"""Where the corpora lie: one place that knows the layout of the shared folder."""

from __future__ import annotations

import os
from pathlib import Path


class CorporaMissing(RuntimeError):
    """The folder with the corpora is not named or does not exist."""


def shared_folder() -> Path:
    """The folder that holds corpora/ and documents/, named by the environment variable HEARSAY_SHARED."""
    named = os.environ.get("HEARSAY_SHARED", "")
    if not named or not Path(named).is_dir():
        raise CorporaMissing(
            "Set HEARSAY_SHARED to the folder that holds corpora/ and documents/; see training/README.md."
        )
    return Path(named)


def treebank(name: str) -> Path:
    """The CoNLL-U file of a treebank part such as "ewt-train" or "gum-test"."""
    folder = shared_folder() / "corpora" / "treebank"
    corpus, _, part = name.partition("-")
    files = {
        "ewt": folder / "ewt" / f"en_ewt-ud-{part}.conllu",
        "gum": folder / "gum-open" / f"gum-{part}.conllu",
        "pud": folder / "pud" / "en_pud-ud-test.conllu",
    }
    return files[corpus]
