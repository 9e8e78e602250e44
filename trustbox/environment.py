"""Reads the environment strictly: a wrong value stops the start with one clear line."""

import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()
_SECRET_MIN_LENGTH = 50


def data_dir(base: Path) -> Path:
    """TRUSTBOX_DATA_DIR (default ``data/``), made if missing, with mode 0700. Must be writable."""
    folder = Path(_env.str("TRUSTBOX_DATA_DIR", default=str(base / "data"))).expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"TRUSTBOX_DATA_DIR: cannot make {folder}: {error.strerror}."
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"TRUSTBOX_DATA_DIR: {folder} is not writable.")
    return folder


def secret_key(folder: Path) -> str:
    """TRUSTBOX_SECRET_KEY, or the content of TRUSTBOX_SECRET_KEY_FILE, or a key made once in the data folder."""
    if "TRUSTBOX_SECRET_KEY" in os.environ:
        key, where = os.environ["TRUSTBOX_SECRET_KEY"], "TRUSTBOX_SECRET_KEY"
    else:
        named = os.environ.get("TRUSTBOX_SECRET_KEY_FILE")
        path = Path(named) if named else folder / "secret_key"
        where = f"TRUSTBOX_SECRET_KEY_FILE ({path})"
        if not named:
            _make_secret_once(path)
        try:
            key = path.read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{where}: {error.strerror}.") from None
    if len(key) < _SECRET_MIN_LENGTH:
        raise ImproperlyConfigured(f"{where}: at least {_SECRET_MIN_LENGTH} characters are needed.")
    return key


def _make_secret_once(path: Path) -> None:
    # Written whole under another name first: a second process never reads half a key.
    if path.exists():
        return
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    except OSError as error:
        raise ImproperlyConfigured(
            f"TRUSTBOX_DATA_DIR: cannot write {path}: {error.strerror}."
        ) from None


def database(folder: Path) -> dict[str, Any]:
    """DATABASE_URL as Django's settings; SQLite in the data folder when there is none."""
    if "DATABASE_URL" not in os.environ:
        config: dict[str, Any] = {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "trustbox.sqlite3"),
        }
    else:
        url = os.environ["DATABASE_URL"]
        if url.partition(":")[0] not in {"postgres", "postgresql", "sqlite"}:
            raise ImproperlyConfigured(
                "DATABASE_URL: give postgres://user:password@host:5432/name or sqlite:////path/to/file."
            )
        try:
            config = environ.Env.db_url_config(url)
        except (ValueError, KeyError):
            raise ImproperlyConfigured("DATABASE_URL: this address cannot be read.") from None
        # ":memory:" is what an address without a path is read as: each start would begin empty.
        if config.get("NAME") in (None, "", ":memory:"):
            raise ImproperlyConfigured("DATABASE_URL: the name of the database is missing.")
    # A connection for each request would cost SQLite more than the letter itself, and PostgreSQL thrice as much.
    config["CONN_MAX_AGE"] = 600
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {
            # Measured: with IMMEDIATE and WAL sixteen writers wait their turn; otherwise they fail.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        # A wrong host must say so soon, not after the system's own two minutes.
        config["OPTIONS"] = {"connect_timeout": 10, **config.get("OPTIONS", {})}
        config["CONN_HEALTH_CHECKS"] = True
        # Behind pgbouncer a cursor of the server's would be lost between transactions.
        config["DISABLE_SERVER_SIDE_CURSORS"] = True
    return config


def base_address() -> tuple[str, list[str]]:
    """TRUSTBOX_URL without a closing slash (empty when not given) and the hosts that may be asked for."""
    hosts = ["localhost", "127.0.0.1", "[::1]"]
    url = os.environ.get("TRUSTBOX_URL", "").rstrip("/")
    if not url:
        return "", hosts
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        named = False
    if (
        not named
        or parts.scheme not in {"http", "https"}
        or parts.path
        or parts.query
        or parts.fragment
    ):
        raise ImproperlyConfigured("TRUSTBOX_URL: give an address such as https://box.example.kz")
    return url, [*hosts, parts.hostname]


def email_settings(folder: Path, base: str = "") -> dict[str, Any]:
    """EMAIL_URL as Django's settings; without it mail is written to ``outbox`` in the data folder, and leaves nowhere.

    ``base`` is the portal's address.
    """
    host = urlsplit(base).hostname or "localhost"
    if "EMAIL_URL" not in os.environ:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(_outbox(folder)),
            "DEFAULT_FROM_EMAIL": f"trustbox@{host}",
        }
    wrong = ImproperlyConfigured(
        "EMAIL_URL: give smtp+tls://user:password@host:587 or another address of a mail server."
    )
    try:
        config = dict(environ.Env.email_url_config(os.environ["EMAIL_URL"]))
    except (ValueError, KeyError, ImproperlyConfigured):
        raise wrong from None
    if not config["EMAIL_BACKEND"].endswith("smtp.EmailBackend") or not config["EMAIL_HOST"]:
        raise wrong
    user = str(config.get("EMAIL_HOST_USER") or "")
    # A page that mails must answer even when the mail server does not.
    return {
        "EMAIL_TIMEOUT": 10,
        "DEFAULT_FROM_EMAIL": user if "@" in user else f"trustbox@{host}",
        **config,
    }


def _outbox(folder: Path) -> Path:
    outbox = folder / "outbox"
    try:
        outbox.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"TRUSTBOX_DATA_DIR: cannot make {outbox}: {error.strerror}."
        ) from None
    return outbox


def cache_settings() -> dict[str, Any]:
    """CACHE_URL as Django's settings; the process's own memory when there is none."""
    if "CACHE_URL" not in os.environ:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    try:
        config = dict(environ.Env.cache_url_config(os.environ["CACHE_URL"]))
    except (ValueError, KeyError, ImproperlyConfigured):
        config = {}
    if "BACKEND" not in config:
        raise ImproperlyConfigured("CACHE_URL: this address cannot be read.")
    return config


def file_storage(folder: Path) -> dict[str, Any]:
    """TRUSTBOX_FILES_URL as Django's storage for files; without it a folder of the data folder, for its owner alone.

    ``s3://KEY:SECRET@HOST[:PORT]/BUCKET[?region=REGION]``, over https; ``s3+http://…`` for a server on this machine.
    """
    if "TRUSTBOX_FILES_URL" not in os.environ:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": folder / "files",
                "directory_permissions_mode": 0o700,
                "file_permissions_mode": 0o600,
            },
        }
    wrong = ImproperlyConfigured(
        "TRUSTBOX_FILES_URL: give s3://KEY:SECRET@HOST:PORT/BUCKET?region=REGION of an S3-compatible store."
    )
    try:
        parts = urlsplit(os.environ["TRUSTBOX_FILES_URL"])
        port = parts.port
        asked = parse_qs(parts.query, strict_parsing=True) if parts.query else {}
    except ValueError:
        raise wrong from None
    bucket = parts.path.removeprefix("/")
    region = asked.pop("region", ["us-east-1"])
    if (
        parts.scheme not in {"s3", "s3+http"}
        or not (parts.hostname and parts.username and parts.password)
        or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", bucket)
        or asked
        or len(region) != 1
        or parts.fragment
    ):
        raise wrong
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    tls = parts.scheme == "s3"
    if not tls and host not in {"localhost", "127.0.0.1", "[::1]"}:
        raise ImproperlyConfigured(
            "TRUSTBOX_FILES_URL: s3+http:// is for a store on this machine; give s3:// for another."
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": s3_options(
            key=unquote(parts.username),
            secret=unquote(parts.password),
            endpoint=f"{'https' if tls else 'http'}://{host}{f':{port}' if port else ''}",
            bucket=bucket,
            region=region[0],
        ),
    }


def s3_options(*, key: str, secret: str, endpoint: str, bucket: str, region: str) -> dict[str, Any]:
    """The options of django-storages: a server that does not answer is given up soon, and no file is held in memory."""
    # Only here: most installations have no such store.
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config

    return {
        "access_key": key,
        "secret_key": secret,
        "endpoint_url": endpoint,
        "bucket_name": bucket,
        "region_name": region,
        "default_acl": None,
        # Names are random: asking first whether one is there would only cost a request.
        "file_overwrite": True,
        "max_memory_size": 1024 * 1024,
        "transfer_config": TransferConfig(
            use_threads=False,
            multipart_chunksize=5 * 1024 * 1024,
            multipart_threshold=5 * 1024 * 1024,
        ),
        "client_config": Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=5,
            read_timeout=20,
            retries={"max_attempts": 2},
        ),
    }


def whole_number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = os.environ.get(name)
    if text is None:
        return default
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name}: give a whole number from {least} to {most}.")
    return value


def words(name: str) -> list[str]:
    """Words with commas between them; none when there is no such value."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
