"""`spacy train` for our configs.

    python -m training.scripts.train CONFIG.cfg OUT [--paths.vectors FOLDER ...]

It differs from the command in three points: our readers are registered, matrices are multiplied by numpy, and labels
are collected from a whole epoch although training streams (spaCy looks at the first 100 examples of a stream only,
which loses every rare label).
"""

from __future__ import annotations

import sys
from pathlib import Path

from spacy.cli._util import parse_config_overrides
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config

from extraction.gemm import use_numpy_gemm
from training.scripts import entity_examples, treebank_examples  # noqa: F401  (registers the readers the configs name)

WHOLE_EPOCH = 0
STREAM = -1


def main(config_file: Path, out: Path, overrides: list[str]) -> None:
    use_numpy_gemm()
    config = load_config(config_file, overrides=parse_config_overrides(overrides), interpolate=False)
    config["training"]["max_epochs"] = WHOLE_EPOCH
    nlp = init_nlp(config)
    nlp.config["training"]["max_epochs"] = STREAM
    out.mkdir(parents=True, exist_ok=True)
    train(nlp, out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
