"""Every mail is made in the language of whoever reads it, whatever page somebody is looking at."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.template import Template
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render
from django.utils import translation

from tests import factories, mails
from tests.languages import everybody_reads
from tests.volunteers.notifications.test_every_mail import SITE, as_received, part
from volunteers.links.short import address_of
from volunteers.models import Message, OutgoingMail
from volunteers.notifications import applications, messages, registrations

pytestmark = pytest.mark.django_db

TO_STAFF = {
    "access_requests/ask_to_vouch",
    "access_requests/to_check",
    "accesses/ended",
    "accesses/invitation",
    "accesses/role_given",
    "answering/answers_due",
    "answering/given",
    "answering/still_waiting",
    "companions/handed_on",
    "concerns/to_read",
    "cooperation/offered",
    "counselling/answers_due",
    "counselling/to_answer",
    "counselling/to_staff",
    "dates/problem",
    "directory/decided",
    "directory/invited",
    "directory/new_link",
    "directory/still_right",
    "enquiries/answers_due",
    "enquiries/asked",
    "enquiries/still_waiting",
    "enquiries/waiting_below",
    "erasing/record_gone",
    "expenses/waiting",
    "figures/survey",
    "link_answers/ask_to_agree",
    "link_answers/waiting",
    "messages/to_staff",
    "organisation_proposals/late",
    "organisation_proposals/to_check",
    "preparation/conduct_check_due_staff",
    "registrations/who_came",
    "tandems/cannot_start",
    "tandems/changed_members",
    "tandems/need_attention",
    "tandems/need_attention_below",
    "tandems/needs_support",
    "tandems/not_ready",
}
"""To those who work for the city or an organisation: German."""
AS_ASKED = {
    "concerns/received",
    "dates/not_ready_yet",
    "my_data/address_changed",
    "my_data/link",
    "my_data/new_address",
    "my_data/nothing",
    "my_page/link",
}
"""To an address that somebody typed a moment ago: the language of that page."""
CYRILLIC = re.compile(r"[а-яіїєґ]", re.IGNORECASE)
READ, SEEN = "uk", "ar"
"""What people read, and the language of the page on which everything happens."""


@contextmanager
def noting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    """Each template of a mail, and the language in which it was rendered."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(Template, "_render", instrumented_test_render)

    def note(sender: object, template: Template, **kwargs: Any) -> None:
        name = str(template.name).removeprefix("mail/").removesuffix(".txt")
        if str(template.name).startswith("mail/") and not name.rpartition("/")[2].startswith("_"):
            found.append((name, str(translation.get_language())))

    template_rendered.connect(note)
    try:
        yield found
    finally:
        template_rendered.disconnect(note)


@pytest.mark.slow
def test_people_read_their_language_and_staff_reads_german(monkeypatch):
    with noting(monkeypatch) as rendered, everybody_reads(READ), translation.override(SEEN):
        mails.send_all()
    wanted = dict.fromkeys(TO_STAFF, "de") | dict.fromkeys(AS_ASKED, SEEN)
    wrong = {(name, language) for name, language in rendered if language != wanted.get(name, READ)}
    assert wrong <= {("erasing/erased", "de")}  # its sender says the language, as below
    assert {name for name, _language in rendered} >= {*TO_STAFF, *AS_ASKED, "applications/confirm"}


def paths_in(mail: OutgoingMail) -> set[str]:
    """Where the links of a mail lead in the portal, short ones followed."""
    text = part(as_received(mail), "plain")
    found = set()
    for url in re.findall(rf"{SITE}/\S+", text):
        path = url.removeprefix(SITE)
        found.add(address_of(path.split("/")[2]) if path.startswith("/l/") else path)
    return found


@pytest.mark.slow
def test_mail_says_its_language_and_its_links_lead_there(settings, queued_mail):
    settings.SITE_URL = SITE
    with everybody_reads(READ), translation.override(SEEN):
        mails.send_all()
    told = dict.fromkeys([READ, "de"], 0)
    for mail in OutgoingMail.objects.all():
        message = as_received(mail)
        language = message["Content-Language"]
        assert f'<html lang="{language}" dir=' in part(message, "html")
        if language == SEEN:
            continue
        told[language] += 1
        letters = len(CYRILLIC.findall(f"{message['Subject']} {part(message, 'plain')}"))
        assert (letters > 100) == (language == READ), (mail.subject, letters)
        paths = paths_in(mail)
        assert paths, mail.subject
        has_prefix = {path.startswith(f"/{READ}/") for path in paths}
        assert has_prefix == {language == READ}, (mail.subject, paths)
    assert told[READ] > 60
    assert told["de"] > 30


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("fa", "rtl"), ("tr", "ltr")])
def test_a_mail_runs_in_the_direction_of_its_language(queued_mail, language, direction):
    circle = factories.make_circle(department=factories.make_clearing_office())
    applications.withdrawn(factories.make_application(circle, preferred_language=language))
    html = part(as_received(OutgoingMail.objects.get()), "html")
    assert f'<html lang="{language}" dir="{direction}">' in html


def test_who_reads_simple_german_gets_german_tagged_as_simple(queued_mail):
    circle = factories.make_circle(department=factories.make_clearing_office())
    applications.withdrawn(factories.make_application(circle, preferred_language="leichte-sprache"))
    message = as_received(OutgoingMail.objects.get())
    assert message["Content-Language"] == "de-simple"
    assert "Freiwilligenportal Stuttgart" in part(message, "plain")


def test_the_page_on_which_staff_works_does_not_change_afterwards(queued_mail):
    circle = factories.make_circle(department=factories.make_clearing_office())
    one = factories.make_application(circle, preferred_language="uk")
    with translation.override("de"):
        applications.withdrawn(one)
        assert translation.get_language() == "de"


def test_what_staff_wrote_is_marked_as_german(queued_mail):
    circle = factories.make_circle(department=factories.make_clearing_office())
    one = factories.make_application(circle, preferred_language="uk")
    messages.to_person(Message.objects.create(application=one, text="Bis Montag!", sender="staff"))
    html = part(as_received(OutgoingMail.objects.get()), "html")
    assert re.search(r'<blockquote [^>]*lang="de"[^>]*>Bis Montag!', html)


def test_the_calendar_file_leads_to_a_page_in_the_persons_language(queued_mail, settings):
    settings.SITE_URL = SITE
    event = factories.make_event()
    with translation.override(SEEN):
        registrations.registered(factories.make_registration(event, preferred_language=READ))
    (attached,) = as_received(OutgoingMail.objects.get()).iter_attachments()
    lines = attached.get_content()
    text = (lines.decode() if isinstance(lines, bytes) else lines).replace("\r\n ", "")
    assert f"{SITE}/{READ}/termine/" in text.replace("\n ", "")
