"""The database that the measurements run on: one of its own, beside the one people work with."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator

import django
import psycopg
from psycopg import sql

from config.postgres import private_cluster

MILLION = 1_000_000


def name_for(claims: int) -> str:
    """Each size has a database of its own, so that a smaller one does not take the place of the million."""
    return "hearsay_bench" if claims == MILLION else f"hearsay_bench_{claims}"


@contextlib.contextmanager
def bench_database(*, claims: int = MILLION, anew: bool = False) -> Iterator[str]:
    """The URL of the database, with Django set up on it. HEARSAY_BENCH_URL names another than the private cluster's.

    anew: an empty one, whatever was there before.
    """
    name = name_for(claims)
    if chosen := os.environ.get("HEARSAY_BENCH_URL"):
        _set_up_django(chosen)
        yield chosen
        return
    cluster = private_cluster()
    with cluster.borrowed():
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as admin:
            if anew:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            elif not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                sys.exit("There is no data to measure with. Make it first: make bench-data")
        url = cluster.url(name)
        _set_up_django(url)
        yield url


def _set_up_django(url: str) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"  # importing config named the other ones
    django.setup()
