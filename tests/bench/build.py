"""`make bench-data`: a database of a million claims, by COPY, in a few minutes."""

# ruff: noqa: S608, T201 -- a command, whose queries are made of its own words
from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Iterator

import psycopg
from django.core.management import call_command
from psycopg import sql

from tests.bench.database import MILLION, bench_database
from tests.bench.rows import Archive


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=MILLION, metavar="N")
    claims = parser.parse_args().claims
    with bench_database(claims=claims, anew=True) as url:
        step("an empty database")
        call_command("migrate", verbosity=0)
        analysts = _people()
        step(f"{claims:,} claims thought out")
        archive = Archive(claims=claims, analysts=analysts)
        with psycopg.connect(url) as connection, _without_checks(connection):
            for heading, rows in archive.tables():
                step(heading.split(" ")[0])
                with connection.cursor().copy(f"COPY {heading} FROM STDIN") as copy:  # type: ignore[arg-type]  # our own words
                    for row in rows:
                        copy.write_row(row)
            _set_sequences(connection)
            step("indexes")
        with psycopg.connect(url, autocommit=True) as connection:
            step("parts of texts")  # which a trigger writes otherwise
            connection.execute("SELECT documents_index_layer(id) FROM documents_textlayer")
            step("statistics")
            connection.execute("VACUUM (ANALYZE)")
        step("done")


def _people() -> list[int]:
    from accounts.services import create_user

    roles = ("analyst", "reviewer", "admin")
    return [create_user(f"bench-{role}", password="correct horse battery", role=role).pk for role in roles]


_ALTER = sql.SQL("ALTER TABLE {} ALTER COLUMN {} {}")
_OURS = "~ '^(documents|sources|claims)_'"
_TRIGGERS = f"""
SELECT format('ALTER TABLE %s DISABLE TRIGGER USER', oid::regclass),
    format('ALTER TABLE %s ENABLE TRIGGER USER', oid::regclass)
FROM pg_class WHERE relkind = 'r' AND relname {_OURS}
"""
_FOREIGN_KEYS = f"""
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text {_OURS}
"""
_INDEXES = f"""
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE indrelid::regclass::text {_OURS} AND indrelid::regclass::text !~ 'event$'
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextlib.contextmanager
def _without_checks(connection: psycopg.Connection) -> Iterator[None]:
    """No triggers while rows come in, and each foreign key checked and each index made once when all are there.

    In one transaction: a build that breaks off leaves nothing.
    """
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    defaults = list(_defaults())
    for table, column, value in defaults:
        connection.execute(_ALTER.format(table, column, sql.SQL("SET DEFAULT {}").format(value)))
    steps = [row for query in (_TRIGGERS, _FOREIGN_KEYS, _INDEXES) for row in connection.execute(query).fetchall()]
    for off, _ in steps:
        connection.execute(off)
    yield
    for _, on in reversed(steps):
        connection.execute(on)
    for table, column, _ in defaults:
        connection.execute(_ALTER.format(table, column, sql.SQL("DROP DEFAULT")))


def _defaults() -> Iterator[tuple[sql.Identifier, sql.Identifier, sql.Composable]]:
    """What our models write into columns that the rows do not name. Django keeps it from the database."""
    from django.apps import apps
    from django.db import connection

    for model in (
        model for name in ("documents", "sources", "claims") for model in apps.get_app_config(name).get_models()
    ):
        for field in model._meta.local_concrete_fields:
            if field.null or field.primary_key or field.generated or field.is_relation:
                continue
            value = field.get_db_prep_save(field.get_default(), connection)
            if value is not None:
                yield sql.Identifier(model._meta.db_table), sql.Identifier(field.column), sql.Literal(value)


def _set_sequences(connection: psycopg.Connection) -> None:
    tables = connection.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' "
        "AND is_identity = 'YES' AND table_name ~ '^(documents|sources|claims)_' AND table_name !~ 'event$'"
    ).fetchall()
    for (table,) in tables:
        connection.execute(
            sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), greatest(1, (SELECT max(id) FROM {})))").format(
                table, sql.Identifier(table)
            )
        )


_started = time.monotonic()


def step(what: str) -> None:
    print(f"{time.monotonic() - _started:7.1f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
