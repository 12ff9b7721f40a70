"""Status pages say where it stands, what comes next and until when, and what the person can do now."""

import datetime
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from tests import factories
from volunteers.links import applications as application_links
from volunteers.links import registrations as event_links
from volunteers.links import tandems as tandem_links
from volunteers.models import Application
from volunteers.models.companions import RequestStatus
from volunteers.models.registrations import RegistrationStatus
from volunteers.models.statuses import CLOSED, Status

pytestmark = pytest.mark.django_db

SEEN = [one for one in Status if one != Status.UNCONFIRMED]
CAN_DO = re.compile(r'id="tun".*?</section>', re.DOTALL)


def page(path):
    answer = Client().get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def steps(text):
    """What the person can do: label → address."""
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', CAN_DO.search(text)[0])
    return {label: path for path, label in found}


def opens(path):
    return path.startswith("#") or Client().get(path).status_code == 200


@pytest.fixture
def entry():
    circle = factories.make_circle()
    factories.make_member(circle)
    return factories.make_entry(organisation=circle)


def application(entry, status, **fields):
    reason = {"decline_reason": "Die Gruppe ist voll."} if status == Status.DECLINED else {}
    return factories.make_application(
        entry.organisation, entry=entry, status=status, **{**reason, **fields}
    )


@pytest.mark.slow
@pytest.mark.parametrize("status", SEEN)
def test_application_says_what_comes_next_and_every_step_opens(entry, status):
    text = page(application_links.status_path(application(entry, status)))
    is_closed = status in CLOSED
    assert text.index("notice--") < text.index("Das können Sie jetzt tun")
    assert ("Als Nächstes:" in text) is not is_closed
    found = steps(text)
    assert ("Anmeldung zurückziehen" in found) is not is_closed
    assert ("Andere Angebote ansehen" in found) is (is_closed or status == Status.WAITING)
    assert "Zu meiner Seite" in found
    assert all(opens(path) for path in found.values()), found


def test_new_application_says_until_when_the_answer_comes(entry):
    until = timezone.localdate() + datetime.timedelta(days=5)
    text = page(application_links.status_path(application(entry, "new", answer_by=until)))
    assert f"Die Antwort kommt bis zum {date_format(until, 'j. F Y')}" in text
    assert "Bis dahin müssen Sie nichts tun." in text


def test_answer_that_is_late_is_called_late_and_the_city_is_named(entry):
    until = timezone.localdate() - datetime.timedelta(days=1)
    text = page(application_links.status_path(application(entry, "new", answer_by=until)))
    assert "Leider noch keine Antwort." in text
    assert "kümmert sich die Stadt darum" in text
    assert "Nachricht schreiben" in steps(text)


@pytest.mark.parametrize(
    ("status", "accepts", "again"),
    [
        (Status.WITHDRAWN, True, True),
        (Status.WITHDRAWN, False, False),
        (Status.COMPLETED, True, True),
        (Status.DECLINED, True, False),
        (Status.NEW, True, False),
    ],
)
def test_whoever_has_left_may_sign_up_again_while_the_offer_is_open(entry, status, accepts, again):
    entry.accepts_sign_ups = accepts
    entry.save()
    found = steps(page(application_links.status_path(application(entry, status))))
    assert ("Noch einmal anmelden" in found) is again
    if again:
        assert found["Noch einmal anmelden"].endswith(f"/anmelden/{entry.slug}/")


@pytest.mark.slow
def test_offer_that_is_hidden_is_named_and_not_linked(entry):
    path = application_links.status_path(application(entry, Status.WITHDRAWN))
    assert entry.get_absolute_url() in page(path)
    entry.is_published = False
    entry.save()
    text = page(path)
    assert entry.title in text
    assert entry.get_absolute_url() not in text
    assert "Noch einmal anmelden" not in text


def registration(status, **of_event):
    starts = timezone.now() + datetime.timedelta(days=9)
    times = {"starts_at": starts, "ends_at": starts + datetime.timedelta(hours=2)}
    event = factories.make_event(takes_registrations=True, **{**times, **of_event})
    until = {"offer_until": timezone.now() + datetime.timedelta(hours=48)}
    more = until if status == RegistrationStatus.OFFERED else {}
    return factories.make_registration(event, status=status, **more)


@pytest.mark.slow
@pytest.mark.parametrize(
    "status", [one for one in RegistrationStatus if one not in {"unconfirmed", "awaiting"}]
)
def test_registration_says_what_comes_next_and_every_step_opens(status):
    one = registration(status)
    text = page(event_links.path(one))
    found = steps(text)
    day = date_format(timezone.localtime(one.event.starts_at), "l, j. F")
    if status in {"registered", "waiting"}:
        assert re.search(f"Als Nächstes:.*{day}", text)
    if status == "offered":
        until = date_format(timezone.localtime(one.offer_until), "l, j. F, H:i")
        assert f"Wir halten ihn bis {until} Uhr für Sie frei." in text
    assert ("In den Kalender (iCal)" in found) is (status == "registered")
    assert ("Ich möchte doch kommen" in found) is (status in {"cancelled", "lapsed"})
    assert ("Andere Termine ansehen" in found) is (status in {"cancelled", "lapsed"})
    assert "Zu meiner Seite" in found
    assert all(opens(path) for path in found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize("change", ["cancelled", "over", "hidden"])
def test_event_that_will_not_be_leads_to_others(change):
    ended = timezone.now() - datetime.timedelta(days=1)
    over = {"starts_at": ended - datetime.timedelta(hours=1), "ends_at": ended}
    changes = {"cancelled": {"is_cancelled": True}, "over": over, "hidden": {"is_published": False}}
    text = page(event_links.path(registration("registered", **changes[change])))
    found = steps(text)
    assert ("Andere Termine ansehen" in found) is (change != "hidden")
    assert ("Zur Seite des Termins" in found) is (change != "hidden")
    assert all(opens(path) for path in found.values()), found


@pytest.mark.slow
@pytest.mark.parametrize(
    "status", [one for one in RequestStatus if one not in {"unconfirmed", "awaiting"}]
)
def test_search_says_what_comes_next_and_every_step_opens(status):
    request = factories.make_request(status=status, organisation=factories.make_clearing_office())
    text = page(tandem_links.status_path(request))
    found = steps(text)
    is_closed = request.is_closed
    assert ("Als Nächstes:" in text) is (status == RequestStatus.OPEN)
    assert ("Suche beenden" in found) is not is_closed
    assert ("Etwas fragen" in found) is not is_closed
    assert ("Wieder eine Begleitung suchen" in found) is is_closed
    assert all(opens(path) for path in found.values()), found


def test_confirmation_link_leads_to_the_status_page_and_later_to_the_form_again(client, entry):
    unconfirmed = {"status": "unconfirmed", "confirmed_at": None}
    one = factories.make_application(entry.organisation, entry=entry, **unconfirmed)
    path = application_links.confirm_url(one).partition("/anmeldung/")[2]
    path = f"/anmeldung/{path}"
    assert client.post(path)["Location"] == application_links.status_path(one)
    assert client.get(path)["Location"] == application_links.status_path(one)
    Application.objects.update(status="unconfirmed")
    assert client.get(path).status_code == 200
    assert reverse("volunteers:sign_up_entry", args=[entry.slug]) not in client.get(path).text
