"""Deleting in the administration, where much hangs on a record."""

import pytest
from django.test import Client

from programs.addresses import admin_path
from programs.admin import deleting
from programs.models import Field, Opportunity
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    client = Client()
    client.force_login(factories.make_user("admin@example.org", is_superuser=True))
    return client


@pytest.fixture
def used():
    """A field that three people chose."""
    office = factories.make_clearing_office()
    field = factories.make_field("Wohnungssuche")
    for name in ("Amira", "Bernd", "Ceyda"):
        factories.make_application(office, name).fields.add(field)
    return field


def test_record_on_which_much_hangs_stays(staff, used, monkeypatch):
    monkeypatch.setattr(deleting, "MOST", 2)
    url = admin_path(used, "delete")
    page = staff.get(url).content.decode()
    assert "„Wohnungssuche“ lässt sich nicht löschen. Mehr als 2 Datensätze hängen daran" in page
    assert "Erst wenn nichts mehr daran hängt, lässt es sich löschen." in page
    staff.post(url, {"post": "yes"})
    assert Field.objects.filter(pk=used.pk).exists()


def test_record_on_which_little_hangs_goes(staff, used, monkeypatch):
    monkeypatch.setattr(deleting, "MOST", 3)
    url = admin_path(used, "delete")
    assert "hängen daran" not in staff.get(url).content.decode()
    assert staff.post(url, {"post": "yes"}).status_code == 302
    assert not Field.objects.filter(pk=used.pk).exists()


def test_what_goes_is_said_in_words(staff, used):
    page = staff.get(admin_path(used, "delete")).content.decode()
    assert "Anmeldungen, denen diese Angabe dann fehlt: 3" in page
    assert "object (" not in page
    assert "Beziehung" not in page


def test_own_choices_of_a_record_are_not_named_among_what_goes(staff):
    entry = factories.make_entry()
    entry.fields.add(factories.make_field("Sprache"))
    page = staff.get(admin_path(Opportunity.objects.get(pk=entry.pk), "delete")).content.decode()
    assert "dieser Angabe" not in page
    assert "object (" not in page


def test_nothing_of_what_is_in_the_way_is_loaded(staff, django_assert_max_num_queries):
    entry = factories.make_entry(organisation=factories.make_organisation())
    office = factories.make_clearing_office()
    for number in range(12):
        factories.make_application(office, f"Person {number}", entry=entry)
    url = admin_path(Opportunity.objects.get(pk=entry.pk), "delete")
    staff.get(url)
    with django_assert_max_num_queries(8):
        page = staff.get(url).content.decode()
    assert "12 Datensätze hängen daran" in page
    assert "Nehmen Sie den Haken bei „veröffentlicht“ heraus" in page
    assert "Person 7" not in page


def test_action_says_what_is_in_the_way_in_the_same_words(staff):
    entry = factories.make_entry()
    factories.make_application(factories.make_clearing_office(), entry=entry)
    chosen = {"action": "delete_selected", "_selected_action": entry.pk}
    page = staff.post(admin_path(Opportunity), chosen).content.decode()
    assert "Die ausgewählten Datensätze lassen sich nicht löschen. 1 Datensatz hängt daran" in page
    assert 'name="post"' not in page


def test_event_to_which_people_come_is_called_off_not_hidden(staff):
    event = factories.make_event(takes_registrations=True)
    factories.make_registration(event)
    page = staff.get(admin_path(event, "delete")).content.decode()
    assert "haken Sie „abgesagt“ an: Dann bekommen alle Bescheid" in page
    assert "veröffentlicht" not in page


def test_several_records_are_counted_together(staff, used):
    other = factories.make_field("Sprache")
    keys = [used.pk, other.pk]
    assert deleting.in_the_way(Field, keys) == 0
    entry = factories.make_entry()
    office = factories.make_clearing_office()
    factories.make_application(office, entry=entry)
    assert deleting.in_the_way(Opportunity, [entry.pk, factories.make_entry("Anderes").pk]) == 1
