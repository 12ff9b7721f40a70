"""The list of those who get the newsletter: who sees it, and ending it for somebody who rings."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.models import Subscription
from portal.newsletter.texts import TEXTS, VERSION
from programs.addresses import admin_path
from tests import factories

pytestmark = pytest.mark.django_db

LIST = admin_path(Subscription)


@pytest.fixture
def client():
    office = factories.make_organisation("Integrationspolitik", type="office")
    client = Client()
    client.force_login(factories.make_member(office, role="staff").user)
    return client


@pytest.mark.parametrize("role", ["coordinator", "deputy", "room_staff", "reporting", "trust"])
def test_only_those_who_send_it_see_who_gets_it(role):
    one = factories.make_subscription()
    until = timezone.localdate() + timezone.timedelta(days=9) if role == "deputy" else None
    user = factories.make_member(factories.make_clearing_office(), role=role, until=until).user
    assert not Subscription.objects.visible_to(user).exists()
    client = Client()
    client.force_login(user)
    assert client.get(LIST).status_code == 403
    assert client.get(admin_path(one)).status_code == 404


def test_what_nobody_has_confirmed_is_seen_by_nobody(client):
    asked = factories.make_subscription("neu@example.org", status="unconfirmed")
    factories.make_subscription("liest@example.org")
    text = client.get(LIST).text
    assert "liest@example.org" in text
    assert "neu@example.org" not in text
    portal = factories.make_user("verwaltung@example.org", is_superuser=True)
    assert asked not in Subscription.objects.visible_to(portal)


def test_the_page_shows_the_proof_with_the_text_itself(client):
    one = factories.make_subscription(topics=["news", "trainings"])
    text = client.get(admin_path(one)).text
    assert str(TEXTS[VERSION]) in text
    assert "Alle Neuigkeiten, Schulungen und Fortbildungen" in text


def test_staff_end_it_for_somebody_who_rings(client):
    one = factories.make_subscription()
    url = admin_path(one, "step", "abbestellen")
    assert url in client.get(admin_path(one)).text
    assert client.get(url).status_code == 200
    one.refresh_from_db()
    assert one.is_running
    answer = client.post(url, follow=True)
    assert "geht keine Ausgabe mehr" in answer.text
    assert url not in answer.text
    one.refresh_from_db()
    assert one.is_over
    assert mail.outbox == []
    assert client.post(admin_path(one, "step", "anders")).status_code == 404


@pytest.mark.slow
def test_the_list_takes_as_many_queries_for_thirty(client):
    here = factories.make_district("feuerbach")

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(LIST).status_code == 200
        return len(found)

    factories.make_subscription("eine@example.org", topics=["opportunities"], districts=[here])
    queries()
    few = queries()
    for number in range(30):
        factories.make_subscription(f"{number}@example.org", districts=[here])
    assert queries() == few
