"""How Celery's messages travel: over our own PostgreSQL (`ingest/queues.py`), or over the broker in CELERY_BROKER_URL.

The broker is only the bell: what must not be lost is a row in the database before any message is sent.
"""

from typing import Any

POSTGRES_BROKER_URL = "pgmq://django-database"  # the transport asks Django where that is
VISIBILITY_TIMEOUT = 30 * 60  # seconds; a message read and not acknowledged is delivered again after this
POLLING_INTERVAL = 0.1  # seconds between two looks into an empty queue; half of it is the usual latency

WORKER_FLAGS = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


def celery_settings(broker_url: str = "") -> dict[str, Any]:
    """Celery's broker settings, for `app.conf.update()`.

    broker_url: another broker (amqp://, redis://); empty for the PostgreSQL that Django uses.
    """
    if broker_url not in ("", POSTGRES_BROKER_URL):
        return {
            "broker_url": broker_url,
            "broker_transport_options": _options_for(broker_url),
            "broker_connection_retry_on_startup": True,
        }
    return {
        "broker_url": POSTGRES_BROKER_URL,
        "broker_transport": "ingest.queues:PostgresTransport",
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_TIMEOUT,
            "polling_interval": POLLING_INTERVAL,
            # A long poll blocks every other queue of the worker, and holds a transaction open meanwhile.
            "wait_time_seconds": 0,
        },
        "broker_connection_retry_on_startup": True,
        # Remote control would poll a queue table per worker host, and leave it behind.
        "worker_enable_remote_control": False,
    }


def _options_for(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith(("redis", "valkey", "sentinel")):
        # The defaults give an unacknowledged message back only after an hour and 100 seconds.
        return {"visibility_timeout": VISIBILITY_TIMEOUT, "unacked_restore_interval": 5, "unacked_restore_throttle": 1}
    return {}
