"""One signed link of every purpose."""

import pytest
from django.utils import timezone

from portal.counselling import links as counselling_links
from portal.newsletter import links as newsletter_links
from portal.saved_searches import links as search_links
from tests import factories
from tests.people import mailbox
from volunteers.links import access_requests as access_links
from volunteers.links import applications as application_links
from volunteers.links import certificates as certificate_links
from volunteers.links import concerns as concern_links
from volunteers.links import dates as date_links
from volunteers.links import my_data as my_data_links
from volunteers.links import organisation_proposals as proposal_links
from volunteers.links import organisations as organisation_links
from volunteers.links import people as person_links
from volunteers.links import registrations as event_links
from volunteers.links import signing, stopping
from volunteers.links import staying as stay_links
from volunteers.links import tandems as tandem_links
from volunteers.models import Application, CheckIn, MailKind
from volunteers.models.companions import Side
from volunteers.notifications.accesses import INVITATION
from volunteers.services import applications as services


@pytest.fixture
def tokens() -> dict[str, str]:
    """One valid token of every purpose."""
    office = factories.make_clearing_office()
    circle = factories.make_circle()
    coordinator = factories.make_member(circle).user
    answers = {"email": "amina@example.org", "name": "Amina", "age": "adult"}
    services.submit_application(entry=circle, answers=answers)
    unconfirmed = Application.objects.get()
    application = factories.make_application(circle, "Ben Weber")
    event = factories.make_event(organisation=circle, takes_registrations=True)
    unsure = factories.make_registration(event, "Cem", status="unconfirmed", confirmed_at=None)
    request = factories.make_request("Samira", organisation=office)
    new_request = factories.make_request("Olena", status="unconfirmed", confirmed_at=None)
    asker = factories.make_asker()
    asked = factories.make_request("Navid", asker=asker, status="unconfirmed", confirmed_at=None)
    waiting = factories.make_request("Rahel", asker=asker, status="awaiting", confirmed_at=None)
    tandem = factories.make_tandem(request, factories.make_ready(office, "Dana Weber"))
    check_in = CheckIn.objects.create(tandem=tandem, side="newcomer", due_on="2026-01-01")
    application.volunteer.asked_to_stay_at = timezone.now()
    application.volunteer.save()
    invitation = factories.make_invitation(circle, invited_by=coordinator)
    new_date = factories.make_date(
        "Unterkunft",
        status="unconfirmed",
        confirmed_at=None,
        starts_at=timezone.now() + timezone.timedelta(days=40),
    )
    date = factories.make_date()
    date_offer = factories.make_date_offer(date, factories.make_single(circle, "Ida Einmal"))
    new_access = factories.make_access_request(
        circle, name="Neu", status="unconfirmed", confirmed_at=None
    )
    new_counselling = factories.make_counselling(
        office, "Neu", status="unconfirmed", confirmed_at=None, answer_by=None
    )
    factories.make_entry("Sprachcafé", organisation=circle)
    reader = factories.make_subscription("leserin@example.org")
    search = factories.make_saved_search("leserin@example.org")
    (recipient,) = organisation_links.recipients(circle)
    quiet = factories.make_circle("Ohne Konto")
    factories.make_link_answering(quiet)
    factories.make_survey_answer(circle)
    mailbox_of = organisation_links.Recipient(quiet.contact_email)
    by_address = (
        organisation_links.Purpose.AGREE,
        organisation_links.Purpose.ANSWER,
        organisation_links.Purpose.VOUCH,
    )
    return {
        **{
            purpose.value: organisation_links.token(purpose, circle, recipient)
            for purpose in organisation_links.Purpose
        },
        **{
            purpose.value: organisation_links.token(purpose, quiet, mailbox_of)
            for purpose in by_address
        },
        "organisation_proposal.confirm": proposal_links.confirm_url(
            factories.make_proposal("Neu", status="unconfirmed", confirmed_at=None)
        ).split("/")[-2],
        "organisation_proposal.page": proposal_links.token(factories.make_proposal()),
        "access_request.confirm": access_links.confirm_url(new_access).split("/")[-2],
        "newsletter.confirm": newsletter_links.confirm_url(
            factories.make_subscription("unsicher@example.org", status="unconfirmed")
        ).split("/")[-2],
        "newsletter.page": newsletter_links.page_token(reader),
        "newsletter.leave": newsletter_links.leave_token(reader),
        "saved_search.confirm": search_links.confirm_url(
            factories.make_saved_search("unsicher@example.org", status="unconfirmed")
        ).split("/")[-2],
        "saved_search.page": search_links.page_token(search),
        "saved_search.leave": search_links.leave_token(search),
        "access_request.page": access_links.token(factories.make_access_request(circle)),
        "counselling.confirm": counselling_links.confirm_url(new_counselling).split("/")[-2],
        "counselling.page": counselling_links.token(factories.make_counselling(office)),
        "date.confirm": date_links.confirm_url(new_date).split("/")[-2],
        "date.page": date_links.token(date),
        "date.offer": date_links.offer_token(date_offer),
        "person.data": my_data_links.token_for(mailbox(application.email)),
        "person.address": my_data_links.new_address_url(
            [application.volunteer], "neu@example.org"
        ).split("/")[-2],
        "person.mails": stopping.token(MailKind.CHECK_IN, application.email),
        "volunteer.stay": stay_links.stay_url(application.volunteer).split("/")[-2],
        "invitation": signing.sign(INVITATION, invitation.public_id),
        "application.confirm": application_links.confirm_url(unconfirmed).split("/")[-2],
        "application.status": application_links.status_token(application),
        "application.contact": signing.sign(application_links.CONTACT, application.public_id),
        "person": person_links.person_token(mailbox(application.email)),
        "certificate": certificate_links.certificate_token(factories.make_certificate(application)),
        "companion_request.confirm": tandem_links.confirm_url(new_request).split("/")[-2],
        "companion_request.status": tandem_links.status_token(request),
        "companion_request.asker": tandem_links.confirm_asker_url(asked).split("/")[-2],
        "companion_request.asked": tandem_links.asked_token(waiting),
        "companion_request.agree": tandem_links.agree_url(waiting).split("/")[-2],
        "tandem.side": tandem_links.side_token(tandem, Side.VOLUNTEER),
        "tandem.check_in": tandem_links.check_in_token(check_in),
        "concern.state": concern_links.token_of(factories.make_concern(circle)),
        "registration.confirm": event_links.confirm_url(unsure).split("/")[-2],
        "event.door": event_links.door_token(event),
        "registration.page": event_links.token(factories.make_registration(event)),
    }
