"""Trains floret vectors on raw text: a fixed table of rows that gives every word, also an unseen one, a vector.

    python -m training.scripts.vectors RAW.txt OUT.floret

`python -m spacy init vectors en OUT.floret FOLDER --mode floret --attr LOWER` then makes them loadable.
"""

from __future__ import annotations

import sys
from pathlib import Path

import floret

DIMENSIONS = 96
ROWS = 20_000
EPOCHS = 15


def main(raw: Path, out: Path) -> None:
    model = floret.train_unsupervised(
        str(raw),
        model="cbow",
        mode="floret",
        hashCount=2,
        bucket=ROWS,
        minn=4,
        maxn=5,
        dim=DIMENSIONS,
        epoch=EPOCHS,
        minCount=5,
        ws=5,
        neg=10,
        lr=0.05,
        thread=1,
    )
    model.save_floret_vectors(str(out))
    for word in ("officials", "stated", "algerian", "denied", "january"):
        print(word, [neighbour for _, neighbour in model.get_nearest_neighbors(word)[:6]])


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
