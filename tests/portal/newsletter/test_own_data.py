"""„Meine Daten“ knows the newsletter of a mailbox: shown, downloaded, deleted, and taken along to a new address."""

import json
import zipfile
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from portal.models import Subscription
from tests import factories
from volunteers.links import my_data as my_data_links
from volunteers.models import SecurityEvent
from volunteers.privacy import asking, readdressing
from volunteers.privacy.erasing import erase_person
from volunteers.reads.persons import Person, people_at

pytestmark = pytest.mark.django_db

EMAIL, NEW = "amira@example.org", "neu@example.org"


@pytest.fixture
def reader():
    return factories.make_subscription(EMAIL, topics=["news"])


def only_one(email=EMAIL) -> Person:
    (person,) = people_at([email], everything=True)
    return person


def addresses():
    return sorted(Subscription.objects.values_list("email", flat=True))


def test_a_mailbox_with_nothing_but_the_newsletter_gets_its_link(reader):
    asking.send_link(email=EMAIL)
    (message,) = mail.outbox
    assert "/meine-daten/" in message.body
    page = Client().get(
        my_data_links.url_for(only_one().whose).removeprefix("http://localhost:8000")
    )
    assert page.status_code == 200
    assert "Newsletter" in page.text


def test_the_download_has_the_choice_and_the_proof(reader):
    token = my_data_links.token_for(only_one().whose)
    answer = Client().post(reverse("volunteers:my_data_download", args=[token]))
    archive = zipfile.ZipFile(BytesIO(answer.content))
    activities = json.loads(archive.read("meine-daten.json"))["activities"]
    (found,) = [one for one in activities if one["key"] == "newsletter"]
    (row,) = found["records"]["portal.Subscription"]
    assert (row["email"], row["topics"], row["text_version"]) == (EMAIL, ["news"], "2026-11")
    assert row["confirmed_at"]
    assert "Alle Neuigkeiten" in archive.read("meine-daten.html").decode()


def test_deleting_ends_it_and_is_noted_and_told(reader):
    erase_person(person=only_one())
    assert not Subscription.objects.exists()
    assert SecurityEvent.objects.filter(kind=SecurityEvent.Kind.DELETION).count() == 1
    assert [one.to for one in mail.outbox] == [[EMAIL]]


def test_it_goes_with_the_last_person_of_a_mailbox(reader):
    circle = factories.make_circle()
    for name in ("Amira Haddad", "Ben Haddad"):
        factories.make_application(circle, name, email=EMAIL)
    first, second = people_at([EMAIL], everything=True)
    erase_person(person=first)
    assert addresses() == [EMAIL]
    erase_person(person=only_one())
    assert second.name not in [one.name for one in people_at([EMAIL], everything=True)]
    assert addresses() == []


def moved(*, there: dict[str, object] | None = None) -> list[str]:
    factories.make_application(factories.make_circle(), "Amira Haddad", email=EMAIL)
    if there is not None:
        factories.make_subscription(NEW, topics=["trainings"], **there)
    (person,) = people_at([EMAIL], everything=True)
    readdressing.change(person=person, new=NEW, by=factories.make_user("andere@example.org"))
    return addresses()


def test_a_new_address_takes_it_along(reader):
    assert moved() == [NEW]
    reader.refresh_from_db()
    assert (reader.email, reader.is_running) == (NEW, True)


def test_a_newsletter_that_the_new_mailbox_gets_already_stays_as_it_is(reader):
    assert moved(there={}) == [NEW]
    assert Subscription.objects.get().topics == ["trainings"]


def test_one_that_the_new_mailbox_has_left_gives_way(reader):
    assert moved(there={"status": "ended"}) == [NEW]
    assert Subscription.objects.get().topics == ["news"]


def test_who_has_left_is_not_subscribed_at_the_new_address(reader):
    Subscription.objects.update(status="ended", ended_at=reader.confirmed_at)
    assert moved() == []


def test_with_nothing_but_the_newsletter_the_page_says_how_the_address_changes(reader):
    token = my_data_links.token_for(only_one().whose)
    url = reverse("volunteers:my_data_address", args=[token])
    answer = Client().post(url, {"email": NEW, "again": NEW})
    assert answer.status_code == 422
    assert "Bestellen Sie es bitte mit der neuen Adresse" in answer.text
    assert mail.outbox == []
