"""The spaCy pipeline under the engine: which one, loaded once per process."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import Lemmatizer

SETTING = "HEARSAY_PIPELINE"
SHIPPED = Path(__file__).resolve().parent.parent / "models" / "en_hearsay_base-0.1.0"
ENGINE_NAME = "hearsay-rules"
ENGINE_VERSION = "0.1.0"
NEEDED = ("tagger", "parser")
LEARNT_ONLY = frozenset(("token.lemma", "token.morph", "token.pos"))
"""What the learnt labeller reads and the rules do not, by spaCy's names."""


class PipelineMissing(RuntimeError):
    """The spaCy pipeline the engine is set to is not there, or cannot do what the engine needs."""


def pipeline_name() -> str:
    """The folder or installed package that holds the pipeline: `HEARSAY_PIPELINE`, else the one in the checkout."""
    return os.environ.get(SETTING, "").strip() or str(SHIPPED)


@cache
def load() -> Language:
    """The pipeline, loaded on the first call. Raises PipelineMissing, which says what to do."""
    name = pipeline_name()
    folder = Path(name)
    if not (folder / "meta.json").is_file() and (os.sep in name or find_spec(name) is None):
        raise PipelineMissing(
            f"There is no spaCy pipeline at {name}. Set {SETTING} to a pipeline's folder or to an installed "
            f"package, or unset it to use the shipped one in {SHIPPED} (built by training/project.yml)."
        )
    import spacy  # noqa: PLC0415  (takes a second; the package is imported where nothing is parsed, too)

    from extraction.gemm import use_numpy_gemm  # noqa: PLC0415  (for the same reason)

    use_numpy_gemm()
    nlp = spacy.load(name)
    missing = [component for component in NEEDED if component not in nlp.pipe_names]
    if missing:
        raise PipelineMissing(
            f"The spaCy pipeline {name} has no {' and no '.join(missing)}. "
            f"Set {SETTING} to one that tags and parses English."
        )
    return nlp


@cache
def not_for_rules() -> list[str]:
    """The components that the rules can do without: they make nothing but lemmas and parts of speech."""
    nlp = load()
    made = {name: set(nlp.get_pipe_meta(name).assigns) for name in nlp.pipe_names}
    return [name for name, attributes in made.items() if attributes and attributes <= LEARNT_ONLY]


@cache
def lemmatizer() -> Lemmatizer | None:
    """The pipeline's lemmatizer, where a lemma follows from form, part of speech and inflection alone."""
    from spacy.pipeline import Lemmatizer  # noqa: PLC0415  (as above)

    return next((component for _, component in load().pipeline if isinstance(component, Lemmatizer)), None)


@cache
def not_for_labeller() -> list[str]:
    """The lemmatizer, if it can be asked: the learnt labeller asks it once for each word, not for each token."""
    return [name for name, component in load().pipeline if component is lemmatizer()]


@cache
def engine_version() -> tuple[str, str]:
    """Name and version to record on every claim: ("hearsay-rules", "0.1.0+en_hearsay_base-0.1.0")."""
    meta = load().meta
    return ENGINE_NAME, f"{ENGINE_VERSION}+{meta['lang']}_{meta['name']}-{meta['version']}"
