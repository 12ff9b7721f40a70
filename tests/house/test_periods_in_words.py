"""Periods in pages and mails come from the same setting as the rule."""

import datetime
import html
import uuid
from collections.abc import Callable

import pytest
import time_machine
from django.conf import settings as settings_in_use
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.people import mailbox, people_with
from volunteers.figures import small_groups
from volunteers.links import applications as application_links
from volunteers.links import my_data as my_data_links
from volunteers.links import registrations as event_links
from volunteers.links import signing
from volunteers.links import tandems as tandem_links
from volunteers.models import Application, CompanionRequest, User
from volunteers.notifications import answering, applications, my_data, people, requests, tandems
from volunteers.notifications import registrations as registration_mails
from volunteers.periods import (
    after_days_in_words,
    after_minutes_in_words,
    after_weeks_in_words,
    days_in_words,
    spelled,
    weeks_in_words,
)
from volunteers.privacy import disclosure, sentences

pytestmark = pytest.mark.django_db

LONG_AGO = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)
SITE = settings_in_use.SITE_URL
UNCONFIRMED = {"status": "unconfirmed", "confirmed_at": None}


def page(address: str, client: Client | None = None) -> str:
    text = html.unescape((client or Client()).get(address).text)
    return " ".join(text.split())


def last_mail() -> str:
    return " ".join(mail.outbox[-1].body.split())


def unconfirmed() -> Application:
    return factories.make_application(factories.make_circle(), **UNCONFIRMED)


def searching() -> CompanionRequest:
    return factories.make_request(**UNCONFIRMED)


def gone(name: str, purpose: str) -> str:
    """The page of a link whose record has been deleted."""
    return page(signing.path_of(name, signing.sign(purpose, uuid.uuid4())))


def sign_up_mail() -> str:
    applications.ask_for_confirmation(unconfirmed())
    return last_mail()


def search_mail() -> str:
    requests.ask_for_confirmation(searching())
    return last_mail()


def event_mail() -> str:
    event = factories.make_event()
    registration_mails.ask_for_confirmation(factories.make_registration(event, **UNCONFIRMED))
    return last_mail()


def waiting_mail() -> str:
    event = factories.make_event()
    registration_mails.waiting(factories.make_registration(event, status="waiting"))
    return last_mail()


def contact_mail() -> str:
    answering.ask_about_contact(factories.make_application(factories.make_circle()))
    return last_mail()


def tandem_mail(told: Callable[..., None]) -> str:
    circle = factories.make_circle()
    told(factories.make_tandem(factories.make_request(), factories.make_ready(circle)))
    return last_mail()


def data_mail() -> str:
    my_data.link("amira@example.org", people_with("amira@example.org")[:1])
    return last_mail()


def new_address_mail() -> str:
    my_data.new_address("neu@example.org", "https://example.org/")
    return last_mail()


def own_page_mail() -> str:
    people.send_my_page_link("amira@example.org", people_with("amira@example.org")[:1])
    return last_mail()


def data_page(query: str = "") -> str:
    volunteer = factories.make_volunteer()
    token = my_data_links.token_for(mailbox(volunteer.email))
    return page(signing.path_of("my_data_by_link", token) + query)


def old_data_link() -> str:
    volunteer = factories.make_volunteer()
    with time_machine.travel(LONG_AGO):
        token = my_data_links.token_for(mailbox(volunteer.email))
    return page(signing.path_of("my_data_by_link", token))


def old_address_link() -> str:
    volunteer = factories.make_volunteer()
    with time_machine.travel(LONG_AGO):
        url = my_data_links.new_address_url([volunteer], "neu@example.org")
    return page(url.removeprefix(SITE))


def staff_page(name: str, *args: int) -> str:
    client = Client()
    admin = User.objects.filter(is_superuser=True).first()
    client.force_login(admin or factories.make_user("nadia@example.org", is_superuser=True))
    return page(reverse(f"admin:{name}", args=args), client)


def escalated() -> str:
    return staff_page("volunteers_application_escalated")


def invite() -> str:
    return staff_page("programs_organisation_invite", factories.make_circle().pk)


def accesses() -> str:
    return staff_page("programs_membership_changelist")


def download() -> str:
    return str(disclosure.NOT_FOUND["sessions.Session"])


CONFIRM, AGAIN, MY_DATA = (
    "SIGN_UP_CONFIRMATION_DAYS",
    "CONFIRMATION_AGAIN_MINUTES",
    "MY_DATA_LINK_HOURS",
)
SAID: list[tuple[str, Callable[[], str], str, object, str]] = [
    # setting, page, text with the default, another value, text with that value
    (CONFIRM, lambda: page(reverse("volunteers:sign_up_done")), "gilt 7 Tage.", 1, "gilt 1 Tag."),
    (CONFIRM, lambda: page(reverse("volunteers:companion_done")), "gilt 7 Tage.", 3, "gilt 3 Tage"),
    (CONFIRM, lambda: page(reverse("volunteers:register_done")), "gilt 7 Tage,", 3, "gilt 3 Tage,"),
    (
        CONFIRM,
        lambda: page(application_links.confirm_url(unconfirmed()).removeprefix(SITE)),
        "nach sieben Tagen.",
        14,
        "nach 14 Tagen.",
    ),
    (
        CONFIRM,
        lambda: page(tandem_links.confirm_url(searching()).removeprefix(SITE)),
        "nach sieben Tagen.",
        1,
        "nach einem Tag.",
    ),
    (
        CONFIRM,
        lambda: gone("confirm", application_links.CONFIRM),
        "gelten sieben Tage.",
        2,
        "zwei Tage.",
    ),
    (
        CONFIRM,
        lambda: gone("companion_confirm", tandem_links.CONFIRM),
        "gilt sieben Tage.",
        1,
        "gilt einen Tag.",
    ),
    (
        CONFIRM,
        lambda: gone("registration_confirm", event_links.CONFIRM),
        "sieben Tage und",
        12,
        "zwölf Tage und",
    ),
    (CONFIRM, sign_up_mail, "gilt 7 Tage.", 3, "gilt 3 Tage."),
    (CONFIRM, sign_up_mail, "nach 7 Tagen.", 1, "nach 1 Tag."),
    (CONFIRM, search_mail, "gilt 7 Tage.", 3, "gilt 3 Tage."),
    (CONFIRM, search_mail, "nach 7 Tagen.", 3, "nach 3 Tagen."),
    (CONFIRM, event_mail, "gilt 7 Tage,", 1, "gilt 1 Tag,"),
    (
        AGAIN,
        lambda: page(reverse("volunteers:sign_up_done")),
        "Nach zehn Minuten",
        5,
        "Nach fünf Minuten",
    ),
    (
        AGAIN,
        lambda: page(reverse("volunteers:companion_done")),
        "Nach zehn Minuten",
        1,
        "Nach einer Minute",
    ),
    (
        AGAIN,
        lambda: page(reverse("volunteers:register_done")),
        "Nach zehn Minuten",
        15,
        "Nach 15 Minuten",
    ),
    (
        MY_DATA,
        lambda: page(reverse("volunteers:my_data_sent")),
        "gilt 24 Stunden.",
        1,
        "gilt 1 Stunde.",
    ),
    (
        MY_DATA,
        lambda: data_page("?adresse=verschickt"),
        "innerhalb von 24 Stunden",
        2,
        "innerhalb von 2 Stunden",
    ),
    (MY_DATA, old_data_link, "gilt er nur 24 Stunden.", 48, "gilt er nur 48 Stunden."),
    (
        MY_DATA,
        old_address_link,
        "Er gilt 24 Stunden und einmal.",
        2,
        "Er gilt 2 Stunden und einmal.",
    ),
    (MY_DATA, data_mail, "gilt 24 Stunden.", 2, "gilt 2 Stunden."),
    (MY_DATA, new_address_mail, "gilt 24 Stunden und einmal.", 1, "gilt 1 Stunde und einmal."),
    ("MAILED_LINK_DAYS", own_page_mail, "gilt 30 Tage.", 10, "gilt 10 Tage."),
    ("WAITING_OFFER_HOURS", waiting_mail, "dann 48 Stunden Zeit", 1, "dann 1 Stunde Zeit"),
    ("CONTACT_QUESTION_DAYS", contact_mail, "vor zwei Wochen kam", 10, "vor zehn Tagen kam"),
    ("PROPOSAL_DAYS", lambda: tandem_mail(tandems.proposed), "von 14 Tagen.", 1, "von 1 Tag."),
    (
        "CHECK_IN_WEEKS",
        lambda: tandem_mail(tandems.started),
        "In zwei Wochen fragen",
        [4, 1],
        "In einer Woche fragen",
    ),
    (
        "CHECK_IN_WEEKS",
        lambda: tandem_mail(tandems.started),
        "In zwei Wochen fragen",
        [],
        "In 6 Monaten fragen",
    ),
    (
        "ESCALATION_DAYS",
        escalated,
        "eine Woche nach der",
        10,
        "zehn Tage nach der",
    ),
    (
        "INVITATION_DAYS",
        invite,
        "14 Tage und nur einmal",
        1,
        "1 Tag und nur einmal",
    ),
    (
        "ACCESS_UNUSED_MONTHS",
        accesses,
        "seit 12 Monaten ungenutzt",
        1,
        "seit 1 Monat ungenutzt",
    ),
    (
        "SMALL_GROUP",
        small_groups.rule,
        "unter 5“ da, alle anderen sind auf Fünfer",
        10,
        "unter 10“ da, alle anderen sind auf Zehner",
    ),
    (
        "KEEP_CLOSED_APPLICATIONS_MONTHS",
        sentences.closed_applications,
        "noch 6 Monate",
        1,
        "noch 1 Monat;",
    ),
    (
        "INACTIVE_VOLUNTEER_MONTHS",
        sentences.inactive,
        "Geschieht 24 Monate",
        9,
        "Geschieht 9 Monate",
    ),
    (
        "INACTIVE_ANSWER_MONTHS",
        sentences.inactive,
        "löschen wir 1 Monat später",
        2,
        "löschen wir 2 Monate später",
    ),
    (
        "CONDUCT_CHECK_KEEP_MONTHS",
        sentences.conduct_checks,
        "höchstens 6 Monate",
        3,
        "höchstens 3 Monate",
    ),
    ("KEEP_ANSWERED_ENQUIRIES_MONTHS", sentences.enquiries, "Bis 3 Monate", 7, "Bis 7 Monate"),
    ("KEEP_PROPOSALS_MONTHS", sentences.proposals, ": 24 Monate", 7, ": 7 Monate"),
    ("KEEP_ENQUIRIES_MONTHS", sentences.enquiries, "höchstens 12 Monate", 7, "höchstens 7 Monate"),
    (
        "KEEP_CLOSED_COUNSELLING_MONTHS",
        sentences.counselling,
        "Bis 6 Monate",
        7,
        "Bis 7 Monate",
    ),
    ("KEEP_COOPERATION_MONTHS", sentences.cooperation, "Bis 36 Monate", 7, "Bis 7 Monate"),
    (
        "KEEP_COUNSELLING_MONTHS",
        sentences.counselling,
        "höchstens 24 Monate",
        7,
        "höchstens 7 Monate",
    ),
    ("KEEP_DONE_CONCERNS_MONTHS", sentences.concerns, "Bis 12 Monate", 7, "Bis 7 Monate"),
    ("KEEP_CONCERNS_MONTHS", sentences.concerns, "höchstens 36 Monate", 7, "höchstens 7 Monate"),
    (
        "KEEP_ACCESS_REQUESTS_MONTHS",
        sentences.access_requests,
        "Höchstens 6 Monate",
        7,
        "Höchstens 7 Monate",
    ),
    ("KEEP_REGISTRATIONS_MONTHS", sentences.registrations, "Bis 12 Monate", 7, "Bis 7 Monate"),
    ("KEEP_ENDED_TANDEMS_MONTHS", sentences.tandems, "Bis 12 Monate", 7, "Bis 7 Monate"),
    ("KEEP_ENDED_TANDEMS_MONTHS", sentences.requests, "Bis 12 Monate", 7, "Bis 7 Monate"),
    ("SECURITY_LOG_DAYS", sentences.logs, "Höchstens 90 Tage", 30, "Höchstens 30 Tage"),
    (
        "EXPORT_FILE_HOURS",
        sentences.lists_unread,
        "nach 24 Stunden gelöscht",
        1,
        "nach 1 Stunde gelöscht",
    ),
    ("EXPORT_FILE_HOURS", sentences.export_files, "Höchstens 24 Stunden", 1, "Höchstens 1 Stunde;"),
    (
        "KEEP_SAVED_LISTS_MONTHS",
        sentences.saved_lists,
        "höchstens 24 Monate",
        9,
        "höchstens 9 Monate",
    ),
    ("KEEP_DELIVERED_MAIL_DAYS", sentences.delivered_mail, "nach 7 Tagen", 1, "nach 1 Tag,"),
    ("INVITATION_DAYS", sentences.invitations, "höchstens 14 Tage", 3, "höchstens 3 Tage"),
    (
        "ACCESS_UNUSED_MONTHS",
        sentences.accounts,
        "12 Monate nicht genutzt",
        5,
        "5 Monate nicht genutzt",
    ),
    ("IMPORT_KEPT_HOURS", sentences.imports, "höchstens 24 Stunden", 1, "höchstens 1 Stunde"),
    ("SESSION_COOKIE_AGE", sentences.sessions, "nach 12 Stunden", 3600, "nach 1 Stunde."),
    ("SENT_FORM_MINUTES", sentences.sessions, " 30 Minuten lang", 5, " 5 Minuten lang"),
    ("SESSION_COOKIE_AGE", download, "nach 12 Stunden gelöscht", 3600, "nach 1 Stunde gelöscht"),
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "text", "today", "other", "then"),
    SAID,
    ids=[f"{setting}-{number}" for number, (setting, *_rest) in enumerate(SAID)],
)
def test_sentence_changes_with_its_setting(settings, setting, text, today, other, then):
    said = text()
    assert today in said
    assert then not in said
    setattr(settings, setting, other)
    assert then in text()


def test_numbers_from_two_to_twelve_are_words():
    assert [spelled(number) for number in (0, 1, 2, 12, 13)] == ["0", "1", "zwei", "zwölf", "13"]


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (days_in_words, {1: "einen Tag", 7: "sieben Tage", 30: "30 Tage"}),
        (after_days_in_words, {1: "einem Tag", 7: "sieben Tagen"}),
        (after_minutes_in_words, {1: "einer Minute", 10: "zehn Minuten"}),
        (weeks_in_words, {0: "0 Tage", 3: "drei Tage", 7: "eine Woche", 14: "zwei Wochen"}),
        (
            after_weeks_in_words,
            {1: "einem Tag", 7: "einer Woche", 8: "acht Tagen", 84: "zwölf Wochen"},
        ),
    ],
)
def test_words_for_a_period_fit_the_sentence(say, said):
    assert {number: say(number) for number in said} == said
