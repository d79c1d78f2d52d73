"""Celery's message queues in PostgreSQL: their installation and the transport that reads and writes them."""

import os
from typing import Any

import psycopg
from django.db import connections
from kombu.transport import pgmq
from pgmq import PGMQueue, get_embedded_sql_version, install_pgmq_from_sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

POOL_TIMEOUT = 5.0  # seconds a sender waits for a connection before it gives up
INSTALL_LOCK = 0x48656172  # key of the advisory lock that lets one process install the queues


class PostgresTransport(pgmq.Transport):
    """kombu's pgmq transport on the database Django uses at that moment, with all its connection parameters.

    The original keeps five of the parameters (no TLS settings), unquoted. Here a test that works on a database of
    its own gets its queues there too. A client is never carried over a fork: two processes would share one socket.
    """

    _pool: ConnectionPool | None = None
    _pool_owner: int | None = None

    def _get_pgmq_client(self) -> PGMQueue:
        if self._pool_owner != os.getpid():
            self._pgmq_client = None
        return super()._get_pgmq_client()

    def _create_pgmq_client(self) -> PGMQueue:
        self._pool_owner = os.getpid()
        self._pool = ConnectionPool(
            database_conninfo(), min_size=1, max_size=4, timeout=POOL_TIMEOUT, num_workers=1, open=True, name="broker"
        )
        return PGMQueue(pool=self._pool, conn_string=None, init_extension=False)

    def close_connection(self, connection: object) -> None:
        self._pgmq_client, pool, self._pool = None, self._pool, None
        super().close_connection(connection)
        if pool is not None and self._pool_owner == os.getpid():
            pool.close()


def database_conninfo(alias: str = "default") -> str:
    """libpq's connection string of a Django database as it is now."""
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    parameters = connections[alias].get_connection_params()
    return make_conninfo(**{name: value for name, value in parameters.items() if name in known and value is not None})


def install_queues(conninfo: str) -> bool:
    """Install pgmq's tables and functions once, as a plain database owner. Returns whether this call did it."""
    with psycopg.connect(conninfo, autocommit=False) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [INSTALL_LOCK])
        if _queues_exist(connection):
            return False
        install_pgmq_from_sql(conn=connection)
        connection.execute(f"COMMENT ON SCHEMA pgmq IS 'pgmq {get_embedded_sql_version()}, installed by Hearsay'")
    return True


def _queues_exist(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("SELECT to_regclass('pgmq.meta')").fetchone() != (None,)
