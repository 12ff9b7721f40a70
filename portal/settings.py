"""Settings of the portal, read from the environment, without side effects.

Three modes, chosen by ``PORTAL_MODE``:

``production``
    The default. What has no safe default has to be given (``portal/environment.py``).
``demo``
    ``make demo``: a key that is no secret, a PostgreSQL of its own unless ``DATABASE_URL`` names
    one, mail into files that ``/demo/postfach/`` shows.
``test``
    ``make test``: like demo, with the caches and hashers that tests want.
"""

import os
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.environment import require

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()

MODE = env.str("PORTAL_MODE", default="production")
if MODE not in {"production", "demo", "test"}:
    raise ImproperlyConfigured(
        f"PORTAL_MODE is {MODE!r}; it has to be 'production', 'demo' or 'test'."
    )
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"

DEBUG = env.bool("DEBUG", default=False)


if PRODUCTION:
    require(os.environ)
SECRET_KEY = env.str("SECRET_KEY", default="") or "demo-key-that-protects-nothing-" + "0" * 32
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
SITE_URL = (env.str("SITE_URL", default="") or f"http://{HOST}:{PORT}").rstrip("/")
"""Scheme and host that links in mails start with, for example ``https://engagement.example.org``."""
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[SITE_URL.split("://")[-1].split(":")[0], "127.0.0.1", "localhost"],
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Applications -------------------------------------------------------------------------

INSTALLED_APPS = [
    "portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "csp",
    "django_filters",
    "import_export",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "programs",
    "welcome_rooms",
    "volunteers",
    "portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.operations.compression.CompressPages",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "programs.history.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.operations.overload.OverloadMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

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
                "portal.context_processors.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -----------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {}
if database_url := env.str("DATABASE_URL", default=""):
    DATABASES["default"] = env.db_url_config(database_url, engine="django.db.backends.postgresql")
else:
    # For demo and tests: starts a PostgreSQL of its own at the first connection.
    DATABASES["default"] = {
        "ENGINE": "portal.postgresql",
        "NAME": "portal",
        "EMBEDDED_DATA_DIR": DATA_DIR / "postgresql",
    }
PROCESS = env.str("PORTAL_PROCESS", default="command")
"""``web`` in what ``portal/wsgi.py`` serves; workers and commands may take longer."""
DATABASE_TIMEOUTS: dict[str, dict[str, int]] = {
    "web": {
        "statement_timeout": 10,
        "lock_timeout": 5,
        "idle_in_transaction_session_timeout": 30,
    },
    "command": {
        "statement_timeout": 0,
        "lock_timeout": 60,
        "idle_in_transaction_session_timeout": 600,
    },
}
"""Seconds after which PostgreSQL gives up a statement, a wait for a lock, a transaction in which nothing
happens; 0 is no limit. So no single request holds up all others (``portal/operations/overload.py``)."""
EXPORT_STATEMENT_SECONDS = env.int("EXPORT_STATEMENT_SECONDS", default=120)
"""Seconds that one statement of an export may take."""
DATABASES["default"].setdefault("OPTIONS", {}).update(
    options=" ".join(f"-c {name}={n}s" for name, n in DATABASE_TIMEOUTS[PROCESS].items()),
    pool={
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", default=8),
        "timeout": 2 if PROCESS == "web" else 30,  # seconds to wait for a free connection
    },
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Whole public pages, a minute each (portal/public.py); tests see every page fresh.
    "pages": {
        "BACKEND": "django.core.cache.backends.dummy.DummyCache"
        if MODE == "test"
        else "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

# --- Language and time --------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# --- Accounts -----------------------------------------------------------------------------

AUTH_USER_MODEL = "volunteers.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "volunteers.roles.backend.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS += [{"NAME": "volunteers.guard.security_events.PasswordNoted"}]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "volunteers:my_page"
ACCOUNT_ADAPTER = "volunteers.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "volunteers.accounts.forms.PasswordLoginForm",
    "confirm_login_code": "volunteers.accounts.forms.LoginCodeForm",
    "confirm_email_verification_code": "volunteers.accounts.forms.AddressCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False  # counted per process; RATE_LIMITS below holds for accounts, too
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of a second factor set up, switched off, or new codes
ACCOUNT_REAUTHENTICATION_TIMEOUT = (
    600  # seconds after which a change of the second factor asks again
)
MFA_ADAPTER = "volunteers.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Freiwilligenportal Stuttgart"
MFA_TOTP_TOLERANCE = 1  # codes before and after the present one, for phones whose clock is off
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
"""Whether the administration opens to accounts with a second factor only."""

OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="").rstrip("/")
"""The city's own sign-on (OpenID Connect): its issuer. Empty: there is none."""
if PRODUCTION and OIDC_SERVER_URL and not OIDC_SERVER_URL.startswith("https://"):
    raise ImproperlyConfigured("OIDC_SERVER_URL has to start with https://.")
OIDC_ORIGINS = env.list(
    "OIDC_ORIGINS", default=["/".join(OIDC_SERVER_URL.split("/")[:3])] if OIDC_SERVER_URL else []
)
"""Origins of the pages that people pass on their way to the sign-on, if not that of the issuer alone."""
OIDC_IS_SECOND_FACTOR = env.bool("OIDC_IS_SECOND_FACTOR", default=False)
"""Whether every sign-on by the city counts as second factor; else only one that says so (``amr``)."""
SOCIALACCOUNT_ADAPTER = "volunteers.accounts.sign_on.SignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_SERVER_URL:
    SOCIALACCOUNT_PROVIDERS["city"] = {
        "APP": {
            "name": env.str("OIDC_NAME", default="Stadt Stuttgart"),
            "provider_id": "city",
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET"),
            "settings": {
                "server_url": OIDC_SERVER_URL,
                "oauth_pkce_enabled": True,
                "email_authentication": True,  # trusted with addresses, see volunteers/accounts/sign_on.py
            },
        }
    }

# --- Mail ---------------------------------------------------------------------------------

# Every mail is stored and queued inside the caller's transaction; the worker hands it on.
EMAIL_BACKEND = "volunteers.notifications.outbox.QueuedEmailBackend"
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Freiwilligenportal Stuttgart <portal@example.org>"
)
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"{SITE_URL}/seiten/impressum/")
"""Where to report a weakness, as a web or ``mailto:`` address; stands in ``/.well-known/security.txt``."""
EMAIL_FILE_PATH = DATA_DIR / "mail"
if email_url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(email_url))
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_BACKEND = "volunteers.notifications.outbox.QueuedEmailBackend"
    EMAIL_TIMEOUT = 20  # seconds
else:
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

# --- Static files -------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Security -----------------------------------------------------------------------------

HTTPS = SITE_URL.startswith("https://")
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
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}
"""Nothing here needs a device; no script may ask for one."""
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
"""Whether every request comes through one proxy of the city's own.

Then the address of a visitor is the last entry of ``X-Forwarded-For``, which this proxy adds itself,
and ``X-Forwarded-Proto`` says whether HTTPS was used; the proxy has to set both, and the portal must
not be reachable past it. Otherwise both headers are ignored: anybody can send them.
"""
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    # Browsers take such a cookie only over HTTPS, for this host and for all of its paths.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
FILE_UPLOAD_HANDLERS = [
    "programs.exchange.uploads.SmallUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # bytes; an import of 10,000 people has about 2 MB

_QUARTER, _HOUR = 15 * 60, 3600
RATE_LIMITS: dict[str, dict[str, tuple[int, int]]] = {
    # What people fill in without an account: ten in an hour also when a whole Willkommensraum sits
    # behind one address, and no more mail to one mailbox than a person would ask for.
    "sign_up": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "companion_request": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "registration": {"address": (10, _HOUR), "pair": (6, _HOUR), "target": (8, _HOUR)},
    "own_link": {"address": (10, _HOUR), "pair": (3, _HOUR), "target": (5, _HOUR)},
    # Mails that nobody has proven to want, over all forms and codes together.
    "mailbox": {"target": (10, _HOUR)},
    # What coordinators have mailed to strangers: invitations of one organisation.
    "invitations": {"target": (20, 24 * _HOUR)},
    # What is sent from a page that only its link opens.
    "message": {"address": (30, _HOUR), "target": (10, _HOUR)},
    "link": {"address": (200, _HOUR), "target": (60, _HOUR)},
    "invitation": {"address": (30, _HOUR), "target": (20, _HOUR)},
    # Accounts: mails with a code, and codes and passwords that are tried.
    "account": {"address": (10, _HOUR), "pair": (5, _HOUR), "target": (8, _HOUR)},
    "login_code": {"address": (20, _HOUR), "pair": (5, _QUARTER), "target": (8, _QUARTER)},
    "login": {"address": (30, _QUARTER), "pair": (7, _QUARTER), "target": (10, _QUARTER)},
    "city_sign_on": {"address": (300, _QUARTER)},  # an office sits behind one address
    "enter_code": {"address": (30, _QUARTER), "target": (10, _QUARTER)},
    "second_factor": {"address": (30, _QUARTER), "target": (10, _HOUR)},
    # Guesses: only what was wrong counts.
    "certificate": {"address": (30, _QUARTER)},
    "wrong_link": {"address": (60, _QUARTER)},
}
"""How often something may be tried (times, seconds): from one network address, for one target.

A target is what is tried: a mail address, a link, an account; ``pair`` is one address for one target,
so that nobody uses up the tries of somebody else. Counted for all processes together in
``volunteers/guard/limits.py``; over the limit the answer is 429 with ``Retry-After``.
"""

ANSWER_STEP_SECONDS = env.float("ANSWER_STEP_SECONDS", default=0.0 if MODE == "test" else 0.5)
"""Forms that look somebody up answer at whole steps of this time, so that no clock tells who is known.

Many times what the work takes (about 0.05 seconds); see ``volunteers/guard/evenly.py``.
"""
FAILED_LOGINS_TOLD = env.int("FAILED_LOGINS_TOLD", default=10)
"""Failed logins to one account within 24 hours from which the Portalverwaltung is told of it."""
FORM_MIN_SECONDS = env.int("FORM_MIN_SECONDS", default=0 if MODE == "test" else 3)
"""Whoever sends a public form sooner after it was shown gets it back with what was typed (``guard/forms.py``)."""

# --- Import and export --------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_ACTION_EXPORT_UI = False

# --- The portal's own rules ---------------------------------------------------------------

SIGN_UP_CONFIRMATION_DAYS = 7
"""Days for which a confirmation link works; unconfirmed applications are deleted after them."""
CONFIRMATION_AGAIN_MINUTES = 10
"""Minutes after which a form that is sent once more mails its link once more."""
MAILED_LINK_DAYS = env.int("MAILED_LINK_DAYS", default=30)
"""Days for which mailed links work that open all of a person's page or answer a question.

Links to one record (an application, a place at an event, a certificate) work as long as the record
is kept.
"""
DEFAULT_ANSWER_DAYS = 7
"""Days within which an organisation answers a new application, unless it set its own."""
ANSWER_REMINDER_DAYS = env.int("ANSWER_REMINDER_DAYS", default=2)
"""Days before the answer-by date on which coordinators get their collected mail."""
ESCALATION_DAYS = env.int("ESCALATION_DAYS", default=7)
"""Days after the answer-by date from which the department sees an unanswered application."""
CONTACT_QUESTION_DAYS = env.int("CONTACT_QUESTION_DAYS", default=14)
"""Days after the confirmation on which people whom nobody answered are asked about it."""
MESSAGES_A_DAY = env.int("MESSAGES_A_DAY", default=20)
"""Messages that one person may send about one application within 24 hours."""
MESSAGES_AFTER_CLOSE_DAYS = env.int("MESSAGES_AFTER_CLOSE_DAYS", default=30)
"""Days after a decline or the end in which both sides may still write; never after a withdrawal."""
CONDUCT_CHECK_YEARS = env.int("CONDUCT_CHECK_YEARS", default=5)
"""Years after its issue in which a certificate of good conduct is due again.

§ 72a SGB VIII sets no period; five years are usual. The city's lawyers confirm it.
"""
CONDUCT_CHECK_REMINDER_DAYS = env.int("CONDUCT_CHECK_REMINDER_DAYS", default=60)
CONDUCT_CHECK_KEEP_MONTHS = env.int("CONDUCT_CHECK_KEEP_MONTHS", default=6)
"""Months after the end of the last placement that needed it (§ 72a Abs. 5 SGB VIII)."""
EVENT_REMINDER_DAYS = env.list("EVENT_REMINDER_DAYS", cast=int, default=[3, 1])
"""Days before an event on which those who have a place are reminded."""
WAITING_OFFER_HOURS = env.int("WAITING_OFFER_HOURS", default=48)
"""Hours for which a place that became free is held for the next one waiting."""
QUALIFICATION_REMINDER_DAYS = env.int("QUALIFICATION_REMINDER_DAYS", default=60)
PROPOSAL_DAYS = env.int("PROPOSAL_DAYS", default=14)
"""Days after which a proposed tandem that somebody did not answer is given up."""
CHECK_IN_WEEKS = env.list("CHECK_IN_WEEKS", cast=int, default=[2, 6, 12])
CHECK_IN_EVERY_MONTHS = env.int("CHECK_IN_EVERY_MONTHS", default=6)
HONOUR_CARD_SOURCE = env.str(
    "HONOUR_CARD_SOURCE",
    default="https://www.stuttgart.de/pressemitteilungen/2025/dezember/stuttgart-wuerdigt-"
    "buergerschaftliches-engagement-mit-landesweiter-ehrenamtskarte-ministerium-und-stadt-"
    "besiegeln-partnerschaft-6875462",
)
"""Where the conditions of the Ehrenamtskarte Baden-Württemberg in Stuttgart are told."""
HONOUR_CARD_AS_OF = env.str("HONOUR_CARD_AS_OF", default="2025-12-05")
"""Stand of that source, as date."""
HONOUR_CARD_UNTIL = env.str("HONOUR_CARD_UNTIL", default="2027-12-31")
"""Last day of the card in Stuttgart, as far as decided; after it the portal says nothing of it."""
HONOUR_CARD_HOURS = env.int("HONOUR_CARD_HOURS", default=200)
"""Hours in 12 months from which the Ehrenamtskarte Baden-Württemberg can be applied for.

Source and Stand: HONOUR_CARD_SOURCE, HONOUR_CARD_AS_OF.
"""
HONOUR_CARD_PROJECT_HOURS = env.int("HONOUR_CARD_PROJECT_HOURS", default=100)
"""The same within a project of limited time; same source and Stand."""
MY_DATA_LINK_HOURS = env.int("MY_DATA_LINK_HOURS", default=24)
"""Hours for which a mailed link opens «Meine Daten», where everything can be deleted."""
INVITATION_DAYS = env.int("INVITATION_DAYS", default=14)
"""Days for which the link of an invitation to work for an organisation works."""
ACCESS_UNUSED_MONTHS = env.int("ACCESS_UNUSED_MONTHS", default=12)
"""Months without use after which an access is shown as unused."""
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)
"""Nothing else changes what the change history keeps; public pages stay as cheap as they were."""
SMALL_GROUP = env.int("SMALL_GROUP", default=5)
"""Counts of people below it are not shown in figures about organisations of others."""
KEEP_CLOSED_APPLICATIONS_MONTHS = env.int("KEEP_CLOSED_APPLICATIONS_MONTHS", default=6)
"""Months after which declined and withdrawn applications are deleted."""
INACTIVE_VOLUNTEER_MONTHS = env.int("INACTIVE_VOLUNTEER_MONTHS", default=24)
"""Months without anything happening after which volunteers are asked whether they stay."""
INACTIVE_ANSWER_MONTHS = env.int("INACTIVE_ANSWER_MONTHS", default=1)
"""Months after that question in which no answer means: delete."""
KEEP_ENDED_TANDEMS_MONTHS = env.int("KEEP_ENDED_TANDEMS_MONTHS", default=12)
"""Months after which ended tandems and closed requests for a companion are deleted."""
KEEP_REGISTRATIONS_MONTHS = env.int("KEEP_REGISTRATIONS_MONTHS", default=12)
"""Months after an event in which its registrations are kept."""
SECURITY_LOG_DAYS = env.int("SECURITY_LOG_DAYS", default=90)
"""Days for which logs are kept: security events, exports, runs of retention, sent reminders."""
KEEP_DELIVERED_MAIL_DAYS = env.int("KEEP_DELIVERED_MAIL_DAYS", default=7)
"""Days for which delivered mails stay, to answer «it never arrived»."""
REMINDERS_FROM_HOUR = 7
"""Hour of the day, in Stuttgart, from which reminders of that day go out."""
WORKER_SEEN_SECONDS = 60
"""A worker that has not reported for longer counts as gone (``/healthz``)."""

if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # One line for every security event, without personal content (volunteers/guard/security_log.py).
    "loggers": {"portal.security": {"level": "INFO"}},
}
