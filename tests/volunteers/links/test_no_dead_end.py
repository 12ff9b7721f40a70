"""Whatever has happened since: a link from a mail shows a page that says so and has a next step.

Each signed link is opened after each end, its buttons are pressed, and it is opened again, as with
„Zurück“ or a reload. The links on those pages are followed, too.
"""

import datetime
import re
from collections.abc import Callable

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs.models import Entry, Event
from tests import factories
from tests.people import person_at
from tests.volunteers.links.test_links import CHANGES, PURPOSES, address
from volunteers.models import Application, CompanionRequest, Invitation, Registration, Tandem
from volunteers.models.companions import RequestStatus, TandemStatus
from volunteers.models.registrations import RegistrationStatus
from volunteers.models.statuses import Status
from volunteers.privacy import erasing, retention
from volunteers.services.same_person import merge_volunteers

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
FORM = re.compile(r"<form[^>]*>.*?<button", re.DOTALL)
FILES = {"application/pdf", "application/zip", "text/calendar"}
PAGES = {200, 404, 410, 422}


def confirmed():
    return Application.objects.exclude(status=Status.UNCONFIRMED)


def become(status: Status) -> Callable[[], None]:
    def change() -> None:
        confirmed().update(status=status, decline_reason="Die Gruppe ist voll.")

    return change


def registrations_are(status: RegistrationStatus) -> Callable[[], None]:
    def change() -> None:
        until = timezone.now() + datetime.timedelta(days=2) if status == "offered" else None
        seats = Registration.objects.exclude(status="unconfirmed")
        seats.update(status=status, offer_until=until)

    return change


def tandems_are(status: TandemStatus) -> Callable[[], None]:
    def change() -> None:
        over = {"end_reason": "moved", "ended_on": timezone.localdate()}
        Tandem.objects.update(status=status, **(over if status == "ended" else {}))

    return change


BEFORE = (RequestStatus.UNCONFIRMED, RequestStatus.AWAITING)
"""What a search is before anybody has said yes; it never becomes that again."""


def searches_are(status: RequestStatus) -> Callable[[], None]:
    return lambda: CompanionRequest.objects.exclude(status__in=BEFORE).update(status=status)


def event_is_over() -> None:
    ended = timezone.now() - datetime.timedelta(days=3)
    Event.objects.update(starts_at=ended - datetime.timedelta(hours=2), ends_at=ended)


def event_is_cancelled() -> None:
    Event.objects.update(is_cancelled=True)


def all_is_hidden() -> None:
    Event.objects.update(is_published=False)
    Entry.objects.update(is_published=False)


def entries_have_ended() -> None:
    Entry.objects.update(status=Entry.Status.ENDED)


def persons_are_deleted() -> None:
    for email in set(confirmed().values_list("email", flat=True)):
        erasing.erase_person(person=person_at(email))


def all_is_deleted() -> None:
    persons_are_deleted()
    Tandem.objects.all().delete()
    for model in (Registration, CompanionRequest, Application, Invitation):
        model.objects.all().delete()


def person_is_merged() -> None:
    merged = Application.objects.get(name="Ben Weber").volunteer
    kept = factories.make_volunteer("Benjamin Weber", email="benjamin@example.org")
    portal = factories.make_user("verwaltung@example.org", is_superuser=True)
    merge_volunteers(kept=kept, merged=merged, merged_by=portal)


def nothing() -> None:
    """Nothing has happened."""


EVERY = ("",)
ENDS: dict[str, tuple[Callable[[], None], tuple[str, ...]]] = {
    "nothing happened": (nothing, EVERY),
    "event is over": (event_is_over, ("registration",)),
    "event is cancelled": (event_is_cancelled, ("registration",)),
    "entries and events are hidden": (all_is_hidden, EVERY),
    "entries have ended": (entries_have_ended, ("application",)),
    "persons are deleted": (persons_are_deleted, EVERY),
    "all is deleted": (all_is_deleted, EVERY),
    "person is merged": (person_is_merged, EVERY),
}
"""What happens → the beginnings of the purposes whose links it may touch."""
for one in Status:
    if one != Status.UNCONFIRMED:
        ENDS[f"application is {one}"] = (become(one), ("application", "tandem"))
for place in list(RegistrationStatus)[1:]:  # the first one is „unconfirmed“
    ENDS[f"place is {place}"] = (registrations_are(place), ("registration",))
for tandem in TandemStatus:
    ENDS[f"tandem is {tandem}"] = (tandems_are(tandem), ("tandem", "companion_request.status"))
for search in [one for one in RequestStatus if one not in BEFORE]:
    ENDS[f"search is {search}"] = (searches_are(search), ("companion_request", "tandem"))
LATER = {"after ten days": 10, "after two months": 60, "after ten years": 3650}


OF_ENTRIES = {f"organisation.{one}" for one in ("look", "invite", "confirm", "change")}
"""Their pages belong to the entries of an organisation, not to a person."""


def all_addresses(tokens: dict[str, str], of: tuple[str, ...] = EVERY) -> list[str]:
    """The addresses that the links of these purposes open."""
    purposes = [one for one in PURPOSES if one.startswith(of)]
    return [address(name, tokens[one]) for one in purposes for name in PURPOSES[one].opens]


@pytest.fixture(autouse=True)
def _pages_of_the_footer():
    for slug in ("datenschutz", "impressum", "barrierefreiheit"):
        factories.make_page(slug)


class Walk:
    """Opens addresses and follows what their pages offer; each page is looked at once."""

    def __init__(self) -> None:
        self.client = Client()
        self.seen: set[str] = set()

    def look(self, method: str, path: str) -> None:
        answer = getattr(self.client, method)(path, follow=True)
        where = f"{method} {path} → {answer.redirect_chain} {answer.status_code}"
        if method == "post" and answer.status_code == 405:
            return  # a page without a button of its own
        if answer.headers["Content-Type"].partition(";")[0] in FILES:
            return
        assert answer.status_code in PAGES, where
        main = MAIN.search(answer.text)
        assert main, where
        links = LINK.findall(main[0])
        assert links or FORM.search(main[0]), f"no next step: {where}"
        if answer.status_code in {404, 410}:
            assert links or "<form" in main[0], where
        for link in set(links) - self.seen:
            self.seen.add(link)
            following = self.client.get(link, follow=True)
            assert following.status_code in {200, 410}, f"{where} leads to {link}"

    def walk(self, path: str) -> None:
        """Open it, press its button, go back."""
        with transaction.atomic():
            for method in ("get", "post", "get"):
                self.look(method, path)
            transaction.set_rollback(True)


@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
def test_after_each_end_each_link_has_a_next_step(tokens, end):
    happens, of = ENDS[end]
    happens()
    addresses = all_addresses(tokens, of)
    assert len(addresses) >= (40 if of == EVERY else 6)
    walk = Walk()
    for path in addresses:
        walk.walk(path)


@pytest.mark.slow
@pytest.mark.parametrize("later", LATER)
def test_after_its_time_each_link_has_a_next_step(tokens, later):
    days = timezone.now() + datetime.timedelta(days=LATER[later])
    with time_machine.travel(days, tick=False):
        walk = Walk()
        for path in all_addresses(tokens):
            walk.walk(path)


@pytest.mark.slow
def test_after_the_night_that_deletes_each_link_has_a_next_step(tokens):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3650), tick=False):
        retention.run()
        retention.run()
        walk = Walk()
        for path in all_addresses(tokens):
            walk.walk(path)


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_tampered_link_says_so_and_leads_to_a_new_one(tokens, change):
    """Persons find it on „Meine Seite“, organisations on the page of their entry."""
    wrong = {one: CHANGES[change](token) for one, token in tokens.items()}
    for purpose in PURPOSES:
        new_link = "portal:catalogue" if purpose in OF_ENTRIES else "volunteers:my_page"
        for path in all_addresses(wrong, (purpose,)):
            page = Client().get(path, follow=True)
            assert page.status_code == 404, path
            assert "Dieser Link stimmt nicht" in page.text, path
            assert reverse(new_link) in MAIN.search(page.text)[0], path


def test_short_link_that_nobody_knows_leads_on_too(client):
    page = client.get(reverse("volunteers:short", args=["AAAA"]))
    assert page.status_code == 404
    assert "Dieser Link stimmt nicht" in page.text
    assert reverse("volunteers:my_page") in MAIN.search(page.text)[0]
