"""Registrations: registering, the waiting list, reminders, the person's pages."""

import datetime
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.factories import BERLIN, make_event, make_registration
from tests.volunteers.applications.test_races import at_once
from volunteers import reminders
from volunteers.errors import (
    AlreadyRegistered,
    EventHasBegun,
    OfferGone,
    RegistrationClosed,
    TransitionNotAllowed,
)
from volunteers.links import registrations as event_links
from volunteers.models import Consent, Registration, Reminder
from volunteers.models.consents import TEXT_VERSIONS
from volunteers.models.registrations import RegistrationStatus as S
from volunteers.services import registrations as services
from volunteers.services import waiting_lists
from volunteers.tasks import run_retention

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=BERLIN)
EVENING = datetime.datetime(2026, 3, 20, 18, tzinfo=BERLIN)
ROUNDS = 4


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event(clock):
    """A training with one seat on 20 March, 18:00."""
    return training()


def training(**fields):
    organisation = factories.make_clearing_office()
    defaults = {"starts_at": EVENING, "takes_registrations": True, "capacity": 1}
    return make_event("Grundschulung", organisation=organisation, **(defaults | fields))


def guest(email="amina@example.org", name="Amina", note=""):
    return services.Guest(name=name, email=email, note=note)


def joined(event, email="amina@example.org"):
    """A registration whose form was sent and confirmed."""
    services.submit_registration(event=event, guest=guest(email))
    found = Registration.objects.get(event=event, email=email)
    return services.confirm_registration(registration=found)


def statuses(event):
    rows = Registration.objects.filter(event=event).order_by("pk")
    return [S(status) for status in rows.values_list("status", flat=True)]


def subjects():
    return [message.subject for message in mail.outbox]


def post(view, *args, client=None, **data):
    return (client or Client()).post(reverse(f"volunteers:{view}", args=args), data)


def form(**values):
    return {"name": "Amina", "email": "amina@example.org", "consent": "on"} | values


# --- Registering ------------------------------------------------------------------------------


def test_form_mails_a_link_that_asks_and_confirms_once(event):
    page = Client().get(event.get_absolute_url()).text
    assert reverse("volunteers:register", args=[event.slug]) in page
    response = post("register", event.slug, **form(note="Kinderbetreuung für zwei"))
    assert response.url == reverse("volunteers:register_done")
    (message,) = mail.outbox
    link = re.search(r"https?://\S+/bestaetigen/\S+", message.body)[0]
    path = "/" + link.split("/", 3)[3]
    assert "20. März 2026" in message.body
    client = Client()
    for _ in range(2):
        assert "Kinderbetreuung für zwei" in client.get(path).text
    assert statuses(event) == [S.UNCONFIRMED]
    response = client.post(path)
    assert response.status_code == 302
    assert "Sie haben einen Platz" in client.get(response.url).text
    assert client.get(path).url == client.post(path).url == response.url
    assert statuses(event) == [S.REGISTERED]


def test_consent_is_noted_with_version_and_purpose(event):
    registration = joined(event)
    consent = Consent.objects.get()
    assert (consent.registration, consent.purpose) == (registration, "registration")
    assert (consent.text_version, consent.withdrawn_at) == (TEXT_VERSIONS[consent.purpose], None)


def test_without_consent_nothing_is_kept_and_what_was_typed_stays(event):
    response = post("register", event.slug, name="Amina", email="amina@", note="Rollstuhl")
    assert response.status_code == 422
    for words in ("Ohne Ihre Einwilligung", "nicht vollständig", "Rollstuhl"):
        assert words in response.text
    assert not Registration.objects.exists()


def test_mail_to_an_unconfirmed_address_holds_nothing_a_stranger_typed(event):
    post("register", event.slug, **form(name="Kauft Viagra", note="Bei mir"))
    (message,) = mail.outbox
    assert "Viagra" not in message.body + message.subject
    assert "Bei mir" not in message.body


def test_same_person_twice_makes_one_record_and_the_same_answer(event):
    first = post("register", event.slug, **form(name="Amina"))
    again = post("register", event.slug, **form(name="AMINA"))
    assert (first.status_code, first.url) == (again.status_code, again.url)
    assert Registration.objects.get().name == "AMINA"
    assert len(mail.outbox) == 1  # not before ten minutes have passed


def test_who_is_registered_already_gets_the_same_answer_and_a_mail_that_says_so(event, clock):
    joined(event)
    clock.shift(datetime.timedelta(minutes=11))
    mail.outbox.clear()
    response = post("register", event.slug, **form(name=" amina"))
    assert response.url == reverse("volunteers:register_done")
    assert subjects() == ["Sie sind schon angemeldet: Grundschulung"]
    assert Registration.objects.get().name == "Amina"


def test_logged_in_with_a_confirmed_address_needs_no_second_confirmation(event):
    user = factories.make_user("amira@example.org", name="Amira")
    EmailAddress.objects.create(user=user, email=user.email, verified=True)
    client = Client()
    client.force_login(user)
    page = client.get(reverse("volunteers:register", args=[event.slug])).text
    assert 'value="Amira"' in page
    assert 'value="amira@example.org"' in page
    response = post("register", event.slug, client=client, **form(email="amira@example.org"))
    assert "Sie haben einen Platz" in client.get(response.url).text
    assert post("register", event.slug, client=client, **form(email="x@example.org")).url.endswith(
        "danke/"
    )
    assert statuses(event) == [S.REGISTERED, S.UNCONFIRMED]


def test_account_with_an_unconfirmed_address_confirms_like_everybody(event):
    user = factories.make_user("amira@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=False)
    client = Client()
    client.force_login(user)
    post("register", event.slug, client=client, **form(email="amira@example.org"))
    assert statuses(event) == [S.UNCONFIRMED]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"is_cancelled": True}, "abgesagt"),
        ({"takes_registrations": False}, "brauchen Sie keine Anmeldung"),
        ({"registration_until": NOON - datetime.timedelta(hours=1)}, "Anmeldefrist ist vorbei"),
        ({"starts_at": NOON - datetime.timedelta(hours=1)}, "hat schon begonnen"),
        ({"starts_at": NOON - datetime.timedelta(days=1)}, "schon vorbei"),
    ],
)
def test_closed_events_say_why_and_take_nobody(clock, changes, words):
    event = training(**changes)
    for response in (
        Client().get(reverse("volunteers:register", args=[event.slug])),
        post("register", event.slug, **form()),
    ):
        assert response.status_code == 410
        assert words in response.text
    with pytest.raises(RegistrationClosed):
        services.submit_registration(event=event, guest=guest())
    assert not Registration.objects.exists()


def test_confirmation_is_possible_after_the_deadline_but_not_after_the_beginning(clock):
    until = NOON + datetime.timedelta(days=1)
    event = training(registration_until=until, starts_at=NOON + datetime.timedelta(days=3))
    for email in ("a@example.org", "b@example.org"):
        services.submit_registration(event=event, guest=guest(email))
    first, second = Registration.objects.order_by("pk")
    clock.move_to(until + datetime.timedelta(hours=1))
    assert services.confirm_registration(registration=first).status == S.REGISTERED
    url = event_links.confirm_url(second).removeprefix("http://testserver")
    clock.move_to(event.starts_at)
    response = Client().get("/" + url.split("/", 3)[3])
    assert response.status_code == 410
    assert "hat schon begonnen" in response.text
    with pytest.raises(RegistrationClosed):
        services.confirm_registration(registration=second)


def test_confirmation_link_lasts_seven_days(event, clock):
    services.submit_registration(event=event, guest=guest())
    url = "/" + event_links.confirm_url(Registration.objects.get()).split("/", 3)[3]
    clock.shift(datetime.timedelta(days=7, seconds=1))
    response = Client().get(url)
    assert response.status_code == 410
    assert "gilt nicht mehr" in response.text


@pytest.mark.slow
def test_unconfirmed_ones_are_deleted_after_seven_days_or_when_the_event_begins(event, clock):
    soon = training(starts_at=NOON + datetime.timedelta(hours=3))
    kept = joined(soon, "kept@example.org")
    for where in (event, soon):
        services.submit_registration(event=where, guest=guest("late@example.org"))
    clock.shift(datetime.timedelta(hours=4))
    run_retention(0)
    assert set(Registration.objects.values_list("event", "email")) == {
        (event.pk, "late@example.org"),
        (soon.pk, kept.email),
    }
    clock.shift(datetime.timedelta(days=7))
    run_retention(0)
    assert Registration.objects.get() == kept


def test_the_list_is_kept_by_who_answers_for_the_organisation(clock):
    office = factories.make_clearing_office()
    department = factories.make_organisation("Abteilung Integrationspolitik", type="office")
    circle = factories.make_circle(department=department)
    event = training()
    event.organisation = circle
    event.save()
    assert services.list_keeper(event) == office
    factories.make_member(department)
    assert services.list_keeper(event) == department
    factories.make_member(circle)
    assert joined(event).organisation == circle


def test_known_person_is_linked_when_they_confirm(event):
    volunteer = factories.make_volunteer("Amina", email="amina@example.org")
    assert joined(event).volunteer == volunteer


@pytest.mark.parametrize("view", ["registration", "registration_accept", "registration_cancel"])
def test_tampered_tokens_open_nothing(event, view):
    registration = joined(event)
    for token in ("x", event_links.token(registration)[:-1] + "Ä", "a:b:c"):
        assert Client().get(reverse(f"volunteers:{view}", args=[token])).status_code == 404
    confirm = event_links.confirm_url(registration).rstrip("/").rsplit("/", 1)[1]
    assert Client().get(reverse(f"volunteers:{view}", args=[confirm])).status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"name": "A" * 10_000},
        {"note": "x" * 10_000},
        {"name": "A\x00B"},
        {"note": "\u202eabc"},
        {"email": "a" * 10_000},
        {"email": "a@b\r\nBcc: c@d.de"},
        {"name": ""},
    ],
)
def test_unfriendly_input_is_refused_in_german(event, values):
    response = post("register", event.slug, **form(**values))
    assert response.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in response.text
    assert not Registration.objects.exists()


def test_markup_in_a_note_is_shown_as_text_and_a_name_has_none(event):
    markup = "<script>alert(1)</script> مرحبا"
    refused = post("register", event.slug, **form(name=markup))
    assert refused.status_code == 422
    assert "<script>alert" not in refused.text
    post("register", event.slug, **form(note=markup))
    path = "/" + event_links.confirm_url(Registration.objects.get()).split("/", 3)[3]
    page = Client().get(path).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; مرحبا" in page


# --- The public page --------------------------------------------------------------------------


def test_page_says_how_many_seats_are_free_and_when_it_becomes_a_waiting_list(clock):
    event = training(capacity=2, childcare_note="ab 3 Jahren", online_url="https://example.org/x")
    page = Client(HTTP_COOKIE="sessionid=x").get(event.get_absolute_url()).text
    assert "Noch 2 Plätze frei" in page
    assert "ab 3 Jahren" in page
    assert "https://example.org/x" not in page  # only for people with a seat
    for name in ("a", "b", "c"):
        joined(event, f"{name}@example.org")
    page = Client().get(event.get_absolute_url()).text
    assert "Auf die Warteliste" in page
    assert "1 Person wartet" in page


def test_the_link_to_take_part_is_for_who_has_a_seat(clock):
    event = training(online_url="https://example.org/x")
    seat, waits = joined(event, "a@example.org"), joined(event, "b@example.org")
    assert "https://example.org/x" in Client().get(event_links.path(seat)).text
    assert "https://example.org/x" not in Client().get(event_links.path(waits)).text
    assert "https://example.org/x" in mail.outbox[1].body
    assert "https://example.org/x" not in mail.outbox[3].body


def test_without_registration_the_link_is_public(clock):
    event = training(online_url="https://example.org/x", takes_registrations=False)
    assert "https://example.org/x" in Client().get(event.get_absolute_url()).text


# --- Seats and the waiting list ---------------------------------------------------------------


def test_full_training_puts_person_on_waiting_list(event):
    joined(event, "a@example.org")
    assert joined(event, "b@example.org").status == S.WAITING
    assert subjects()[-1] == "Sie stehen auf der Warteliste: Grundschulung"


def test_without_a_limit_everybody_has_a_seat(clock):
    event = training(capacity=None)
    for name in "abc":
        joined(event, f"{name}@example.org")
    assert statuses(event) == [S.REGISTERED] * 3


def test_cancelling_offers_the_seat_to_the_longest_waiting_for_48_hours(event, clock):
    first = joined(event, "a@example.org")
    services.submit_registration(event=event, guest=guest("late@example.org"))
    second = joined(event, "b@example.org")
    clock.shift(datetime.timedelta(minutes=1))
    services.confirm_registration(registration=Registration.objects.get(email="late@example.org"))
    mail.outbox.clear()
    post("registration_cancel", event_links.token(first))
    second.refresh_from_db()
    assert second.status == S.OFFERED
    assert second.offer_until == NOON + datetime.timedelta(minutes=1, hours=48)
    assert subjects() == ["Abgemeldet: Grundschulung", "Ein Platz ist frei: Grundschulung"]
    assert "Dienstag, 3. März, 12:01 Uhr" in mail.outbox[1].body
    assert first.consents.get().withdrawn_at is not None
    assert statuses(event) == [S.CANCELLED, S.WAITING, S.OFFERED]


def test_offer_ends_when_the_event_begins(clock):
    event = training(starts_at=NOON + datetime.timedelta(hours=5))
    first, second = joined(event, "a@example.org"), joined(event, "b@example.org")
    services.cancel_registration(registration=first)
    second.refresh_from_db()
    assert second.offer_until == event.starts_at


def test_opening_the_offer_changes_nothing_and_the_click_accepts_once(event):
    first, second = joined(event, "a@example.org"), joined(event, "b@example.org")
    services.cancel_registration(registration=first)
    path = event_links.path(second, "registration_accept")
    client = Client()
    assert "Ja, Platz annehmen" in client.get(path).text
    assert statuses(event) == [S.CANCELLED, S.OFFERED]
    mail.outbox.clear()
    for _ in range(2):
        assert client.post(path).status_code == 302
    assert statuses(event) == [S.CANCELLED, S.REGISTERED]
    assert subjects() == ["Ihr Platz: Grundschulung"]


def test_lapsed_offer_goes_to_the_next_and_the_late_click_is_told_what_to_do(event, clock):
    first, second, third = (joined(event, f"{name}@example.org") for name in "abc")
    services.cancel_registration(registration=first)
    mail.outbox.clear()
    clock.shift(datetime.timedelta(hours=48))
    path = event_links.path(second, "registration_accept")
    early = Client().post(path)  # expired, although the job has not run yet
    assert early.status_code == 410
    assert waiting_lists.lapse_offers() == 1
    assert waiting_lists.lapse_offers() == 0
    assert statuses(event) == [S.CANCELLED, S.LAPSED, S.OFFERED]
    assert subjects() == [
        "Ihr Platz ist weitergegeben: Grundschulung",
        "Ein Platz ist frei: Grundschulung",
    ]
    late = Client().get(path)
    assert late.status_code == 410
    again = event_links.path(second, "registration_rejoin")
    assert "Ich möchte doch kommen" in late.text
    assert Client().post(again, {"note": "Jetzt doch"}).status_code == 302
    second.refresh_from_db()
    assert (second.status, second.note) == (S.WAITING, "Jetzt doch")
    services.accept_offer(registration=third)


def test_who_cancelled_registers_again_by_the_form_through_the_mailbox(event, clock):
    registration = joined(event)
    services.cancel_registration(registration=registration)
    clock.shift(datetime.timedelta(minutes=11))
    mail.outbox.clear()
    post("register", event.slug, **form(name="AMINA"))
    assert statuses(event) == [S.CANCELLED]
    (message,) = mail.outbox
    link = re.search(r"https?://\S+", message.body)[0]
    path = "/" + link.split("/", 3)[3]
    assert "Möchten Sie doch kommen" in Client().get(path).text
    assert Client().post(path, {"note": ""}).status_code == 302
    registration.refresh_from_db()
    assert (registration.status, registration.name) == (S.REGISTERED, "Amina")
    assert registration.consents.filter(withdrawn_at__isnull=True).count() == 1


def test_who_waits_goes_before_who_comes_now(event):
    joined(event, "a@example.org")
    waits = joined(event, "b@example.org")
    event.capacity = 2
    event.save()
    assert joined(event, "c@example.org").status == S.WAITING
    waits.refresh_from_db()
    assert waits.status == S.OFFERED


@pytest.mark.parametrize(("capacity", "offered"), [(3, 2), (None, 3)])
def test_more_seats_or_no_limit_are_offered_by_the_chore(event, capacity, offered):
    for name in "abcd":
        joined(event, f"{name}@example.org")
    assert waiting_lists.move_up() == 0
    event.capacity = capacity
    event.save()
    assert waiting_lists.move_up() == offered
    assert waiting_lists.move_up() == 0
    assert statuses(event).count(S.OFFERED) == offered


def test_fewer_seats_take_nobodys_place_and_offer_none(clock):
    event = training(capacity=2)
    people = [joined(event, f"{name}@example.org") for name in "abc"]
    event.capacity = 1
    event.save()
    services.cancel_registration(registration=people[0])
    assert statuses(event) == [S.CANCELLED, S.REGISTERED, S.WAITING]


@pytest.mark.parametrize("change", [{"is_cancelled": True}, {"is_published": False}])
def test_nothing_is_offered_for_an_event_that_does_not_take_place(event, change):
    for name in "ab":
        joined(event, f"{name}@example.org")
    for name, value in (change | {"capacity": 5}).items():
        setattr(event, name, value)
    event.save()
    assert waiting_lists.move_up() == 0


def test_nothing_is_offered_after_the_beginning_and_nobody_cancels(event, clock):
    first, second = joined(event, "a@example.org"), joined(event, "b@example.org")
    clock.move_to(EVENING)
    with pytest.raises(EventHasBegun):
        services.cancel_registration(registration=first)
    assert Client().get(event_links.path(first, "registration_cancel")).status_code == 302
    second.offer_until = EVENING
    second.status = S.OFFERED
    second.save()
    mail.outbox.clear()
    waiting_lists.lapse_offers()
    second.refresh_from_db()
    assert (second.status, subjects()) == (S.LAPSED, [])


def test_cancelling_twice_is_refused_and_frees_one_seat(event):
    first = joined(event, "a@example.org")
    services.cancel_registration(registration=first)
    with pytest.raises(TransitionNotAllowed):
        services.cancel_registration(registration=first)


def test_staff_adds_somebody_and_the_person_is_told(event):
    added = services.add_registration(event=event, guest=guest())
    assert (added.status, subjects()) == (S.REGISTERED, ["Ihr Platz: Grundschulung"])
    assert not Consent.objects.exists()
    with pytest.raises(AlreadyRegistered):
        services.add_registration(event=event, guest=guest())
    assert services.add_registration(event=event, guest=guest("b@example.org")).status == S.WAITING


def test_staff_cancels_and_the_mail_names_who_and_why(event):
    registration = joined(event)
    user = factories.make_user()
    services.cancel_registration(registration=registration, by=user, reason="Doppelt gebucht")
    assert "Doppelt gebucht" in mail.outbox[-1].body
    assert "Sozialamt hat Ihre Anmeldung" in mail.outbox[-1].body


# --- Reminders --------------------------------------------------------------------------------


def remind_at(clock, *moment):
    clock.move_to(datetime.datetime(2026, 3, *moment, tzinfo=BERLIN))
    mail.outbox.clear()
    reminders.send_due()
    return subjects()


@pytest.mark.slow
def test_reminders_go_out_three_days_and_one_day_before_and_once(event, clock):
    event.access_note, event.childcare_note = "Aufzug im Hof", "ab 3 Jahren"
    event.online_url = "https://example.org/x"
    event.save()
    registration = joined(event)
    joined(event, "waits@example.org")
    assert remind_at(clock, 16, 23) == []
    assert remind_at(clock, 17, 6) == []
    assert remind_at(clock, 17, 7) == ["Erinnerung an den 20. März: Grundschulung"]
    body = mail.outbox[0].body
    assert mail.outbox[0].to == [registration.email]
    for words in ("18:00", "Rathaus", "Aufzug", "ab 3 Jahren", "example.org/x", "/absagen/"):
        assert words in body
    assert remind_at(clock, 17, 8) == remind_at(clock, 18, 12) == []
    assert len(remind_at(clock, 19, 7)) == 1
    assert remind_at(clock, 20, 8) == []


def test_after_a_long_sleep_one_mail_stands_for_both_days(event, clock):
    registration = joined(event)
    assert len(remind_at(clock, 19, 22)) == 1
    due = Reminder.objects.filter(subject=registration.pk).values_list("due_on", flat=True)
    assert {day.day for day in due} == {17, 19}
    assert remind_at(clock, 20, 8) == []


def test_no_reminder_after_the_beginning_for_cancelled_events_or_people(clock):
    events = [training(capacity=None) for _ in range(3)]
    people = [joined(event) for event in events]
    services.cancel_registration(registration=people[0])
    events[1].is_cancelled = True
    events[1].save()
    assert len(remind_at(clock, 17, 9)) == 1
    assert remind_at(clock, 20, 18) == []


def test_who_registers_late_is_not_reminded_of_what_they_were_just_told(event, clock):
    clock.move_to(datetime.datetime(2026, 3, 18, 12, tzinfo=BERLIN))
    joined(event)
    assert remind_at(clock, 18, 13) == []
    assert len(remind_at(clock, 19, 7)) == 1


def test_who_accepts_late_is_not_reminded_the_same_minute(event, clock):
    first, second = joined(event, "a@example.org"), joined(event, "b@example.org")
    clock.move_to(datetime.datetime(2026, 3, 18, 12, tzinfo=BERLIN))
    services.cancel_registration(registration=first)
    services.accept_offer(registration=second)
    assert remind_at(clock, 18, 13) == []


@pytest.mark.slow
def test_reminder_days_are_counted_in_local_days_across_summer_time(clock):
    event = training(starts_at=datetime.datetime(2026, 3, 30, 0, 30, tzinfo=BERLIN))
    joined(event)
    assert remind_at(clock, 26, 23) == []
    assert len(remind_at(clock, 27, 7)) == 1
    assert remind_at(clock, 29, 6) == []
    assert len(remind_at(clock, 29, 7)) == 1


def test_finding_reminders_takes_as_many_queries_for_thirty(
    event, clock, django_assert_num_queries
):
    event.capacity = None
    event.save()
    for number in range(30):
        make_registration(event, f"Gast {number}")
    clock.move_to(datetime.datetime(2026, 3, 17, 12, tzinfo=BERLIN))
    from volunteers.reminders.events import find_events

    with django_assert_num_queries(2):
        assert len(list(find_events(datetime.date(2026, 3, 17)))) == 30


# --- Constraints ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"email": "amina@example.org"}, "registration_per_person_and_event"),
        ({"confirmed_at": None}, "registration_confirmed_before_place"),
        ({"status": "offered"}, "registration_offer_has_an_end"),
    ],
)
def test_database_refuses(event, changes, name):
    make_registration(event, email="amina@example.org")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_registration(event, **changes)


# --- Two at once ------------------------------------------------------------------------------

both_connections = pytest.mark.django_db(transaction=True)


def open_training(**fields):
    return training(starts_at=datetime.datetime.now(BERLIN) + datetime.timedelta(days=9), **fields)


def submitted(event, email):
    services.submit_registration(event=event, guest=guest(email))
    return Registration.objects.get(event=event, email=email)


@both_connections
def test_two_people_race_for_the_last_seat_and_one_waits():
    for _ in range(ROUNDS):
        event = open_training()
        both = [submitted(event, f"{name}@example.org") for name in "ab"]
        at_once(*(lambda r=r: services.confirm_registration(registration=r) for r in both))
        assert sorted(statuses(event)) == [S.REGISTERED, S.WAITING]


@both_connections
def test_double_click_on_the_form_makes_one_record():
    for _ in range(ROUNDS):
        event = open_training()
        calls = [lambda e=event: services.submit_registration(event=e, guest=guest())] * 4
        assert at_once(*calls) == [None] * 4
        assert statuses(event) == [S.UNCONFIRMED]


@pytest.mark.slow
@both_connections
def test_two_cancel_at_once_and_two_different_people_are_asked():
    for _ in range(ROUNDS):
        event = open_training(capacity=2)
        people = [joined(event, f"{name}@example.org") for name in "abcde"]
        at_once(*(lambda r=r: services.cancel_registration(registration=r) for r in people[:2]))
        assert statuses(event) == [S.CANCELLED, S.CANCELLED, S.OFFERED, S.OFFERED, S.WAITING]


@pytest.mark.slow
@both_connections
def test_accepting_and_lapsing_at_once_leave_one_holder_of_the_seat():
    for _ in range(ROUNDS):
        event = open_training()
        first, second, _third = (joined(event, f"{name}@example.org") for name in "abc")
        services.cancel_registration(registration=first)
        edge = datetime.datetime.now(BERLIN) + datetime.timedelta(milliseconds=15)
        Registration.objects.filter(pk=second.pk).update(offer_until=edge)
        results = at_once(
            lambda s=second: services.accept_offer(registration=s),
            lambda e=edge: _wait_and_lapse(e),
        )
        accepted = not isinstance(results[0], OfferGone)
        assert statuses(event) == (
            [S.CANCELLED, S.REGISTERED, S.WAITING]
            if accepted
            else [S.CANCELLED, S.LAPSED, S.OFFERED]
        )


def _wait_and_lapse(edge):
    while datetime.datetime.now(BERLIN) < edge:
        pass
    return waiting_lists.lapse_offers()


@pytest.mark.slow
@both_connections
def test_two_workers_at_once_lapse_and_offer_once():
    for _ in range(ROUNDS):
        event = open_training()
        people = [joined(event, f"{name}@example.org") for name in "abcd"]
        services.cancel_registration(registration=people[0])
        past = datetime.datetime.now(BERLIN) - datetime.timedelta(seconds=1)
        Registration.objects.filter(pk=people[1].pk).update(offer_until=past)
        mail.outbox.clear()
        at_once(*[waiting_lists.lapse_offers] * 3, *[waiting_lists.move_up] * 2)
        assert statuses(event) == [S.CANCELLED, S.LAPSED, S.OFFERED, S.WAITING]
        assert len(mail.outbox) == 2


@pytest.mark.slow
@both_connections
def test_two_workers_and_a_person_who_accepts_remind_each_once():
    for _ in range(ROUNDS):
        event = make_event(
            organisation=factories.make_clearing_office(),
            takes_registrations=True,
            starts_at=datetime.datetime.now(BERLIN) + datetime.timedelta(hours=20),
        )
        seats = [make_registration(event, f"Gast {n}") for n in range(3)]
        offer = make_registration(event, status=S.OFFERED, offer_until=event.starts_at)
        mail.outbox.clear()
        with time_machine.travel(datetime.datetime.now(BERLIN).replace(hour=12), tick=True):
            at_once(
                *[reminders.send_due] * 3,
                lambda o=offer: services.accept_offer(registration=o),
            )
        sent = sorted(m.to[0] for m in mail.outbox)
        assert sent == sorted([*(seat.email for seat in seats), offer.email])


@pytest.mark.logs_errors
def test_one_event_that_fails_does_not_hold_up_the_others(clock, monkeypatch, caplog):
    events = [training(), training()]
    for event in events:
        for name in "ab":
            joined(event, f"{name}@example.org")
        event.capacity = 2
        event.save()
    broken = waiting_lists.offer_free_seats

    def offer(event):
        if event == events[0]:
            raise RuntimeError
        return broken(event)

    monkeypatch.setattr(waiting_lists, "offer_free_seats", offer)
    assert waiting_lists.move_up() == 1
    assert [statuses(event)[1] for event in events] == [S.WAITING, S.OFFERED]
    assert "failed" in caplog.text
    monkeypatch.undo()
    assert waiting_lists.move_up() == 1
