"""The tests' PostgreSQL: one cluster, one migrated template per state of the migrations, one clone per test process.

Cloning a template takes a seventh of a second on a cluster that need not survive a power cut; migrating takes many.
"""

import contextlib
import hashlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.postgres import CHECKOUT, cluster_for_tests, django_database

TEMPLATE_LOCK = 0x74656D70  # key of the advisory lock around making the template


@contextlib.contextmanager
def server_for_tests() -> Iterator[str]:
    """The URL of a running server. TEST_DATABASE_URL chooses another than this checkout's test cluster."""
    if chosen := os.environ.get("TEST_DATABASE_URL"):
        yield chosen
        return
    cluster = cluster_for_tests()
    with cluster.borrowed():
        yield cluster.url("postgres")


class TestDatabase:
    """A database for one test process, cloned from the migrated template; `reset()` gives a fresh clone."""

    __test__ = False

    def __init__(self, server_url: str, *, worker: str) -> None:
        self._admin_settings = django_database(server_url)
        self._admin_url = server_url
        self.name = f"hearsay_test_{worker}_{os.getpid()}"
        self.template = f"hearsay_template_{_migrations_digest()}"

    @property
    def url(self) -> str:
        """For another process that is to work on this database."""
        parts = psycopg.conninfo.conninfo_to_dict(self._admin_url)
        parts["dbname"] = self.name
        return psycopg.conninfo.make_conninfo(**parts)

    def create(self) -> None:
        with self._administration() as admin:
            admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
            _drop_leftovers(admin)
            if not _exists(admin, self.template):
                self._build_template(admin)
            admin.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
        self.reset()

    def reset(self) -> None:
        connections.close_all()
        with self._administration() as admin:
            _drop(admin, self.name)
            command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            admin.execute(command.format(sql.Identifier(self.name), sql.Identifier(self.template)))
        self._point_django_at(self.name)

    def empty_queues(self) -> None:
        """Drop messages that earlier tests sent: sending is no part of the transaction a test rolls back."""
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pgmq.purge_queue(queue_name) FROM pgmq.meta")

    def drop(self) -> None:
        connections.close_all()
        with self._administration() as admin:
            _drop(admin, self.name)

    def _build_template(self, admin: psycopg.Connection[Any]) -> None:
        unfinished = f"hearsay_test_template_{os.getpid()}"
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
        self._point_django_at(unfinished)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("setup_broker", stdout=io.StringIO())
        connections.close_all()
        for name in _names_like(admin, "hearsay_template_%"):
            _drop(admin, name)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        admin.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(self.template)))

    def _point_django_at(self, name: str) -> None:
        connections.close_all()
        connections["default"].settings_dict.update({**self._admin_settings, "NAME": name})

    @contextlib.contextmanager
    def _administration(self) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(self._admin_url, autocommit=True) as admin:
            yield admin


def _migrations_digest() -> str:
    """Changes with everything that shapes the migrated database: our migrations, the roles, the packages' versions."""
    digest = hashlib.sha256()
    shaping = [CHECKOUT / "accounts" / "roles.py", CHECKOUT / "requirements.txt"]
    for path in [*sorted(CHECKOUT.glob("*/migrations/*.py")), *shaping]:
        digest.update(str(path.relative_to(CHECKOUT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _drop_leftovers(admin: psycopg.Connection[Any]) -> None:
    """Drop databases of test processes that were killed."""
    for name in _names_like(admin, "hearsay_test_%"):
        found = re.fullmatch(r"hearsay_test_\w+_(\d+)", name)
        if found and not _alive(int(found.group(1))):
            _drop(admin, name)


def _alive(pid: int) -> bool:
    if Path("/proc/self").exists():
        return Path(f"/proc/{pid}").exists()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _names_like(admin: psycopg.Connection[Any], pattern: str) -> list[str]:
    return [row[0] for row in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])]


def _exists(admin: psycopg.Connection[Any], name: str) -> bool:
    return name in _names_like(admin, name)


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
