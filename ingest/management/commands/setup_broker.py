"""`manage.py setup_broker`: make the message queues' tables, where PostgreSQL is the broker. Safe to repeat."""

from celery import current_app
from django.core.management.base import BaseCommand

from ingest.queues import database_conninfo, install_queues


class Command(BaseCommand):
    help = "Install the PostgreSQL message queue (pgmq) that Celery uses when CELERY_BROKER_URL is not set."

    def handle(self, *args: object, **options: object) -> None:
        if not str(current_app.conf.broker_url).startswith("pgmq:"):
            self.stdout.write("Another broker is configured; PostgreSQL needs no queues.")
        elif install_queues(database_conninfo()):
            self.stdout.write("Message queues installed.")
        else:
            self.stdout.write("Message queues are already there.")
