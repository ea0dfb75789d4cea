"""Reads the portal's settings from the environment, and says clearly what is wrong with them."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

MODES = ("production", "demo", "development", "test")


def mode() -> str:
    """PORTAL_MODE, `production` when unset: a forgotten variable must not open the doors."""
    value = os.environ.get("PORTAL_MODE", "production")
    if value not in MODES:
        raise ImproperlyConfigured(
            f"PORTAL_MODE is {value!r}; it must be one of: {', '.join(MODES)}."
        )
    return value


def required(name: str, purpose: str) -> str:
    """The variable's value; raises ImproperlyConfigured naming it and what it is for."""
    value = os.environ.get(name, "").strip()
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment: {purpose}.")
    return value


def flag(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def names(name: str) -> list[str]:
    """A comma-separated list; empty when the variable is missing."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def required_names(name: str, purpose: str) -> list[str]:
    """A list as `names` gives it, with at least one name."""
    required(name, purpose)
    if not (values := names(name)):
        raise ImproperlyConfigured(f"Set {name} in the environment: {purpose}.")
    return values


def database(url: str) -> dict[str, Any]:
    """The database that DATABASE_URL names; raises ImproperlyConfigured when it names none."""
    try:
        return dj_database_url.parse(url, conn_max_age=60)
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL cannot be understood: {error}") from error


def mail_server(name: str) -> dict[str, Any]:
    """Django's settings for the server in a variable such as smtp://user:password@host:587/?tls=1.

    `smtps://` speaks TLS from the start, `?tls=1` after STARTTLS. Without the variable mail is
    handed to this machine's own server on port 25.
    """
    url = os.environ.get(name, "").strip() or "smtp://localhost:25"
    parts = urlsplit(url)
    try:
        port = parts.port or (465 if parts.scheme == "smtps" else 25)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} cannot be understood: {error}") from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} must begin with smtp:// or smtps:// and name a host.")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parse_qs(parts.query).get("tls") == ["1"],
        "EMAIL_TIMEOUT": 20,
    }


def kept_secret(path: Path) -> str:
    """A secret of this checkout's own, made on first use; for demo and development only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
