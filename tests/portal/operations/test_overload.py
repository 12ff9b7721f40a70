"""One request never takes the portal down: limits of PostgreSQL, and the page that people see then."""

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from portal import urls
from tests import factories
from volunteers.notifications.outbox import queue

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


def slow(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '100ms'")
        cursor.execute("SELECT pg_sleep(5)")
    return HttpResponse("late")


def held(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '100ms'")
        cursor.execute("SELECT pg_advisory_xact_lock(4711)")
    return HttpResponse("late")


def gone(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    return HttpResponse("late")


def how_to_connect() -> dict[str, Any]:
    """For a connection beside the one of Django."""
    ours = {"cursor_factory", "context", "pool", "options"}
    return {k: v for k, v in connection.get_connection_params().items() if k not in ours}


def gone_before_a_job(request: HttpRequest) -> HttpResponse:
    connection.ensure_connection()
    here = connection.connection.info.backend_pid
    with psycopg.connect(**how_to_connect(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [here])
    queue(1)
    return HttpResponse("late")


urlpatterns = [
    path("slow/", slow),
    path("held/", held),
    path("gone/", gone),
    path("gone-before-a-job/", gone_before_a_job),
    *urls.urlpatterns,
]
LATIN = "application/x-www-form-urlencoded; charset={}"


@pytest.fixture
def client(settings):
    settings.ROOT_URLCONF = "tests.portal.operations.test_overload"
    return Client(raise_request_exception=False)


def page_says(response: HttpResponse, words: str, seconds: str) -> bool:
    text = response.content.decode()
    return (
        response.status_code == 503
        and response["Retry-After"] == seconds
        and words in text
        and "<h1>" in text
    )


@pytest.mark.logs_errors("Service Unavailable")
@pytest.mark.django_db
def test_slow_question_gets_a_sentence(client):
    assert page_says(client.get("/slow/"), "Das dauert zu lange", "5")


@pytest.mark.logs_errors("Service Unavailable")
@pytest.mark.django_db
def test_lock_that_somebody_else_holds_gets_a_sentence(client):
    with psycopg.connect(**how_to_connect()) as other:
        other.execute("SELECT pg_advisory_xact_lock(4711)")
        assert page_says(client.get("/held/"), "arbeitet gerade jemand anderes", "5")


@pytest.mark.logs_errors("Service Unavailable")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/gone/", "/gone-before-a-job/"])
def test_lost_database_gets_a_sentence_and_the_next_request_works(client, address):
    factories.make_clearing_office()
    assert page_says(client.get(address), "gerade nicht erreichbar", "30")
    connection.close()
    assert client.get("/anmelden/").status_code == 200


def test_web_processes_have_limits_that_postgresql_knows():
    """On a real connection, for web processes and for workers."""
    for limits in settings.DATABASE_TIMEOUTS.values():
        options = " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())
        with psycopg.connect(**how_to_connect(), options=options) as other:
            for name, seconds in limits.items():
                row = other.execute(
                    "SELECT setting::int / 1000 FROM pg_settings WHERE name = %s", [name]
                )
                assert row.fetchone() == (seconds,)
    assert all(settings.DATABASE_TIMEOUTS["web"].values())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/anmelden/", "/begleitung/", "/gibt-es-nicht/", "/konto/code/"]
)
@pytest.mark.parametrize("charset", ["latin1", "utf-7", "cp1252"])
def test_form_in_another_alphabet_gets_the_page_and_no_error(address, charset, caplog):
    factories.make_clearing_office()
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.get("/anmelden/")
    body = f"csrfmiddlewaretoken={client.cookies['csrftoken'].value}&name=x".encode()
    response = client.generic("POST", address, body, LATIN.format(charset))
    assert response.status_code in {400, 404}
    assert "<h1>" in response.content.decode()
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@pytest.mark.django_db
def test_search_with_hundreds_of_words_looks_for_the_first_ones(admin_client):
    words = " ".join(f"wort{n}" for n in range(250))
    response = admin_client.get("/verwaltung/volunteers/volunteer/", {"q": words})
    assert response.status_code == 200
    assert "ersten 8 Wörtern" in response.content.decode()
    assert admin_client.get("/mitmachen/", {"q": words}).status_code == 200
