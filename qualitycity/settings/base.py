"""What is the same everywhere. Every value that differs between places comes from the environment."""

from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _
from kombu import Queue

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
VAR_DIR = Path(env.str("QC_VAR", default=str(BASE_DIR / "var")))

# --- what is installed -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "qualitycity.home",
    "awards",
    "kpis",
    "programs",
    "taskforce",
    "qualitycity.channels",
    "qualitycity.outbox",
    "qualitycity.audit",
    "qualitycity.sealing",
    "qualitycity.files",
    "qualitycity.workdays",
    "guardian",
    "axes",
    "csp",
    "django_htmx",
    "qualitycity.home.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
]

MIDDLEWARE = [
    "qualitycity.audit.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qualitycity.home.middleware.PortalLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # every page asks for a signed-in person unless it says otherwise
    "qualitycity.home.middleware.SignInMiddleware",
    "qualitycity.home.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "qualitycity.home.middleware.OwnPasswordMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "qualitycity.home.middleware.PrivatePagesMiddleware",
    "qualitycity.home.middleware.RefusedMethodMiddleware",
]

ROOT_URLCONF = "qualitycity.urls"
WSGI_APPLICATION = "qualitycity.wsgi.application"
ASGI_APPLICATION = "qualitycity.asgi.application"

# widgets are drawn with the project's templates where it has better ones (templates/django/forms)
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "qualitycity.home.context.portal",
            ],
            "builtins": ["qualitycity.home.templatetags.portal_ui", "qualitycity.home.templatetags.kept"],
        },
    }
]

# --- database: PostgreSQL only ---------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=600),
    # without it the first request on every idle connection fails after a database restart
    CONN_HEALTH_CHECKS=True,
)
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people and sign-in ----------------------------------------------------------------------------
AUTH_USER_MODEL = "taskforce.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "guardian.backends.ObjectPermissionBackend",
]
# public rights are rules, not rows: without this migrate would create an account for "anonymous"
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# the throttle keeps its counters in the database: it must hold while Redis is away
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/lockout.html"
AXES_HTTP_RESPONSE_CODE = 429

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qualitycity.home.errors.csrf_failure"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # what boards have worked out, by version (programs/queries/kept.py): each process may keep its own
    "boards": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "boards",
        "OPTIONS": {"MAX_ENTRIES": 400},
    },
}

# --- language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH = None

# --- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "qualitycity" / "static", VAR_DIR / "assets"]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"  # never served: files are handed out by views that ask permission
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "qualitycity.home.storage.PortalStaticStorage"},
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

# --- what the browser may do -----------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# --- background jobs -------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
if REDIS_URL:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 600,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "health_check_interval": 15,
    }
else:
    _broker = VAR_DIR / "broker"
    (_broker / "queue").mkdir(parents=True, exist_ok=True)
    (_broker / "control").mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "queue"),
        "data_folder_out": str(_broker / "queue"),
        "control_folder": str(_broker / "control"),
        # the default of one second makes every job wait a second; at 0.05 the idle load is below 1 %
        "polling_interval": 0.05,
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_TASK_TIME_LIMIT = 120
# A message of the outbox is held so long by the worker that took it. Five times the longest job: whoever still works
# on it must never find that another one has begun (an e-mail would be in doubt without need). After a crash its
# message waits as long, so not hours either. Kept above the time limit by the check outbox.E001; drills shorten it.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=600)
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = [Queue("default"), Queue("mail"), Queue("pdf"), Queue("import")]
CELERY_TASK_CREATE_MISSING_QUEUES = False
# Beat only rings: what is due is computed from the database, so a missed or doubled ring is harmless.
CELERY_BEAT_SCHEDULE = {
    f"drain-{queue}": {
        "task": "outbox.drain",
        "schedule": 15.0,
        "args": [queue],
        "options": {"queue": queue, "expires": 15},
    }
    for queue in ("default", "mail", "pdf", "import")
} | {
    "heartbeat": {"task": "outbox.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "sweep-files": {"task": "files.sweep", "schedule": crontab(minute=40), "options": {"expires": 3000}},
    "seal-journal": {"task": "audit.seal", "schedule": 10.0, "options": {"expires": 10}},
    "standings": {"task": "programs.work_out_standings", "schedule": 60.0, "options": {"expires": 60}},
    "lay-out": {"task": "programs.lay_out", "schedule": crontab(minute=2), "options": {"expires": 3000}},
    "reminders": {
        "task": "programs.scan_reminders",
        "schedule": crontab(minute=5),
        "options": {"expires": 3000},
    },
    "slip-proposals": {
        "task": "programs.propose_slips",
        "schedule": crontab(minute=20),
        "options": {"expires": 3000},
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- mail: off until an address of a server is given -----------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", default="")
PORTAL_MAIL_ENABLED = bool(EMAIL_URL)
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="portal@localhost")
EMAIL_TIMEOUT = 10

# --- outside channels: off until somebody sets one up; what leaves says how many matters wait, nothing of them --------
#: Hosts beside those of the services themselves (`host` or `host:port`): own servers, also in the house or without TLS.
PORTAL_CHANNEL_HOSTS = env.list("CHANNEL_HOSTS", default=[])
PORTAL_CHANNEL_PROXY = env.str("CHANNEL_PROXY", default="")
PORTAL_CHANNEL_CA = env.str("CHANNEL_CA", default="")
#: The gateway for short messages (qualitycity/channels/sms.py); without an address there are none.
PORTAL_SMS = {
    "url": env.str("SMS_URL", default=""),
    "method": env.str("SMS_METHOD", default="POST"),
    "format": env.str("SMS_FORMAT", default="json"),
    "headers": env.str("SMS_HEADERS", default=""),
    "fields": env.str("SMS_FIELDS", default=""),
    "expected": env.str("SMS_EXPECTED", default=""),
}

# --- the portal ------------------------------------------------------------------------------------
PORTAL_NAME = env.str("PORTAL_NAME", default="质量强市工作门户")
PORTAL_BASE_URL = env.str("PORTAL_BASE_URL", default="http://127.0.0.1:8000")
PORTAL_OFFICE_CONTACT = env.str("PORTAL_OFFICE_CONTACT", default="")

# Contracts between floors (dotted paths; a floor registers upwards without being imported from below).
PERIOD_ENTRIES = ["kpis.contracts.INDICATORS"]  # further lines of a unit's sheet
WORKBOOK_SHEETS = ["kpis.contracts.INDICATOR_SHEET"]  # further sheets of a unit's Excel workbook
BURDEN_SOURCES = ["programs.domain.supervision.asks.ASKS"]  # further asks of the units that the burden counter counts
PROGRAMME_COPIERS = ["kpis.contracts.copy_indicators"]  # what goes along at 转入新年度
POLICY_APPLIERS = ["kpis.contracts.apply_indicators", "awards.contracts.apply_schemes"]  # facts → rows
PROGRAMME_FACTS = ["kpis.contracts.indicator_facts", "awards.contracts.scheme_facts"]  # printed facts of a programme
ADJUSTERS = ["kpis.contracts.INDICATOR_ADJUSTER"]  # figures that a 调整单 may change
TASK_PANELS = ["kpis.contracts.indicator_panel"]  # what a task page shows beside the task
REPORT_SECTIONS = ["kpis.contracts.report_section"]  # further chapters of a progress report
SEARCHABLE = [  # kinds of things that the search finds, in the order in which they are listed
    "programs.queries.search.KINDS", "programs.queries.supervision.searched.KINDS", "taskforce.queries.search.KINDS",
    "kpis.searched.KINDS", "awards.searched.KINDS",
]  # fmt: skip
REMINDER_SOURCES = [  # what people are reminded of: each yields the matters of running programmes and territories
    "programs.domain.reminders.own.milestones", "programs.domain.reminders.own.tasks",
    "programs.domain.reminders.own.not_signed_for", "programs.domain.reminders.own.windows",
    "programs.domain.reminders.own.documents",
    "programs.domain.supervision.material_reminders.papers",
    "programs.domain.supervision.material_reminders.results",
    "programs.domain.supervision.slip_reminders.slips",
    "programs.domain.supervision.request_reminders.extensions",
    "programs.domain.supervision.request_reminders.item_extensions",
    "programs.domain.supervision.request_reminders.contributions",
    "programs.domain.supervision.request_reminders.item_contributions",
    "programs.domain.supervision.item_reminders.not_signed_for",
    "programs.domain.supervision.item_reminders.due_dates",
    "programs.domain.supervision.meeting_reminders.invitations",
    "programs.domain.supervision.meeting_reminders.unanswered",
]  # fmt: skip
ACTOR_PROVIDER = "taskforce.contracts.actor_context"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "kombu.connection": {"level": "ERROR"},
        # its notes for developers hold whole addresses, and those of robots are keys
        "urllib3": {"level": "INFO"},
    },
}
