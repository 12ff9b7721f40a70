"""„Suchen per Mail“ in the administration: found by the whole address, ended or deleted for who asks."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.models import SavedSearch
from portal.saved_searches.texts import TEXTS, VERSION
from programs.addresses import admin_path
from tests import factories

pytestmark = pytest.mark.django_db

LIST = admin_path(SavedSearch)


@pytest.fixture
def client():
    factories.make_districts()
    client = Client()
    client.force_login(factories.make_user("verwaltung@example.org", is_superuser=True))
    return client


@pytest.mark.parametrize("role", ["staff", "coordinator", "deputy", "room_staff", "reporting"])
def test_nobody_else_sees_who_looks_for_what(role):
    one = factories.make_saved_search()
    until = timezone.localdate() + timezone.timedelta(days=9) if role == "deputy" else None
    user = factories.make_member(factories.make_clearing_office(), role=role, until=until).user
    assert not SavedSearch.objects.visible_to(user).exists()
    client = Client()
    client.force_login(user)
    assert client.get(LIST).status_code == 403
    assert client.get(admin_path(one)).status_code == 404
    assert client.post(admin_path(one, "step", "abbestellen")).status_code == 404
    one.refresh_from_db()
    assert one.is_running


def test_list_says_what_is_looked_for_and_shows_no_whole_address(client):
    factories.make_saved_search("amira@example.org", "bezirk=feuerbach&tag=samstag")
    factories.make_saved_search("unsicher@example.org", "tag=montag", status="unconfirmed")
    text = client.get(LIST).text
    assert "a…@example.org" in text
    assert "Feuerbach, Samstag" in text
    assert "amira@example.org" not in text
    assert "u…@example.org" not in text, "seen by nobody until it is confirmed"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("amira@example.org", 2),
        ("  Amira@Example.ORG ", 2),
        ("amira", 0),
        ("example.org", 0),
        ("%", 0),
        ("<b>", 0),
        ("a" * 5000, 0),
        ("\u202eamira@example.org", 0),
        ("   ", 3),
    ],
)
def test_one_is_found_by_the_whole_address_alone(client, typed, number):
    factories.make_saved_search("amira@example.org", "tag=samstag")
    factories.make_saved_search("amira@example.org", "tag=montag")
    factories.make_saved_search("samira@example.org", "tag=montag")
    response = client.get(LIST, {"q": typed})
    assert response.status_code == 200
    assert response.context["cl"].result_count == number


def test_the_page_shows_address_search_and_proof(client):
    one = factories.make_saved_search("amira@example.org", "bezirk=feuerbach")
    text = client.get(admin_path(one)).text
    assert "amira@example.org" in text
    assert 'href="/mitmachen/?bezirk=feuerbach&amp;sortierung=neu"' in text
    assert str(TEXTS[VERSION]) in text


def test_a_search_of_which_a_part_is_gone_can_still_be_seen(client):
    one = factories.make_saved_search(query="bezirk=atlantis")
    assert client.get(LIST).status_code == client.get(admin_path(one)).status_code == 200


def test_it_is_ended_for_somebody_who_rings(client):
    one = factories.make_saved_search()
    url = admin_path(one, "step", "abbestellen")
    assert url in client.get(admin_path(one)).text
    assert client.get(url).status_code == 200
    for _click in range(2):
        answer = client.post(url, follow=True)
        assert "Zu dieser Suche geht keine Mail mehr" in answer.text
    assert url not in answer.text
    one.refresh_from_db()
    assert one.is_over
    assert mail.outbox == []


def test_it_is_deleted_on_request_and_nothing_of_others(client):
    one, other = (factories.make_saved_search(f"{name}@example.org") for name in ("amira", "olena"))
    url = admin_path(one, "delete")
    assert client.get(url).status_code == 200
    client.post(url, {"post": "yes"})
    assert list(SavedSearch.objects.all()) == [other]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_list_takes_as_many_queries_for_thirty(client):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    factories.make_saved_search("eine@example.org", "bezirk=feuerbach")
    queries()
    few = queries()
    for number in range(30):
        factories.make_saved_search(f"{number}@example.org", "bezirk=feuerbach&tag=montag")
    assert queries() == few <= 10
