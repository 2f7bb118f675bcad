"""One settings file.

Values come from the environment; a wrong one stops the start with a sentence. Reading starts nothing.
"""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import logs, places, transport
from portal.environment import database, env, env_bool, host_ports, site_url, zone
from portal.sign_in_settings import *  # noqa: F403  settings like those below
from portal.sign_in_settings import OIDC_ORIGINS
from portal.storage_settings import *  # noqa: F403  settings like those below
from portal.storage_settings import DATA_DIR, DOCUMENTS, S3_DIRECT_ORIGIN, S3_ENDPOINT

BASE_DIR = places.ROOT

# -- which of the two worlds ---------------------------------------------------------------------
DEMO = env_bool("DEMO", False)  # shows the demonstration's sign-ins; `check --deploy` refuses it
DEBUG = False
DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = env("SECRET_KEY")
FIELD_KEY = env("FIELD_KEY")
# earlier or coming ones, separated by spaces: what they signed or sealed is still taken
SECRET_KEY_FALLBACKS = env("SECRET_KEY_FALLBACKS", "").split()
FIELD_KEY_FALLBACKS = env("FIELD_KEY_FALLBACKS", "").split()
HERE = f"http://localhost:{env('PORT', '8000')}" if DEMO else None
SITE_URL = site_url(env("SITE_URL", HERE), DEMO)
HTTPS = SITE_URL.startswith("https:")  # always, but for a demonstration on one's own machine
ALLOWED_HOSTS = [
    urlsplit(SITE_URL).hostname or "",
    *([] if HTTPS else ["localhost", "127.0.0.1", "[::1]", "testserver"]),
    *filter(None, env("ALLOWED_HOSTS", "").split(",")),
]
HOST_PORTS = host_ports(SITE_URL) if HTTPS else set()
# how many proxies of our own stand in front, each adding whom it saw to X-Forwarded-For
BEHIND_PROXY = env_bool("BEHIND_PROXY", False)
TRUSTED_PROXIES = int(env("TRUSTED_PROXIES", "1" if BEHIND_PROXY else "0"))
if bool(TRUSTED_PROXIES) != BEHIND_PROXY:
    raise ImproperlyConfigured(
        "TRUSTED_PROXIES counts the proxies behind BEHIND_PROXY=1: set both, or neither."
    )
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
SITE_ID = 1
ROOT_URLCONF = "portal.urls"

ROOMS = [
    "portal.ui",
    "portal.registry",
    "portal.audit",
    "portal.workflow",
    "portal.health",
    "portal.accounts",
    "portal.maintenance",
    "portal.firms",
    "portal.closures",
    "portal.cases",
    "portal.bulk",
    "portal.documents",
    "portal.notices",
    "portal.approvals",
    "portal.disposals",
    "portal.privacy",
    "portal.correspondence",
    "portal.backups",
    "grants.programmes",
    "grants.budget",
    "grants.applications",
    "grants.reviews",
    "grants.awards",
    "grants.backtest",
    "grants.completion",
    "grants.payments",
    "grants.recovery",
    "grants.followup",
    "grants.seats",
    "grants.fitting",
    "startups.challenges",
    "startups.proposals",
    "startups.matching",
    "startups.pilots",
    "startups.rollouts",
    "startups.concierge",
    "reports.papers",
    "reports.dossiers",
    "reports.disclosure",
    "reports.statistics",
    "reports.opendata",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    *ROOMS,
    *(["tools.demonstration"] if DEMO else []),
]
MIDDLEWARE = [
    "portal.arrival.Arrival",
    "portal.health.middleware.Counted",
    "portal.ui.middleware.RequestId",
    "portal.ui.middleware.OurPort",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before files are answered: they carry the policy, too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.accounts.middleware.KeepsRenewed",
    "django.middleware.locale.LocaleMiddleware",
    "portal.maintenance.middleware.Gate",
    "portal.ui.middleware.Readable",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "portal.ui.answered_again.AnsweredAgain",
    "portal.ui.furigana.Furigana",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.accounts.middleware.EndsIdleSessions",
    "portal.accounts.middleware.LimitedDoors",
    "portal.accounts.middleware.NeedsSecondFactor",
    "portal.cases.former_numbers.FormerNumbers",
]
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
                "portal.ui.context.shell",
                "portal.accounts.filling.banner",
                "portal.maintenance.shown.banner",
            ],
            "builtins": [
                *(
                    f"portal.ui.templatetags.{name}"
                    for name in ("ui", "tight", "fields", "components", "sums", "written")
                ),
                "django.templatetags.i18n",
            ],
        },
    }
]
FORM_RENDERER = "portal.ui.forms.Renderer"

# -- language and time: the source language is Japanese -------------------------------------------
LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = zone("Asia/Tokyo")
USE_TZ = True

# -- people: how they sign in, portal/sign_in_settings.py says -----------------------------------
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
# at the latest; sooner for whoever is away: portal/accounts/idle.py
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "portal_cache",
    }
}

# -- files: where they lie, portal/storage_settings.py says ---------------------------------------
STORAGES = {
    "default": DOCUMENTS,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
UPLOAD_MAX_BYTES, CASE_MAX_BYTES = 20 * 1024**2, 500 * 1024**2  # of one file, of all of a case
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
# for which a page that is the same for everybody is not made anew; 0: each is
PUBLIC_PAGES_SECONDS = int(env("PUBLIC_PAGES_SECONDS", "5"))
API_PER_MINUTE = int(env("API_PER_MINUTE", "120"))  # a minute, of one address or person
# host:port or a socket path; empty: uploads are shown with a warning
CLAMD_ADDRESS = env("CLAMD_ADDRESS", "")

# -- mail and jobs --------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env(
    "FROM_EMAIL", "さっぽろ事業支援ポータル <portal@localhost>" if DEMO else None
)
EMAIL_HOST = env("SMTP_HOST", "")
EMAIL_PORT = int(env("SMTP_PORT", "587"))
EMAIL_HOST_USER = env("SMTP_USER", "")
EMAIL_HOST_PASSWORD = env("SMTP_PASSWORD", "")
EMAIL_USE_TLS = env_bool("SMTP_TLS", not transport.is_here(EMAIL_HOST))
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
BOUNCE_ADDRESS, BOUNCE_MAILBOX = env("BOUNCE_ADDRESS", ""), env("BOUNCE_MAILBOX", "")
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "portal.workflow.jobs.watch"
# seconds: the newest missed turn of each work by the clock, the daily ones too, is done at the start
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": int(timedelta(hours=26).total_seconds())}

# -- money ----------------------------------------------------------------------------------------
# 委託者: what the bank gave the city, as JSON: code (ten digits), name in bank letters, bank, branch, kind, number
_SAMPLE_SENDER = (
    '{"code": "9900000001", "name": "ｻﾂﾎﾟﾛｼ ﾐﾎﾝ", "bank": "0116", "branch": "101",'
    ' "kind": "1", "number": "0000001"}'
)
TRANSFER_SENDER = json.loads(env("TRANSFER_SENDER", _SAMPLE_SENDER if DEMO else "{}"))
# our name of a column → the bank's, in the CSV of a batch's results
TRANSFER_RESULT_COLUMNS = json.loads(env("TRANSFER_RESULT_COLUMNS", "{}")) or {
    "batch": "データ番号",
    "line": "行",
    "bank": "金融機関コード",
    "branch": "支店コード",
    "account": "口座番号",
    "amount": "金額",
    "code": "結果コード",
    "reason": "理由",
}

# -- what is reached on other machines -----------------------------------------------------------
if not DEMO:
    transport.demand_tls(
        [
            transport.to_database(env("DATABASE_URL")),
            transport.to_address("S3_ENDPOINT_URL", S3_ENDPOINT),
            transport.to_mail(EMAIL_HOST, EMAIL_USE_TLS),
            transport.to_mailbox(BOUNCE_MAILBOX),
            transport.to_scanner(CLAMD_ADDRESS),
            transport.to_address("OIDC_SERVER_URL", env("OIDC_SERVER_URL", "")),
        ]
    )

# -- security -------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# programs are not led on: whoever calls them without TLS is told (reports/opendata/serving.py)
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^(en/)?(api/v1|exp/v1)/"]
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# the header into which a proxy of ours writes when a request came; believed only where one does
ARRIVAL_HEADER = env("ARRIVAL_HEADER", "")
if ARRIVAL_HEADER and not BEHIND_PROXY:
    raise ImproperlyConfigured(
        "ARRIVAL_HEADER is believed only behind a proxy of your own: set BEHIND_PROXY=1."
    )
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
# browsers then take the cookies from this host alone, over TLS alone, for the whole site
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}django_language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # no script of ours reads a cookie
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.ui.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # allauth draws the TOTP code as a data address
        "font-src": [SELF],
        "connect-src": [SELF, *filter(None, [S3_DIRECT_ORIGIN])],
        "form-action": [SELF, *OIDC_ORIGINS],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# -- watched from outside -------------------------------------------------------------------------
# the portal is closed while this file is there
MAINTENANCE_FILE = Path(env("MAINTENANCE_FILE", str(DATA_DIR / "maintenance")))
METRICS_TOKEN = env("METRICS_TOKEN", "")  # whoever shows it reads figures; empty: nobody

# -- the log: what is in it, portal/events.py says ------------------------------------------------
LOGGING = logs.as_json(env("LOG_LEVEL", "WARNING" if DEMO else "INFO"))
