"""The seed memo, read and extracted by the real engine, and an analyst who may review it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.models import User
from documents import leases
from documents.models import Collection, Document
from documents.services import store_document
from ingest.processing import process
from tests.factories import CollectionFactory, UserFactory

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PASSWORD = "correct horse battery"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", metavar="FOLDER", help="Make the pictures of the documentation into this folder.")


def ingested(name: str, collection: Collection) -> Document:
    """A sample document after a worker would have been through with it."""
    return ingested_bytes((SAMPLES / name).read_bytes(), name, collection)


def ingested_bytes(data: bytes, name: str, collection: Collection) -> Document:
    document, _ = store_document(data, name=name, collection=collection)
    holder = leases.take(document.pk)
    assert holder is not None
    process(document.pk, holder)
    document.refresh_from_db()
    return document


@pytest.fixture
def analyst(transactional_db: None) -> User:
    return UserFactory(username="ana", first_name="Ana", last_name="Lindqvist")


@pytest.fixture
def seed_memo(analyst: User) -> Document:
    return ingested("C05797165.txt", CollectionFactory(name="Algeria 2013", members=[analyst]))


@pytest.fixture(autouse=True, scope="session")
def patience() -> None:
    """Five seconds are short on a machine that runs a worker and a database beside the browser."""
    expect.set_options(timeout=20_000)
