"""Headers and cookies that protect people's browsers."""

import datetime
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db

PAGES = ("portal:home", "volunteers:sign_up", "account_login", "admin:index")


@pytest.mark.parametrize("name", PAGES)
def test_every_page_carries_the_protecting_headers(client: Client, name: str):
    factories.make_clearing_office()
    client.force_login(factories.make_user("portal@example.org", is_superuser=True))
    headers = client.get(reverse(name), follow=True).headers

    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_cookies_in_production_are_bound_to_the_host():
    """Asked in a process of its own, since settings are read once."""
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
    )
    asked += "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, "
    asked += "s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS >= 31536000)"
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SITE_URL": "https://engagement.example.org",
        "SECRET_KEY": "x" * 60,
        "DATABASE_URL": "postgresql://portal@127.0.0.1/portal",
        "EMAIL_URL": "smtp://mail.example.org:25",
    }
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (
        told.stdout.split() == "__Host-sessionid __Host-csrftoken True True True Lax True".split()
    )


def test_security_txt_says_whom_to_tell(client: Client):
    told = dict(
        line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines()
    )
    assert told["Contact"] == settings.SECURITY_CONTACT
    left = datetime.datetime.fromisoformat(told["Expires"]) - datetime.datetime.now(datetime.UTC)
    assert 360 < left.days <= 365
