"""A user with a weaker role in one organisation and a stronger one in another.

For each record the role that shows it counts: pages, actions, exports and imports only reach the
organisations whose role has the permission.
"""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs.models import Organisation
from programs.seeing import permission
from tests import factories, importing
from volunteers.models import Application, ExportRecord, Volunteer
from volunteers.roles.table import ACTIONS, OF_MEMBERS, roles_with

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
def test_list_brings_nobody_in_where_the_role_may_not_import(both, weak, strong, at, taken):
    data = f"Name;E-Mail;Organisation\nNora Neu;nora@example.org;{at}\n".encode()
    preview = importing.upload(both, "volunteers_volunteer", data)
    assert importing.can_confirm(preview) == bool(taken)
    importing.confirm(both, "volunteers_volunteer", preview)
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


# --- the rule, for every pair of roles ----------------------------------------------------------


def records_of(organisation):
    """Something of every resource that belongs to an organisation."""
    programme = factories.make_programme(organisation=organisation)
    event = factories.make_event("Schulung", organisation=organisation)
    application = factories.make_engaged(organisation, "Amira")
    factories.make_member(organisation)
    return [
        organisation,
        programme,
        factories.make_step(programme, "Gespräch"),
        factories.make_entry(organisation=organisation),
        event,
        factories.make_room(organisation=organisation, department=organisation),
        application,
        application.volunteer,
        factories.make_registration(event),
        factories.make_hours(application, "2"),
        factories.make_request(organisation=organisation),
    ]


def held_at(place, role, user):
    until = timezone.localdate() + datetime.timedelta(days=5) if role == "deputy" else None
    return factories.make_member(place, user=user, role=role, until=until).user


@pytest.mark.slow
@pytest.mark.parametrize("here", OF_MEMBERS)
def test_second_role_elsewhere_adds_no_right_here(weak, strong, here):
    asked = 0
    records = records_of(weak)
    one = held_at(weak, here, None)
    for there in set(OF_MEMBERS) - {here}:
        two = held_at(strong, there, held_at(weak, here, None))
        for record in records:
            rows = type(record)._default_manager
            shown = rows.visible_to(one).filter(pk=record.pk).exists()
            assert rows.visible_to(two).filter(pk=record.pk).exists() is shown
            for action in ACTIONS.values() if shown else ():
                perm = permission(action, type(record))
                assert two.has_perm(perm, record) is one.has_perm(perm), (there, perm)
                asked += 1
    assert asked > 50 or here in {"trust", "translator"}  # who sees none of these records


# --- the administration -------------------------------------------------------------------------


@pytest.fixture
def reader(weak, strong):
    """Reads figures and entries of one organisation, and coordinates another."""
    return held_at(weak, "reporting", factories.make_member(strong).user)


@pytest.fixture
def reading(reader):
    client = Client()
    client.force_login(reader)
    return client


@pytest.mark.slow
def test_page_of_an_entry_is_read_only_without_internal_note(reading, weak, strong):
    for organisation in (weak, strong):
        note = {"internal_note": f"Nur für {organisation}"}
        entry = factories.make_entry(organisation=organisation, **note)
        url = reverse("admin:programs_opportunity_change", args=[entry.pk])
        page = reading.get(url).content.decode()
        own = organisation == strong
        assert (note["internal_note"] in page) is own
        assert ('name="_save"' in page) is own
        assert reading.post(url, {"title": "Neu"}).status_code == (200 if own else 403)
        assert reading.get(url.replace("change", "delete")).status_code == (200 if own else 403)
        assert reading.get(url.replace("change", "history")).status_code == (200 if own else 403)


def test_bulk_action_takes_only_rows_of_the_role_that_may(reading, weak, strong):
    old = {"confirmed_on": datetime.date(2020, 1, 1)}
    entries = [factories.make_entry(organisation=one, **old) for one in (weak, strong)]
    chosen = {"action": ["confirm_entries", "confirm_entries"], "index": "1"}
    chosen["_selected_action"] = [entry.pk for entry in entries]
    reading.post(reverse("admin:programs_opportunity_changelist"), chosen)
    for entry in entries:
        entry.refresh_from_db()
    assert [entry.confirmed_on.year == 2020 for entry in entries] == [True, False]


def test_new_entry_of_the_organisation_that_one_only_reads_is_refused(reading, weak, strong):
    url = reverse("admin:programs_opportunity_add")
    for organisation, refused in ((weak, True), (strong, False)):
        response = reading.post(url, {"title": "Sprachcafé", "organisation": organisation.pk})
        errors = response.context["adminform"].form.errors
        assert ("organisation" in errors) is refused


def test_bulk_status_reaches_no_application_of_another_role(client, weak, strong):
    """Posted keys count only where the role may change; see ``StatusViews._chosen``."""
    user = held_at(weak, "room_staff", factories.make_member(strong).user)
    client.force_login(user)
    stays = factories.make_application(weak, "Bleibt")
    moves = factories.make_application(strong, "Geht")
    url = reverse("admin:volunteers_application_bulk_status")
    client.post(url, {"status": "in_contact", "ids": f"{stays.pk},{moves.pk}"})
    stays.refresh_from_db()
    moves.refresh_from_db()
    assert (stays.status, moves.status) == ("new", "in_contact")


def test_one_role_asks_the_database_for_no_right(strong, django_assert_num_queries):
    user = factories.make_member(strong).user
    entry = factories.make_entry(organisation=strong)
    assert user.roles
    with django_assert_num_queries(0):
        assert user.has_perm("programs.change_opportunity", entry)
