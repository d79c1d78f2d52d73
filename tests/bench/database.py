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

NAME = "hearsay_bench"


@contextlib.contextmanager
def bench_database(*, anew: bool = False) -> Iterator[str]:
    """The URL of the database, with Django set up on it. HEARSAY_BENCH_URL names another than the private cluster's.

    anew: an empty one, whatever was there before.
    """
    if chosen := os.environ.get("HEARSAY_BENCH_URL"):
        _set_up_django(chosen)
        yield chosen
        return
    cluster = private_cluster()
    with cluster.borrowed():
        with psycopg.connect(cluster.url("postgres"), autocommit=True) as admin:
            if anew:
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))
                admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
            elif not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                sys.exit("There is no data to measure with. Make it first: make bench-data")
        url = cluster.url(NAME)
        _set_up_django(url)
        yield url


def _set_up_django(url: str) -> None:
    os.environ["DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"  # importing config named the other ones
    django.setup()
