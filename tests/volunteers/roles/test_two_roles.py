"""A user with a weaker role in one organisation and a stronger one in another.

For each organisation the role there counts: exports and imports only reach the organisations whose
role has the permission.
"""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs.models import Organisation
from tests import factories
from volunteers.models import Application, ExportRecord, Volunteer
from volunteers.roles.table import roles_with

pytestmark = pytest.mark.django_db

LEFT_OUT = "Nicht dabei sind Zeilen der Organisationen"
EXPORT = {"format": "csv", "purpose": "Rundmail"}


@pytest.fixture
def weak():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Schwach")


@pytest.fixture
def strong(weak):
    return factories.make_circle("Freundeskreis Stark")


@pytest.fixture
def both(weak, strong):
    """Deputy in one, coordinator in the other."""
    user = factories.make_member(strong).user
    until = timezone.localdate() + datetime.timedelta(days=5)
    factories.make_member(weak, user=user, role="deputy", until=until)
    return user


@pytest.fixture
def client(both):
    client = Client()
    client.force_login(both)
    return client


def file_of(client, name, **data):
    response = client.post(reverse(f"admin:{name}"), EXPORT | data)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8-sig")


def make_records(organisation, name):
    """One of everything that contains personal data or belongs to the organisation."""
    application = factories.make_engaged(organisation, name)
    factories.make_hours(application, "2", what=f"Stunden {name}")
    event = factories.make_event(f"Termin {name}", organisation=organisation)
    factories.make_registration(event, name)
    factories.make_request(f"Gesuch {name}", organisation=organisation)


LISTS = (
    "volunteers_application",
    "volunteers_volunteer",
    "volunteers_registration",
    "volunteers_hoursentry",
    "volunteers_companionrequest",
    "programs_event",
    "programs_organisation",
)


@pytest.mark.parametrize("model", LISTS)
def test_deputy_takes_nothing_along_by_being_coordinator_elsewhere(client, weak, strong, model):
    make_records(weak, "Schwach")
    make_records(strong, "Stark")
    page = client.get(reverse(f"admin:{model}_export")).content.decode()
    text = file_of(client, f"{model}_export")
    assert "Stark" in text
    assert "Schwach" not in text
    assert LEFT_OUT in page
    lines = text.strip().splitlines()
    assert ExportRecord.objects.get().rows == len(lines) - 1
    assert f"<strong>{len(lines) - 1} Zeile" in page


def test_person_known_to_both_goes_out_as_told_to_the_stronger_only(client, weak, strong):
    person = factories.make_volunteer("Amira Haddad")
    for organisation, phone in ((strong, "111"), (weak, "999")):
        factories.make_application(
            organisation, "Amira Haddad", volunteer=person, email=person.email, phone=phone
        )
    text = file_of(client, "volunteers_volunteer_export")
    assert "111" in text
    assert "999" not in text
    assert "Schwach" not in text
    assert Volunteer.objects.count() == 1


def test_chosen_rows_of_the_weaker_organisation_stay(client, weak, strong):
    stays = factories.make_application(weak, "Bleibt Da")
    goes = factories.make_application(strong, "Geht Mit")
    url = reverse("admin:volunteers_application_changelist")
    chosen = {"action": "export_selected", "_selected_action": [stays.pk, goes.pk]}
    page = client.post(url, chosen).content.decode()
    assert f'value="{goes.pk}"' in page
    assert LEFT_OUT in page
    text = file_of(client, "volunteers_application_export", ids=f"{stays.pk},{goes.pk}")
    assert "Geht Mit" in text
    assert "Bleibt Da" not in text
    refused = client.post(url, chosen | {"_selected_action": [stays.pk]}, follow=True)
    assert LEFT_OUT in refused.content.decode()


def test_totals_show_both_and_leave_with_one(client, both, weak, strong):
    for organisation, hours in ((weak, "7"), (strong, "3")):
        factories.make_hours(factories.make_engaged(organisation, "Amira"), hours, by=both)
    page = client.get(reverse("admin:volunteers_hoursentry_totals")).content.decode()
    assert "Schwach" in page
    assert LEFT_OUT in page
    text = file_of(client, "volunteers_hoursentry_totals")
    assert "Freundeskreis Stark" in text
    assert "Schwach" not in text


def test_who_has_one_role_reads_no_word_about_rows_left_out(strong):
    client = Client()
    client.force_login(factories.make_member(strong).user)
    factories.make_hours(factories.make_engaged(strong, "Amira"), "3")
    for name in ("volunteers_application_export", "volunteers_hoursentry_totals"):
        assert LEFT_OUT not in client.get(reverse(f"admin:{name}")).content.decode()


@pytest.mark.parametrize(
    ("at", "taken"), [("Freundeskreis Stark", 1), ("Freundeskreis Schwach", 0)]
)
def test_list_brings_nobody_in_where_the_role_may_not_import(client, weak, strong, at, taken):
    data = f"Name;E-Mail;Organisation\nNora Neu;nora@example.org;{at}\n".encode()
    upload = SimpleUploadedFile("liste.csv", data)
    url = reverse("admin:volunteers_volunteer_import")
    response = client.post(url, {"import_file": upload, "format": "0"})
    form = response.context.get("confirm_form")
    assert (form is not None) == bool(taken)
    if form is not None:
        client.post(reverse("admin:volunteers_volunteer_process_import"), form.initial)
    assert Application.objects.filter(email="nora@example.org").count() == taken


def test_limited_account_has_the_permission_and_sees_through_its_roles_only(both, weak, strong):
    limited = both.limited_to("volunteers.export_application")
    assert (
        limited.roles == {"coordinator"} == both.roles & roles_with("volunteers.export_application")
    )
    assert set(Organisation.objects.of(limited)) == {strong}
    assert set(Organisation.objects.of(both)) == {weak, strong}
    assert both.roles == {"coordinator", "deputy"}
    assert both.limited_to("volunteers.view_application") is both
    nobody = both.limited_to("volunteers.delete_user")
    assert not Organisation.objects.of(nobody)


def test_portalverwaltung_is_never_limited(weak):
    administrator = factories.make_user("adm@example.org", is_superuser=True)
    factories.make_member(weak, user=administrator, role="reporting")
    assert administrator.limited_to("volunteers.export_application") is administrator
