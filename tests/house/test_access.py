"""Who gets what at which address: role × URL × method × exact status.

``TABLE`` (``tests/access_table.py``) names every address of the project, and the people of its
columns. An address without a row fails; so does a row without an address. The same visit looks at
the HTML of what some of them get (``tests/markup.py``), because opening takes the time.
"""

import datetime
import uuid

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.counselling import links as counselling_links
from portal.models import ChangeProposal, ChangeRule, LinkCheck, MissedWord, SynonymGroup, Upkeep
from portal.newsletter import links as newsletter_links
from portal.saved_searches import links as search_links
from programs.models import ExportFile, MessageTemplate, SavedList
from tests import factories
from tests.access_table import MEMBERS, PEOPLE, TABLE
from tests.addresses import patterns
from tests.markup import faults_of
from tests.people import mailbox
from tests.shown import make_picture, make_story, make_voice
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
from volunteers.links import short, signing, stopping
from volunteers.links import staying as stay_links
from volunteers.links import tandems as tandem_links
from volunteers.matching.rules import STANDARD
from volunteers.models import (
    Application,
    CheckIn,
    ExportRecord,
    GroupMessage,
    OutgoingMail,
    RetentionRun,
    SecurityEvent,
    Tandem,
    TandemRule,
)
from volunteers.models.companions import Side
from volunteers.models.stops import MailKind
from volunteers.notifications.accesses import INVITATION
from volunteers.services import applications as services
from volunteers.services import ending
from volunteers.services.rules import switch

pytestmark = pytest.mark.django_db

STATUS_LINKS = (
    "status",
    "revise",
    "take_break",
    "more",
    "withdraw",
    "open_account",
    "message",
    "hours",
    "expenses",
)
"""Pages that the token of a status page opens."""
LOOKED_AT = {"adm": 260, "coo": 160, "anon": 85}
"""Whose pages are looked at → how many there are at least; forms are sent empty, too."""
NO_PAGES = {"admin:logout", "account_logout", "portal:healthz", "portal:readyz", "portal:livez"}
IMPORTED = (
    "programs_event",
    "programs_organisation",
    "volunteers_volunteer",
    "welcome_rooms_visitcount",
    "welcome_rooms_welcomeroom",
)
"""Lists with an import; one that was uploaded is there for its owner only (``test_imports``)."""
MY_DATA = ("by_link", "new_link", "download", "correct", "address", "erase")
"""Pages that the token of „Meine Daten“ opens."""


@pytest.fixture
def people():
    office = factories.make_clearing_office()
    department = factories.make_organisation("Abteilung Integrationspolitik", type="office")
    own = factories.make_circle("Freundeskreis Feuerbach", slug="own", department=department)
    rooms = factories.make_organisation("Abteilung Sozialplanung", type="office", slug="rooms")
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    other = factories.make_organisation("Caritas", slug="other", department=office)
    places = {"own": own, "other": other, "department": department, "rooms": rooms}
    users = {
        "vol": factories.make_user("vol@example.org"),
        "adm": factories.make_user("adm@example.org", is_superuser=True),
    }
    for name, (place, role) in MEMBERS.items():
        until = tomorrow if role == "deputy" else None
        language = "uk" if role == "translator" else ""
        users[name] = factories.make_member(
            places[place], role=role, until=until, language=language
        ).user
    factories.make_member(office, role="trust")
    return {"anon": None, **users}


@pytest.fixture
def client_of(people):
    def make(name):
        client = Client()
        if people[name] is not None:
            client.force_login(people[name])
        return client

    return make


@pytest.fixture
def arguments(people):
    """For every URL the arguments that lead to a record of the organisation ``own``."""
    own = people["coo"].memberships.get().organisation
    district = factories.make_district("feuerbach")
    programme = factories.make_programme(
        organisation=own, slug="programme", requires_conduct_check=True
    )
    step = factories.make_step(programme, "Verschwiegenheit", kind="commitment")
    entry = factories.make_entry(
        organisation=own, slug="entry", districts=[district], website="https://kreis.example/"
    )
    in_charge = people["soz"].memberships.get().organisation
    room = factories.make_room(organisation=own, slug="room", department=in_charge)
    initiative = factories.make_initiative(slug="initiative", department=own.department)
    event = factories.make_event(organisation=own, slug="event")
    field = factories.make_field(slug="field")
    answers = {"email": "amina@example.org", "name": "Amina", "age": "adult"}
    services.submit_application(entry=entry, answers=answers)
    services.submit_application(entry=own, answers=answers)
    unconfirmed, application = Application.objects.order_by("pk")
    application = services.confirm_application(application=application)
    prepared = factories.make_application(own, entry=programme, status="in_contact")
    prepared_token = application_links.status_token(prepared)
    late = factories.make_application(own, "Ben Wartet", contact_answer="no")
    asked = factories.make_enquiry(
        entry, answer_by=timezone.localdate() - datetime.timedelta(days=30)
    )
    single = factories.make_date()
    unsure_date = factories.make_date("Unsicher", status="unconfirmed", confirmed_at=None)
    may_come = factories.make_date_offer(single, factories.make_single(own, "Ida Einmal"))
    quiet = factories.make_circle("Ohne Konto", slug="ohne-konto")
    factories.make_link_answering(quiet)
    by_link = factories.make_application(quiet, "Per Link")
    quiet_tokens = {
        one.name.lower(): organisation_links.token(
            one, quiet, organisation_links.Recipient(quiet.contact_email)
        )
        for one in organisation_links.Purpose
    }
    proposal = factories.make_proposal()
    new_proposal = factories.make_proposal("Neu", status="unconfirmed", confirmed_at=None)
    asks_in = factories.make_access_request(own)
    counselled = factories.make_counselling(own)
    new_counselling = factories.make_counselling(
        own, status="unconfirmed", confirmed_at=None, answer_by=None
    )
    new_access = factories.make_access_request(
        own, name="Neu", status="unconfirmed", confirmed_at=None
    )
    reader = factories.make_subscription("leserin@example.org")
    new_reader = factories.make_subscription("unsicher@example.org", status="unconfirmed")
    search = factories.make_saved_search("leserin@example.org")
    new_search = factories.make_saved_search("unsicher@example.org", status="unconfirmed")
    my_page = person_links.person_token(mailbox(application.email))
    my_data = my_data_links.token_for(mailbox(application.email))
    confirm = application_links.confirm_url(unconfirmed).split("/")[-2]
    status = application_links.status_path(application).split("/")[-2]
    listed = factories.make_event(organisation=own, slug="listed", takes_registrations=True)
    seat = factories.make_registration(listed)
    unsure = factories.make_registration(listed, "Ben", status="unconfirmed", confirmed_at=None)
    offer = factories.make_registration(
        listed, "Cem", status="offered", offer_until=listed.starts_at
    )
    gone = factories.make_registration(listed, "Dana", status="cancelled")
    tandem_links_of = _tandems(own)
    invitation = factories.make_invitation(own, invited_by=people["coo"])
    factories.begin(application)
    hours = factories.make_hours(application)
    expense = factories.make_expense(application)
    certificate = factories.make_certificate(application)
    picture = make_picture(entry)
    issue = factories.make_issue()
    saved = SavedList.objects.create(
        owner=people["coo"], name="Verteiler", model="programs.event", shared_with=own
    )
    records = {
        "programs_picture": picture.pk,
        "programs_voice": make_voice(entry).pk,
        "programs_story": make_story(programme, is_published=False, slug="draft").pk,
        "programs_entry": entry.pk,
        "programs_event": event.pk,
        "programs_programme": programme.pk,
        "programs_opportunity": entry.pk,
        "programs_organisation": own.pk,
        "programs_membership": people["coo"].memberships.get().pk,
        "programs_district": district.pk,
        "programs_field": field.pk,
        "programs_targetgroup": factories.make_target_group().pk,
        "welcome_rooms_visitcount": factories.make_visit_count(room, timezone.localdate()).pk,
        "welcome_rooms_welcomeroom": room.pk,
        "volunteers_user": people["vol"].pk,
        "volunteers_application": application.pk,
        "volunteers_registration": seat.pk,
        "volunteers_conductcheck": factories.make_conduct_check(prepared, people["coo"]).pk,
        "volunteers_volunteer": application.volunteer.pk,
        "volunteers_hoursentry": hours.pk,
        "volunteers_expense": expense.pk,
        "volunteers_accessrequest": asks_in.pk,
        "portal_counsellingrequest": counselled.pk,
        "portal_cooperationoffer": factories.make_cooperation(own).pk,
        "portal_need": factories.make_need(own).pk,
        "portal_subscription": reader.pk,
        "portal_savedsearch": search.pk,
        "volunteers_organisationproposal": proposal.pk,
        "portal_invitedorganisation": factories.make_invited(own).pk,
        "programs_messagetemplate": MessageTemplate.objects.create(
            organisation=own, name="Treffen", text="Wir treffen uns."
        ).pk,
        "programs_savedlist": saved.pk,
        "volunteers_groupmessage": GroupMessage.objects.create(
            organisation=own, text="Bis bald"
        ).pk,
        "programs_opportunitytemplate": factories.make_template(slug="vorlage").pk,
        "volunteers_concern": factories.make_concern(
            own, tandem=Tandem.objects.running().first()
        ).pk,
        "volunteers_enquiry": factories.make_enquiry(entry).pk,
        "volunteers_keptapart": factories.make_kept_apart(
            application.volunteer, organisation=own
        ).pk,
        "volunteers_certificate": certificate.pk,
        "volunteers_daterequest": single.pk,
        "portal_newsletterissue": issue.pk,
        "portal_keyfigure": factories.make_key_figure().pk,
        "portal_survey": factories.make_survey_answer(quiet).survey.pk,
        "portal_page": factories.make_page("hinweise").pk,
        "volunteers_tandemrule": TandemRule.objects.create(
            event="silence", whom="coordination", days=90
        ).pk,
        "portal_synonymgroup": SynonymGroup.objects.create(name="Arzt", words="Arzt, Doktor").pk,
        "portal_missedword": MissedWord.objects.create(
            digest="x", word="angeln", last_day=timezone.localdate()
        ).pk,
        "portal_changeproposal": ChangeProposal.objects.create(
            entry=entry, before={"summary": ""}, after={"summary": "Neu."}
        ).pk,
        "portal_upkeep": Upkeep.objects.create(organisation=own, kind="asked").pk,
        "portal_changerule": ChangeRule.objects.create(field="summary").pk,
        "portal_linkcheck": LinkCheck.objects.create(url=entry.website, outcome="gone").pk,
        "volunteers_securityevent": SecurityEvent.objects.create(kind="login").pk,
        "volunteers_outgoingmail": OutgoingMail.objects.create(
            sender="a@example.org", recipients=["b@example.org"], failed_at=timezone.now()
        ).pk,
        "volunteers_matchingrules": switch(
            rules=STANDARD, note="Wie bisher", by=factories.make_user("regeln@example.org")
        ).pk,
        "volunteers_retentionrun": RetentionRun.objects.create(rule="run", deleted=3).pk,
        "volunteers_exportrecord": ExportRecord.objects.create(what="x", format="csv", rows=1).pk,
    }
    return {
        **tandem_links_of,
        **_links_of(own, entry),
        "admin:programs_savedlist_open": [saved.pk],
        "admin:programs_savedlist_export": [saved.pk],
        "admin:portal_upkeep_calls": [],
        "admin:portal_upkeep_called": [own.pk],
        "portal:district": [district.slug],
        "portal:short_entry": [entry.pk],
        "portal:short_event": [event.pk],
        "portal:entry_picture": ["entry", "0" * 16],
        "portal:event_picture": ["event", "0" * 16],
        "portal:entry_poster": ["entry"],
        "portal:event_poster": ["event"],
        "portal:newsletter_issue": [factories.make_sent_issue().pk],
        "admin:portal_newsletterissue_step": [issue.pk, "testmail"],
        "portal:field": [field.slug],
        "portal:page": ["hinweise"],
        "programs:opportunity": ["entry"],
        "programs:programme": ["programme"],
        "programs:circle": ["own"],
        "programs:initiative": [initiative.slug],
        "programs:organisation": ["other"],
        "programs:event": [event.slug],
        "programs:event_ics": [event.slug],
        "programs:month": [2026, 12],
        "programs:half_year": [event.starts_at.year, 1 if event.starts_at.month <= 6 else 2],
        "programs:story": [make_story(programme, slug="story").slug],
        "programs:picture": [picture.key, 480, "jpg"],
        "welcome_rooms:room": ["room"],
        "volunteers:short": [short_key()],
        "volunteers:stop_mails": [stopping.token(MailKind.CHECK_IN, application.email)],
        "volunteers:resume_mails": [stopping.token(MailKind.CHECK_IN, application.email)],
        "volunteers:sign_up_entry": ["entry"],
        "portal:vcard": ["entry"],
        "open_data:catalogue": ["ttl"],
        "portal:sitemap_of": ["de"],
        "open_data:api_list": ["opportunities"],
        "open_data:api_csv": ["opportunities"],
        "open_data:api_item": ["opportunities", entry.pk],
        "open_data:api_unknown": ["v2/"],
        "portal:counselling_ask": ["engagierte"],
        "portal:counselling_confirm": [
            counselling_links.confirm_url(new_counselling).split("/")[-2]
        ],
        **{
            f"portal:counselling_{page}": [counselling_links.token(counselled)]
            for page in ("page", "message", "withdraw")
        },
        "volunteers:access_ask": ["entry"],
        "volunteers:access_confirm": [access_links.confirm_url(new_access).split("/")[-2]],
        "volunteers:proposal_confirm": [proposal_links.confirm_url(new_proposal).split("/")[-2]],
        "volunteers:proposal": [proposal_links.token(proposal)],
        "volunteers:access_request": [access_links.token(asks_in)],
        "portal:newsletter_confirm": [newsletter_links.confirm_url(new_reader).split("/")[-2]],
        "portal:newsletter_page": [newsletter_links.page_token(reader)],
        "portal:newsletter_resume": [newsletter_links.page_token(reader)],
        "portal:newsletter_leave": [newsletter_links.leave_token(reader)],
        "portal:saved_search_confirm": [search_links.confirm_url(new_search).split("/")[-2]],
        "portal:saved_search_page": [search_links.page_token(search)],
        "portal:saved_search_resume": [search_links.page_token(search)],
        "portal:saved_search_leave": [search_links.leave_token(search)],
        "portal:entry_invited": [quiet_tokens["invite"]],
        "portal:survey_answer": [quiet_tokens["count"]],
        "volunteers:access_vouch": [quiet_tokens["vouch"]],
        "volunteers:agree_to_answer": [quiet_tokens["agree"]],
        "volunteers:sign_ups": [quiet_tokens["answer"]],
        "volunteers:answer_sign_up": [quiet_tokens["answer"], by_link.pk],
        "volunteers:ask": ["entry"],
        "volunteers:concern_about": ["entry"],
        "volunteers:concern_state": [concern_links.token_of(factories.make_concern(own))],
        "volunteers:ask_about_event": ["event"],
        "volunteers:confirm": [confirm],
        "volunteers:date_confirm": [date_links.confirm_url(unsure_date).split("/")[-2]],
        **{f"volunteers:date{n}": [date_links.token(single)] for n in ("", "_cancel", "_message")},
        **{
            f"volunteers:date_{n}": [date_links.offer_token(may_come)]
            for n in ("offer", "give_back", "calendar", "offer_message")
        },
        "volunteers:date_take": [single.public_id],
        "volunteers:date_reply": [date_links.offer_token(may_come), "happened"],
        "volunteers:my_page_by_link": [my_page],
        "volunteers:my_data_from_my_page": [my_page],
        **{f"volunteers:my_data_{step}": [my_data] for step in MY_DATA},
        "volunteers:new_address": [_new_address_token(application.volunteer)],
        "volunteers:my_page_new_link": [my_page],
        "volunteers:my_page_language": [my_page],
        "volunteers:withdraw_consent": [my_page, application.consents.get().pk],
        "volunteers:stay": [_stay_token()],
        "volunteers:contact": [
            signing.sign(application_links.CONTACT, application.public_id),
            "nein",
        ],
        "volunteers:register": ["listed"],
        "volunteers:registration_confirm": [event_links.confirm_url(unsure).split("/")[-2]],
        "volunteers:registration_accept": [event_links.token(offer)],
        "volunteers:registration_rejoin": [event_links.token(gone)],
        "volunteers:door": [event_links.door_token(event)],
        **{
            f"volunteers:registration{n}": [event_links.token(seat)]
            for n in ("", "_calendar", "_cancel", "_check_in", "_reconfirm")
        },
        "volunteers:commitment": [prepared_token, step.pk],
        "volunteers:conduct_check_letter": [prepared_token],
        "admin:volunteers_application_step": [prepared.pk, step.pk],
        "admin:volunteers_application_conduct_check": [prepared.pk],
        "admin:volunteers_application_conduct_check_letter": [prepared.pk],
        **{f"admin:export_{n}": [_export_of(people["coo"])] for n in ("file", "content")},
        "admin:view_on_site": [ContentType.objects.get_for_model(entry).pk, entry.pk],
        "admin:app_list": ["programs"],
        "admin:volunteers_volunteer_doubles": [],
        "admin:volunteers_volunteer_merge": [
            factories.make_volunteer(email="einmal@example.org").pk,
            factories.make_volunteer(email="zweimal@example.org").pk,
        ],
        "admin:programs_entry_board": [],
        **{f"admin:translations_{n}": ["uk"] for n in ("language", "file", "import")},
        "admin:translations_of": ["programme", programme.pk],
        "admin:translations_record": ["uk", "programme", programme.pk],
        "admin:programs_membership_load": [],
        "admin:programs_organisation_doubles": [],
        "admin:programs_organisation_doubles_of": [own.pk],
        "admin:programs_organisation_merge": [own.pk, initiative.pk],
        "admin:programs_organisation_different": [own.pk, initiative.pk],
        **{f"volunteers:{n}": [status] for n in STATUS_LINKS},
        **{f"admin:volunteers_application_{step}": [late.pk] for step in ("remind", "take_over")},
        **{f"admin:volunteers_enquiry_{step}": [asked.pk] for step in ("remind", "take_over")},
        **{f"volunteers:{n}_hours": [status, hours.pk] for n in ("change", "delete")},
        "volunteers:withdraw_expense": [status, expense.pk],
        "admin:portal_subscription_step": [reader.pk, "abbestellen"],
        "admin:portal_savedsearch_step": [search.pk, "abbestellen"],
        "admin:portal_survey_step": [records["portal_survey"], "kennzahl"],
        "admin:volunteers_expense_step": [expense.pk, "ablehnen"],
        "volunteers:invitation": [signing.sign(INVITATION, invitation.public_id)],
        "admin:volunteers_invitation_withdraw": [invitation.pk],
        "volunteers:verify": [certificate.printed_code],
        "volunteers:certificate_pdf": [certificate_links.certificate_token(certificate)],
        "admin:volunteers_accessrequest_step": [asks_in.pk, "ablehnen"],
        "admin:portal_counsellingrequest_step": [counselled.pk, "weitergeben"],
        "admin:volunteers_organisationproposal_step": [proposal.pk, "ablehnen"],
        "admin:programs_organisation_set_up": [own.pk],
        "admin:programs_organisation_link_answers": [own.pk],
        "admin:programs_organisation_set_up_step": [own.pk, "kontakt"],
        "admin:programs_organisation_set_up_offer": [own.pk, "vorlage"],
        "admin:volunteers_concern_step": [records["volunteers_concern"], "erledigt"],
        **{f"admin:{record}": [pk] for record, pk in records.items()},
        **{f"admin:{record}_import_list": [uuid.uuid4()] for record in IMPORTED},
    }


def _new_address_token(volunteer):
    return my_data_links.new_address_url([volunteer], "neu@example.org").split("/")[-2]


def short_key():
    text = short.shorten(f"{settings.SITE_URL}/termine/?{'x' * short.LINE}")
    return text.split("/")[-2]


def _export_of(user):
    """A large export that is finished; through the only role of the user."""
    membership = user.memberships.get()
    fields = {"model": "volunteers.application", "what": "Anmeldungen", "format": "csv"}
    return ExportFile.objects.create(
        by=user, through=[membership.pk], status="done", purpose="Rundmail", **fields
    ).pk


def _links_of(own, entry):
    (recipient,) = [one for one in organisation_links.recipients(own) if one.user][:1]
    look, confirm, change = (
        organisation_links.token(purpose, own, recipient)
        for purpose in (
            organisation_links.Purpose.LOOK,
            organisation_links.Purpose.CONFIRM,
            organisation_links.Purpose.CHANGE,
        )
    )
    return {
        "portal:entry_link": ["own"],
        "portal:our_entries": [look],
        "portal:entries_confirm": [confirm],
        "portal:entries_change": [change],
        "portal:entry_change": [change, entry.pk],
        "portal:entry_change_done": [change, entry.pk],
        "portal:entries_new_link": ["look", look],
    }


def _stay_token():
    asked = factories.make_volunteer("Wird Gefragt", asked_to_stay_at=timezone.now())
    return stay_links.stay_url(asked).split("/")[-2]


def _tandems(own):
    """A proposal, a running tandem with a check-in, an ended one; each with its links."""

    def pair(name, **fields):
        request = factories.make_request(name, organisation=own)
        application = factories.make_ready(own, f"{name} Weber")
        return factories.make_tandem(request, application, **fields)

    proposed = pair("Olena", status="proposed", volunteer_answer="", newcomer_answer="")
    running, ended = pair("Samira"), pair("Hagos")
    ending.end_tandem(tandem=ended, reason="moved", side=Side.NEWCOMER)
    check_in = CheckIn.objects.create(tandem=running, side="newcomer", due_on="2026-01-01")
    open_request = factories.make_request("Navid", organisation=own)
    candidate = factories.make_ready(own, "Ida Weber")
    unconfirmed = factories.make_request("Amina", status="unconfirmed", confirmed_at=None)
    new = {"status": "unconfirmed", "confirmed_at": None}
    asked = factories.make_request("Yusuf", asker=factories.make_asker(), **new)
    waiting = factories.make_request(
        "Rahel", asker=factories.make_asker("Rita Sommer"), status="awaiting", confirmed_at=None
    )
    status = tandem_links.status_token(open_request)
    confirm = tandem_links.confirm_url(unconfirmed).split("/")[-2]
    side = Side.VOLUNTEER
    return {
        "volunteers:companion_confirm": [confirm],
        "volunteers:companion_asker": [tandem_links.confirm_asker_url(asked).split("/")[-2]],
        "volunteers:companion_asked": [tandem_links.asked_token(waiting)],
        "volunteers:companion_agree": [tandem_links.agree_url(waiting).split("/")[-2]],
        **{f"volunteers:companion_{n}": [status] for n in ("status", "revise", "withdraw")},
        "volunteers:tandem_answer": [tandem_links.side_token(proposed, side)],
        "volunteers:tandem_end": [tandem_links.side_token(running, side)],
        "volunteers:tandem_support": [tandem_links.side_token(running, side)],
        "volunteers:tandem_concern": [tandem_links.side_token(running, side)],
        "volunteers:tandem_again": [tandem_links.side_token(ended, side)],
        "volunteers:together_again": [tandem_links.side_token(ended, side)],
        "volunteers:agreement": [tandem_links.side_token(running, side)],
        "volunteers:first_meeting": [tandem_links.side_token(running, side), "ja"],
        "volunteers:check_in": [tandem_links.check_in_token(check_in), "good"],
        "admin:volunteers_companionrequest": [open_request.pk],
        "admin:volunteers_companionrequest_overall": [],
        "admin:volunteers_companionrequest_propose": [open_request.pk, candidate.pk],
        "admin:volunteers_matchingrules_rehearse": [],
        "admin:volunteers_matchingrules_switch": [],
        "admin:volunteers_companionrequest_why": [open_request.pk, candidate.pk],
        "admin:volunteers_companionrequest_step": [open_request.pk, "schliessen"],
        "admin:volunteers_tandem": [running.pk],
        "admin:volunteers_tandem_step": [running.pk, "beenden"],
    }


def _address(name, arguments):
    args = arguments.get(name)
    if args is None and name.startswith("admin:"):
        record = next((r for r in arguments if r != "admin:" and name.startswith(f"{r}_")), None)
        needs_one = not name.endswith(
            (
                "_changelist",
                "_add",
                "_import",
                "_export",
                "_bulk_status",
                "_escalated",
                "_totals",
                "_months",
                "_write_to_all",
            )
        )
        args = arguments[record] if record and needs_one else []
        if name.endswith("_application_status"):
            args = [*args, "in_contact"]
    return reverse(name, args=args or [])


def test_every_address_has_a_row_and_every_row_an_address():
    assert {name for name, _ in patterns()} == {name for name, _ in TABLE}


@pytest.mark.long
@pytest.mark.logs_errors("Service Unavailable: /healthz")
@pytest.mark.slow
@pytest.mark.parametrize("person", PEOPLE)
def test_access_and_markup(person, client_of, arguments):
    column = PEOPLE.index(person)
    client = client_of(person)
    cookies = client.cookies.copy()
    found, expected, pages = {}, {}, {}
    for (name, method), statuses in TABLE.items():
        with transaction.atomic():
            client.cookies = cookies.copy()  # undo a logout, too
            response = getattr(client, method.lower())(_address(name, arguments))
            found[name, method] = response.status_code
            expected[name, method] = statuses[column]
            if name.startswith("admin:") is (person != "anon") and name not in NO_PAGES:
                pages[name, method] = faults_of(response) if person in LOOKED_AT else None
            transaction.set_rollback(True)
    assert found == expected
    assert len(found) > 250
    faulty = {page: faults for page, faults in pages.items() if faults}
    assert not faulty
    assert sum(one is not None for one in pages.values()) >= LOOKED_AT.get(person, 0)
