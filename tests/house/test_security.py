"""Security headers and cookies."""

import datetime
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from portal.urls import urlpatterns as portal_urls
from tests import factories
from volunteers.guard import limits
from volunteers.links import applications as application_links
from volunteers.links import certificates as certificate_links

pytestmark = pytest.mark.django_db

PRODUCTION = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "SITE_URL": "https://engagement.example.org",
    "SECRET_KEY": "0123456789abcdef" * 4,
    "DATABASE_URL": "postgresql://portal@127.0.0.1/portal",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
}
PAGES = ("portal:home", "volunteers:sign_up", "account_login", "admin:index")


@pytest.mark.slow
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
    """In a separate process, because settings are read once."""
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
    )
    asked += "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, "
    asked += "s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS >= 31536000)"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=PRODUCTION,
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


ERRORS = ("/gibt-es-nicht/", "/zu-oft/", "/kaputt/", "/verwaltung/gibt-es-nicht/")


def broken(request):
    raise RuntimeError("a fault of the portal")


def too_often(request):
    return limits.refused(request, limits.TooManyTries(timezone.now()))


urlpatterns = [*portal_urls, path("kaputt/", broken), path("zu-oft/", too_often)]


@pytest.fixture
def everywhere():
    """URLs of all kinds of responses: pages, forms, the admin, files, errors."""
    office = factories.make_clearing_office()
    application = factories.make_engaged(office)
    certificate = factories.make_certificate(application)
    event = factories.make_event(organisation=office, slug="abend")
    lists = ("volunteers_application", "programs_event", "volunteers_securityevent")
    return {
        "/": 200,
        "/mitmachen/": 200,
        "/termine/abend.ics": 200,
        "/robots.txt": 200,
        reverse("volunteers:sign_up"): 200,
        reverse("volunteers:companion"): 200,
        reverse("mfa_activate_totp"): 200,
        application_links.status_path(application): 200,
        certificate_links.certificate_path(certificate): 200,
        reverse("admin:index"): 200,
        **{reverse(f"admin:{name}_changelist"): 200 for name in lists},
        reverse("admin:volunteers_application_change", args=[application.pk]): 200,
        reverse("admin:programs_event_change", args=[event.pk]): 200,
        reverse("admin:volunteers_application_export"): 200,
        **dict(zip(ERRORS, (404, 429, 500, 404), strict=True)),
    }


@pytest.mark.slow
@pytest.mark.logs_errors("Internal Server Error")
@pytest.mark.urls("tests.house.test_security")
def test_every_kind_of_answer_carries_the_headers_and_nothing_inline(
    client: Client, everywhere, settings
):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    client.raise_request_exception = False
    chief = factories.make_user("portal@example.org", is_superuser=True)
    client.force_login(chief)
    for url, status in everywhere.items():
        answer = client.get(url, secure=True)
        assert answer.status_code == status, url
        headers = answer.headers
        policy = dict(
            directive.split(" ", 1) for directive in headers["Content-Security-Policy"].split("; ")
        )
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert headers["X-Frame-Options"] == "DENY", url
        assert headers["X-Content-Type-Options"] == "nosniff", url
        assert headers["Referrer-Policy"] == "same-origin", url
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", url
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", url
        assert "geolocation=()" in headers["Permissions-Policy"], url
        if headers["Content-Type"].startswith("text/html"):
            assert INLINE.findall(answer.content.decode()) == [], url


INLINE = re.compile(
    r"""<style|\sstyle=["']|<script(?![^>]*\ssrc=)(?![^>]*application/(?:ld\+)?json)|\son\w+=["']"""
)


def test_static_files_are_what_they_say(settings):
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    for name, kind in (("css/portal.css", "text/css"), ("mark.svg", "image/svg+xml")):
        answer = Client().get(f"/static/{name}")
        assert answer.status_code == 200
        answer.close()
        assert answer.headers["Content-Type"].startswith(kind)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_for_the_server_alone(client: Client):
    factories.make_clearing_office()
    client.get(reverse("volunteers:sign_up"))
    client.post(reverse("account_request_login_code"), {"email": "a@example.org"})
    assert {"csrftoken", "sessionid"} <= set(client.cookies)
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]


@pytest.mark.slow
def test_the_check_for_deployment_finds_nothing():
    told = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "DEBUG"],
        env=PRODUCTION,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    assert "0 silenced" in told.stdout
