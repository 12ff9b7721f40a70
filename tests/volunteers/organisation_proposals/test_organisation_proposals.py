"""New organisations propose themselves: the form, the link, doubles, and that one decision counts."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.directory import set_up
from portal.worklist import open_points
from programs.addresses import admin_path
from programs.models import Membership, Organisation
from tests import factories
from tests.people import person_at
from tests.volunteers.applications.test_races import at_once
from volunteers import reminders
from volunteers.errors import TransitionNotAllowed
from volunteers.links import organisation_proposals as links
from volunteers.models import Invitation, OrganisationProposal, Reminder
from volunteers.privacy import erasing, retention
from volunteers.privacy.old_reminders import old_reminders
from volunteers.reminders import organisation_proposals as proposal_reminders
from volunteers.services import invitations
from volunteers.services import organisation_proposals as services
from volunteers.services.accesses import NotYours

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Sprachcafé Ost",
    "type": "initiative",
    "summary": "Wir üben zusammen Deutsch.",
    "district": "",
    "homepage": "",
    "name": "Omar Neu",
    "function": "Koordination",
    "email": "omar@example.org",
    "phone": "0711 7654321",
}
ANSWERS = {name: value for name, value in TYPED.items() if name not in {"district", "homepage"}}
REASON = "Wir nehmen nur Organisationen aus Stuttgart auf."


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def staff(office):
    return factories.make_member(office, role="staff").user


def propose(client, **typed):
    return client.post(reverse("volunteers:propose"), TYPED | typed)


# --- proposing ------------------------------------------------------------------------------------


def test_the_form_is_found_where_somebody_finds_nothing_and_below_what_there_is(client, office):
    factories.make_circle("Freundeskreis Feuerbach")
    path = reverse("volunteers:propose")
    for query in ("", "?q=xylophonbauverein", "?art=freundeskreis"):
        assert f'href="{path}"' in client.get(reverse("portal:catalogue") + query).text
    assert client.get(path).status_code == 200


@pytest.mark.slow
def test_it_counts_once_it_is_confirmed_by_the_mailed_link(client, staff):
    district = factories.make_district()
    typed = {"district": district.pk, "homepage": "https://ost.example.org"}
    assert propose(client, **typed)["Location"] == reverse("volunteers:proposal_done")
    proposal = OrganisationProposal.objects.get()
    assert (proposal.district, proposal.website) == (district, "https://ost.example.org")
    assert not OrganisationProposal.objects.visible_to(staff).exists()
    asks = mail.outbox[0]
    assert asks.to == ["omar@example.org"]
    assert not [word for word in ("Omar", "Sprachcafé") if word in asks.body + asks.subject]
    url = links.confirm_url(proposal).removeprefix("http://localhost:8000")
    assert "Ja, bitte prüfen" in client.get(url).text
    assert OrganisationProposal.objects.get().is_unconfirmed  # a GET confirms nothing
    page = client.post(url, follow=True).text
    proposal.refresh_from_db()
    assert proposal.answer_by > timezone.localdate()
    assert re.search(r"schreiben Ihnen bis zum \d+\. \w+ \d{4}", page)
    assert OrganisationProposal.objects.visible_to(staff).get() == proposal
    (told,) = (one for one in mail.outbox if staff.email in one.to)
    assert "Sprachcafé Ost" in told.body
    assert "Omar" not in told.body + told.subject


def test_the_same_proposal_is_stored_once(client, office):
    propose(client)
    propose(client, title="sprachcafé ost", summary="Wir kochen.")
    proposal = OrganisationProposal.objects.get()
    assert proposal.summary == "Wir kochen."
    services.confirm_proposal(proposal=proposal)
    propose(client, summary="Anders")
    assert OrganisationProposal.objects.get().summary == "Wir kochen."
    propose(client, title="Nähwerkstatt")
    assert OrganisationProposal.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_a_double_click_on_the_form_makes_one():
    assert at_once(*[lambda: services.submit_proposal(answers=ANSWERS)] * 3) == [None] * 3
    assert OrganisationProposal.objects.count() == 1


def test_the_database_keeps_the_rules(office):
    proposal = factories.make_proposal()
    with pytest.raises(IntegrityError, match="organisation_proposed_once"), transaction.atomic():
        factories.make_proposal(proposal.title.upper(), name="OMAR NEU", email=proposal.email)
    with pytest.raises(IntegrityError, match="declined_with_a_reason"), transaction.atomic():
        factories.make_proposal("Ohne Grund", status="declined")


def test_several_sentences_have_room_and_become_one_line(client, office):
    assert '<textarea name="summary"' in client.get(reverse("volunteers:propose")).text
    propose(client, summary="Wir üben Deutsch.\r\nWir kochen.")
    assert OrganisationProposal.objects.get().summary == "Wir üben Deutsch. Wir kochen."


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        *[(name, "") for name in ANSWERS],
        ("title", "x" * 161),
        ("title", "a\nb"),
        ("title", "Ost\x00"),
        ("type", "office"),
        ("summary", "x" * 10_000),
        ("district", "99999"),
        ("homepage", "javascript:alert(1)"),
        ("email", "omar"),
        ("phone", "ruf mich an"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence_and_stays(client, office, field, typed):
    page = propose(client, **{field: typed})
    assert page.status_code == 422
    assert not OrganisationProposal.objects.exists()
    kept = next(value for name, value in ANSWERS.items() if name not in {field, "type"})
    assert kept in page.text


def test_bots_are_thanked_and_nothing_is_stored(client, office):
    assert propose(client, website="https://spam.example").status_code == 302
    assert not OrganisationProposal.objects.exists()


# --- deciding -------------------------------------------------------------------------------------


def test_accepting_makes_a_hidden_entry_and_invites_into_its_set_up(client, office, staff):
    district = factories.make_district()
    proposal = factories.make_proposal(district=district, website="https://ost.example.org")
    client.force_login(staff)
    page = client.get(admin_path(proposal)).text
    assert "keine Organisation mit einem ähnlichen Namen" in page
    assert "Anlegen und einladen" in page
    for _twice in range(2):
        client.post(admin_path(proposal, "step", "annehmen"))
    made = Organisation.objects.get(title="Sprachcafé Ost")
    assert (made.type, made.kind, made.department) == ("initiative", "initiative", office)
    assert (made.summary, made.website) == (proposal.summary, proposal.website)
    assert list(made.districts.all()) == [district]
    assert not made.is_published
    assert made.confirmed_on is None
    assert made.source
    assert client.get(made.get_absolute_url()).status_code == 404
    proposal.refresh_from_db()
    assert (proposal.status, proposal.organisation) == ("accepted", made)
    assert proposal.decided_by == staff
    assert "Einladung" in client.get(links.path(proposal)).text
    invitation = Invitation.objects.get()
    assert [one.to for one in mail.outbox] == [[proposal.email]]
    membership = invitations.accept_invitation(public_id=invitation.public_id)
    assert membership.role == Membership.Role.COORDINATOR
    assert set_up.where(membership.user, made) == 1


def test_likely_doubles_are_shown_before_anybody_decides(client, staff):
    known = factories.make_circle("Freundeskreis Feuerbach")
    hidden = factories.make_circle("Freundeskreis Feuerbach e. V.", is_published=False)
    proposal = factories.make_proposal("Freundeskreis Feuerbach", type="circle")
    client.force_login(staff)
    page = client.get(admin_path(proposal)).text
    assert all(admin_path(one) in page for one in (known, hidden))
    assert "Trotzdem anlegen und einladen" in page
    form = client.get(admin_path(proposal, "step", "ablehnen")).text
    assert known.get_absolute_url() in form
    assert "Das sind wir" in form


def test_declining_needs_a_sentence_which_the_person_reads(client, staff):
    proposal = factories.make_proposal()
    client.force_login(staff)
    path = admin_path(proposal, "step", "ablehnen")
    assert client.post(path, {"reason": " "}).status_code == 422
    assert client.post(path, {"reason": REASON}).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == [proposal.email]
    assert REASON in sent.body
    assert REASON in client.get(links.path(proposal)).text
    assert not Organisation.objects.filter(title=proposal.title).exists()
    with pytest.raises(TransitionNotAllowed):
        services.accept_proposal(proposal=proposal, by=staff)


def test_only_the_clearing_office_sees_and_decides(client, office):
    circle = factories.make_circle("Freundeskreis Feuerbach", department=office)
    coordinator = factories.make_member(circle).user
    proposal = factories.make_proposal()
    assert not OrganisationProposal.objects.visible_to(coordinator).exists()
    for decide in (
        lambda: services.accept_proposal(proposal=proposal, by=coordinator),
        lambda: services.decline_proposal(proposal=proposal, reason=REASON, by=coordinator),
    ):
        with pytest.raises(NotYours):
            decide()
    client.force_login(coordinator)
    assert client.get(admin_path(proposal)).status_code in {302, 403, 404}


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_decisions_at_once_one_counts():
    office = factories.make_clearing_office()
    staff = factories.make_member(office, role="staff").user
    proposal = factories.make_proposal()
    results = at_once(
        lambda: services.accept_proposal(proposal=proposal, by=staff),
        lambda: services.accept_proposal(proposal=proposal, by=staff),
        lambda: services.decline_proposal(proposal=proposal, reason=REASON, by=staff),
    )
    assert sum(isinstance(one, TransitionNotAllowed) for one in results) == 2
    proposal.refresh_from_db()
    made = Organisation.objects.filter(title=proposal.title).count()
    assert made == Invitation.objects.count() == (proposal.status == "accepted")


def test_staff_cannot_invite_themselves_and_nothing_is_made(staff):
    proposal = factories.make_proposal(email=staff.email)
    with pytest.raises(invitations.OwnAddress):
        services.accept_proposal(proposal=proposal, by=staff)
    proposal.refresh_from_db()
    assert proposal.is_open
    assert not Organisation.objects.filter(title=proposal.title).exists()


def test_it_waits_on_the_worklist_of_the_clearing_office(office, staff):
    proposal = factories.make_proposal()
    (tile,) = (one for one in open_points(staff) if admin_path(OrganisationProposal) in one.url)
    assert tile.urgent
    services.decline_proposal(proposal=proposal, reason=REASON, by=staff)
    assert not [one for one in open_points(staff) if admin_path(OrganisationProposal) in one.url]


def test_the_list_needs_the_same_queries_for_many(client, staff):
    client.force_login(staff)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(admin_path(OrganisationProposal)).status_code == 200
        return len(queries)

    factories.make_proposal("Erste", district=factories.make_district())
    counted()
    few = counted()
    for number in range(9):
        factories.make_proposal(f"Nummer {number}", district=factories.make_district())
    assert counted() == few


# --- privacy --------------------------------------------------------------------------------------


def test_proposals_go_after_their_period_and_unconfirmed_ones_after_a_week(office, settings):
    made = factories.make_circle("Bleibt")
    factories.make_proposal("Alt", status="accepted", organisation=made)
    later = timezone.now() + timezone.timedelta(days=31 * settings.KEEP_ACCESS_REQUESTS_MONTHS)
    with time_machine.travel(later, tick=False):
        factories.make_proposal("Unsicher", status="unconfirmed", confirmed_at=None)
        retention.run()
        assert OrganisationProposal.objects.get().title == "Unsicher"
    with time_machine.travel(later + timezone.timedelta(days=8), tick=False):
        retention.run()
        assert not OrganisationProposal.objects.exists()
    assert Organisation.objects.filter(pk=made.pk).exists()


def test_who_deletes_their_data_is_gone_and_the_organisation_stays(office, staff):
    proposal = factories.make_proposal()
    services.accept_proposal(proposal=proposal, by=staff)
    erasing.erase_person(person=person_at(proposal.email))
    assert not OrganisationProposal.objects.exists()
    assert not Invitation.objects.exists()
    assert Organisation.objects.filter(title=proposal.title).exists()


# --- what waits too long --------------------------------------------------------------------------


def test_the_office_is_reminded_once_when_the_promised_day_is_over(office, staff):
    proposal = factories.make_proposal("Sprachcafé www.boese.example")
    for days, mails in ((0, 0), (1, 1), (2, 1), (9, 1)):
        day = proposal.answer_by + datetime.timedelta(days=days)
        noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=factories.BERLIN)
        with time_machine.travel(noon, tick=False):
            reminders.send_due()
            reminders.send_due()
        assert len(mail.outbox) == mails, days
    (told,) = mail.outbox
    assert told.to == [staff.email]
    assert "Sprachcafé" in told.body
    assert "boese" not in told.body
    assert proposal.name not in told.body
    assert proposal.email not in told.body


def test_several_that_wait_are_one_mail_and_a_decided_one_is_in_none(office, staff):
    yesterday = timezone.localdate() - datetime.timedelta(days=2)
    for title in ("Chor", "Garten"):
        factories.make_proposal(title, answer_by=yesterday)
    factories.make_proposal("Entschieden", answer_by=yesterday, status="declined", reason=REASON)
    reminders.send_all(proposal_reminders.KINDS)
    (told,) = mail.outbox
    assert "Chor" in told.body
    assert "Garten" in told.body
    assert "Entschieden" not in told.body


def test_without_anybody_in_the_office_nothing_is_lost(office):
    factories.make_proposal(answer_by=timezone.localdate() - datetime.timedelta(days=2))
    reminders.send_all(proposal_reminders.KINDS)
    assert not Reminder.objects.exists()
    factories.make_member(office, role="staff")
    reminders.send_all(proposal_reminders.KINDS)
    assert len(mail.outbox) == 1


def test_the_ledger_keeps_what_is_not_decided(office, staff):
    proposal = factories.make_proposal(answer_by=timezone.localdate() - datetime.timedelta(days=2))
    reminders.send_all(proposal_reminders.KINDS)
    Reminder.objects.update(sent_at=timezone.now() - datetime.timedelta(days=4000))
    assert [one.purpose for one in old_reminders()] == [proposal_reminders.COLLECTED]
    OrganisationProposal.objects.filter(pk=proposal.pk).update(status="accepted")
    assert old_reminders().count() == 2


def test_what_is_decided_is_no_longer_a_question(staff, client):
    proposal = factories.make_proposal()
    client.force_login(staff)
    asks = "Soll diese Organisation ins Portal?"
    assert asks in client.get(admin_path(proposal)).text
    OrganisationProposal.objects.update(status="declined", reason=REASON)
    assert asks not in client.get(admin_path(proposal)).text
