"""What staff decide and undo at once is mailed to nobody; what stays is mailed once, a little later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from tests import factories
from tests.mailserver import MailServer
from volunteers.models import OutgoingMail, User
from volunteers.models.statuses import Status
from volunteers.notifications import certificates
from volunteers.services import answering, invitations, registrations, requests, tandems
from volunteers.services import applications as services
from volunteers.services import certificates as certificate_services

pytestmark = pytest.mark.django_db(transaction=True)

RunJobs = Callable[[], None]
Step = Callable[[], object]


@dataclass
class Post:
    """The mail server, and the worker, as time passes."""

    server: MailServer
    run_jobs: RunJobs

    def now(self) -> list[str]:
        self.run_jobs()
        return self._taken()

    def later(self) -> list[str]:
        """What arrives once the time for second thoughts has passed."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"
            )
        return self.now()

    def _taken(self) -> list[str]:
        subjects = [str(mail["Subject"]).strip() for mail in self.server.messages]
        self.server.messages.clear()
        return sorted(subject.split(":")[0] for subject in subjects)


@pytest.fixture
def post(smtp_server: MailServer, run_jobs: RunJobs, settings: Any) -> Post:
    settings.SECOND_THOUGHTS_SECONDS = 60
    return Post(smtp_server, run_jobs)


@pytest.fixture
def by() -> User:
    return factories.make_member(factories.make_clearing_office()).user


def of_status(by: User) -> tuple[Step, Step]:
    application = factories.make_application(factories.make_circle(), status=Status.IN_CONTACT)

    def to(status: Status) -> Step:
        return lambda: services.change_status(application=application, status=status, by=by)

    return to(Status.IN_TRAINING), to(Status.IN_CONTACT)


def of_handing_on(by: User) -> tuple[Step, Step]:
    here, there = factories.make_circle(), factories.make_initiative()
    for organisation in (here, there):
        factories.make_member(organisation)
    application = factories.make_application(here)

    def to(organisation: Any) -> Step:
        def give() -> None:
            application.refresh_from_db()
            answering.hand_on_application(application=application, to=organisation, by=by)

        return give

    return to(there), to(here)


def of_a_search(by: User) -> tuple[Step, Step]:
    here, there = factories.make_circle(), factories.make_initiative()
    for organisation in (here, there):
        factories.make_member(organisation)
    request = factories.make_request(organisation=here)

    def to(organisation: Any) -> Step:
        return lambda: requests.hand_on_request(request=request, organisation=organisation, by=by)

    return to(there), to(here)


def of_a_proposal(by: User) -> tuple[Step, Step]:
    circle = factories.make_circle()
    programme = factories.make_programme(organisation=circle, makes_tandems=True)
    request = factories.make_request(organisation=circle, programme=programme)
    application = factories.make_ready(circle, "Dana Weber", entry=programme)
    made = []
    return (
        lambda: made.append(tandems.propose(request=request, application=application, by=by)),
        lambda: tandems.retract(tandem=made[0]),
    )


def of_a_place(by: User) -> tuple[Step, Step]:
    event = factories.make_event(takes_registrations=True)
    registration = factories.make_registration(event)
    guest = registrations.Guest(name=registration.name, email=registration.email)
    return (
        lambda: registrations.cancel_registration(registration=registration, by=by),
        lambda: registrations.add_registration(event=event, guest=guest),
    )


def of_an_invitation(by: User) -> tuple[Step, Step]:
    organisation = by.memberships.get().organisation
    offer = invitations.Offer(name="Nora", email="nora@example.org", role="coordinator")
    made = []
    return (
        lambda: made.append(invitations.invite(organisation=organisation, offer=offer, by=by)),
        lambda: invitations.withdraw_invitation(invitation=made[0], by=by),
    )


def of_a_certificate(by: User) -> tuple[Step, Step]:
    certificate = factories.make_certificate(factories.make_engaged(factories.make_circle()))
    return (
        lambda: certificates.issued(certificate),
        lambda: certificate_services.withdraw_certificate(certificate=certificate, by=by),
    )


PAIRS: dict[Callable[[User], tuple[Step, Step]], tuple[list[str], list[str]]] = {
    of_status: (["Es geht weiter"], ["Ihre Anmeldung wird bearbeitet"]),
    of_handing_on: (
        [
            "Eine Anmeldung ist jetzt bei Ihnen",
            "Für Ihre Anmeldung ist jetzt jemand anderes zuständig",
        ],
        [
            "Eine Anmeldung ist jetzt bei Ihnen",
            "Für Ihre Anmeldung ist jetzt jemand anderes zuständig",
        ],
    ),
    of_a_search: (
        ["Eine Suche nach Begleitung für Sie", "Jetzt kümmert sich jemand anderes um Ihre Suche"],
        ["Eine Suche nach Begleitung für Sie", "Jetzt kümmert sich jemand anderes um Ihre Suche"],
    ),
    of_a_proposal: (["Ein Vorschlag", "Ein Vorschlag"], ["Zu unserem Vorschlag"] * 2),
    of_a_place: (["Abgemeldet"], ["Ihr Platz"]),
    of_an_invitation: (["Einladung, im Freiwilligenportal Stuttgart mitzuarbeiten"], []),
    of_a_certificate: (["Ihr Engagementnachweis"], ["Ihr Engagementnachweis gilt nicht mehr"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS)
def test_done_and_undone_at_once_is_mailed_to_nobody(post, by, pair):
    do, undo = pair(by)
    do()
    assert post.now() == []
    undo()
    assert post.now() == []
    assert post.later() == []
    assert not OutgoingMail.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS)
def test_what_stays_is_mailed_once_and_so_is_undoing_it_later(post, by, pair):
    do, undo = pair(by)
    done, undone = PAIRS[pair]
    do()
    assert post.now() == []
    assert post.later() == done
    assert post.later() == []
    undo()
    assert sorted(post.now() + post.later()) == undone
    assert post.later() == []


def test_of_several_decisions_only_the_last_one_is_mailed(post, by):
    application = factories.make_application(factories.make_circle(), status=Status.IN_CONTACT)
    for status in (Status.IN_TRAINING, Status.PAUSED, Status.IN_TRAINING, Status.PAUSED):
        services.change_status(application=application, status=status, by=by)
    assert post.later() == ["Ihr Engagement ruht"]


def test_who_withdraws_hears_nothing_of_what_was_decided_a_moment_before(post, by):
    application = factories.make_application(factories.make_circle(), status=Status.IN_CONTACT)
    services.change_status(application=application, status=Status.IN_TRAINING, by=by)
    services.withdraw_application(application=application)
    assert post.now() == ["Ihre Anmeldung ist zurückgezogen"]
    assert post.later() == []


def test_nothing_is_taken_back_when_undoing_it_fails(post, by):
    do, undo = of_status(by)
    do()
    with transaction.atomic():
        undo()
        transaction.set_rollback(True)
    assert post.later() == ["Es geht weiter"]


def test_what_people_do_themselves_is_mailed_at_once(post, by):
    event = factories.make_event(takes_registrations=True)
    registration = factories.make_registration(event)
    registrations.cancel_registration(registration=registration)
    assert post.now() == ["Abgemeldet"]
