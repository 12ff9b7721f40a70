"""Every kind of mail that the portal sends, made from invented records with awkward names."""

import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from portal.cooperation import mails as cooperation
from portal.counselling import mails as counselling
from portal.directory import mails as directory
from portal.directory.models import ChangeProposal
from portal.figures import mails as figures
from portal.newsletter import mails as newsletter
from portal.saved_searches import mails as saved_searches
from programs.models import Membership
from tests import factories
from tests.people import people_with
from volunteers.links import my_data as my_data_links
from volunteers.models import CheckIn, DateMessage, Message, OutgoingMail, Qualification, TandemRule
from volunteers.models.companions import Side
from volunteers.models.statuses import Status
from volunteers.notifications import (
    access_requests,
    accesses,
    answering,
    applications,
    certificates,
    concerns,
    dates,
    enquiries,
    erasing,
    expenses,
    first_weeks,
    link_answers,
    messages,
    my_data,
    organisation_proposals,
    people,
    preparation,
    registrations,
    requests,
    tandem_rules,
    tandems,
)
from volunteers.privacy.mails import ask_to_stay

OFFER = "Sprachcafé West <b>für alle</b> & „Nachbarn“ " + "im großen Saal " * 5
NAME = "Öznur <i>Yılmaz</i>"
TEXT = "Guten Tag,\n\n<script>alert(1)</script> https://böse.example\n> علی‌رضا\n\n-- \nIhre Stadt"
SPOKEN_BY_STAFF = (
    Status.NEW,
    Status.IN_CONTACT,
    Status.IN_TRAINING,
    Status.READY,
    Status.PLACED,
    Status.PAUSED,
    Status.COMPLETED,
    Status.DECLINED,
)
OF_ALLAUTH = (
    "account/email/login_code",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/unknown_account",
    "account/email/account_already_exists",
    "account/email/password_changed",
    "account/email/address_changed",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "socialaccount/email/account_connected",
)


def _arrived() -> None:
    """All mails so far have been delivered, so that none is taken back by the next one."""
    OutgoingMail.objects.update(sent_at=timezone.now())


def send_all() -> None:
    """Send one mail of each kind, and of those that say different things one of each."""
    office = factories.make_clearing_office()
    factories.make_member(office)
    circle = factories.make_circle(department=office)
    keeper = factories.make_member(circle)
    for send in (_sign_ups, _answers, _events, _companions, _dates, _data):
        send(circle, keeper)
    _entries(circle)
    _accounts()


def _sign_ups(circle: Any, keeper: Membership) -> None:
    entry = factories.make_entry(OFFER, organisation=circle)
    one = factories.make_application(circle, NAME, entry=entry, decline_reason=TEXT)
    for send in (
        applications.ask_for_confirmation,
        applications.already_signed_up,
        applications.confirmed,
        applications.moved_up,
        applications.withdrawn,
    ):
        _arrived()
        send(one)
    for status in SPOKEN_BY_STAFF:
        one.status = status
        _arrived()
        applications.status_changed(one, was="")
    one.status = Status.WAITING
    applications.confirmed(one)
    one.group_size, one.group_name = 24, "Klasse 10b"
    for status in (Status.WAITING, Status.NEW):
        one.status = status
        applications.confirmed(one)
    applications.moved_up(one)
    applications.status_changed(one, was="")
    one.group_size, one.group_name = None, ""
    preparation.certificate_due(one, timezone.localdate())
    preparation.certificate_due_for_staff(one, timezone.localdate())
    certificate = factories.make_certificate(one)
    certificates.issued(certificate)
    _arrived()
    certificates.withdrawn(certificate)
    erasing.application_gone(one)
    expense = factories.make_expense(one, reason=TEXT)
    for send in (expenses.approved, expenses.declined, expenses.paid):
        _arrived()
        send(expense)
    for count in (1, 3):
        expenses.waiting(circle, count)
    ask_to_stay(one.volunteer)


def _answers(circle: Any, keeper: Membership) -> None:
    entry = factories.make_entry("Begleitung zu Ämtern", organisation=circle)
    late = timezone.localdate() - datetime.timedelta(days=9)
    one = factories.make_application(
        circle,
        NAME,
        entry=entry,
        answer_by=late,
        contact_answer="no",
        contact_answered_at=timezone.now(),
    )
    answering.answers_due(circle, [one, factories.make_application(circle, "Ben")])
    answering.still_waiting(one)
    answering.given(one, factories.make_user("abgegeben@example.org"))
    answering.answered_elsewhere(one, circle)
    answering.ask_about_contact(one)
    message = Message.objects.create(application=one, text=TEXT, sender="applicant")
    messages.to_person(message)
    messages.to_staff(message)


def _events(circle: Any, keeper: Membership) -> None:
    event = factories.make_event(
        OFFER,
        organisation=circle,
        online_url="https://example.org/raum",
        access_note="Aufzug: im Hof",
        languages=["de", "ar"],
    )
    one = factories.make_registration(event, NAME)
    for send in (
        registrations.ask_for_confirmation,
        registrations.already_registered,
        registrations.ask_to_rejoin,
        registrations.registered,
        registrations.waiting,
        registrations.offer_lapsed,
        registrations.event_changed,
        registrations.event_cancelled,
        registrations.reminder,
        registrations.invitation_to,
        registrations.ask_again,
    ):
        _arrived()
        send(one)
    registrations.cancelled(one, had_seat=True)
    registrations.cancelled(one, had_seat=True, by_staff=True, reason=TEXT)
    offered = factories.make_registration(
        event, NAME, status="offered", offer_until=timezone.now() + datetime.timedelta(hours=48)
    )
    registrations.who_came(one.event)
    registrations.message(one, messages.quoted(TEXT))
    registrations.seat_offered(offered)
    registrations.event_changed(offered)
    today = timezone.localdate()
    registrations.qualification_expires(
        Qualification.objects.create(
            volunteer=factories.make_volunteer(NAME),
            event=event,
            title=OFFER,
            acquired_on=today,
            expires_on=today + datetime.timedelta(days=30),
        )
    )


def _companions(circle: Any, keeper: Membership) -> None:
    programme = factories.make_programme(organisation=circle, makes_tandems=True)
    one = factories.make_request(NAME, organisation=circle, programme=programme)
    for send in (
        requests.ask_for_confirmation,
        requests.already_known,
        requests.confirmed,
        requests.entered,
        requests.withdrawn,
        requests.closed,
        erasing.request_gone,
    ):
        _arrived()
        send(one)
    requests.handed_on(one, former=None)
    asked = factories.make_request(
        NAME, organisation=circle, asker=factories.make_asker(NAME), tell_asker=True
    )
    for send in (requests.ask_for_confirmation, requests.already_known, requests.handed_in):
        _arrived()
        send(asked)
    requests.ask_to_agree(asked)
    for what in (requests.AGREED, requests.STARTED, requests.REFUSED):
        _arrived()
        requests.tell_asker(asked, what)
    factories.make_protection(programme, note_for_family=TEXT, note_for_volunteers=TEXT)
    helper = factories.make_ready(circle, "Dana Weber")
    tandem = factories.make_tandem(one, helper, first_meeting_with="jemand von der Schule")
    tandems.proposed(tandem)
    tandems.started(tandem)
    concern = factories.make_concern(circle, tandem=tandem)
    factories.make_member(circle, role="trust")
    for again in (False, True):
        concerns.to_read(concern, again=again)
    concerns.received(concern, "lehrerin@example.org")
    for side in Side:
        tandems.goes_on(tandem, side)
    _arrived()
    tandems.not_this_time(tandem, *Side)
    tandems.cannot_start(tandem, TEXT)
    tandems.needs_support(tandem)
    tandems.cannot_be_ready(tandem, TEXT)
    tandems.ended(tandem, Side.NEWCOMER)
    tandems.ended(tandem, Side.VOLUNTEER, ask=True)
    first_weeks.changed(tandem, tell_members=True)
    counts = [(TandemRule(event="silence", days=60, whom="coordination"), 2)]
    tandem_rules.need_attention(circle, counts)
    tandem_rules.need_attention_below(circle, counts)
    for side in Side:
        first_weeks.have_you_met(tandem, side)
        first_weeks.does_it_fit(tandem, side)
        first_weeks.agreement_proposed(tandem, side)
        first_weeks.agreement_accepted(tandem, side)
        tandems.how_is_it(
            CheckIn.objects.create(tandem=tandem, side=side.value, due_on=timezone.localdate())
        )


def _dates(circle: Any, keeper: Membership) -> None:
    one = factories.make_date(NAME)
    came = factories.make_single(circle, NAME, phone="0711 115")
    for send in (
        dates.ask_for_confirmation,
        dates.already_known,
        dates.confirmed,
        dates.searching_again,
        dates.nobody_comes,
        dates.problem,
    ):
        send(one)
    dates.not_ready_yet(one, "neu@example.org")
    offer = factories.make_date_offer(one, came)
    one.shares_phone = True
    for tell in (
        dates.offered,
        dates.link_wanted,
        dates.accepted,
        dates.reminder,
        dates.how_was_it,
        dates.cancelled,
    ):
        tell(offer)
    one.companion = came.volunteer
    one.save()
    for sender in DateMessage.Sender:
        dates.message(DateMessage(date=one, sender=sender, text=TEXT))
    soon = timezone.now() + datetime.timedelta(hours=20)
    dates.offered(factories.make_date_offer(factories.make_date(starts_at=soon), came))


def _entries(circle: Any) -> None:
    factories.make_entry(OFFER, organisation=circle, description=TEXT)
    directory.still_right(circle)
    circle.contact_email = "kreis@example.org"
    circle.memberships.all().delete()
    directory.still_right(circle)
    directory.new_link(circle)
    for state in (ChangeProposal.State.ACCEPTED, ChangeProposal.State.DECLINED):
        directory.decided(ChangeProposal(entry=circle, state=state, reason=TEXT))


def _data(circle: Any, keeper: Membership) -> None:
    entry = factories.make_entry(OFFER, organisation=circle)
    enquiries.asked(factories.make_enquiry(entry, NAME, text=TEXT))
    enquiries.asked(factories.make_enquiry(entry, NAME, text=TEXT, email="", phone="115"))
    long_ago = factories.make_enquiry(entry, NAME, text=TEXT, answer_by=datetime.date(2026, 1, 9))
    enquiries.answers_due(circle, [long_ago, factories.make_enquiry(entry, "Ben")])
    enquiries.waiting_below(circle, [long_ago])
    enquiries.still_waiting(long_ago)
    email = "oeznur@example.org"
    my_data.link(email, people_with(email))
    my_data.nothing_kept(email)
    my_data.new_address(email, my_data_url())
    my_data.address_changed(email, "Amira Haddad")
    people.send_my_page_link(email, people_with(email))
    people.merged(factories.make_volunteer("Amira Haddad"), email)
    erasing.erased(email, "Amira Haddad", language="de")
    accesses.invited(factories.make_invitation(circle, invited_by=keeper.user))
    second = factories.make_member(circle, factories.make_user("zweite@example.org"))
    accesses.role_given(second, by=None)
    accesses.access_ended(second)
    cooperation.offered(factories.make_cooperation(circle, OFFER, name=NAME, text=TEXT))
    counselled = factories.make_counselling(circle, NAME, text=TEXT)
    counselling.ask_for_confirmation(counselled)
    counselling.to_answer(counselled)
    counselling.handed_on(counselled)
    for sender, tell in (("staff", counselling.to_person), ("person", counselling.to_staff)):
        tell(counselled.messages.create(sender=sender, text=TEXT))
    counselling.answers_due(circle, [counselled])
    asked = factories.make_access_request(circle, name=NAME, function=TEXT[:100])
    for tell in (
        access_requests.ask_for_confirmation,
        access_requests.already_known,
        access_requests.to_check,
    ):
        tell(asked)
    proposal = factories.make_proposal(OFFER, name=NAME, summary=TEXT[:100])
    for tell_of in (
        organisation_proposals.ask_for_confirmation,
        organisation_proposals.already_known,
        organisation_proposals.to_check,
    ):
        tell_of(proposal)
    organisation_proposals.still_to_check([proposal])
    proposal.reason = "Die Organisation steht schon im Portal."
    organisation_proposals.declined(proposal)
    asked.reason = "Wir konnten die Organisation nicht erreichen."
    access_requests.declined(asked)
    newsletter.ask_for_confirmation(
        factories.make_subscription("neu@example.org", status="unconfirmed")
    )
    newsletter.already_subscribed(factories.make_subscription("leserin@example.org"))
    search = factories.make_saved_search("leserin@example.org", "tag=samstag")
    saved_searches.ask_for_confirmation(
        factories.make_saved_search("neu@example.org", status="unconfirmed")
    )
    saved_searches.already_there(search)
    saved_searches.too_many(search)
    saved_searches.new_offers(search, [entry])
    saved_searches.no_longer_possible(search)
    for again in (False, True):
        directory.invited(circle, datetime.date(2026, 12, 24), again=again)
    factories.make_link_answering(circle)
    access_requests.ask_to_vouch(asked)
    survey = factories.make_survey()
    for again in (False, True):
        figures.ask_for_number(survey, circle, again=again)
    link_answers.ask_to_agree(circle)
    quiet = factories.make_circle("Ohne Konto")
    factories.make_link_answering(quiet)
    overdue = factories.make_application(quiet, NAME, entry=entry)
    overdue.answer_by = datetime.date(2026, 1, 9)
    link_answers.waiting(quiet, [overdue, factories.make_application(quiet, "Ben")])


def my_data_url() -> str:
    volunteer = factories.make_volunteer("Vera", email="vera@example.org")
    return my_data_links.new_address_url([volunteer], "neu@example.org")


def _accounts() -> None:
    """Mails of allauth, with the context that it gives its templates."""
    request = RequestFactory().get("/")
    request.session = {}  # type: ignore[assignment]  # the adapter only stores the address in it
    with request_context(request):
        _of_allauth(request)


def _of_allauth(request: HttpRequest) -> None:
    for prefix in OF_ALLAUTH:
        context = {
            "request": request,
            "code": "BCDF-GHJK",
            "signup_url": "http://localhost/konto/anlegen/",
            "provider": type("Provider", (), {"name": "Stadt Stuttgart"}),
        }
        get_adapter(request).send_mail(prefix, "konto@example.org", context)
