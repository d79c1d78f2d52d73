"""Celery's queues in our PostgreSQL: installed once, on the database Django uses, never shared over a fork."""

import os

import psycopg
import pytest
from celery import current_app
from django.core.management import call_command
from django.db import connection, connections
from kombu import Connection
from psycopg.conninfo import conninfo_to_dict

from config.broker import celery_settings
from ingest.queues import PostgresTransport, database_conninfo, install_queues


def open_transport() -> PostgresTransport:
    settings = celery_settings()
    return PostgresTransport(
        Connection(
            settings["broker_url"],
            transport=settings["broker_transport"],
            transport_options=settings["broker_transport_options"],
        )
    )


def test_the_queues_get_every_connection_parameter_django_has(monkeypatch: pytest.MonkeyPatch):
    real = connections["default"]  # the proxy would lose the attribute when the patch is undone
    database = {**real.settings_dict, "PASSWORD": "two words'", "HOST": "db.example", "PORT": "6432"}
    database["OPTIONS"] = {"sslmode": "verify-full", "pool": False}
    monkeypatch.setattr(real, "settings_dict", database)

    parameters = conninfo_to_dict(database_conninfo())

    assert (parameters["password"], parameters["host"], parameters["port"]) == ("two words'", "db.example", "6432")
    assert parameters["sslmode"] == "verify-full"
    assert "pool" not in parameters


@pytest.mark.django_db(transaction=True)
def test_installing_twice_changes_nothing_the_second_time(capsys: pytest.CaptureFixture[str]):
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA pgmq CASCADE")

    call_command("setup_broker")
    call_command("setup_broker")

    assert capsys.readouterr().out.splitlines() == ["Message queues installed.", "Message queues are already there."]
    with psycopg.connect(database_conninfo()) as other:
        other.execute("SELECT pgmq.create('works')")
        assert other.execute("SELECT queue_name FROM pgmq.list_queues()").fetchall() == [("works",)]
    assert install_queues(database_conninfo()) is False


def test_another_broker_needs_no_queues_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setitem(current_app.conf, "broker_url", "amqp://broker.example")

    call_command("setup_broker")

    assert capsys.readouterr().out == "Another broker is configured; PostgreSQL needs no queues.\n"


@pytest.mark.django_db
def test_a_child_process_gets_a_client_of_its_own_and_leaves_the_parents_open(monkeypatch: pytest.MonkeyPatch):
    transport = open_transport()
    parents = transport._get_pgmq_client()
    assert transport._get_pgmq_client() is parents

    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        childs = transport._get_pgmq_client()
        assert childs is not parents
        transport.close_connection(transport)

    assert childs.pool.closed
    assert not parents.pool.closed
    parents.pool.close()


@pytest.mark.django_db
def test_closing_in_a_child_that_never_opened_a_client_leaves_the_parents_open(monkeypatch: pytest.MonkeyPatch):
    transport = open_transport()
    parents = transport._get_pgmq_client()

    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        transport.close_connection(transport)

    assert not parents.pool.closed
    parents.pool.close()


def test_a_message_broker_replaces_the_queues_and_redis_gives_lost_messages_back_soon():
    amqp = celery_settings("amqp://broker.example")
    redis = celery_settings("redis://broker.example")

    assert amqp["broker_url"] == "amqp://broker.example"
    assert "broker_transport" not in amqp
    assert redis["broker_transport_options"]["unacked_restore_interval"] == 5
    assert redis["broker_transport_options"]["unacked_restore_throttle"] == 1
