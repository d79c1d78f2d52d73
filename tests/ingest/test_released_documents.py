"""Real releases, which do not stand in the repository: HEARSAY_SHARED names the folder that holds `documents/foia`."""

import os
import re
from pathlib import Path

import pytest

from claims.models import Claim
from documents.leases import take
from documents.models import Document
from ingest.intake import receive
from ingest.processing import process
from tests.factories import CollectionFactory

BANNER = re.compile(
    r"U\.S\. Department of State|Case No\.|Doc No\.|STATE DEPT\. - PRODUCED|SUBJECT TO AGREEMENT|"
    r"RELEASE IN (PART|FULL)|\f|^\s*(B[1-9]|1\.4\([A-Z]\))\s*$|\s{6,}(B[1-9]|1\.4\([A-Z]\))\s*$",
    re.MULTILINE,
)


def released_files() -> list[Path]:
    return sorted(Path(os.environ.get("HEARSAY_SHARED", "/nowhere"), "documents/foia").glob("*.txt"))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(not released_files(), reason="HEARSAY_SHARED names no folder with documents/foia")
def test_every_release_is_read_and_no_banner_stands_inside_a_quote():
    collection = CollectionFactory()

    for path in released_files():
        document, _ = receive(path.read_bytes(), name=path.name, collection=collection)
        process(document.pk, take(document.pk))

    assert not Document.objects.failed().exists()
    assert not Document.objects.unfinished().exists()
    text_of = dict(Document.objects.values_list("id", "layers__text"))
    for claim in Claim.objects.select_related("layer"):
        text = text_of[claim.layer.document_id]
        for role in ("source", "cue", "content", "circumstance"):
            quote = getattr(claim, f"{role}_quote")
            assert " ".join(text[start:end] for start, end in getattr(claim, f"{role}_fragments")) == quote
            assert not BANNER.search(quote), f"document {claim.layer.document_id}, claim {claim.pk}: {quote!r}"
