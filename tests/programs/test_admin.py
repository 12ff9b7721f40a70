"""The admin: which records a role sees, what it may do, and the work on them."""

import datetime
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from programs.models import (
    Entry,
    Event,
    Field,
    Membership,
    Opportunity,
    Organisation,
    TargetGroup,
)
from tests import factories
from tests.clients import client_of
from volunteers.admin.applications import ApplicationAdmin
from volunteers.errors import TandemFirst, TransitionNotAllowed
from volunteers.models import Application, StatusChange, User
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db

Status = Application.Status


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def own(office):
    return factories.make_circle("Freundeskreis Feuerbach", department=office)


@pytest.fixture
def foreign():
    return factories.make_circle("Freundeskreis Süd")


@pytest.fixture
def katrin(own):
    """Coordinates the Freundeskreis Feuerbach."""
    return factories.make_member(own).user


@pytest.fixture
def sabine(office):
    """Works at the Sozialamt, which looks after the Freundeskreis Feuerbach."""
    return factories.make_member(office, role=Membership.Role.STAFF).user


@pytest.fixture
def portal():
    return factories.make_user("portal@example.org", is_superuser=True)


def listed(client, model, **filters):
    response = client.get(reverse(f"admin:{model}_changelist"), filters)
    assert response.status_code == 200
    return set(response.context["cl"].queryset)


def form_data(response):
    """What a browser would send back from the change form in ``response``."""
    data = {}
    form = response.context["adminform"].form
    forms = [form, *(f.formset.management_form for f in response.context["inline_admin_formsets"])]
    for formset in response.context["inline_admin_formsets"]:
        forms += list(formset.formset.initial_forms)
    for one in forms:
        for bound in one:
            value = bound.value()
            if value is None or value is False:
                continue
            if hasattr(bound.field.widget, "decompress"):
                for index, part in enumerate(bound.field.widget.decompress(value)):
                    data[f"{bound.html_name}_{index}"] = part
            elif isinstance(value, (list, tuple)):
                data[bound.html_name] = [getattr(item, "pk", item) for item in value]
            else:
                data[bound.html_name] = "on" if value is True else value
    return data


# --- Access -----------------------------------------------------------------------------------


def test_strangers_are_led_to_the_login_and_back(client):
    target = reverse("admin:volunteers_application_changelist")
    response = client.get(target, follow=True)
    first = response.redirect_chain[0][0]
    assert first.startswith(reverse("admin:login"))
    second = response.redirect_chain[1][0]
    assert second.startswith("/konto/")
    assert "next=/verwaltung/volunteers/application/" in second
    assert response.status_code == 200


def test_account_without_a_role_is_told_why_instead_of_being_sent_in_circles():
    client = client_of(factories.make_user())
    response = client.get(reverse("admin:index"), follow=True)
    assert response.status_code == 403
    assert len(response.redirect_chain) == 1
    assert "keiner Organisation" in response.content.decode()


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com/", "/verwaltung/login/"])
def test_login_leads_to_pages_of_the_portal_only(katrin, target):
    response = client_of(katrin).get(reverse("admin:login"), {"next": target})
    assert response.headers["Location"] == reverse("admin:index")


@pytest.mark.slow
def test_access_ends_with_the_membership(katrin):
    client = client_of(katrin)
    assert client.get(reverse("admin:index")).status_code == 200
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    katrin.memberships.update(until=yesterday)
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


# --- Scope ------------------------------------------------------------------------------------


@pytest.fixture
def records(own, foreign):
    """One record of each kind in both organisations: model → (own, foreign)."""
    both = (own, foreign)
    makers = {
        "programs_organisation": lambda o: o,
        "programs_programme": lambda o: factories.make_programme(organisation=o),
        "programs_opportunity": lambda o: factories.make_entry(organisation=o),
        "programs_event": lambda o: factories.make_event(organisation=o),
        "welcome_rooms_welcomeroom": lambda o: factories.make_room(organisation=o),
        "volunteers_application": factories.make_application,
    }
    return {model: tuple(make(o) for o in both) for model, make in makers.items()}


@pytest.mark.slow
def test_lists_show_what_is_ones_own(records, katrin):
    client = client_of(katrin)
    for model, (mine, other) in records.items():
        found = listed(client, model)
        assert mine in found, model
        assert other not in found, model


@pytest.mark.slow
def test_foreign_records_do_not_exist(records, katrin):
    client = client_of(katrin)
    for model, (mine, other) in records.items():
        for page in ("change", "history", "delete"):
            assert client.get(reverse(f"admin:{model}_{page}", args=[other.pk])).status_code == 404
            response = client.post(
                reverse(f"admin:{model}_{page}", args=[other.pk]), {"post": "yes"}
            )
            assert response.status_code in {404, 405}, (model, page)
        assert client.get(reverse(f"admin:{model}_change", args=[mine.pk])).status_code == 200
    assert len(records) == 6


@pytest.mark.slow
def test_unconfirmed_applications_stay_out_of_sight(own, katrin):
    application = factories.make_application(own, status=Status.UNCONFIRMED, confirmed_at=None)
    assert listed(client_of(katrin), "volunteers_application") == set()
    url = reverse("admin:volunteers_application_change", args=[application.pk])
    assert client_of(katrin).get(url).status_code == 404


@pytest.mark.slow
def test_department_keeps_entries_but_does_not_read_the_applications(records, sabine):
    client = client_of(sabine)
    assert records["programs_opportunity"][0] in listed(client, "programs_opportunity")
    assert listed(client, "volunteers_application") == set()


@pytest.mark.slow
def test_portal_administration_sees_all(records, portal):
    client = client_of(portal)
    for model, both in records.items():
        assert set(both) <= listed(client, model)


@pytest.mark.slow
def test_autocomplete_offers_visible_records_only(records, katrin):
    client = client_of(katrin)
    asked = [
        ("programs", "entry", "organisation"),
        ("programs", "event", "organisation"),
        ("programs", "opportunity", "part_of"),
        ("programs", "event", "part_of"),
        ("programs", "programme", "part_of"),
        ("welcome_rooms", "carrierperiod", "organisation"),
    ]
    for app, model, field in asked:
        query = {"app_label": app, "model_name": model, "field_name": field}
        response = client.get(reverse("admin:autocomplete"), query)
        assert response.status_code == 200, (app, model, field)
        texts = {one["text"] for one in response.json()["results"]}
        ids = {one["id"] for one in response.json()["results"]}
        assert "Freundeskreis Süd" not in texts
        assert not ids & {str(other.pk) for _mine, other in records.values()}
    assert Organisation.objects.count() == 3


def test_accounts_cannot_be_looked_up_by_autocomplete(katrin):
    query = {"app_label": "programs", "model_name": "membership", "field_name": "user"}
    assert client_of(katrin).get(reverse("admin:autocomplete"), query).status_code == 403


def test_who_may_only_read_goes_back_to_the_list_instead_of_closing_something(own, office):
    reader = client_of(factories.make_member(office, role="reporting").user)
    page = reader.get(admin_path(own)).text
    assert re.search(r'<a href="[^"]+" class="closelink">Zurück zur Liste</a>', page)
    assert ">Schließen<" not in page


@pytest.mark.slow
def test_entry_cannot_be_moved_to_a_foreign_organisation(own, foreign, katrin):
    client = client_of(katrin)
    entry = factories.make_entry(organisation=own)
    url = reverse("admin:programs_opportunity_change", args=[entry.pk])
    data = form_data(client.get(url)) | {"organisation": foreign.pk, "title": "Geändert"}
    response = client.post(url, data)
    assert response.status_code == 200
    assert "organisation" in response.context["adminform"].form.errors
    entry.refresh_from_db()
    assert (entry.organisation, entry.title) == (own, "Begleitung zu Behördengängen")


@pytest.mark.slow
def test_nothing_is_added_for_a_foreign_organisation(own, foreign, katrin):
    client = client_of(katrin)
    url = reverse("admin:programs_opportunity_add")
    data = form_data(client.get(url)) | {"title": "Neu", "slug": "neu"}
    assert client.post(url, data | {"organisation": foreign.pk}).status_code == 200
    assert not Opportunity.objects.exists()
    assert client.post(url, data | {"organisation": own.pk}).status_code == 302
    assert Opportunity.objects.get().organisation == own


@pytest.mark.slow
def test_addresses_are_made_from_the_name_and_stay(own, katrin, portal):
    client, url = client_of(katrin), reverse("admin:programs_opportunity_add")
    for expected in ("gruesse-aus-sued", "gruesse-aus-sued-2"):
        data = form_data(client.get(url)) | {"title": "Grüße aus Süd", "slug": "eigene"}
        assert client.post(url, data).status_code == 302
        assert Opportunity.objects.latest("pk").slug == expected
    entry = Opportunity.objects.latest("pk")
    change = reverse("admin:programs_opportunity_change", args=[entry.pk])
    data = form_data(client.get(change)) | {"title": "Neuer Name", "slug": "neu"}
    assert client.post(change, data).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.slug) == ("Neuer Name", "gruesse-aus-sued-2")
    assert client_of(portal).post(change, data | {"organisation": own.pk}).status_code == 302
    entry.refresh_from_db()
    assert entry.slug == "neu"


def test_terms_and_events_get_addresses_too(own, portal):
    client = client_of(portal)
    for model, name in (("field", "Nähen"), ("targetgroup", "Väter")):
        url = reverse(f"admin:programs_{model}_add")
        assert client.post(url, form_data(client.get(url)) | {"name": name}).status_code == 302
    assert Field.objects.get().slug == "naehen"
    assert TargetGroup.objects.get().slug == "vaeter"


@pytest.mark.slow
def test_owner_is_asked_for_and_the_only_own_one_is_chosen_already(own, katrin, portal):
    url = reverse("admin:programs_opportunity_add")
    data = form_data(client_of(katrin).get(url))
    assert data["organisation"] == own.pk
    data |= {"title": "Ohne", "slug": "ohne", "organisation": ""}
    for user in (katrin, portal):
        response = client_of(user).post(url, data)
        assert "organisation" in response.context["adminform"].form.errors
    assert not Opportunity.objects.exists()


@pytest.mark.slow
def test_rule_that_only_the_database_sees_is_told_in_a_sentence(own, office, sabine):
    room = factories.make_room(organisation=own)
    client, url = (
        client_of(sabine),
        reverse("admin:welcome_rooms_welcomeroom_change", args=[room.pk]),
    )
    rows = {"carrier_periods-TOTAL_FORMS": 2}
    for number in range(2):
        rows |= {
            f"carrier_periods-{number}-room": room.pk,
            f"carrier_periods-{number}-organisation": own.pk,
            f"carrier_periods-{number}-since": "01.01.2020",
        }
    response = client.post(url, form_data(client.get(url)) | rows, follow=True)
    assert "In dieser Zeit hatte der Raum schon einen Träger." in response.content.decode()
    assert not room.carrier_periods.exists()


@pytest.mark.slow
def test_coordinator_cannot_become_clearing_office_or_hand_out_roles(own, foreign, katrin):
    client = client_of(katrin)
    url = reverse("admin:programs_organisation_change", args=[own.pk])
    tampered = {
        "is_clearing_office": "on",
        "type": "office",
        "department": foreign.pk,
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-user": factories.make_user().pk,
        "memberships-0-organisation": own.pk,
        "memberships-0-role": "staff",
        "carried_by": "Verein",
    }
    assert client.post(url, form_data(client.get(url)) | tampered).status_code == 302
    before = own.department
    own.refresh_from_db()
    assert own.carried_by == "Verein"
    assert (own.is_clearing_office, own.type, own.department) == (False, "circle", before)
    assert [m.user for m in own.memberships.all()] == [katrin]


@pytest.mark.slow
def test_department_in_charge_stays_when_a_coordinator_saves(own, office, katrin):
    entry = factories.make_entry(organisation=own, department=office)
    url = reverse("admin:programs_opportunity_change", args=[entry.pk])
    client = client_of(katrin)
    assert client.post(url, form_data(client.get(url)) | {"title": "Neuer Name"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.title, entry.department) == ("Neuer Name", office)


def test_organisation_added_by_a_department_stays_in_its_sight(office, sabine):
    client = client_of(sabine)
    url = reverse("admin:programs_organisation_add")
    data = form_data(client.get(url)) | {
        "title": "Neuer Kreis",
        "slug": "neuer-kreis",
        "type": "circle",
    }
    data.pop("department", None)
    assert client.post(url, data).status_code == 302
    assert Organisation.objects.get(slug="neuer-kreis").department == office


def test_deleting_names_nobody_who_belongs_to_others(own, office, katrin):
    """The department answers for an entry; the coordinator must not see its applicants."""
    entry = factories.make_entry(organisation=own)
    factories.make_application(office, "Geheime Person", entry=entry)
    url = reverse("admin:programs_opportunity_delete", args=[entry.pk])
    text = client_of(katrin).get(url).content.decode()
    assert "Geheime Person" not in text
    assert "1 Datensatz hängt daran" in text


def test_own_opportunity_without_applications_can_be_deleted(own, katrin):
    entry = factories.make_entry(organisation=own)
    url = reverse("admin:programs_opportunity_delete", args=[entry.pk])
    assert client_of(katrin).post(url, {"post": "yes"}).status_code == 302
    assert not Opportunity.objects.exists()


def test_pages_of_accounts_are_closed_to_everybody_but_the_portal_administration(
    katrin, sabine, portal
):
    url = reverse("admin:volunteers_user_changelist")
    assert [client_of(u).get(url).status_code for u in (katrin, sabine, portal)] == [403, 403, 200]


@pytest.mark.slow
def test_offered_links_open(own, office, foreign, katrin, sabine, portal):
    """From the start page, every link that a role sees leads to a page."""
    factories.make_application(own)
    factories.make_application(office, "Ohne Ziel", entry=None)
    factories.make_entry(organisation=own, department=office)
    factories.make_event(organisation=own)
    factories.make_room(organisation=own, department=office)
    factories.make_programme(organisation=foreign, department=office)
    for user in (katrin, sabine, portal):
        client, waiting, seen = client_of(user), [reverse("admin:index")], set()
        while waiting:
            url = waiting.pop()
            response = client.get(url)
            assert response.status_code in {200, 302}, (user.email, url)
            if "html" in response.headers["Content-Type"] and response.status_code == 200:
                links = re.findall(r'href="(/verwaltung/[^"?#]*)"', response.content.decode())
                new = set(links) - seen
                seen |= new
                waiting += new
        assert len(seen) > 20


# --- People -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_people_are_seen_as_they_were_told_to_the_own_organisation(own, foreign, katrin):
    """What another organisation was told, or the person's own record, is not shown."""
    person = factories.make_volunteer("Amira Haddad", phone="0711 999", email="amira@example.org")
    factories.make_application(own, "Amira H.", volunteer=person, phone="0711 111")
    factories.make_application(foreign, "Amira Haddad-Geheim", volunteer=person, phone="0711 222")
    client = client_of(katrin)
    text = client.get(reverse("admin:volunteers_volunteer_changelist")).content.decode()
    assert "Amira H." in text
    assert "0711 111" in text
    for hidden in ("0711 999", "0711 222", "Haddad", "Freundeskreis Süd"):
        assert hidden not in text
    assert listed(client, "volunteers_volunteer", q="Haddad") == set()
    assert listed(client, "volunteers_volunteer", q="amira h.") == {person}


def test_people_cannot_be_probed_by_number_or_lookup(own, katrin):
    person = factories.make_application(own).volunteer
    client = client_of(katrin)
    for page in ("change", "history", "delete"):
        url = reverse(f"admin:volunteers_volunteer_{page}", args=[person.pk])
        assert client.get(url).status_code == 404
    url = reverse("admin:volunteers_volunteer_changelist")
    assert client.get(url, {"phone__startswith": "0"}).status_code == 400
    assert f"/volunteer/{person.pk}/" not in client.get(url).content.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["Müller", "muller", "MUELLER", "mull", '"jörg müller"', "joerg muller"]
)
def test_search_sees_through_umlauts_and_case(own, katrin, text):
    found = factories.make_application(own, "Jörg Müller")
    factories.make_application(own, "Anna Schmidt")
    assert listed(client_of(katrin), "volunteers_application", q=text) == {found}
    assert listed(client_of(katrin), "volunteers_volunteer", q=text) == {found.volunteer}


@pytest.mark.slow
def test_search_takes_anything(own, katrin):
    factories.make_application(own)
    for text in ("%", "_", "'", '"', "\\", "a\x00b", "'; DROP TABLE x", "🌻", "x" * 5000):
        listed(client_of(katrin), "volunteers_application", q=text)


# --- Work -------------------------------------------------------------------------------------


def days(number):
    return timezone.localdate() + datetime.timedelta(days=number)


@pytest.mark.slow
def test_start_page_puts_overdue_applications_first(own, katrin):
    factories.make_application(own, "Späte Antwort", answer_by=days(-1))
    factories.make_application(own, "Neue Person", answer_by=days(3))
    text = client_of(katrin).get(reverse("admin:index")).content.decode()
    assert "1 Anmeldung ist überfällig" in text
    assert text.index("Späte Antwort") < text.index("Neue Person")


@pytest.mark.slow
def test_many_overdue_ones_do_not_hide_the_new_ones(own, katrin):
    for number in range(15):
        factories.make_application(own, f"Spät {number}", answer_by=days(-1))
    factories.make_application(own, "Neue Person")
    work = client_of(katrin).get(reverse("admin:index")).context["work"]
    assert (work.overdue_count, len(work.overdue)) == (15, 6)
    assert [a.name for a in work.new] == ["Neue Person"]


@pytest.mark.slow
def test_answer_due_today_is_not_overdue_yet(own, katrin):
    factories.make_application(own, answer_by=days(0))
    assert client_of(katrin).get(reverse("admin:index")).context["work"].overdue_count == 0


@pytest.mark.slow
def test_start_page_counts_only_what_is_ones_own(own, office, foreign, katrin, sabine):
    factories.make_application(own)
    factories.make_application(foreign, answer_by=days(-3))
    factories.make_application(office, "Ratsuchend", entry=None)
    work = {u: client_of(u).get(reverse("admin:index")).context["work"] for u in (katrin, sabine)}
    assert (work[katrin].new_count, work[katrin].overdue_count, work[katrin].clearing) == (
        1,
        0,
        None,
    )
    assert (work[sabine].new_count, work[sabine].clearing.count) == (1, 1)
    assert listed_by_url(sabine, work[sabine].clearing.url) == {"Ratsuchend"}


def listed_by_url(user, url):
    return {str(a.name) for a in client_of(user).get(url).context["cl"].queryset}


@pytest.mark.slow
def test_numbers_on_the_start_page_lead_to_lists_of_that_length(own, katrin):
    factories.make_application(own, "A", answer_by=days(-1))
    factories.make_application(own, "B")
    factories.make_application(own, "C", status=Status.PLACED)
    client = client_of(katrin)
    work = client.get(reverse("admin:index")).context["work"]
    assert len(client.get(work.links["overdue"]).context["cl"].queryset) == work.overdue_count == 1
    assert len(client.get(work.links["confirm"]).context["cl"].queryset) == work.confirm_count == 1
    for tile in work.statuses:
        assert len(client.get(tile.url).context["cl"].queryset) == tile.count
    assert sum(tile.count for tile in work.statuses) == 3


@pytest.mark.slow
def test_empty_start_page_says_what_to_do_next(own, katrin):
    text = client_of(katrin).get(reverse("admin:index")).content.decode()
    assert "Veröffentlichen Sie eine Einsatzmöglichkeit" in text
    assert "Termin anlegen" in text


@pytest.mark.slow
@pytest.mark.parametrize("now", ["2026-03-29T12:00:00+02:00", "2026-10-25T23:30:00+01:00"])
def test_events_this_week_from_monday_to_sunday_across_changes_of_the_clock(
    own, katrin, time_machine, now
):
    time_machine.move_to(datetime.datetime.fromisoformat(now), tick=False)
    sunday = timezone.localtime().replace(hour=23, minute=0)
    factories.make_event("Sonntag spät", organisation=own, starts_at=sunday, slug="a")
    monday = timezone.make_aware(
        datetime.datetime.combine(
            timezone.localdate() + datetime.timedelta(days=1), datetime.time(0)
        )
    )
    factories.make_event("Montag früh", organisation=own, starts_at=monday, slug="b")
    client = client_of(katrin)
    work = client.get(reverse("admin:index")).context["work"]
    assert [event.title for event in work.events] == ["Sonntag spät"]
    assert {e.title for e in listed(client, "programs_event", zeit="woche")} == {"Sonntag spät"}


@pytest.mark.slow
def test_entries_are_confirmed_by_action_and_by_button(own, foreign, katrin):
    client = client_of(katrin)
    entry = factories.make_entry(organisation=own)
    other = factories.make_entry(organisation=foreign)
    url = reverse("admin:programs_entry_changelist")
    data = {"action": "confirm_entries", "_selected_action": [entry.pk, other.pk]}
    assert client.post(url, data).status_code == 302
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.confirmed_on, entry.as_of) == (timezone.localdate(), timezone.localdate())
    assert other.confirmed_on is None
    button = reverse("admin:programs_organisation_confirm", args=[own.pk])
    assert client.get(button).status_code == 405
    assert client.post(button).status_code == 302
    own.refresh_from_db()
    assert own.is_confirmed
    assert LogEntry.objects.filter(user=katrin).count() == 2
    assert (
        client.post(reverse("admin:programs_opportunity_confirm", args=[other.pk])).status_code
        == 404
    )


def test_confirmed_a_year_ago_is_due_again(own, katrin):
    entry = factories.make_entry(organisation=own, confirmed_on=days(-366))
    fresh = factories.make_entry(organisation=own, confirmed_on=days(-364))
    proven = factories.make_entry(organisation=own, evidence_confirmed=True)
    ended = factories.make_entry(organisation=own, status=Entry.Status.ENDED)
    found = {e.pk for e in listed(client_of(katrin), "programs_entry", bestaetigen="ja")}
    assert entry.pk in found
    assert not found & {fresh.pk, proven.pk, ended.pk}


@pytest.mark.slow
def test_changed_event_grows_its_number_for_calendars(own, katrin):
    event = factories.make_event(organisation=own)
    client, url = client_of(katrin), reverse("admin:programs_event_change", args=[event.pk])
    assert client.post(url, form_data(client.get(url))).status_code == 302
    assert Event.objects.get().sequence == 0, LogEntry.objects.get().change_message
    assert client.post(url, form_data(client.get(url)) | {"place": "Bürgerhaus"}).status_code == 302
    assert Event.objects.get().sequence == 1


# --- Statuses ---------------------------------------------------------------------------------


def status_url(application, status):
    return reverse("admin:volunteers_application_status", args=[application.pk, status])


@pytest.mark.slow
def test_change_page_offers_the_allowed_steps_only(own, katrin):
    application = factories.make_application(own, status=Status.PLACED)
    url = reverse("admin:volunteers_application_change", args=[application.pk])
    response = client_of(katrin).get(url)
    offered = {status for status, _label, _url in response.context["next_steps"]}
    assert offered == {Status.READY, Status.COMPLETED, Status.PAUSED}


def test_button_asks_first_and_changes_on_post_with_history_and_mail(own, katrin):
    application = factories.make_application(own)
    client, url = client_of(katrin), status_url(application, "in_contact")
    assert client.get(url).status_code == 200
    assert Application.objects.get().status == Status.NEW
    assert client.post(url, {"note": "Angerufen"}).status_code == 302
    change = StatusChange.objects.get()
    assert (change.status, change.by, change.note) == (Status.IN_CONTACT, katrin, "Angerufen")
    assert [m.to for m in mail.outbox] == [[application.email]]


def test_declining_needs_a_reason(own, katrin):
    application = factories.make_application(own)
    client, url = client_of(katrin), status_url(application, "declined")
    response = client.post(url, {"note": ""})
    assert response.status_code == 200
    assert "Bitte nennen Sie den Grund der Absage." in response.content.decode()
    assert not mail.outbox
    client.post(url, {"reason": "Leider ist die Gruppe voll."})
    application.refresh_from_db()
    assert (application.status, application.decline_reason) == (
        Status.DECLINED,
        "Leider ist die Gruppe voll.",
    )


@pytest.mark.parametrize("status", ["completed", "withdrawn", "unconfirmed", "new", "nonsense"])
def test_steps_outside_the_table_change_nothing(own, katrin, status):
    application = factories.make_application(own)
    client_of(katrin).post(status_url(application, status), {"reason": "x"})
    application.refresh_from_db()
    assert application.status == Status.NEW
    assert not StatusChange.objects.exists()


@pytest.mark.slow
def test_status_in_the_form_is_read_only(own, katrin):
    application = factories.make_application(own)
    url = reverse("admin:volunteers_application_change", args=[application.pk])
    client = client_of(katrin)
    data = form_data(client.get(url))
    tampered = {"status": "placed", "organisation": "", "email": "x@example.org", "phone": "0711 1"}
    assert client.post(url, data | tampered).status_code == 302
    changed = Application.objects.get()
    assert changed.phone == "0711 1"
    assert (changed.status, changed.organisation, changed.email) == (
        Status.NEW,
        own,
        application.email,
    )


@pytest.mark.slow
def test_correcting_a_name_does_not_take_back_a_step_made_meanwhile(own, katrin, monkeypatch):
    application = factories.make_application(own)
    client = client_of(katrin)
    url = reverse("admin:volunteers_application_change", args=[application.pk])
    data = form_data(client.get(url)) | {"name": "Amira Haddad-Klein"}
    load = ApplicationAdmin.get_object

    def overtaken(self, *args, **kwargs):
        found = load(self, *args, **kwargs)
        services.change_status(application=application, status="in_contact", by=katrin)
        return found

    monkeypatch.setattr(ApplicationAdmin, "get_object", overtaken)
    assert client.post(url, data).status_code == 302
    application.refresh_from_db()
    assert (application.status, application.name) == (Status.IN_CONTACT, "Amira Haddad-Klein")


def test_status_of_a_foreign_application_cannot_be_changed(foreign, katrin):
    application = factories.make_application(foreign)
    client = client_of(katrin)
    url = status_url(application, "in_contact")
    assert client.get(url).status_code == client.post(url).status_code == 404
    bulk = reverse("admin:volunteers_application_bulk_status")
    data = {"status": "in_contact", "ids": str(application.pk)}
    assert client.post(bulk, data).status_code == 404
    application.refresh_from_db()
    assert application.status == Status.NEW


@pytest.mark.slow
def test_several_at_once_shows_who_can_and_why_others_cannot(own, foreign, katrin):
    fresh = factories.make_application(own, "Kann")
    ended = factories.make_application(own, "Kann nicht", status=Status.COMPLETED)
    other = factories.make_application(foreign, "Fremd")
    client = client_of(katrin)
    chosen = {"_selected_action": [fresh.pk, ended.pk, other.pk]}
    url = reverse("admin:volunteers_application_changelist")
    page = client.post(url, {"action": "to_declined", **chosen})
    text = page.content.decode()
    assert "ist schon beendet" in text
    assert "Fremd" not in text
    assert page.context["ids"] == str(fresh.pk)
    bulk = reverse("admin:volunteers_application_bulk_status")
    ids = f"{fresh.pk},{ended.pk},{other.pk}"
    assert client.get(bulk).status_code == 405
    assert "Grund" in client.post(bulk, {"status": "declined", "ids": ids}).content.decode()
    assert not StatusChange.objects.exists()
    data = {"status": "declined", "ids": ids, "reason": "Die Gruppe pausiert."}
    response = client.post(bulk, data, follow=True)
    assert "1 Anmeldung ist jetzt „abgelehnt“" in response.content.decode()
    statuses = dict(Application.objects.values_list("name", "status"))
    assert statuses == {"Kann": "declined", "Kann nicht": "completed", "Fremd": "new"}


def hidden(page):
    """What a page with a step sends along unseen: of whom it is, and upon which status it was decided."""
    return {name: page.context[name] for name in ("ids", "seen")}


def test_a_step_that_was_decided_upon_another_status_is_refused(own, katrin):
    application = factories.make_application(own)
    client = client_of(katrin)
    url = status_url(application, "declined")
    shown = hidden(client.get(url))
    services.change_status(application=application, status="in_contact", by=katrin)
    data = {"status": "declined", "reason": "Leider voll.", **shown}
    for address in (url, reverse("admin:volunteers_application_bulk_status")):
        assert "inzwischen geändert" in client.post(address, data, follow=True).text
        application.refresh_from_db()
        assert application.status == Status.IN_CONTACT


def test_reason_typed_for_another_status_is_still_there_and_can_be_sent_again(own, katrin):
    application = factories.make_application(own)
    client = client_of(katrin)
    url = status_url(application, "declined")
    shown = hidden(client.get(url))
    services.change_status(application=application, status="in_contact", by=katrin)
    page = client.post(url, {"reason": "Leider voll.", **shown})
    assert "ist jetzt „im Gespräch“" in page.text
    assert "Leider voll." in page.text
    assert "laden Sie die Seite neu" not in page.text
    client.post(url, {"reason": "Leider voll.", **hidden(page)})
    application.refresh_from_db()
    assert (application.status, application.decline_reason) == (Status.DECLINED, "Leider voll.")


def test_reason_typed_before_a_tandem_was_proposed_is_still_there(own, katrin):
    """While a tandem stands in the way, too: it can be copied, and sent once the tandem has ended."""
    request = factories.make_request(organisation=own)
    application = factories.make_application(own, status="ready")
    client = client_of(katrin)
    url = status_url(application, "declined")
    shown = hidden(client.get(url))
    tandem = factories.make_tandem(request, application, status="proposed", started_on=None)
    page = client.post(url, {"reason": "Leider voll.", **shown})
    assert "zuerst muss das Tandem oder der Vorschlag enden" in page.text
    assert "Leider voll." in page.text
    assert str(TandemFirst.message) in page.text
    tandem.delete()
    client.post(url, {"reason": "Leider voll.", **hidden(page)})
    application.refresh_from_db()
    assert (application.status, application.decline_reason) == (Status.DECLINED, "Leider voll.")


def test_one_that_no_longer_fits_does_not_stop_the_others(own, katrin, monkeypatch):
    first, second = (factories.make_application(own, name) for name in ("Erste", "Zweite"))
    real = services.change_status

    def overtaken(*, application, **kwargs):
        if application.pk == first.pk:
            raise TransitionNotAllowed
        return real(application=application, **kwargs)

    monkeypatch.setattr("volunteers.admin.statuses.change_status", overtaken)
    bulk = reverse("admin:volunteers_application_bulk_status")
    data = {"status": "in_contact", "ids": f"{first.pk},{second.pk}"}
    text = client_of(katrin).post(bulk, data, follow=True).content.decode()
    assert "Erste: Dieser Schritt ist nicht möglich" in text
    second.refresh_from_db()
    assert second.status == Status.IN_CONTACT


def test_applications_are_neither_added_nor_deleted(own, katrin, portal):
    application = factories.make_application(own)
    for user in (katrin, portal):
        client = client_of(user)
        assert client.get(reverse("admin:volunteers_application_add")).status_code == 403
        url = reverse("admin:volunteers_application_delete", args=[application.pk])
        assert client.post(url, {"post": "yes"}).status_code == 403


FILTERS = {
    "status__exact": "new",
    "ueberfaellig": "ja",
    "art": "circle",
    "feld": "begleitung",
    "bezirk": "10",
    "sprache": "ar",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILTERS)
def test_filters_of_applications(own, katrin, name):
    field, district = factories.make_field(), factories.make_district()
    found = factories.make_application(
        own, answer_by=days(-1), fields=[field], districts=[district], languages=["de", "ar"]
    )
    opportunity = factories.make_entry(organisation=own)
    other = factories.make_application(own, "Andere", status=Status.READY, entry=opportunity)
    assert listed(client_of(katrin), "volunteers_application", **{name: FILTERS[name]}) == {found}
    assert listed(client_of(katrin), "volunteers_application") == {found, other}


def test_contact_data_are_links(own, katrin):
    application = factories.make_application(own, phone="+49 711/216-0", email="amira@example.org")
    url = reverse("admin:volunteers_application_change", args=[application.pk])
    text = client_of(katrin).get(url).content.decode()
    assert 'href="mailto:amira@example.org"' in text
    assert 'href="tel:+497112160"' in text


# --- Speed ------------------------------------------------------------------------------------

LISTS = (
    "volunteers_application",
    "volunteers_volunteer",
    "programs_entry",
    "programs_organisation",
    "programs_opportunity",
    "programs_programme",
    "programs_event",
    "programs_membership",
    "welcome_rooms_welcomeroom",
)


def _one_more(own, number):
    district = factories.make_district()
    factories.make_application(
        own, f"Person {number}", districts=[district], answer_by=days(-number)
    )
    for maker in (factories.make_entry, factories.make_programme, factories.make_room):
        maker(f"Eintrag {number}", organisation=own, districts=[district])
    factories.make_event(f"Termin {number}", organisation=own, district=district)
    factories.make_circle(f"Kreis {number}", department=own)
    factories.make_member(own)


def _queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.slow
def test_lists_and_start_page_take_the_same_queries_for_1_and_30_rows(own, katrin):
    urls = [reverse("admin:index"), *(reverse(f"admin:{name}_changelist") for name in LISTS)]
    client = client_of(katrin)
    _one_more(own, 1)
    few = {url: _queries(client, url) for url in urls}
    for number in range(2, 31):
        _one_more(own, number)
    many = {url: _queries(client, url) for url in urls}
    assert many == few
    assert many.pop(reverse("admin:index")) <= 22
    assert max(many.values()) <= 16


def test_account_made_in_the_administration_needs_no_password(portal):
    client = client_of(portal)
    url = reverse("admin:volunteers_user_add")
    data = form_data(client.get(url)) | {
        "email": "Neu@Example.org",
        "name": "Neu",
        "is_active": "on",
    }
    assert client.post(url, data).status_code == 302
    user = User.objects.get(email="neu@example.org")
    assert not user.has_usable_password()
    assert user.emailaddress_set.get().email == "neu@example.org"


def test_a_long_text_of_one_line_is_typed_into_several_and_kept_in_one(admin_client):
    entry = factories.make_entry()
    form = admin_client.get(reverse("admin:programs_opportunity_change", args=[entry.pk])).context
    summary = form["adminform"].form.fields["summary"].widget
    assert summary.value_from_datadict({"summary": "Eins\r\nzwei"}, {}, "summary") == "Eins zwei"
    assert 'rows="2"' in summary.render("summary", "Eins")
