"""Records that are confirmed by a link follow the same rules, for all three forms."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers import periods
from volunteers.models import Application, CompanionRequest, Consent, Registration
from volunteers.models.consents import TEXT_VERSIONS
from volunteers.privacy import retention
from volunteers.services import applications, registrations, requests

EMAIL = "amina@example.org"


@dataclass
class Kind:
    model: Any
    submit: Callable[[str], None]
    confirm: Callable[[Any], Any]

    @property
    def records(self) -> list[Any]:
        return list(self.model.objects.filter(email=EMAIL))


@pytest.fixture(params=["application", "companion_request", "registration"])
def kind(request) -> Kind:
    office = factories.make_clearing_office()
    if request.param == "application":
        entry = factories.make_entry(organisation=office)

        def sign_up(name):
            told = {"email": EMAIL, "name": name, "age": "adult"}
            applications.submit_application(entry=entry, answers=told)

        return Kind(Application, sign_up, lambda r: applications.confirm_application(application=r))
    if request.param == "companion_request":

        def ask(name):
            answers = {"email": EMAIL, "name": name, "age_group": "adult"}
            requests.submit_request(programme=None, answers=answers)

        return Kind(CompanionRequest, ask, lambda r: requests.confirm_request(request=r))
    starts = timezone.now() + datetime.timedelta(days=30)
    event = factories.make_event(organisation=office, starts_at=starts, takes_registrations=True)

    def register(name):
        guest = registrations.Guest(email=EMAIL, name=name)
        registrations.submit_registration(event=event, guest=guest)

    return Kind(
        Registration, register, lambda r: registrations.confirm_registration(registration=r)
    )


def links() -> list[str]:
    """The paths in the mails, in the order in which they were sent."""
    return [
        "/" + re.search(r"https?://\S+", message.body)[0].split("/", 3)[3]
        for message in mail.outbox
    ]


def minutes_later(number: int) -> datetime.datetime:
    return timezone.now() + datetime.timedelta(minutes=number)


@pytest.mark.django_db
def test_form_sent_twice_makes_one_record_one_consent_and_one_mail(kind):
    kind.submit("Amina")
    kind.submit("Amina")
    (record,) = kind.records
    assert record.is_unconfirmed
    consent = Consent.objects.get()
    assert consent.text_version == TEXT_VERSIONS[Consent.Purpose(record.consent_purpose)]
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_unconfirmed_record_takes_over_what_is_typed_now_and_a_confirmed_one_does_not(kind):
    kind.submit("amina  haddad")
    kind.submit("Amina Haddad")
    (record,) = kind.records
    assert record.name == "Amina Haddad"
    kind.confirm(record)
    kind.submit("AMINA HADDAD")
    assert kind.records[0].name == "Amina Haddad"
    assert len(kind.records) == 1


@pytest.mark.django_db
def test_link_is_mailed_again_only_after_a_while(kind):
    kind.submit("Amina")
    wait = settings.CONFIRMATION_AGAIN_MINUTES
    with time_machine.travel(minutes_later(wait - 1), tick=False):
        kind.submit("Amina")
        assert len(mail.outbox) == 1
    with time_machine.travel(minutes_later(wait + 1), tick=False):
        kind.submit("Amina")
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_link_asks_confirms_once_and_leads_to_the_status_page_afterwards(kind):
    kind.submit("Amina")
    (path,) = links()
    client = Client()
    assert client.get(path).status_code == 200
    assert kind.records[0].is_unconfirmed, "opening the link must not confirm"
    response = client.post(path)
    assert response.status_code == 302
    assert not kind.records[0].is_unconfirmed
    assert client.get(response.url).status_code == 200
    assert client.get(path).url == client.post(path).url == response.url
    after_its_days = timezone.now() + datetime.timedelta(days=29)
    with time_machine.travel(after_its_days, tick=False):
        assert client.get(path).url == response.url


@pytest.mark.slow
@pytest.mark.django_db
def test_link_ends_by_time_and_the_record_with_it(kind):
    kind.submit("Amina")
    (path,) = links()
    end = timezone.now() + datetime.timedelta(days=settings.SIGN_UP_CONFIRMATION_DAYS)
    with time_machine.travel(end - datetime.timedelta(hours=1), tick=False):
        assert Client().get(path).status_code == 200
        assert not kind.model.objects.expired().exists()
    with time_machine.travel(end + datetime.timedelta(hours=1), tick=False):
        page = Client().get(path)
        assert page.status_code == 410
        assert periods.days_in_words(settings.SIGN_UP_CONFIRMATION_DAYS) in page.content.decode()
        assert kind.model.objects.expired().count() == 1
        retention.run()
    assert kind.records == []


@pytest.mark.django_db
def test_wrong_link_is_no_page(kind):
    kind.submit("Amina")
    (path,) = links()
    assert Client().get(path.rstrip("/")[:-3] + "xyz/").status_code == 404
    assert Client().get(reverse("portal:home")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_make_one_record(kind):
    at_once(*[lambda: kind.submit("Amina")] * 2)
    assert len(kind.records) == 1
    assert Consent.objects.count() == 1
