"""Public pages are rendered once a minute; users who are logged in see every change at once."""

import pytest
from django.core.cache import caches

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def page_cache(settings):
    settings.CACHES = {
        **settings.CACHES,
        "pages": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "test-pages",
        },
    }
    caches["pages"].clear()


@pytest.fixture
def entry():
    factories.make_clearing_office()
    return factories.make_entry(title="Sprachcafé Nord")


def rename(entry):
    entry.title = "Sprachcafé Süd"
    entry.save()


def test_page_is_made_once_a_minute_without_a_query(
    page_cache, client, entry, django_assert_num_queries
):
    first = client.get(entry.get_absolute_url())
    rename(entry)
    with django_assert_num_queries(0):
        second = client.get(entry.get_absolute_url())
    assert second.content == first.content
    assert "max-age=60" in second.headers["Cache-Control"]
    assert not second.cookies
    again = client.get(entry.get_absolute_url(), headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304


def test_who_is_logged_in_sees_a_change_at_once(page_cache, client, entry):
    client.get(entry.get_absolute_url())
    rename(entry)
    client.force_login(factories.make_user())
    assert "Sprachcafé Süd" in client.get(entry.get_absolute_url()).content.decode()


def test_filtered_page_is_never_kept(page_cache, client, entry):
    client.get("/mitmachen/?q=sprachcafé")
    rename(entry)
    assert "Sprachcafé Süd" in client.get("/mitmachen/?q=sprachcafé").content.decode()
