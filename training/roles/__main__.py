"""Builds and measures the learnt role labeller.

python -m training.roles build --build default|open
python -m training.roles evaluate --build default|open
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from extraction.gemm import use_numpy_gemm
from extraction.learnt.model import Model
from training.roles.building import BUILDS, MODELS, VERSION, development, train
from training.roles.evaluating import evaluate
from training.scripts.corpus_paths import CorporaMissing, shared_folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m training.roles", description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("command", choices=("build", "evaluate"))
    parser.add_argument("--build", choices=sorted(BUILDS), default="default")
    given = parser.parse_args()
    try:
        shared_folder()
    except CorporaMissing as missing:
        print(missing, file=sys.stderr)
        return 1
    use_numpy_gemm()
    build = BUILDS[given.build]
    folder = MODELS / f"roles-{build.name}-{VERSION}"
    if given.command == "evaluate":
        print(json.dumps(evaluate(Model.read(folder), {part.style for part in build.parts}), indent=1))
        return 0
    started = time.process_time()
    model = train(build)
    minutes = round((time.process_time() - started) / 60, 1)
    facts: dict[str, object] = {"corpora": [part.corpus for part in build.parts], "cpu_minutes": minutes}
    model.save(folder, facts)
    figures = development(build, Model.read(folder))
    model.save(folder, facts | {"development": figures})
    print(json.dumps(figures, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
