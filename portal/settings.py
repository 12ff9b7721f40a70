"""Settings of the portal, read from the environment, without side effects.

Three modes, chosen by ``PORTAL_MODE``:

``production``
    The default. Settings without a safe default must be set (``portal/environment.py``).
``demo``
    ``make demo``: a public secret key; an embedded PostgreSQL unless ``DATABASE_URL`` is set; mail
    goes into files that ``/demo/postfach/`` shows.
``test``
    ``make test``: like demo, with caches and password hashers for tests.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal.caches import caches
from portal.databases import DATABASE_TIMEOUTS, databases  # noqa: F401 - the first is a setting, too
from portal.environment import Environment, require
from portal.rules import *  # noqa: F403 - periods, limits and amounts are settings, too

env = Environment()

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
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
"""Earlier keys, the newest first: links and sessions that they signed still hold."""
SECRET_KEY_RETIRED = env.list("SECRET_KEY_RETIRED", default=[])
"""Older keys, also leaked ones. They open nothing; stored marks are known by them (``volunteers/keyed.py``)."""
CERTIFICATE_KEY = env.str(
    "CERTIFICATE_KEY",
    default=""
    if PRODUCTION
    else "MmMXUZUw3z8mxdi6Dt6uGBGewjAoGNna5UsiCFW8VFo.JBhNGisucO9j0E4MR-KYJ8Ze_-qJd5ME2ohWhstbFjA",
)
"""Signs certificates (``manage.py certificate_key``): public part, dot, secret part. Empty: they carry no signature."""
CERTIFICATE_FORMER_KEYS = env.list("CERTIFICATE_FORMER_KEYS", default=[])
"""Public parts of keys that signed before; their certificates stay genuine."""
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=8000)
_own = f"[{HOST}]" if ":" in HOST else HOST
_site = urlsplit(env.str("SITE_URL", default="") or f"http://{_own}:{PORT}")
SITE_URL = f"{_site.scheme}://{_site.netloc}"
"""Scheme and host of links in mails, for example ``https://engagement.example.org``."""
SITE_PATH = _site.path.rstrip("/")
"""Where the portal is on this host: empty, or for example ``/engagement``. ``reverse()`` begins with it."""
FORCE_SCRIPT_NAME = SITE_PATH or None
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS",
    default=[
        f"[{_site.hostname}]" if ":" in (_site.hostname or "") else _site.hostname,
        *("127.0.0.1", "localhost", "[::1]"),
    ],
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
    "portal.kept.KeptPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.languages.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.operations.logged_out.LoggedOutMiddleware",
    "portal.operations.overload.OverloadMiddleware",
    "programs.history.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "portal.fixed_parts.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.portal",
            ],
        },
    },
]
FORM_RENDERER = "programs.rendering.Renderer"

# --- Database -----------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = databases(env, DATA_DIR)
DATABASE_ROUTERS = ["portal.operations.replica.Router"]
"""Public pages read from the replica, if there is one; everything else from the database itself."""
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = caches(env, kept_megabytes=2 if MODE == "test" else 24)

# --- Language and time --------------------------------------------------------------------

LANGUAGE_CODE = "de"  # the other languages: LANGUAGES in portal/rules.py
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
FORMAT_MODULE_PATH = "portal.languages.formats"
TIME_ZONE = "Europe/Berlin"
USE_TZ = True

# --- Accounts -----------------------------------------------------------------------------

AUTH_USER_MODEL = "volunteers.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
"""Who somebody is; what they may do, ``User.has_perm`` says."""
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
    "request_login_code": "volunteers.accounts.forms.CodeRequestForm",
    "signup": "volunteers.accounts.forms.AccountForm",
    "confirm_login_code": "volunteers.accounts.forms.LoginCodeForm",
    "confirm_email_verification_code": "volunteers.accounts.forms.AddressCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60  # seconds for which a code is right; mail may take a while
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = False  # allauth counts per process; RATE_LIMITS below covers accounts, too
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_LOGOUT_REDIRECT_URL = f"{SITE_PATH}/"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True  # second factor set up or switched off, new recovery codes
ACCOUNT_REAUTHENTICATION_METHODS = ("password", "mfa")
"""Who changes a factor proves more than the mailbox; newer allauth would also take a mailed code."""
ACCOUNT_REAUTHENTICATION_TIMEOUT = (
    600  # seconds after which changing the second factor requires a new authentication
)
MFA_ADAPTER = "volunteers.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "volunteers.accounts.forms.SecondFactorForm",
    "reauthenticate": "volunteers.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "volunteers.accounts.forms.SetUpForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Freiwilligenportal Stuttgart"
MFA_TOTP_TOLERANCE = 1  # codes accepted before and after the current one, for inaccurate clocks
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=PRODUCTION)
"""Whether the administration is open only to accounts with a second factor."""

OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="").rstrip("/")
"""Issuer of the city's own sign-on (OpenID Connect). Empty: there is no sign-on."""
if PRODUCTION and OIDC_SERVER_URL and not OIDC_SERVER_URL.startswith("https://"):
    raise ImproperlyConfigured("OIDC_SERVER_URL has to start with https://.")
OIDC_ORIGINS = env.list(
    "OIDC_ORIGINS", default=["/".join(OIDC_SERVER_URL.split("/")[:3])] if OIDC_SERVER_URL else []
)
"""Origins of the pages to which the sign-on may redirect. Default: the origin of the issuer."""
OIDC_IS_SECOND_FACTOR = env.bool("OIDC_IS_SECOND_FACTOR", default=False)
"""Whether every sign-on counts as a second factor. If not, only one whose ``amr`` claim says so."""
SOCIALACCOUNT_ADAPTER = "volunteers.accounts.sign_on.SignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # why: see volunteers/accounts/sign_on.py
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
OIDC_NAME = env.str("OIDC_NAME", default="Stadt Stuttgart")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID") if OIDC_SERVER_URL else ""
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET") if OIDC_SERVER_URL else ""

# --- Mail ---------------------------------------------------------------------------------

# Every mail is stored and queued in the caller's transaction; the worker sends it.
EMAIL_BACKEND = "volunteers.notifications.outbox.QueuedEmailBackend"
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Freiwilligenportal Stuttgart <portal@example.org>"
)
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])
"""Public keys of ``age`` for which backups are encrypted. Empty: they are not."""
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default=f"{SITE_URL}{SITE_PATH}/seiten/impressum/")
"""Where to report a security problem: a web or ``mailto:`` URL for ``/.well-known/security.txt``."""
EMAIL_FILE_PATH = DATA_DIR / "mail"
if email_url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(email_url))
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_BACKEND = "volunteers.notifications.outbox.QueuedEmailBackend"
    EMAIL_TIMEOUT = 20  # seconds
else:
    MAIL_DELIVERY_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

# --- Static files -------------------------------------------------------------------------

STATIC_URL = f"{SITE_PATH}/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.bundles.BundleFinder",
]
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
WHITENOISE_ROOT = BASE_DIR / "static" / "root"
"""Files at the top of the site, which browsers ask for without being told."""

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
        "manifest-src": [SELF],
        "worker-src": [SELF],
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
"""The portal uses none of these features, so no script may request them."""
X_FRAME_OPTIONS = "DENY"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS and PRODUCTION
SECURE_REDIRECT_EXEMPT = [rf"^{SITE_PATH.lstrip('/')}/?(livez|readyz|healthz|metrics)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
"""Whether every request comes through exactly one proxy, run by the city.

If True, the visitor's address is the last entry of ``X-Forwarded-For``, and ``X-Forwarded-Proto`` says
whether HTTPS was used. The proxy must set both headers, and no request may bypass it. If False, both
headers are ignored, because any client can send them.
"""
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = SITE_PATH or "/"
if HTTPS:
    # Browsers accept a cookie with the first prefix only over HTTPS, for this host and all its paths; with the
    # second, which other hosts of the same domain can set, too, only over HTTPS.
    _prefix = "__Secure-" if SITE_PATH else "__Host-"
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_prefix}sessionid", f"{_prefix}csrftoken"
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
FILE_UPLOAD_HANDLERS = [
    "programs.exchange.uploads.SmallUploads",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # bytes; an import of 10,000 people has about 2 MB

# --- Import and export --------------------------------------------------------------------

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_ACTION_EXPORT_UI = False

PGHISTORY_MIDDLEWARE_METHODS = ("POST",)
"""Only POST requests change tracked records, so other requests skip the history middleware's work."""

if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- Logs and metrics ---------------------------------------------------------------------

LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
"""``plain`` for people, or ``json``: one object a line (``portal/operations/logs.py``)."""
if LOG_FORMAT not in {"plain", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it has to be 'plain' or 'json'.")
LOG_REQUESTS = env.bool("LOG_REQUESTS", default=False)
"""Whether each request gets a line: method, route, status, milliseconds (``operations/requests.py``)."""
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
"""With this token Prometheus may ask ``/metrics``. Empty: nothing is measured, and the address is not there."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"portal": {"()": "portal.operations.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "portal"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # One line for each security event (volunteers/guard/security_log.py), each try to deliver a mail
    # (notifications/outbox.py) and, if asked for, each request. All without personal data.
    "loggers": {
        name: {"level": "INFO"} for name in ("portal.security", "portal.mail", "portal.requests")
    },
}
PROCRASTINATE_ON_APP_READY = "programs.tracing.follow_jobs"
