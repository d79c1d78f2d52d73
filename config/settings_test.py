"""Settings for the tests: the same, with a fixed key, plain http and quick password hashing."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("HEARSAY_HTTPS", "false")

from config.settings import *  # noqa: F403 -- a settings module takes all of the other's names

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 -- from config.settings; nothing may hold on to a test's database
HEARSAY_API_CALLS_PER_MINUTE = {"reading": 0, "changing": 0}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # static files straight from the apps: nothing has been collected
JOB_KINDS = {**JOB_KINDS, "rehearsal": "tests.exchange.rehearsal.REHEARSAL"}  # noqa: F405 -- from config.settings
