"""The portal's own settings for the tests: a data folder that goes away, and quick password hashes.

TRUSTBOX_TEST_ENGINE is set for a run on both engines (``make test``): ``sqlite``, ``postgresql``, or ``browser``
for what looks at running servers. Without it the tests use what DATABASE_URL says, and SQLite when it says nothing.
"""

import os
import secrets
import tempfile
from pathlib import Path

_engine = os.environ.get("TRUSTBOX_TEST_ENGINE", "")
if _engine in ("sqlite", "browser"):
    os.environ.pop("DATABASE_URL", None)
elif _engine == "postgresql":
    os.environ["DATABASE_URL"] = os.environ["TRUSTBOX_TEST_POSTGRES"]
for _name in ("URL", "SECRET_KEY_FILE", "FILES_URL"):
    os.environ.pop(f"TRUSTBOX_{_name}", None)
for _name in ("EMAIL_URL", "CACHE_URL"):
    os.environ.pop(_name, None)
os.environ["TRUSTBOX_DATA_DIR"] = tempfile.mkdtemp(prefix="trustbox-tests-")
os.environ["TRUSTBOX_SECRET_KEY"] = secrets.token_urlsafe(64)

from trustbox.settings import *  # noqa: E402, F403
from trustbox.settings import DATA_DIR, DATABASES, PORTAL_HOSTS, STORAGES  # noqa: E402

(DATA_DIR / "static").mkdir()
# The name under which Django's own client asks.
PORTAL_HOSTS = [*PORTAL_HOSTS, "testserver"]

PASSWORD_HASHERS = ["tests.hashing.QuickArgon2"]
STORAGES = {
    **STORAGES,
    # The hashed names need collectstatic; they are tried on the real server.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in life: threads need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "tests.sqlite3")}

# No thread of its own beside a test's transactions; the real one runs on the real server.
ARRIVAL_RECORDER = "journal.services.arrivals.bind_now"
