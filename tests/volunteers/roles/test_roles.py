"""Permissions of roles, the records that a role sees, and the page about it."""

import datetime
import html
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst

from portal.demo_accounts import DEMO_ACCOUNTS
from programs.models import Entry, Event, Membership, Organisation
from tests import factories
from tests.access_table import MEMBERS
from volunteers.models import (
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    ConductCheck,
    HoursEntry,
    Invitation,
    Message,
    Registration,
    StepRecord,
    Tandem,
    User,
    Volunteer,
)
from volunteers.notifications.people import addresses
from volunteers.roles.table import (
    ACTIONS,
    GIVES,
    MATRIX,
    OF_MEMBERS,
    ONLY_BY_ROLE,
    PERMISSIONS,
    ROLES,
)
from volunteers.roles.words import COLUMN_NAMES, NOTHING, OUTSIDE, WORDS, name_of

pytestmark = pytest.mark.django_db

BLIND = tuple(role for role in OF_MEMBERS if role not in Membership.SEES_PEOPLE)
"""Roles that never see people."""
PERSONAL = (
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    ConductCheck,
    HoursEntry,
    Invitation,
    Message,
    Registration,
    StepRecord,
    Tandem,
    Volunteer,
)


def tomorrow():
    return timezone.localdate() + datetime.timedelta(days=1)


def member(organisation, role, **fields):
    if role == "deputy":
        fields.setdefault("until", tomorrow())
    return factories.make_member(organisation, role=role, **fields)


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def department():
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def own(department, office):
    return factories.make_circle("Freundeskreis Feuerbach", department=department)


def users():
    """One account for each column of the table."""
    organisation = factories.make_organisation("Amt", type="office")
    found = {role: member(organisation, role).user for role in OF_MEMBERS}
    return {
        **found,
        "adm": factories.make_user("adm@example.org", is_superuser=True),
        "vol": factories.make_user("vol@example.org"),
        "anon": AnonymousUser(),
    }


def permission(resource, action):
    app, model = resource.split(".")
    return f"{app}.{action}_{model}"


# --- the table ---------------------------------------------------------------------------------


def test_every_role_of_a_membership_has_a_column():
    assert set(OF_MEMBERS) == set(Membership.Role.values)
    assert {role.column for role in ROLES} == set(MATRIX)


def test_every_model_in_the_administration_stands_in_the_table():
    registered = {model._meta.label_lower for model in admin.site._registry}
    assert len(registered) > 15
    assert registered <= set(MATRIX["adm"])


def test_has_perm_answers_what_the_table_says():
    asked = 0
    for role, user in users().items():
        for resource, actions in MATRIX[role].items():
            for action in ACTIONS.values():
                if role == "adm" and action not in actions:
                    continue  # superusers may do everything; no such action exists
                expected = action in actions and role not in OUTSIDE
                assert user.has_perm(permission(resource, action)) is expected, (role, resource)
                asked += 1
    assert asked > 2000


def test_no_role_may_what_the_portalverwaltung_may_not():
    for role in OF_MEMBERS:
        for resource, actions in PERMISSIONS[role].items():
            assert resource in ONLY_BY_ROLE or actions <= MATRIX["adm"][resource], (role, resource)


def test_deputies_do_what_coordinators_do_but_export_invite_and_end():
    for resource, actions in MATRIX["coordinator"].items():
        missing = actions - MATRIX["deputy"][resource]
        if resource in {"volunteers.invitation", "volunteers.accessrequest"}:
            assert not MATRIX["deputy"][resource]
        else:
            assert missing <= {"export", "import", "end"}, resource


def test_reporting_only_looks_and_takes_figures_along():
    figures = {"volunteers.figures", "welcome_rooms.visitcount"}
    own_filters = {"programs.savedlist"}
    for resource, actions in MATRIX["reporting"].items():
        assert actions <= {"view"} or resource in figures | own_filters, resource


@pytest.mark.parametrize("role", BLIND)
def test_blind_roles_may_nothing_with_people(role):
    people = {f"volunteers.{name}" for name in ("user", "invitation", "message", "consent")}
    people |= {model._meta.label_lower for model in PERSONAL} | {"programs.membership"}
    assert not people & set(PERMISSIONS[role])


# --- the page ----------------------------------------------------------------------------------


def told(page):
    """(resource, role) → the text on the page."""
    found = {}
    for table in re.findall(r'<table class="who-may-table">(.*?)</table>', page, re.DOTALL):
        resource = re.search(r"<caption>(.*?)</caption>", table, re.DOTALL)[1]
        body = table.split("<tbody>")[1]
        for names, cell in re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', body, re.DOTALL):
            words = html.unescape(re.sub(r"<span.*?</span>", "", cell, flags=re.DOTALL)).strip()
            for name in html.unescape(names).split(", "):
                assert (resource, name) not in found
                found[html.unescape(resource), name] = set(words.split(", "))
    return found


@pytest.mark.slow
def test_page_says_what_has_perm_answers(client):
    client.force_login(factories.make_user("adm2@example.org", is_superuser=True))
    response = client.get(reverse("admin:who_may"))
    said = told(response.content.decode())
    compared = 0
    for role, user in users().items():
        for resource, actions in MATRIX["adm"].items():
            words = said[capfirst(str(name_of(resource))), str(COLUMN_NAMES[role])]
            known = {str(word) for word in WORDS.values()}
            assert words <= known | {str(NOTHING)}
            for action in actions:
                may = user.has_perm(permission(resource, action))
                assert (str(WORDS[action]) in words) is may, (role, resource, action)
                compared += 1
    assert compared > 700


def test_page_names_every_role_and_what_it_sees(client, own):
    client.force_login(member(own, "deputy").user)
    page = html.unescape(client.get(reverse("admin:who_may")).content.decode())
    for role in ROLES:
        assert str(role.name) in page
        assert str(role.sees) in page


@pytest.mark.slow
def test_start_page_leads_to_the_table(client, own):
    client.force_login(member(own, "reporting").user)
    assert reverse("admin:who_may") in client.get(reverse("admin:index")).content.decode()


# --- whose people ------------------------------------------------------------------------------


def people_of(organisation):
    """One record of every kind about people that ``organisation`` has."""
    application = factories.make_application(organisation, status="in_contact")
    factories.begin(application)
    factories.make_hours(application)
    factories.make_certificate(application)
    factories.make_conduct_check(application, member(organisation, "coordinator").user)
    Message.objects.create(application=application, text="Hallo", sender="applicant")
    event = factories.make_event(organisation=organisation, takes_registrations=True)
    factories.make_registration(event)
    request = factories.make_request("Samira", organisation=organisation)
    tandem = factories.make_tandem(request, factories.make_ready(organisation, "Weber"))
    CheckIn.objects.create(tandem=tandem, side="newcomer", due_on="2026-01-01")
    programme = factories.make_programme(organisation=organisation)
    step = factories.make_step(programme)
    day = timezone.localdate()
    StepRecord.objects.create(application=application, step=step, on=day, how="paper")
    factories.make_invitation(organisation)


@pytest.mark.parametrize("role", BLIND)
@pytest.mark.parametrize("where", ["own", "department"])
def test_blind_roles_open_nobody_even_without_a_permission_check(role, where, own, department):
    people_of(own)
    people_of(department)
    user = member(own if where == "own" else department, role).user
    coordinator = member(own, "coordinator").user
    for model in PERSONAL:
        assert model.objects.visible_to(coordinator).exists(), model
        assert not model.objects.visible_to(user).exists(), model
    assert not Application.objects.escalated_to(user).exists()


def test_deputy_opens_the_same_people_as_the_coordination_until_the_last_day(own, time_machine):
    people_of(own)
    deputy, coordinator = member(own, "deputy").user, member(own, "coordinator").user
    for model in PERSONAL:
        seen = set(model.objects.visible_to(coordinator))
        assert seen
        hidden = model is Invitation  # the table gives deputies nothing there
        assert set(model.objects.visible_to(deputy)) == (set() if hidden else seen), model
    time_machine.move_to(timezone.now() + datetime.timedelta(days=2))
    for model in PERSONAL:
        assert not model.objects.visible_to(deputy).exists(), model
    assert User.objects.get(pk=deputy.pk).roles == frozenset()


def test_deputy_needs_an_end(own):
    with pytest.raises(IntegrityError, match="membership_deputy_has_an_end"), transaction.atomic():
        factories.make_member(own, role="deputy")


@pytest.mark.parametrize("role", BLIND)
def test_organisation_with_a_blind_role_alone_has_nobody_who_answers(role, own):
    member(own, role)
    assert not Organisation.objects.with_staff().filter(pk=own.pk).exists()
    assert addresses(own) == []


def test_organisation_with_a_switched_off_account_has_nobody_who_answers(own):
    user = member(own, "coordinator").user
    assert Organisation.objects.with_staff().filter(pk=own.pk).exists()
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not Organisation.objects.with_staff().filter(pk=own.pk).exists()


def test_mails_about_people_go_to_who_answers_for_them_only(own):
    blind = {member(own, role).user.email for role in BLIND}
    answering = {member(own, role).user.email for role in ("coordinator", "deputy", "staff")}
    assert set(addresses(own)) == answering
    assert not blind & answering


def test_application_goes_past_an_organisation_with_a_reporting_member_alone(own, department):
    from volunteers.services import applications as services

    member(own, "reporting")
    staff = member(department, "staff")
    entry = factories.make_entry(organisation=own)
    told_us = {"email": "amina@example.org", "name": "Amina", "age": "adult"}
    services.submit_application(entry=entry, answers=told_us)
    assert Application.objects.get().organisation == staff.organisation
    assert all("reporting" not in one.to[0] for one in mail.outbox)


# --- whose entries -----------------------------------------------------------------------------


def test_sozialplanung_sees_its_rooms_their_events_and_carriers_and_no_more(own, department):
    planning = factories.make_organisation("Abteilung Sozialplanung", type="office")
    user = member(planning, "room_staff").user
    room = factories.make_room(organisation=own, department=planning)
    other_room = factories.make_room("Willkommensraum Mitte", department=department)
    factories.make_entry(organisation=own)
    in_room = factories.make_event("Café", organisation=own, part_of=room)
    factories.make_event("Schulung", organisation=own)
    factories.make_event("Anderswo", organisation=other_room.organisation, part_of=other_room)
    seen = set(Entry.objects.visible_to(user).values_list("pk", flat=True))
    assert seen == {room.pk, own.pk, planning.pk}
    assert list(Event.objects.visible_to(user)) == [in_room]
    assert set(Organisation.objects.visible_to(user)) == {own, planning}


@pytest.mark.slow
def test_reporting_sees_entries_of_the_department_without_internal_notes(client, own, department):
    entry = factories.make_entry(organisation=own, internal_note="Nur für uns")
    user = member(department, "reporting").user
    assert Entry.objects.visible_to(user).filter(pk=entry.pk).exists()
    client.force_login(user)
    page = client.get(reverse("admin:programs_opportunity_change", args=[entry.pk]))
    assert page.status_code == 200
    assert "Nur für uns" not in page.content.decode()
    client.force_login(member(own, "coordinator").user)
    page = client.get(reverse("admin:programs_opportunity_change", args=[entry.pk]))
    assert "Nur für uns" in page.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("role", OF_MEMBERS)
def test_start_page_opens_for_every_role_and_offers_only_what_it_may(client, department, role):
    client.force_login(member(department, role).user)
    response = client.get(reverse("admin:index"))
    assert response.status_code == 200
    page = response.content.decode()
    links = set(re.findall(r'href="(/verwaltung/[^"#]*)"', page))
    assert len(links) >= 3
    for link in links - {reverse("admin:logout")}:
        assert client.get(html.unescape(link), follow=True).status_code == 200, link


def test_every_role_has_a_column_words_and_somebody_who_gives_it():
    roles = {role.value for role in Membership.Role}
    assert set(OF_MEMBERS) == roles
    assert {role.column for role in ROLES} - {"adm", "vol", "anon"} == roles
    assert {given for gives in GIVES.values() for given in gives} == roles


def test_every_role_is_tried_at_every_address():
    assert {role for _place, role in MEMBERS.values()} == set(OF_MEMBERS)


def test_every_role_has_a_demo_account():
    held = {role for account in DEMO_ACCOUNTS for role in account.works_for.values()}
    assert held == set(OF_MEMBERS)
