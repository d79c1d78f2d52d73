"""Django wiring: settings, addresses, the API's shape, background work, and the command that runs it all."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
