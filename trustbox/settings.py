"""Every setting of the portal. What differs between installations comes from the environment."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from trustbox import environment
from trustbox.languages import languages_in

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.data_dir(BASE_DIR)
BASE_URL, PORTAL_HOSTS = environment.base_address()
# Names of schools stand in the database: trustbox.hosts refuses what is neither theirs nor among PORTAL_HOSTS.
ALLOWED_HOSTS = ["*"]
SECRET_KEY = environment.secret_key(DATA_DIR)
DEBUG = False

HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "trustbox.apps.TrustboxConfig",
    "trustbox.apps.StaffSiteConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "django_tasks_db",
    "schools",
    "box",
    "journal",
    "reports",
]

MIDDLEWARE = [
    "trustbox.middleware.HeadersMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    # Before anything that could answer, and with the headers that every answer has: a name that is not ours is refused.
    "trustbox.hosts.HostMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "trustbox.middleware.StaffMiddleware",
    # Last, so that its page for a locked name speaks the language chosen above.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "trustbox.urls"
WSGI_APPLICATION = "trustbox.wsgi.application"

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
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": environment.database(DATA_DIR)}
CACHES = {"default": environment.cache_settings()}
for _name, _value in environment.email_settings(DATA_DIR, BASE_URL).items():
    globals()[_name] = _value

# What is done beside the requests stands in the database, in the transaction of what it belongs to.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# People and signing in
AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # refuses a locked name; signs nobody in
    "schools.backends.StaffBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
# Twenty minutes after the last request, and eight hours after signing in (trustbox.middleware).
SESSION_COOKIE_AGE = 20 * 60
SESSION_LONGEST = 8 * 3600
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# No cookie of the staff site ever travels with a public page.
STAFF_PATH = "/admin/"
SESSION_COOKIE_PATH = KEYRING_COOKIE_PATH = STAFF_PATH
KEYRING_COOKIE_NAME = "trustbox_key"
# What is told to a person names colleagues: not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Second factor: the name under which an authenticator app lists the portal
OTP_TOTP_ISSUER = "Trust box"
# The clock of a phone may be one step off, no more; what was learnt of it once is not kept.
OTP_TOTP_SYNC = False

# Sign-ins that fail: five within five minutes lock a name, or a browser known to the person, for five minutes.
# Neither address nor browser nor what was typed is kept (schools.lockout).
AXES_HANDLER = "schools.lockout.NamelessHandler"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "schools.lockout.counted_under"
AXES_CLIENT_IP_CALLABLE = "schools.lockout.no_address"
AXES_CLIENT_STR_CALLABLE = "schools.lockout.no_description"
AXES_LOCKOUT_CALLABLE = "trustbox.entrance.signing_in.locked"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Languages and time
LANGUAGE_CODE = "ru"
# A catalogue alone makes a language: ours, and after them those that this installation keeps with its data.
LOCALE_PATHS = [BASE_DIR / "locale", DATA_DIR / "locale"]
LANGUAGES = languages_in(LOCALE_PATHS, also=environment.words("TRUSTBOX_TRY_LANGUAGES"))
FORMAT_MODULE_PATH = ["trustbox.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    # Encrypted before they come there (box.services.attaching); nothing is ever served from it.
    "default": environment.file_storage(DATA_DIR),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# Security
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # gone with the browser: a shared computer shows no visit
CSRF_FAILURE_VIEW = "trustbox.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy in front does it; the health check behind it speaks http
# … which the first check asks for; the second wants addresses kept, which a school's shared line makes useless anyway.
# SQLite leaves out the further columns of an index, which PostgreSQL reads from it.
SILENCED_SYSTEM_CHECKS = ["security.W008", "axes.W006", "models.W040"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Nothing sent is ever written to the disk readable. Too many files are counted, for a page that says so.
FILE_UPLOAD_HANDLERS = ["box.files.uploads.SealedUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FILES = 1000

# What sees to it that a letter just stored gets its row in the book; called with the school's id.
ARRIVAL_RECORDER = "journal.services.arrivals.bind_soon"
# What tells those who read a letter that its author wrote back; called with the letter.
AUTHOR_WROTE_RECORDER = "journal.services.reminding.tell_author_wrote"
# What locks the end of a school's book, for whoever changes the book and a letter together; called with the school.
BOOK_LOCK = "journal.services.trail.lock_book"
# What rooms above the journal keep of a school, and the trail tells of (``verify_journal``); each raises Broken.
BOOK_VERIFIERS = ["reports.verifying.verify_papers"]
# What rooms above the journal keep of an entry: called with entries whose content is destroyed, in that transaction.
CONTENT_DESTROYERS = ["reports.forgetting.forget_prints"]
# What the journal keeps of a letter set aside that its author erases; called with the letter, in that transaction.
LETTER_ERASER = "journal.services.destroying.forget_withdrawn"
# What rooms above the journal do by the clock (``remind``): each is called with the moment, and says how much it did.
REMINDERS = ["reports.analysis.preparing.prepare_due"]
# What says whether a school worked by its rules in a span of days: such rules do not change any more.
WORK_DONE = "journal.work_done.work_done"
# What calls people when a letter or a message says that somebody is in danger (box.services.danger).
# Told when something that decides about opening days has changed.
CALENDAR_RECORDER = "journal.services.counting.note_calendar"
DANGER_RECORDER = "journal.services.alerting.raise_alert"
# What keeps spare keys of what was just sealed for the named person of the region (box.services.danger.FreshKeys).
SPARE_KEYS_RECORDER = "journal.services.spare_keys.keep_of_letter"
# What passes a letter about everybody who could read it on to that person; called with the letter's id.
REGION_RECORDER = "journal.services.at_region.reach_soon"

# How many letters one address may send at once, and how fast the right grows back. A whole school shares one
# address, so the limit is a class's many times over. Kept in memory alone.
LETTERS_AT_ONCE = environment.whole_number("TRUSTBOX_LETTERS_AT_ONCE", 200, least=1, most=10**9)
LETTERS_A_MINUTE = environment.whole_number("TRUSTBOX_LETTERS_A_MINUTE", 40, least=1, most=10**9)
# How many proxies of ours stand in front: the address of the sender is read that far from the right.
PROXIES = environment.whole_number("TRUSTBOX_PROXIES", 0, least=0, most=5)

# What goes wrong is written without the request: its body, address and cookies could tell who wrote, or what.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"nameless": {"()": "trustbox.logs.Nameless"}},
    "formatters": {"plain": {"()": "trustbox.logs.PlainFormatter"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["nameless"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
