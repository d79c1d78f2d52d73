"""All settings. Values come from the environment, or from the file `env` that `make run` keeps in its state folder."""

from __future__ import annotations

from pathlib import Path

import django_stubs_ext
import environ
import pghistory
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF

from config import broker, postgres

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(str(postgres.state_folder() / "env"))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config.apps.HearsayAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "accounts",
    "documents",
    "sources",
    "claims",
    "ingest",
    "exchange",
    "review",
]
MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.middleware.StorableFormMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.middleware.CollisionMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------
DATABASE_URL = env("DATABASE_URL", default=postgres.default_url())
DATABASES = {
    "default": {
        **postgres.django_database(DATABASE_URL),
        "CONN_MAX_AGE": 60,  # seconds; a page on a new connection takes a third longer: PostgreSQL's caches are its own
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_APPEND_ONLY = True
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")

# --- People -----------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.RolesBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "front:front"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_ENABLE_ADMIN = False
KNOX_TOKEN_MODEL = "accounts.ApiKey"  # noqa: S105 -- the name of a model
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "TOKEN_PREFIX": "hs_"}

# --- Web --------------------------------------------------------------------------------------------------------------
HTTPS = env.bool("HEARSAY_HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("HEARSAY_BEHIND_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
ADMIN_PATH = env("HEARSAY_ADMIN_PATH", default="records/")
HEARSAY_HIDE_SUGGESTION = env.bool("HEARSAY_HIDE_SUGGESTION", default=True)
"""Whether analysts choose a letter for a source before they see what its verdicts suggest."""
HEARSAY_HALF_LIFE_DAYS = env.float("HEARSAY_HALF_LIFE_DAYS", default=730.0)
"""After so many days a verdict weighs half in a source's record; 0: verdicts do not age."""
MAX_UPLOAD_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
STATIC_URL = "static/"
STATIC_ROOT = env.path("HEARSAY_STATIC_ROOT", default=str(postgres.state_folder() / "static"))
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is stored as a file: ADR 0003
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.KeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.ScopedPermission"],
    "DEFAULT_THROTTLE_CLASSES": ["config.api.throttling.CallerThrottle"],
    "DEFAULT_PAGINATION_CLASS": "config.api.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["config.api.filters.StrictFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["config.api.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "EXCEPTION_HANDLER": "config.api.errors.error_response",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
HEARSAY_API_CALLS_PER_MINUTE = {
    "reading": env.int("HEARSAY_API_READS_PER_MINUTE", default=1200),
    "changing": env.int("HEARSAY_API_CHANGES_PER_MINUTE", default=300),
}
"""Of one key, or of one person logged in; 0: as many as they like."""
SPECTACULAR_SETTINGS = {
    "TITLE": "Hearsay",
    "DESCRIPTION": "Who said it, how do we know, how often has that source been right.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "config.api.bounds.tell_bounds"],
    "APPEND_COMPONENTS": {
        "headers": {
            "ETag": {
                "description": "Names the row's state; goes into If-Match.",
                "schema": {"type": "string", "examples": ['"v3"']},
            },
            "RateLimit": {
                "description": "What is left: `r` calls for `t` seconds.",
                "schema": {"type": "string", "examples": ['"reading";r=1187;t=42']},
            },
            "RateLimit-Policy": {
                "description": "What is allowed: `q` calls in `w` seconds.",
                "schema": {"type": "string", "examples": ['"reading";q=1200;w=60']},
            },
            "Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "examples": [12]}},
            "Idempotency-Replayed": {
                "description": "`true`: this is what the first call under the Idempotency-Key was answered.",
                "schema": {"type": "string", "enum": ["true"]},
            },
        }
    },
    "ENUM_NAME_OVERRIDES": {
        "AccessEnum": "sources.models.Access",
        "ClaimTypeEnum": "claims.models.ClaimType",
        "EventTypeEnum": "exchange.models.EventType",
        "ClaimStateEnum": "claims.models.ClaimState",
        "DispatchStateEnum": "documents.models.DispatchState",
        "DocumentStateEnum": "documents.models.DocumentState",
        "LinkKindEnum": "claims.models.LinkKind",
        "LinkStateEnum": "claims.models.LinkState",
        "MoveKindEnum": "claims.models.MoveKind",
        "RelationKindEnum": "claims.models.RelationKind",
        "SourceKindEnum": "sources.models.SourceKind",
    },
}

# --- Background work --------------------------------------------------------------------------------------------------
globals().update(
    {
        f"CELERY_{name.upper()}": value
        for name, value in broker.celery_settings(env("CELERY_BROKER_URL", default="")).items()
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "hearsay"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 660
CELERY_TASK_SOFT_TIME_LIMIT = 600
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "ingest.sweep", "schedule": env.float("DISPATCH_SWEEP_SECONDS", default=10.0)},
    "sweep-jobs": {"task": "exchange.sweep", "schedule": env.float("JOB_SWEEP_SECONDS", default=10.0)},
    "pass-on-events": {"task": "exchange.pass_on", "schedule": env.float("EVENT_SECONDS", default=2.0)},
    "prune-events": {"task": "exchange.prune_events", "schedule": crontab(minute=20, hour=3)},
    "refresh-boosts": {"task": "review.refresh_boosts", "schedule": crontab(minute="*/10")},
    "compare-claims": {"task": "claims.compare", "schedule": env.float("COMPARE_SWEEP_SECONDS", default=60.0)},
    "clear-answers": {"task": "accounts.clear_answers", "schedule": crontab(minute=20)},
    "recompute-records": {"task": "claims.recompute_records", "schedule": crontab(minute=5, hour=0)},
    "find-common-origins": {"task": "claims.find_common_origins", "schedule": crontab(minute=35, hour=0)},
    "recalibrate": {"task": "claims.recalibrate", "schedule": crontab(minute=0, hour=4, day_of_week="mon")},
}
DISPATCH_SENT_SECONDS = env.float("DISPATCH_SENT_SECONDS", default=300.0)
DISPATCH_LEASE_SECONDS = env.float("DISPATCH_LEASE_SECONDS", default=30.0)
DISPATCH_MAX_ATTEMPTS = env.int("DISPATCH_MAX_ATTEMPTS", default=5)
JOB_KINDS = {
    "export_claims": "exchange.exports.EXPORT",
    "import": "exchange.importing.IMPORT",
    "printed_gradings": "exchange.looking.LOOK",
    "recompute": "exchange.recompute.RECOMPUTE",
}
"""By name, where a kind of job is (exchange/jobs.py)."""
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", default=30.0)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", default=3)
JOB_RESULT_DAYS = env.float("JOB_RESULT_DAYS", default=7.0)
JOBS_PER_USER = env.int("JOBS_PER_USER", default=20)
"""Jobs of one user that wait or run."""
EVENT_KEEP_DAYS = env.float("EVENT_KEEP_DAYS", default=90.0)
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])
"""Private networks that webhooks may call, also without TLS, such as 10.1.0.0/16; no others but the internet's."""
WEBHOOKS_PER_USER = env.int("WEBHOOKS_PER_USER", default=20)
WEBHOOK_CONNECT_SECONDS = env.float("WEBHOOK_CONNECT_SECONDS", default=3.0)
WEBHOOK_READ_SECONDS = env.float("WEBHOOK_READ_SECONDS", default=5.0)
WEBHOOK_TOTAL_SECONDS = env.float("WEBHOOK_TOTAL_SECONDS", default=10.0)
WEBHOOK_PAUSE_SECONDS = env.float("WEBHOOK_PAUSE_SECONDS", default=5.0)
"""Longest first pause after a call that failed; doubled with each further one."""
WEBHOOK_LONGEST_PAUSE_SECONDS = env.float("WEBHOOK_LONGEST_PAUSE_SECONDS", default=3600.0)
WEBHOOK_ATTEMPTS = env.int("WEBHOOK_ATTEMPTS", default=20)
"""Calls with one event, after which a receiver that takes others is no longer asked to take it."""
WEBHOOK_DISABLE_FAILURES = env.int("WEBHOOK_DISABLE_FAILURES", default=10)
WEBHOOK_DISABLE_HOURS = env.float("WEBHOOK_DISABLE_HOURS", default=24.0)
"""A receiver that failed so often in a row, for so long, is switched off."""

# --- Language, time, logs ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.processors.format_exc_info,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "axes": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
