"""Staff enters and corrects people by hand: two with one mailbox, and people without one."""

import datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.clients import client_of
from tests.people import ANNA, BERND, PAIR
from volunteers.models import Application, CompanionRequest, Registration, Volunteer
from volunteers.privacy import retention
from volunteers.services import applications
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(circle):
    return factories.make_event(
        "Fest", organisation=circle, takes_registrations=True, capacity=None
    )


def add(user, event, name, email):
    url = reverse("admin:volunteers_registration_add")
    data = {"event": event.pk, "name": name, "email": email, "note": ""}
    return client_of(user).post(url, data)


def page_of(user, record):
    name = f"admin:volunteers_{record._meta.model_name}_change"
    return client_of(user).get(reverse(name, args=[record.pk]))


# --- Events -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_both_of_a_pair_are_added_to_an_event_and_neither_twice(katrin, event):
    for name in (ANNA, BERND):
        assert add(katrin, event, name, PAIR.upper()).status_code == 302
    refused = add(katrin, event, "import, ANNA", PAIR)
    assert refused.status_code == 200
    assert "steht schon auf der Liste" in refused.text
    names = Registration.objects.order_by("pk").values_list("name", "email", "status")
    assert list(names) == [(ANNA, PAIR, "registered"), (BERND, PAIR, "registered")]
    assert [message.to for message in mail.outbox] == [[PAIR], [PAIR]]


@pytest.mark.slow
def test_somebody_without_an_address_is_added_and_gets_no_mail(katrin, event):
    assert add(katrin, event, "Alte Dame", "").status_code == 302
    assert "steht schon auf der Liste" in add(katrin, event, "ALTE DAME", "").text
    assert add(katrin, event, "Herr Post", "").status_code == 302
    assert Registration.objects.filter(status="registered", email="").count() == 2
    assert mail.outbox == []
    lady = Registration.objects.get(name="Alte Dame")
    cancel = reverse("admin:volunteers_registration_cancel", args=[lady.pk])
    assert client_of(katrin).post(cancel, {"reason": ""}).status_code == 302
    assert mail.outbox == []


@pytest.mark.slow
def test_both_of_a_pair_and_somebody_without_an_address_come_to_the_door(katrin, circle):
    today = factories.make_event(
        "Schulung",
        organisation=circle,
        starts_at=timezone.now() - datetime.timedelta(hours=3),
        qualification="Grundschulung",
    )
    url = reverse("admin:programs_event_attendance", args=[today.pk])
    for name, email in ((ANNA, PAIR), (BERND, PAIR), ("Alte Dame", "")):
        data = {"add": "1", "name": name, "email": email}
        assert client_of(katrin).post(url, data).status_code == 302
    assert Registration.objects.filter(attended=True).count() == 3
    held = Volunteer.objects.filter(qualifications__title="Grundschulung")
    assert set(held.values_list("name", "email")) == {
        (ANNA, PAIR),
        (BERND, PAIR),
        ("Alte Dame", ""),
    }


# --- Requests -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_requests_of_two_with_one_mailbox_are_entered_and_neither_twice(katrin, circle):
    url = reverse("admin:volunteers_companionrequest_add")
    data = {"organisation": circle.pk, "email": PAIR, "phone": "", "consent": "on"}
    data |= {"age_group": "adult", "languages": ["ar"], "wish": "", "note": ""}
    for name in ("Samira", "Tarek"):
        assert client_of(katrin).post(url, data | {"name": name}).status_code == 302
    refused = client_of(katrin).post(url, data | {"name": "SAMIRA"})
    assert "schon eine Suche eingetragen" in refused.text
    assert set(CompanionRequest.objects.values_list("name", flat=True)) == {"Samira", "Tarek"}


# --- Pages of the administration ----------------------------------------------------------------


@pytest.mark.slow
def test_page_of_an_application_says_who_has_the_same_address(katrin, circle):
    anna = factories.make_application(circle, ANNA, email=PAIR)
    bernd = factories.make_application(circle, BERND, email=PAIR)
    foreign = factories.make_circle("Freundeskreis Süd")
    factories.make_application(foreign, "Carla Import", email=PAIR)
    html = page_of(katrin, anna).text
    assert "Dieselbe E-Mail-Adresse haben auch" in html
    assert reverse("admin:volunteers_application_change", args=[bernd.pk]) in html
    assert "Carla" not in html, "another organisation knows her"
    alone = factories.make_application(circle, "Dora Allein")
    assert "Dieselbe E-Mail-Adresse" not in page_of(katrin, alone).text


@pytest.mark.slow
@pytest.mark.parametrize("make", ["application", "registration", "request"])
def test_correcting_a_name_to_that_of_the_other_is_refused_with_a_sentence(
    katrin, circle, event, make
):
    one, _other = {
        "application": lambda: [
            factories.make_application(circle, name, email=PAIR) for name in (ANNA, BERND)
        ],
        "registration": lambda: [
            factories.make_registration(event, name, email=PAIR) for name in (ANNA, BERND)
        ],
        "request": lambda: [
            factories.make_request(name, email=PAIR, organisation=circle) for name in (ANNA, BERND)
        ],
    }[make]()
    page = page_of(katrin, one)
    form = page.context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in values.items() if value}
    data |= {form[name].html_initial_name: value for name, value in data.items()}
    for inline in page.context["inline_admin_formsets"]:
        data |= {
            f"{inline.formset.prefix}-TOTAL_FORMS": 0,
            f"{inline.formset.prefix}-INITIAL_FORMS": 0,
        }
    url = reverse(f"admin:volunteers_{one._meta.model_name}_change", args=[one.pk])
    response = client_of(katrin).post(url, data | {"name": BERND.upper()})
    assert response.status_code in {200, 422}
    assert "schon" in response.context["adminform"].form.non_field_errors().as_text()
    one.refresh_from_db()
    assert one.name == ANNA


def test_page_of_somebody_without_an_address_says_so_and_nothing_is_mailed(katrin, circle):
    lady = factories.make_application(circle, "Alte Dame", email="", phone="0711 3")
    html = page_of(katrin, lady).text
    assert "hat keine E-Mail-Adresse" in html
    assert "mailto:" not in html
    mail.outbox.clear()
    applications.change_status(application=lady, status="in_contact", by=katrin)
    write_message(application=lady, text="Guten Tag", by=katrin)
    applications.change_status(application=lady, status="declined", by=katrin, reason="Leider")
    assert mail.outbox == []
    lists = client_of(katrin).get(reverse("admin:volunteers_volunteer_changelist"))
    assert "Alte Dame" in lists.text
    assert Application.objects.get().status == "declined"


@pytest.mark.slow
def test_portalverwaltung_deletes_and_retention_forgets_people_without_an_address(
    circle, time_machine
):
    time_machine.move_to("2026-03-10 12:00:00+01:00", tick=False)
    without = {"email": "", "status": "paused"}
    old = [factories.make_application(circle, ANNA, phone=n, **without) for n in ("1", "2")]
    boss = factories.make_user("chef@example.org", is_superuser=True)
    path = reverse("admin:volunteers_volunteer_delete", args=[old[0].volunteer.pk])
    assert client_of(boss).post(path).status_code == 302
    assert list(Application.objects.all()) == [old[1]], "a name alone is nobody"
    time_machine.move_to("2028-03-20 12:00:00+01:00", tick=False)
    retention.run()
    assert Volunteer.objects.count() == 1
    assert mail.outbox == []
    time_machine.move_to("2028-05-20 12:00:00+02:00", tick=False)
    retention.run()
    assert not Volunteer.objects.exists()
