"""Change history: it records every change, contains no personal data, and only some may read it."""

import re

import pghistory
import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pghistory.models import Event as HistoryRow

from portal.models import SynonymGroup
from programs import history
from programs.models import Entry, MessageTemplate, Organisation, ProtectionConcept
from tests import factories
from volunteers.links import applications as application_links
from volunteers.models import Application, User
from volunteers.services import applications

TRACKED = {
    "portal.KeyFigure",
    "portal.NewsletterBlock",
    "portal.NewsletterIssue",
    "portal.Page",
    "programs.Entry",
    "programs.Event",
    "programs.Membership",
    "programs.MessageTemplate",
    "programs.Opportunity",
    "programs.Organisation",
    "programs.Picture",
    "programs.Programme",
    "programs.ProgrammeStep",
    "programs.ProtectionConcept",
    "programs.SavedList",
    "programs.Story",
    "programs.Voice",
    "portal.SynonymGroup",
    "volunteers.Application",
    "volunteers.CompanionRequest",
    "volunteers.Expense",
    "volunteers.Tandem",
    "volunteers.User",
    "welcome_rooms.CarrierPeriod",
    "welcome_rooms.VisitCount",
    "welcome_rooms.WelcomeRoom",
}
PEOPLE = ("volunteers.Application", "volunteers.CompanionRequest", "volunteers.Tandem")
OF_PEOPLE = {
    *("id", "entry", "organisation", "programme", "status", "answer_by"),
    *("started_on", "ended_on", "is_active", "is_superuser"),
}
"""All that histories of people contain: which record, whose, which status, since when."""


def history_models():
    return [
        m
        for m in apps.get_models()
        if issubclass(m, HistoryRow) and m._meta.app_label != "pghistory"
    ]


def of(record, label=None):
    """The history of one row, oldest first."""
    rows = record.pgh_event_model.objects.filter(pgh_obj_id=record.pk).order_by("pgh_id")
    return rows.filter(pgh_label=label) if label else rows


# --- What is kept -----------------------------------------------------------------------------


def test_these_models_have_a_history():
    assert {m.pgh_tracked_model._meta.label for m in history_models()} == TRACKED


def test_no_column_about_a_person_is_kept():
    seen = 0
    for model in history_models():
        own = {f.name for f in model._meta.local_fields if not f.name.startswith("pgh_")}
        if model.pgh_tracked_model._meta.app_label == "volunteers":
            assert own <= OF_PEOPLE, model
            seen += 1
        topics = {
            MessageTemplate: {"name"},
            SynonymGroup: {"name"},
            Entry: {"phone"},
            ProtectionConcept: {"phone"},
        }
        of_a_topic = topics.get(model.pgh_tracked_model, set())
        personal = {"name", "email", "phone", "message", "note_text", "internal_note"}
        assert not own & (personal - of_a_topic), model
    assert seen == 5


@pytest.mark.django_db
def test_bulk_update_is_caught():
    circles = [factories.make_circle(f"Kreis {n}") for n in range(3)]
    Organisation.objects.filter(pk__in=[c.pk for c in circles]).update(
        answer_days=3, status="paused"
    )
    for circle in circles:
        assert [row.answer_days for row in of(circle)] == [7, 3]
        rows = Entry.pgh_event_model.objects.filter(pgh_obj_id=circle.pk, pgh_label="update")
        assert [row.status for row in rows] == ["paused"]


@pytest.mark.django_db
def test_direct_sql_is_caught_without_a_name():
    member = factories.make_member(factories.make_circle())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE programs_membership SET role = 'staff' WHERE id = %s", [member.pk])
        cursor.execute("DELETE FROM programs_membership WHERE id = %s", [member.pk])
    rows = of(member)
    assert [(row.pgh_label, row.role) for row in rows] == [
        ("insert", "coordinator"),
        ("update", "staff"),
        ("delete", "staff"),
    ]
    assert {row.pgh_context for row in rows} == {None}


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_nothing():
    circle = factories.make_circle()
    with transaction.atomic():
        Organisation.objects.filter(pk=circle.pk).update(area="Feuerbach")
        assert of(circle).count() == 2
        transaction.set_rollback(True)
    assert [row.pgh_label for row in of(circle)] == ["insert"]


@pytest.mark.django_db
def test_saving_without_a_change_leaves_no_row():
    circle = factories.make_circle()
    circle.save()
    Entry.objects.filter(pk=circle.pk).update(title=circle.title)
    assert of(circle).count() == 1
    assert Entry.pgh_event_model.objects.filter(pgh_obj_id=circle.pk).count() == 1


@pytest.mark.django_db
def test_contact_data_changed_is_told_without_the_data():
    application = factories.make_application(factories.make_circle(), "Amira Haddad")
    Application.objects.filter(pk=application.pk).update(name="Amira Schmidt", phone="0711 99")
    person = of(application, history.PERSON_CHANGED).get()
    everything = " ".join(str(value) for row in of(application).values() for value in row.values())
    assert person.status == "new"
    assert "Amira" not in everything
    assert "0711" not in everything
    assert "example.org" not in everything


@pytest.mark.django_db
def test_history_of_a_deleted_person_stays_without_the_person():
    application = factories.make_application(factories.make_circle(), "Amira Haddad")
    pk = application.pk
    application.delete()
    rows = Application.pgh_event_model.objects.filter(pgh_obj_id=pk)
    assert [row.pgh_label for row in rows.order_by("pgh_id")] == ["insert", "delete"]
    for model in history_models():
        for row in model.objects.values():
            assert "Amira" not in str(row)


# --- Who --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_changes_on_a_page_name_the_account_and_nothing_else_of_the_request():
    circle = factories.make_circle()
    user = factories.make_member(circle).user
    application = factories.make_application(circle)
    client = Client()
    client.force_login(user)
    url = reverse("admin:volunteers_application_status", args=[application.pk, "in_contact"])
    assert client.post(url, {"note": "Angerufen"}).status_code == 302
    assert of(application, "update").get().pgh_context == {"user": user.pk}


@pytest.mark.django_db
def test_changes_by_a_link_have_no_account():
    factories.make_clearing_office()
    answers = {"email": "amina@example.org", "name": "Amina", "age": "adult"}
    applications.submit_application(entry=factories.make_circle(), answers=answers)
    application = Application.objects.get()
    assert Client().post(application_links.confirm_url(application)).status_code == 302
    assert of(application, "update").get().pgh_context == {"user": None}


@pytest.mark.django_db
def test_the_worker_names_its_job():
    application = factories.make_application(factories.make_circle())
    with history.by_portal("chores"):
        Application.objects.filter(pk=application.pk).update(status="ready")
    assert of(application, "update").get().pgh_context == {"job": "chores"}


@pytest.mark.django_db
def test_a_deleted_account_is_a_number():
    circle = factories.make_circle()
    admin = factories.make_user("adm@example.org", is_superuser=True, name="Ada Admin")
    client = Client()
    client.force_login(admin)
    client.post(reverse("admin:programs_entry_confirm", args=[circle.pk]))
    number = admin.pk
    User.objects.filter(pk=number).delete()
    row = Entry.pgh_event_model.objects.get(pgh_obj_id=circle.pk, pgh_label="update")
    assert row.pgh_context == {"user": number}


@pytest.mark.django_db
def test_public_pages_ask_nothing_more():
    factories.make_clearing_office()
    factories.make_circle("Freundeskreis Feuerbach", slug="kreis")
    client = Client()
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("programs:circle", args=["kreis"]))
    assert not [q for q in captured if "pghistory" in q["sql"]]


@pytest.mark.django_db
def test_what_stood_there_before_is_the_first_row():
    circle = factories.make_circle()
    rows = Organisation.pgh_event_model.objects
    rows.all().delete()
    with connection.schema_editor() as editor:
        history.begin_history("programs", "Organisation").code(apps, editor)
    row = rows.get()
    assert (row.pgh_label, row.pgh_obj_id, row.type) == ("snapshot", circle.pk, "circle")


# --- The page ---------------------------------------------------------------------------------


def page_of(record, user, query=""):
    client = Client()
    client.force_login(user)
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_history"
    return client.get(reverse(name, args=[record.pk]) + query)


def text_of(response):
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


@pytest.mark.django_db(transaction=True)
def test_page_tells_who_changed_which_field_from_what_to_what(circle, katrin):
    client = Client()
    client.force_login(katrin)
    client.post(reverse("admin:programs_entry_confirm", args=[circle.pk]))
    circle.districts.add(factories.make_district("feuerbach"))
    Organisation.objects.filter(pk=circle.pk).update(status="paused", answer_days=3)
    with history.by_portal("chores"):
        Organisation.objects.filter(pk=circle.pk).update(accepts_sign_ups=False)
    text = text_of(page_of(circle, katrin))
    today = timezone.localdate().strftime("%d.%m.%Y")
    assert f"geändert Katrin Koordination Stand {today}" in text
    assert f"bestätigt am {today}" in text
    assert "geändert direkt in der Datenbank Stadtbezirke Feuerbach" in text
    assert "Antwortfrist in Tagen 7 → 3" in text
    assert "Status aktiv → pausiert" in text
    assert "geändert Portal nimmt Anmeldungen an ja → nein" in text
    assert text.index("nimmt Anmeldungen an ja") < text.index("Antwortfrist in Tagen 7")


@pytest.mark.django_db(transaction=True)
def test_page_tells_of_memberships_and_steps_that_are_gone(circle, katrin):
    programme = factories.make_programme(organisation=circle)
    step = factories.make_step(programme, "Erstgespräch")
    step.delete()
    assert "Vorbereitungsschritt gelöscht" in text_of(page_of(programme, katrin))
    other = factories.make_member(circle, factories.make_user("neu@example.org", name="Nele Neu"))
    other.delete()
    text = text_of(page_of(circle, katrin))
    assert "Mitgliedschaft angelegt" in text
    assert "Nele Neu" in text


@pytest.mark.django_db(transaction=True)
def test_page_of_an_application_says_nothing_about_the_person(circle, katrin):
    application = factories.make_application(circle, "Amira Haddad", phone="0711 99")
    Application.objects.filter(pk=application.pk).update(phone="0711 88")
    Application.objects.filter(pk=application.pk).update(status="ready")
    text = text_of(page_of(application, katrin))
    assert "Angaben zur Person geändert" in text
    assert "Status neu → startbereit" in text
    assert "0711" not in text
    assert application.email not in text


@pytest.mark.django_db
def test_names_of_accounts_elsewhere_are_not_told(circle, katrin):
    foreign = factories.make_member(factories.make_circle("Anderer Kreis")).user
    User.objects.filter(pk=foreign.pk).update(name="Frieda Fremd")
    with pghistory.context(user=foreign.pk):
        Organisation.objects.filter(pk=circle.pk).update(area="Nord")
    with pghistory.context(user=987654):
        Organisation.objects.filter(pk=circle.pk).update(area="Süd")
    text = text_of(page_of(circle, katrin))
    assert "ein anderes Konto" in text
    assert "gelöschtes Konto" in text
    assert "Frieda" not in text
    admin = factories.make_user("adm@example.org", is_superuser=True)
    assert "Frieda Fremd" in text_of(page_of(circle, admin))


@pytest.mark.django_db
def test_history_of_others_does_not_exist(circle, katrin):
    other = factories.make_circle("Anderer Kreis")
    assert page_of(other, katrin).status_code == 404
    assert page_of(factories.make_application(other), katrin).status_code == 404
    assert page_of(factories.make_key_figure(), katrin).status_code == 403


@pytest.mark.slow
@pytest.mark.django_db
def test_page_takes_the_same_queries_for_1_and_30_changes_and_has_pages(circle, katrin):
    def change(number):
        with pghistory.context(user=katrin.pk):
            Organisation.objects.filter(pk=circle.pk).update(area=f"A {number}", places=number)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert page_of(circle, katrin).status_code == 200
        return len(captured)

    change(1)
    queries()  # writes that the access was used today
    few = queries()
    for number in range(2, 31):
        change(number)
    assert queries() <= few  # no query for a table without rows on the page
    text = text_of(page_of(circle, katrin, "?seite=2"))
    assert "Seite 2 von 2" in text
    assert page_of(circle, katrin, "?seite=x%00").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("make", ["make_page", "make_key_figure", "make_event", "make_entry"])
def test_all_kinds_of_records_show_their_history(make):
    record = getattr(factories, make)()
    admin = factories.make_user("adm@example.org", is_superuser=True)
    assert "angelegt" in text_of(page_of(record, admin))


@pytest.mark.django_db
def test_history_shows_hostile_text_as_text(circle, katrin):
    Organisation.objects.filter(pk=circle.pk).update(area="<script>alert(1)</script>")
    assert b"<script>alert" not in page_of(circle, katrin).content
