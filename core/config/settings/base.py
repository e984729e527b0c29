"""Settings that hold everywhere. What differs lies in development.py, test.py and production.py."""

from datetime import timedelta
from pathlib import Path

from core.config.env import (
    BASE_DIR,
    SECRET_NAMES,  # noqa: F401 - a setting
    VAR_DIR,
    breached_passwords,
    database,
    document_place,
    env,
    file_or_none,
    folder_address,
    replica_database,
    shared_cache,
    virus_scanner,
    whole_number,
)
from core.config.settings.timetable import CRONJOBS, TIMETABLE  # noqa: F401 - settings

# --- applications --------------------------------------------------------------------------------

INSTALLED_APPS = [
    "backoffice.apps.BackofficeConfig",  # first: its templates override Unfold's
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "backoffice.apps.BackofficeAdminConfig",
    "public_site.apps.PublicSiteConfig",
    "core.apps.CoreConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "reversion",
    "rolepermissions",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "django_htmx",
    "django_crontab",
]

MIDDLEWARE = [
    "core.watch.middleware.WatchMiddleware",
    "core.common.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # outside of what serves static files: theirs bear the policy too
    "core.common.methods.KnownMethodsMiddleware",
    "public_site.compression.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "public_site.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.activity.context.RequestContextMiddleware",
    "core.activity.refused_files.RefusedFilesMiddleware",  # inside: its entries bear the address
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.accounts.middleware.OpenSessionMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "core.config.urls"
WSGI_APPLICATION = "core.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "public_site.context_processors.portal",
            ]
        },
    }
]

# --- database ------------------------------------------------------------------------------------

VAR_DIR.mkdir(parents=True, exist_ok=True)

DATABASES = {"default": database("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'lsp.sqlite3'}")}
if replica := replica_database("DATABASE_REPLICA_URL", of=DATABASES["default"]):
    DATABASES["replica"] = replica
    DATABASE_ROUTERS = ["core.common.replica.ReplicaRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What lies in it may be lost at any time: counters of how often one address asks (public_site.limits).
CACHES = {"default": shared_cache("CACHE_URL")}

# --- people --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "full_name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "core.accounts.passwords.GuessablePasswordValidator"},  # Django's list, and more
    {"NAME": "core.accounts.breached.BreachedPasswordValidator"},
]
BREACHED_PASSWORDS = breached_passwords("BREACHED_PASSWORDS")
LOGIN_URL = "public_site:login"
LOGIN_REDIRECT_URL = "public_site:desk"
LOGOUT_REDIRECT_URL = "public_site:home"
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=2).total_seconds())

ROLEPERMISSIONS_MODULE = "core.accounts.roles"
ROLEPERMISSIONS_REDIRECT_TO_LOGIN = True
# Logging in must not rewrite permissions: they change only through core.accounts.services.
ROLEPERMISSIONS_REGISTER_ADMIN = False

# Guesses are counted per e-mail and address together: a stranger can't lock somebody out from
# elsewhere, and one busy office behind one address is not locked out as a whole.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
# A shut door opens after a quarter of an hour, however often somebody knocks meanwhile: at a shared address a colleague
# could otherwise be kept out for as long as one likes.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "public_site.views.account.locked_out"
AXES_VERBOSE = False  # its log lines would carry e-mail addresses
AXES_DISABLE_ACCESS_LOG = True
# django-axes keeps what else was posted with a guess; a form that somebody wants to go on with is theirs alone.
AXES_SENSITIVE_PARAMETERS = ["username", "password", "old_password", "code", "kept", "csrfmiddlewaretoken"]
AXES_USERNAME_FORM_FIELD = "username"
AXES_USERNAME_CALLABLE = "core.accounts.rules.name_at_the_door"
AXES_CLIENT_IP_CALLABLE = "core.activity.context.request_address"
TRUSTED_PROXIES = whole_number("TRUSTED_PROXIES", default=0)

# The name that authenticator apps show; wrong codes wait 1, 2, 4, 8 … seconds.
OTP_TOTP_ISSUER = "LSP BNPB"
OTP_TOTP_THROTTLE_FACTOR = 1
#: The cookie of a remembered device; the key of the account is appended.
TRUSTED_DEVICE_COOKIE = "perangkat"

# Staff's sessions are shorter where the policy says so (core.accounts.sessions).
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The CSRF cookie outlives the session: a page left open overnight must still be able to save.
CSRF_COOKIE_AGE = int(timedelta(days=365).total_seconds())
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "public_site.views.errors.csrf_failure"

# --- language ------------------------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "core" / "locale"]
FORMAT_MODULE_PATH = "core.config.formats"
TIME_ZONE = "Asia/Jakarta"
USE_I18N = True
USE_TZ = True

# --- files ---------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [("manual", BASE_DIR / "server_docs" / "manual" / "gambar")]
# Private papers are served only by a view that checks who asks; there is no MEDIA_URL.
DOCUMENT_ROOT, _documents = document_place("STORAGE_URL", default=VAR_DIR / "documents")
# Where nginx serves DOCUMENT_ROOT internally (X-Accel-Redirect); empty: Django sends the files itself.
ACCEL_PREFIX = folder_address("ACCEL_PREFIX")
# The virus scanner (clamd); None: uploads need not wait for one.
CLAMD_URL = virus_scanner("CLAMD_URL")
STORAGES = {"default": _documents, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# What was verified of the activity log; outside the database, so that an older database put back is noticed.
ACTIVITY_CHECKPOINTS = VAR_DIR / "activity-checkpoints.jsonl"
DOCUMENT_MAX_BYTES = 10 * 1024 * 1024
# Uploads that come in pieces lie here until the last piece is there; all processes of the server need the same folder.
PIECES_ROOT = VAR_DIR / "pieces"
# Spreadsheets that were handed in, each with its report; private like the documents.
IMPORT_ROOT = VAR_DIR / "imports"
# Results of jobs, until they expire; private, each under a name that nobody can guess.
JOB_ROOT = VAR_DIR / "jobs"
# The printed manuals.
MANUAL_ROOT = VAR_DIR / "manuals"
IMPORT_MAX_BYTES = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- restore drills -------------------------------------------------------------------------------

# Where they restore to; a database of its own beside the real one unless another is named.
DRILL_DATABASE_URL = env.str("DRILL_DATABASE_URL", default="").strip()
DRILL_FOLDER = Path(env.str("DRILL_FOLDER", default="").strip() or VAR_DIR / "drill")
DRILL_MINUTES = whole_number("DRILL_MINUTES", default=240)

# --- mail ----------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="LSP BNPB <tidak-dibalas@contoh.id>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 15
# Whether a committed message is sent at once by the process that queued it, or left to cron.
OUTBOX_SEND_ON_COMMIT = False
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")

# --- certificates --------------------------------------------------------------------------------

# A PKCS#12 file with the LSP's certificate for signing PDF; empty: certificates stay unsigned PDF.
PDF_SIGNING_P12 = env.str("PDF_SIGNING_P12", default="")
PDF_SIGNING_PASSWORD = env.str("PDF_SIGNING_PASSWORD", default="")

# --- backups -------------------------------------------------------------------------------------

# Work files of backups and restores: the dump of the database, binary logs, restic's cache. Private.
BACKUP_ROOT = VAR_DIR / "backups"
# Addresses as restic knows them (a folder, sftp:…, s3:…, rest:…); an empty one is not used.
BACKUP_REPOSITORIES = {
    "local": env.str("BACKUP_REPOSITORY", default="").strip(),
    "remote": env.str("BACKUP_REPOSITORY_REMOTE", default="").strip(),
}
BACKUP_PASSWORD_FILE = file_or_none("BACKUP_PASSWORD_FILE")
# The ssh_config (key, known_hosts, port) for a repository over SFTP; none: the service account's own.
BACKUP_SSH_CONFIG = file_or_none("BACKUP_SSH_CONFIG")
# The account that dumps, reads binary logs and restores, where the application's own may not; same database.
BACKUP_DATABASE_URL = env.str("BACKUP_DATABASE_URL", default="").strip()
# So many nights until every byte of a repository has been read back once.
BACKUP_CHECK_NIGHTS = whole_number("BACKUP_CHECK_NIGHTS", default=7)
# Binary logs are kept so many days: a restore up to any moment of them.
BACKUP_LOG_DAYS = whole_number("BACKUP_LOG_DAYS", default=7)

# --- cron ----------------------------------------------------------------------------------------

TIMETABLE_ROOT = VAR_DIR / "timetable"  # locks of scheduled jobs; the jobs themselves: timetable.py

# --- headers -------------------------------------------------------------------------------------

# Nobody draws our pages into a frame; papers and previews, which our own pages show in one, say so themselves.
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Of everything but the back office's own pages, whose looser policy stands in backoffice/policy.py. No page holds a
# script or a style of its own, so there is nothing to give a nonce to: 'self' is all there is.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "worker-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "frame-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# --- watching ------------------------------------------------------------------------------------

# Who gets a letter about each kind of error; empty: nobody.
ADMINS = [(address, address) for address in env.list("ADMINS", default=[])]
# Which errors were told of lately, shared by all processes.
FAULT_MEMORY = VAR_DIR / "faults.json"
# The token of /metrik/; empty: no figures are kept, and the address does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="").strip()
# Where the processes of one server keep their counts; None: each for itself, where there is only one.
METRICS_DIR = None
# /sehat/ fails when the clocks of server and database, or the last act in the log, are farther apart.
CLOCKS_APART = timedelta(minutes=2)
# /sehat/ fails when less than so many bytes are left where data are written.
# Days after which “Kesehatan sistem” calls a secret old; 0: never.
SECRETS_CHANGE_DAYS = whole_number("SECRETS_CHANGE_DAYS", default=365)
DISK_FREE_LIMIT = whole_number("DISK_FREE_LIMIT_MB", default=2048) << 20

# --- logging -------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "core": {"level": "INFO"},
        "cron": {"level": "INFO"},
        "axes": {"level": "ERROR"},  # its warnings name people
        "xhtml2pdf": {"level": "ERROR"},
        "core.watch.request": {"level": "WARNING"},  # production has a line for every request
    },
}

# --- back office look: the values are dotted names, the content lives in backoffice/ ----------------

UNFOLD = {
    "SITE_TITLE": "LSP BNPB",
    "SITE_HEADER": "LSP BNPB",
    "SITE_SUBHEADER": "Sistem Sertifikasi",
    "SITE_URL": "/",
    "SITE_SYMBOL": "verified_user",
    "SITE_ICON": "backoffice.navigation.site_icon",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": False,
    "ENVIRONMENT": "backoffice.navigation.environment",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "backoffice.navigation.favicon"}],
    "STYLES": ["backoffice.navigation.stylesheet"],
    "ACCOUNT": {"navigation": "backoffice.navigation.account_links"},
    "DASHBOARD_CALLBACK": "backoffice.dashboard.dashboard",
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "backoffice.navigation.sidebar",
    },
}

DEMO = False
# True only in the throw-away copy that a restore drill looks at (scratch.py).
IS_SCRATCH = False
