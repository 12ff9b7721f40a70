"""Inviting many organisations: once each, with a link that shows the entry, one reminder, and what became of it."""

import datetime
import re

import pytest
import time_machine
from django.conf import settings
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.directory import inviting
from portal.models import InvitedOrganisation, Upkeep
from programs.addresses import admin_path
from programs.models import Organisation
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.links.organisations import Purpose, Recipient, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    factories.make_clearing_office()
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def staff(department):
    return factories.make_member(department, role="staff").user


@pytest.fixture
def circle(department):
    return make("Freundeskreis Feuerbach", department)


def make(title, department, **fields):
    fields = {"contact_email": f"{title.split()[-1].lower()}@example.org"} | fields
    return factories.make_circle(title, department=department, **fields)


def act(client, organisations, **more):
    data = {
        "action": "invite_organisations",
        ACTION_CHECKBOX_NAME: [one.pk for one in organisations],
    }
    return client.post(admin_path(Organisation), data | more, follow=True)


def link_of(circle):
    return url(Purpose.INVITE, circle, Recipient(circle.contact_email)).removeprefix(
        settings.SITE_URL
    )


def state_of(circle):
    return InvitedOrganisation.objects.with_state().get(organisation=circle).state


def test_the_preview_says_who_gets_a_mail_and_sends_none(client, circle, department, staff):
    silent = make("Kreis ohne Adresse", department, contact_email="")
    asked = make("Kreis Schon", department)
    factories.make_invited(asked)
    client.force_login(staff)
    page = act(client, [circle, silent, asked]).text
    assert "1 Organisation bekommt eine Mail" in page
    assert "Ohne Adresse, keine Mail" in page
    assert "Schon eingeladen" in page
    assert not mail.outbox
    assert InvitedOrganisation.objects.count() == 1


@pytest.mark.slow
def test_the_click_sends_one_mail_each_and_a_second_click_none(client, circle, department, staff):
    other = make("Kreis West", department)
    client.force_login(staff)
    for expected in ("2 Organisationen eingeladen.", "0 Organisationen eingeladen."):
        assert expected in act(client, [circle, other], confirmed="1").text
    assert sorted(one.to[0] for one in mail.outbox) == ["feuerbach@example.org", "west@example.org"]
    links = [re.search(r"https?://\S+", one.body)[0] for one in mail.outbox]
    assert len(set(links)) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_people_at_once_send_once(circle, staff, department):
    second = factories.make_member(department, role="staff").user
    sent = at_once(
        lambda: inviting.invite_organisations(organisations=[circle], by=staff),
        lambda: inviting.invite_organisations(organisations=[circle], by=second),
        inviting.remind_invited,
    )
    assert sorted(sent) == [0, 0, 1]
    assert InvitedOrganisation.objects.count() == 1


def test_the_database_keeps_it_single(circle):
    factories.make_invited(circle)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_invited(circle)


@pytest.mark.slow
def test_only_the_department_in_charge_invites(client, circle):
    client.force_login(factories.make_member(circle).user)
    act(client, [circle], confirmed="1")
    elsewhere = factories.make_organisation("Andere Abteilung", type="office")
    client.force_login(factories.make_member(elsewhere, role="staff").user)
    act(client, [circle], confirmed="1")
    assert not InvitedOrganisation.objects.exists()


def test_looking_is_no_opening_and_a_click_is(client, circle):
    factories.make_invited(circle)
    page = client.get(link_of(circle))
    assert circle.title in page.text
    assert state_of(circle) == "sent"
    there = client.post(link_of(circle), {"want": "ja"}, follow=True)
    assert "Stimmt das noch?" in there.text
    assert state_of(circle) == "opened"


def test_who_confirms_has_kept_it(client, circle):
    factories.make_invited(circle, made_at=timezone.now() - datetime.timedelta(days=1))
    there = client.post(link_of(circle), {"want": "ja"}, follow=True)
    client.post(there.redirect_chain[-1][0], {"entry": [circle.pk]})
    assert Upkeep.objects.filter(organisation=circle).exists()
    assert state_of(circle) == "kept"


def test_who_comes_in_has_kept_it(circle):
    factories.make_invited(circle, made_at=timezone.now() - datetime.timedelta(days=1))
    factories.make_member(circle)
    assert state_of(circle) == "kept"


def test_who_says_no_is_asked_no_more(client, circle, staff):
    factories.make_invited(circle)
    assert "wir fragen nicht weiter" in client.post(link_of(circle), {"want": "nein"}).text
    assert state_of(circle) == "declined"
    mail.outbox.clear()
    with time_machine.travel(timezone.now() + datetime.timedelta(days=16), tick=False):
        assert inviting.remind_invited() == 0
    assert inviting.invite_organisations(organisations=[circle], by=staff) == 0
    assert not mail.outbox


def test_one_reminder_before_the_deadline_to_who_has_done_nothing(circle, department):
    done = make("Kreis Fertig", department)
    for one in (circle, done):
        factories.make_invited(one)
    Upkeep.objects.create(organisation=done, kind=Upkeep.Kind.CONFIRMED)
    assert inviting.remind_invited() == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(days=15), tick=False):
        assert inviting.remind_invited() == 1
        assert inviting.remind_invited() == 0
    (message,) = mail.outbox
    assert message.to == ["feuerbach@example.org"]
    assert "Erinnerung" in message.subject


def test_after_the_deadline_it_may_be_asked_again(circle, staff):
    factories.make_invited(circle, deadline=timezone.localdate() - datetime.timedelta(days=1))
    assert inviting.invite_organisations(organisations=[circle], by=staff) == 1


@pytest.mark.parametrize("want", ["", "vielleicht", "x" * 5000, "<b>"])
def test_an_odd_button_is_a_click(client, circle, want):
    factories.make_invited(circle)
    assert client.post(link_of(circle), {"want": want}).status_code == 302


@pytest.mark.slow
def test_the_list_counts_each_state_and_costs_the_same(
    client, circle, department, staff, django_assert_max_num_queries
):
    factories.make_invited(circle, opened_at=timezone.now())
    for number in range(30):
        factories.make_invited(make(f"Kreis {number}", department))
    client.force_login(staff)
    client.get(admin_path(InvitedOrganisation))
    with django_assert_max_num_queries(10):
        page = client.get(admin_path(InvitedOrganisation)).text
    assert "gesendet (30)" in page
    assert "geöffnet (1)" in page
    filtered = client.get(admin_path(InvitedOrganisation, stand="opened")).text
    assert circle.title in filtered
    assert "Kreis 29" not in filtered
    assert client.get(admin_path(InvitedOrganisation, stand="quatsch")).status_code in {200, 302}


def test_the_preview_of_many_costs_the_same(circle, department, django_assert_num_queries):
    for number in range(30):
        make(f"Kreis {number}", department)
    with django_assert_num_queries(3):
        looked = inviting.look_at(Organisation.objects.filter(department=department))
    assert len(looked.to_mail) == 31
