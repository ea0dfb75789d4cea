import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured

from portal import environment
from portal.management.commands import demo
from tests.factories import PASSWORD
from tests.portal.addresses import every_address

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def environ(directory: Path, **changes: str | None) -> dict[str, str]:
    """A production server's whole environment, with some variables changed or left out."""
    given = {
        "PATH": os.environ["PATH"],
        "PORTAL_VAR_DIR": str(directory),
        "SECRET_KEY": "En lång slumpmässig text, minst femtio tecken: 8f2kz0QmXw7vLr4",
        "ALLOWED_HOSTS": "ort.example.se, www.ort.example.se",
        "DATABASE_URL": f"sqlite:///{directory / 'portal.sqlite3'}",
        **changes,
    }
    return {name: value for name, value in given.items() if value is not None}


def python(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=configured.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def settings_in(env: dict[str, str], *names: str) -> dict[str, object]:
    code = f"""
import json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
from django.conf import settings
print(json.dumps({{name: getattr(settings, name, None) for name in {names!r}}}, default=str))
"""
    result = python(env, "-c", code)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
@pytest.mark.parametrize("value", [None, " "], ids=["missing", "empty"])
def test_production_does_not_start_without(tmp_path, name, value):
    result = python(environ(tmp_path, **{name: value}), "manage.py", "check")

    assert result.returncode != 0
    said = result.stderr.splitlines()[-1]
    assert said.startswith(
        f"django.core.exceptions.ImproperlyConfigured: Set {name} in the environment: "
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "portal"), ("ALLOWED_HOSTS", ","), ("SECURE_SSL_REDIRECT", "maybe")],
)
def test_production_does_not_start_on_a_bad_value(tmp_path, name, value):
    result = python(environ(tmp_path, **{name: value}), "manage.py", "check")

    assert result.returncode != 0
    said = result.stderr.splitlines()[-1]
    assert said.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert name in said


def test_production_passes_the_check_for_deployment(tmp_path):
    result = python(environ(tmp_path), "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "System check identified no issues (0 silenced).\n"


def test_production_is_strict_and_its_cookies_travel_encrypted(tmp_path):
    expected = {
        "MODE": "production",
        "DEBUG": False,
        "DEMO": False,
        "ALLOWED_HOSTS": ["ort.example.se", "www.ort.example.se"],
        "CSRF_TRUSTED_ORIGINS": ["https://ort.example.se", "https://www.ort.example.se"],
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
        "SECURE_PROXY_SSL_HEADER": None,
    }

    assert settings_in(environ(tmp_path), *expected) == expected


def test_production_takes_a_list_of_hosts_that_ends_with_a_comma(tmp_path):
    env = environ(tmp_path, ALLOWED_HOSTS="ort.example.se,")

    assert settings_in(env, "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS") == {
        "ALLOWED_HOSTS": ["ort.example.se"],
        "CSRF_TRUSTED_ORIGINS": ["https://ort.example.se"],
    }


@pytest.mark.parametrize("mode", ["demo", "development"])
def test_other_modes_answer_on_this_machine_only(tmp_path, mode):
    env = environ(tmp_path, PORTAL_MODE=mode, SECRET_KEY=None, ALLOWED_HOSTS=None)

    found = settings_in(env, "ALLOWED_HOSTS", "SECRET_KEY")

    assert [host for host in found["ALLOWED_HOSTS"] if host != "testserver"] == LOOPBACK
    assert found["SECRET_KEY"] == (tmp_path / f"secret-{mode}").read_text()
    assert (tmp_path / f"secret-{mode}").stat().st_mode & 0o077 == 0


def test_demo_serves_on_loopback_only(monkeypatch):
    started = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append(arguments))

    demo.serve(8123)

    [arguments] = started
    assert arguments[arguments.index("--bind") + 1] == "127.0.0.1:8123"


# What settings.py reads the environment with


def test_mode_is_production_unless_said_otherwise(monkeypatch):
    monkeypatch.delenv("PORTAL_MODE")

    assert environment.mode() == "production"


@pytest.mark.parametrize("value", ["", "prod", "Production", "debug"])
def test_unknown_mode_is_refused_with_those_there_are(monkeypatch, value):
    monkeypatch.setenv("PORTAL_MODE", value)

    with pytest.raises(ImproperlyConfigured) as caught:
        environment.mode()
    assert str(caught.value) == (
        f"PORTAL_MODE is {value!r}; it must be one of: production, demo, development, test."
    )


@pytest.mark.parametrize(
    ("value", "read"),
    [("1", True), ("Yes", True), (" on ", True), ("0", False), ("FALSE", False), ("", True)],
)
def test_flag_reads_yes_and_no(monkeypatch, value, read):
    monkeypatch.setenv("A_FLAG", value)

    assert environment.flag("A_FLAG", default=True) is read


def test_flag_refuses_anything_else(monkeypatch):
    monkeypatch.setenv("A_FLAG", "kanske")

    with pytest.raises(ImproperlyConfigured, match=r"A_FLAG is .kanske.; write 1 or 0\."):
        environment.flag("A_FLAG", default=False)


def test_kept_secret_is_made_once(tmp_path):
    path = tmp_path / "new" / "secret"

    made = environment.kept_secret(path)

    assert len(made) >= 50
    assert environment.kept_secret(path) == made


# What every answer carries


@pytest.mark.django_db
def test_every_public_page_has_strict_headers_and_sets_no_cookie(client, program):
    for name, address in every_address(program).items():
        response = client.get(address)
        headers = response.headers

        assert response.status_code < 500, name
        assert set(headers["Content-Security-Policy"].split("; ")) == POLICY, name
        assert headers["X-Content-Type-Options"] == "nosniff", name
        # A page that only a link in a letter leads to does not tell on its address.
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, name
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", name
        assert headers["X-Frame-Options"] == "DENY", name
        assert response.cookies == {}, name


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/finns-inte/", "/media/finns-inte.png"])
def test_missing_page_has_strict_headers_and_sets_no_cookie(client, address):
    response = client.get(address)

    assert response.status_code == 404
    assert set(response.headers["Content-Security-Policy"].split("; ")) == POLICY
    assert response.cookies == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["/admin/", "/admin/login/", "/admin/programs/action/add/", "/admin/programs/program/"],
)
def test_staff_pages_have_the_same_strict_policy(client_for, superuser, address):
    for client in (client_for(superuser), client_for(superuser).__class__()):
        headers = client.get(address).headers

        assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
        assert "Content-Security-Policy-Report-Only" not in headers
        assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_signing_in_sets_cookies_that_scripts_cannot_read(client, superuser):
    response = client.post("/admin/login/", {"username": superuser.email, "password": PASSWORD})

    assert response.status_code == 302
    assert set(response.cookies) == {"sessionid", "csrftoken"}
    for cookie in response.cookies.values():
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
