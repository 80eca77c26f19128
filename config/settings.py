"""Everything that differs between installations comes from the environment; `.env.example` explains it.

Two sizes: `embedded` (SQLite, a folder of files as broker, mail shown at /mailbox/) needs no settings;
`production` has no default for what must be secret or yours, and refuses to start without it.
"""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_email_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from config.secret_key import own_secret_key, own_story_key

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)

OUTSPOKEN_ENV = env.str("OUTSPOKEN_ENV", "embedded")
if OUTSPOKEN_ENV not in {"embedded", "production"}:
    raise ImproperlyConfigured(f"OUTSPOKEN_ENV is {OUTSPOKEN_ENV!r}; it must be embedded or production.")
PRODUCTION = OUTSPOKEN_ENV == "production"
EMBEDDED = not PRODUCTION

if PRODUCTION:
    _needed = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SITE_URL", "DEFAULT_FROM_EMAIL"]
    _needed.append("MAIL_PROVIDER_KEYS" if env.str("MAIL_PROVIDER", "") else "EMAIL_URL")
    _missing = [name for name in _needed if not env.str(name, "").strip()]
    if _missing:
        raise ImproperlyConfigured(
            f"Production needs settings that are missing: {', '.join(_missing)}. See .env.example."
        )

DATA_DIR = Path(env.str("OUTSPOKEN_DATA_DIR", "") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", "") or own_secret_key(DATA_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
# They wrap the keys of stories: the first those of new ones, the others what they once wrapped. In production there is
# no default, and without one nobody is asked for a story.
STORY_KEYS: list[str] = env.list("STORY_KEYS", []) or ([] if PRODUCTION else [own_story_key(DATA_DIR)])
if any(len(key) < 32 for key in STORY_KEYS):
    raise ImproperlyConfigured("Each of STORY_KEYS must have at least 32 characters.")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", []) or ["localhost", "127.0.0.1", "[::1]"]
# Where `manage.py runlocal` listens.
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
# The address in mails. A wildcard address to listen on is none to link to.
_own_host = "127.0.0.1" if HOST in {"0.0.0.0", "::"} else HOST  # noqa: S104  # compared, not listened on
SITE_URL = (env.str("SITE_URL", "") or f"http://{_own_host}:{PORT}").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# How many proxies of ours stand in front: so many hops of X-Forwarded-For, from the right, are believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
# From so many signatures a minute on, a campaign's form asks browsers for a proof of work; 0 always asks.
SIGNING_PROOF_ABOVE = env.int("SIGNING_PROOF_ABOVE", 300)
# What is beyond this waits for a person. The busiest signing known (2,000 a minute) took a parliament's site down.
SIGNING_MOST_A_MINUTE = env.int("SIGNING_MOST_A_MINUTE", 12_000)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ADMIN_PATH = env.str("ADMIN_PATH", "operators/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "contacts",
    "policy",
    "campaigns",
    "config",
]

MIDDLEWARE = [
    "campaigns.kept_pages.kept_pages",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "config.middleware.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.language.readers_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.second_factor",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "config.context.installation",
            ],
        },
    }
]

# Widgets are drawn by our own templates where we have one, else by Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Database ---------------------------------------------------------------------------------------

if env.str("DATABASE_URL", ""):
    DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=600)}
else:
    # Not written as a URL: a path may hold characters that mean something in one.
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "outspoken.sqlite3"),
            "CONN_MAX_AGE": 600,
        }
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE waits for the writer's turn at the start; a read turned write would fail at once instead.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an intent lost with the power would be a letter sent twice.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # A worker that is frozen inside a transaction holds its rows, and every other one waits for them.
    # Compiling a statement is worth it for reports of minutes; ours take milliseconds, of which it would be most.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options", "-c idle_in_transaction_session_timeout=120s -c jit=off"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Broker and tasks -------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object]
if REDIS_URL:
    # Redis calls a socket file unix://, Celery's transport redis+socket://.
    CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 1800,  # longer than any task may run (CELERY_TASK_TIME_LIMIT)
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "socket_timeout": 30,
        "socket_connect_timeout": 5,
    }
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "config.redis_cache.OneClientRedisCache",
            "LOCATION": env.str("CACHE_URL", "") or REDIS_URL,
            "KEY_PREFIX": "outspoken",
        }
    }
else:
    _queue, _control = DATA_DIR / "broker" / "queue", DATA_DIR / "broker" / "control"
    for _folder in (_queue.parent, _queue, _control):
        _folder.mkdir(mode=0o700, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_control),
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "outspoken",
            "OPTIONS": {"MAX_ENTRIES": 50_000},  # beyond it limits would be forgotten
        }
    }
# Parts of public pages, for half a minute: in the process itself, so that a page needs no other server for them.
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}
# So long a campaign's page is shown as it was, to visitors who are signed out, and so long signing knows what a postal
# code means without asking again.
KEPT_SECONDS = env.float("KEPT_SECONDS", 5.0)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_TIME_LIMIT = 720
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60.0
CELERY_TIMEZONE = "UTC"
# A beat that ticks faster is for tests and the demonstration only.
TICK_SECONDS = env.float("TICK_SECONDS", 5.0)
CELERY_BEAT_SCHEDULE = {
    "tick": {
        "task": "campaigns.tasks.tick",
        "schedule": TICK_SECONDS,
        "options": {"expires": 2 * TICK_SECONDS},
    },
    "outbox": {
        "task": "campaigns.tasks.send_outbox",
        "schedule": TICK_SECONDS,
        "options": {"expires": 2 * TICK_SECONDS},
    },
    "inbound": {
        "task": "campaigns.tasks.read_inbound",
        "schedule": TICK_SECONDS,
        "options": {"expires": 2 * TICK_SECONDS},
    },
    "tallies": {
        "task": "campaigns.tasks.fold_tallies",
        "schedule": TICK_SECONDS,
        "options": {"expires": 2 * TICK_SECONDS},
    },
    "briefs": {"task": "policy.tasks.ring_for_briefs", "schedule": 60.0, "options": {"expires": 60}},
    "brief_sets": {
        "task": "campaigns.tasks.ring_for_brief_sets",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "jobs": {"task": "campaigns.tasks.ring_for_jobs", "schedule": 60.0, "options": {"expires": 60}},
    "reconcile": {
        "task": "campaigns.tasks.reconcile_uncertain",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "departures": {
        "task": "campaigns.tasks.hold_departed",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "events": {"task": "campaigns.tasks.tend_events", "schedule": 60.0, "options": {"expires": 60}},
    "digests": {"task": "campaigns.tasks.send_digests", "schedule": 300.0, "options": {"expires": 300}},
    "housekeeping": {"task": "campaigns.tasks.housekeeping", "schedule": 600.0, "options": {"expires": 300}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# Seconds between two writings of how often campaign pages were opened; 0 leaves it to whoever calls it, as tests do.
PAGE_VIEWS_EVERY = env.float("PAGE_VIEWS_EVERY", 5.0)

# Mail -------------------------------------------------------------------------------------------

MAILBOX_PORT = env.int("MAILBOX_PORT", 8025)
_email = dj_email_url.parse(env.str("EMAIL_URL", "") or f"smtp://127.0.0.1:{MAILBOX_PORT}")
if not _email.get("EMAIL_BACKEND", "").endswith("smtp.EmailBackend"):
    raise ImproperlyConfigured(
        "EMAIL_URL must be like smtp://host:25 or submission://name:password@host:587."
    )
# A mail service in place of a relay, by its name in django-anymail; EMAIL_URL then says nothing. Those it reaches
# over HTTP; Amazon SES has an SMTP relay.
MAIL_PROVIDERS = {
    "brevo",
    "mailersend",
    "mailgun",
    "mailjet",
    "mailtrap",
    "mandrill",
    "postal",
    "postmark",
    "resend",
    "scaleway",
    "sendgrid",
    "sparkpost",
    "unisender_go",
}
MAIL_PROVIDER = env.str("MAIL_PROVIDER", "").strip().lower()
if MAIL_PROVIDER and MAIL_PROVIDER not in MAIL_PROVIDERS:
    raise ImproperlyConfigured(
        f"MAIL_PROVIDER is {MAIL_PROVIDER!r}; it must be one of {', '.join(sorted(MAIL_PROVIDERS))}."
    )
EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend" if MAIL_PROVIDER else _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"] or "127.0.0.1"
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 60
# Time to wait for the reply to a letter's final dot; RFC 5321 §4.5.3.2.6 asks for ten minutes.
SMTP_REPLY_SECONDS = env.int("SMTP_REPLY_SECONDS", 600)
# How many windows leave at once, each in a worker of its own; and how many connections a worker spreads one over.
SMTP_CONNECTIONS = env.int("SMTP_CONNECTIONS", 2)
SMTP_CONNECTIONS_PER_WORKER = max(env.int("SMTP_CONNECTIONS_PER_WORKER", 1), 1)
# Letters an hour to one contact point, to one mail domain and in all, whatever the drives say; 0 leaves it to them.
THROTTLE_OFFICE_HOUR = env.int("THROTTLE_OFFICE_HOUR", 0)
THROTTLE_DOMAIN_HOUR = env.int("THROTTLE_DOMAIN_HOUR", 0)
THROTTLE_SITE_HOUR = env.int("THROTTLE_SITE_HOUR", 0)
# Windows of letters that may hold letters of one mail domain at a time; 0 is any number.
SMTP_WINDOWS_PER_DOMAIN = env.int("SMTP_WINDOWS_PER_DOMAIN", 0)
# After a refused login nothing is tried in our name for so long, unless a person says so.
LOGIN_PROBE_MINUTES = env.int("LOGIN_PROBE_MINUTES", 15)
# How long a worker may hold letters without a sign of life. Longer than a window and the wait for its last answer.
DELIVERY_LEASE_SECONDS = env.float("DELIVERY_LEASE_SECONDS", 900)
# The relay's own log (Postfix): evidence about letters whose answer was lost, read after a quiet time.
RELAY_LOG = env.str("RELAY_LOG", "")
RECONCILE_QUIET_SECONDS = env.float("RECONCILE_QUIET_SECONDS", 900)
# A folder with a private key for each sending domain (harbour.example.pem): letters from there are signed.
DKIM_KEYS = env.str("DKIM_KEYS", "")
DKIM_SELECTOR = env.str("DKIM_SELECTOR", "outspoken")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "no-reply@localhost.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Letters to the US Congress (Communicating With Congress) ------------------------------------------

# Empty: nothing goes that way. Messages hold names and street addresses, so only https, or this machine itself.
CWC_URL = env.str("CWC_URL", "")
CWC_KEY = env.str("CWC_KEY", "")
CWC_AGENT = env.str("CWC_AGENT", "")
CWC_AGENT_EMAIL = env.str("CWC_AGENT_EMAIL", "")
CWC_CONTACT = env.str("CWC_CONTACT", "")
CWC_PHONE = env.str("CWC_PHONE", "")
CWC_WRAP_BILLS = env.bool("CWC_WRAP_BILLS", False)
if CWC_URL:
    _cwc = urlsplit(CWC_URL)
    _at_home = _cwc.hostname in {"localhost", "127.0.0.1", "::1"}
    if not _cwc.hostname or not (_cwc.scheme == "https" or (_cwc.scheme == "http" and _at_home)):
        raise ImproperlyConfigured("CWC_URL must begin with https://, or http:// for this machine itself.")
    _lacking = [n for n in ("CWC_AGENT", "CWC_AGENT_EMAIL", "CWC_CONTACT", "CWC_PHONE") if not env.str(n, "")]
    if _lacking:
        raise ImproperlyConfigured(f"CWC_URL needs settings that are missing: {', '.join(_lacking)}.")

# Mail that comes back ------------------------------------------------------------------------------

# The domain whose mail reaches us. Without it letters name the supporter's own address for replies.
INBOUND_DOMAIN = env.str("INBOUND_DOMAIN", "").strip().lower()
# Where an office's answer goes: to us, who keep it and pass it on, or to the supporter.
INBOUND_REPLIES = env.str("INBOUND_REPLIES", "us")
if INBOUND_REPLIES not in {"us", "supporter"}:
    raise ImproperlyConfigured(f"INBOUND_REPLIES is {INBOUND_REPLIES!r}; it must be us or supporter.")
# A folder in maildir form that a mail server on this host delivers to; looked at by beat's tick.
INBOUND_MAILDIR = env.str("INBOUND_MAILDIR", "")
# A mail service that calls us (its name in django-anymail's addresses), the name:password it must show,
# and the keys it signs with.
INBOUND_PROVIDER = env.str("INBOUND_PROVIDER", "").strip().lower()
ANYMAIL: dict[str, object] = {
    "WEBHOOK_SECRET": env.str("INBOUND_WEBHOOK_SECRET", ""),
    **env.dict("INBOUND_PROVIDER_KEYS", {}),
    **env.dict("MAIL_PROVIDER_KEYS", {}),
    # What a service has no word for, such as metadata, is left out rather than the letter refused.
    "IGNORE_UNSUPPORTED_FEATURES": True,
    # To connect and to answer, in seconds. A service that takes longer leaves the letter uncertain.
    "REQUESTS_TIMEOUT": (30, 120),
}
if MAIL_PROVIDER and not any(key.startswith(MAIL_PROVIDER.upper()) for key in ANYMAIL):
    raise ImproperlyConfigured(
        f"MAIL_PROVIDER needs its keys: MAIL_PROVIDER_KEYS={MAIL_PROVIDER.upper()}_…=…, named as in django-anymail."
    )
if INBOUND_PROVIDER and ":" not in str(ANYMAIL["WEBHOOK_SECRET"]):
    raise ImproperlyConfigured("INBOUND_PROVIDER needs INBOUND_WEBHOOK_SECRET, written as name:password.")

# Accounts ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "contacts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "config.accounts.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by owners; there is no open sign-up
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "activate_totp": "config.second_factor.ActivateTOTP",
    "add_webauthn": "config.passkeys.AddPasskey",
    "edit_webauthn": "config.passkeys.RenamePasskey",
}
# A trial runs on plain http://localhost, which browsers let passkeys work on; production has https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = EMBEDDED
MFA_TOTP_ISSUER = "Outspoken"
# Accounts open by a link we mailed, so the address is proven. Without this, a person who once looked at
# /accounts/email/ could not set up a second factor any more.
MFA_ALLOW_UNVERIFIED_EMAIL = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600

# Languages and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
# One way to write dates and times on every page: the templates name these formats, none spells its own.
FORMAT_MODULE_PATH = ["config.formats"]

# Static files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None  # embedded serves from where they are
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Security ---------------------------------------------------------------------------------------

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
# More than any file that is taken (8 MB): pictures of stories never lie in a temporary file.
FILE_UPLOAD_MAX_MEMORY_SIZE = 9_000_000
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    if TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True  # allows the listing; it happens only when the operator asks the list for it
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "upgrade-insecure-requests": PRODUCTION,
    }
}

# API --------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["campaigns.api.tokens.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["campaigns.api.tokens.HasToken"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "campaigns.api.problems.problem_handler",
    "DEFAULT_THROTTLE_RATES": {
        "read": env.str("API_READ_RATE", "600/min"),
        "sign": env.str("API_SIGN_RATE", "60/min"),
        "manage": env.str("API_MANAGE_RATE", "300/min"),
    },
    "NUM_PROXIES": TRUSTED_PROXY_COUNT,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Outspoken API",
    "DESCRIPTION": "Campaigns and honest counts, legislators by postal code, pledges and drives.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CampaignState": "campaigns.models.CampaignState.choices",
        "DriveState": "campaigns.models.DriveState.choices",
        "OutcomeResult": "campaigns.models.OutcomeResult.choices",
        "MeasureKind": "policy.models.measure.MeasureKind.choices",
        "DateKind": "policy.models.measure_date.DateKind.choices",
        "EventKind": "policy.models.measure_event.EventKind.choices",
        "SponsorKind": "policy.models.sponsorship.SponsorKind.choices",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "campaigns.api.schema.add_problems",
    ],
}

# Logs carry ids, never names or addresses --------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.log.Line", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "config.log.JsonLine"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "json" if PRODUCTION else "line",
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Django's own handlers would write the same line again, unmasked.
        "django": {"handlers": [], "level": "INFO"},
        # A page that is not there or not allowed is the visitor's news, not the operator's.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
        "mail.log": {"level": "WARNING"},  # the mailbox's server would log the whole dialogue
        "flufl.bounce": {"level": "CRITICAL"},  # it logs a fault for each broken header of a mail
        "fido2.server": {"level": "WARNING"},  # it names each passkey
        "fontTools": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
