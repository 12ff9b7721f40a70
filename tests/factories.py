"""Factories for test records: named people and places, everything else by default.

Every factory takes the model's field names as keywords and creates missing related records. Lists
(``districts``, ``fields``, ``target_groups``) are set after saving.
"""

import datetime
import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.text import slugify

from portal.models import (
    CooperationOffer,
    CounsellingRequest,
    InvitedOrganisation,
    KeyFigure,
    Need,
    NewsletterBlock,
    NewsletterIssue,
    Page,
    SavedSearch,
    Subscription,
    Survey,
    SurveyAnswer,
)
from portal.newsletter.content import content_of
from programs.models import (
    District,
    Entry,
    Event,
    Field,
    Membership,
    Opportunity,
    OpportunityTemplate,
    Organisation,
    Programme,
    ProgrammeStep,
    ProtectionConcept,
    TargetGroup,
)
from tests.shown import photo
from volunteers.models import (
    AccessRequest,
    Application,
    Asker,
    Certificate,
    CompanionRequest,
    Concern,
    ConductCheck,
    DateOffer,
    DateRequest,
    Enquiry,
    Expense,
    HoursEntry,
    Invitation,
    KeptApart,
    LinkAnswering,
    OrganisationProposal,
    Receipt,
    Registration,
    StatusChange,
    Tandem,
    User,
    Volunteer,
)
from welcome_rooms.models import (
    CarrierPeriod,
    OpeningHours,
    RoomOffer,
    VisitCount,
    WelcomeRoom,
)

BERLIN = ZoneInfo("Europe/Berlin")

DISTRICTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "mitte": ("01", "Mitte", ("sued", "west")),
    "sued": ("04", "Süd", ("mitte", "west")),
    "west": ("05", "West", ("mitte", "sued", "botnang", "feuerbach")),
    "bad-cannstatt": ("06", "Bad Cannstatt", ("feuerbach",)),
    "botnang": ("08", "Botnang", ("west", "feuerbach")),
    "feuerbach": ("10", "Feuerbach", ("west", "bad-cannstatt", "botnang")),
    "moehringen": ("12", "Möhringen", ("sued",)),
    "obertuerkheim": ("15", "Obertürkheim", ()),
}
"""Slug → official number, name, and the neighbours among these."""

_numbers = itertools.count(1)
_E = TypeVar("_E", bound=Entry)


def noon() -> datetime.datetime:
    """Noon of today in Stuttgart; asked while a test runs, because a run may begin before midnight."""
    return datetime.datetime.now(BERLIN).replace(hour=12, minute=0)


def german_slug(text: str) -> str:
    """The slug that the portal makes: „Möhringen“ becomes ``moehringen``."""
    for letter, spelling in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.lower().replace(letter, spelling)
    return slugify(text)


def unique_slug(text: str) -> str:
    return f"{german_slug(text)[:120]}-{next(_numbers)}"


def make_district(slug: str = "feuerbach", **fields: Any) -> District:
    """One of :data:`DISTRICTS`, linked to those of its neighbours that exist already."""
    number, name, neighbours = DISTRICTS[slug]
    defaults = {
        "name": name if number > "05" else f"Stuttgart-{name}",
        "short_name": name,
        "slug": slug,
        "zone": District.Zone.OUTER if number > "05" else District.Zone.INNER,
        "latitude": 48.78,
        "longitude": 9.18,
        "area_km2": 9.0,
    }
    district, created = District.objects.get_or_create(number=number, defaults=defaults | fields)
    if created:
        district.neighbours.set(District.objects.filter(slug__in=neighbours))
    return district


def make_districts() -> dict[str, District]:
    """All of :data:`DISTRICTS` by slug, with their neighbours."""
    return {slug: make_district(slug) for slug in DISTRICTS}


def make_field(name: str = "Begleitung", **fields: Any) -> Field:
    fields.setdefault("slug", german_slug(name))
    return Field.objects.get_or_create(name=name, defaults=fields)[0]


def make_target_group(name: str = "Familien", **fields: Any) -> TargetGroup:
    fields.setdefault("slug", german_slug(name))
    return TargetGroup.objects.get_or_create(name=name, defaults=fields)[0]


def _save(model: type[_E], title: str, fields: dict[str, Any]) -> _E:
    lists = {
        name: fields.pop(name)
        for name in ("districts", "fields", "target_groups", "partners")
        if name in fields
    }
    defaults = {"title": title, "slug": unique_slug(title), "is_published": True}
    entry = model(**(defaults | fields))
    entry.save()
    for name, values in lists.items():
        getattr(entry, name).set(values)
    return entry


def make_organisation(title: str = "Evangelische Gesellschaft", **fields: Any) -> Organisation:
    """An organisation of type ``carrier`` unless said otherwise; circles and initiatives are joinable."""
    return _save(Organisation, title, {"type": Organisation.Type.CARRIER} | fields)


def make_circle(title: str = "Freundeskreis Feuerbach", **fields: Any) -> Organisation:
    return make_organisation(title, **({"type": Organisation.Type.CIRCLE} | fields))


def make_initiative(title: str = "Initiative Sprachcafé", **fields: Any) -> Organisation:
    return make_organisation(title, **({"type": Organisation.Type.INITIATIVE} | fields))


def make_clearing_office(title: str = "Sozialamt", **fields: Any) -> Organisation:
    """The office that answers when nobody else does; there is one."""
    office = Organisation.objects.filter(is_clearing_office=True).first()
    office_type = Organisation.Type.OFFICE
    return office or make_organisation(
        title, **({"type": office_type, "is_clearing_office": True} | fields)
    )


def make_entry(title: str = "Begleitung zu Behördengängen", **fields: Any) -> Opportunity:
    """A published, open opportunity of some organisation, in the whole city."""
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or make_organisation()
    return _save(Opportunity, title, fields)


def make_programme(title: str = "WillkommensPaten", **fields: Any) -> Programme:
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or make_clearing_office()
    return _save(Programme, title, {"type": Programme.Type.MENTORING} | fields)


def make_step(programme: Programme, title: str = "Erstgespräch", **fields: Any) -> ProgrammeStep:
    """Another step at the end; a commitment gets a text."""
    defaults: dict[str, Any] = {"kind": "interview", "position": 10 * programme.steps.count() + 10}
    if fields.get("kind") == "commitment":
        defaults["text"] = "Ich schweige über alles, was mir anvertraut wird."
    return ProgrammeStep.objects.create(programme=programme, title=title, **(defaults | fields))


def make_protection(programme: Programme, **fields: Any) -> ProtectionConcept:
    """The concept of the programme; somebody of the coordination comes along to the first meeting."""
    defaults: dict[str, Any] = {
        "meeting_places": "In der Schule oder in der Stadtbibliothek.",
        "meeting_times": "Montag bis Freitag, bis 18 Uhr.",
        "first_meeting_with": "jemand von der Koordination",
        "contact_role": "Koordination der Lernpaten",
        "phone": "0711 216-57000",
        "note_for_family": "Sie können jederzeit dabei sein.",
        "note_for_volunteers": "Nehmen Sie das Kind nie im Auto mit.",
    }
    return ProtectionConcept.objects.create(programme=programme, **(defaults | fields))


def make_prepared_programme(title: str = "WillkommensPaten", **fields: Any) -> Programme:
    """A programme that requires an evening, an interview and a commitment, in this order."""
    programme = make_programme(title, **fields)
    make_step(programme, "Einführungsabend", kind="training")
    make_step(programme, "Erstgespräch", kind="interview")
    make_step(programme, "Verschwiegenheit", kind="commitment")
    return programme


def make_conduct_check(application: Application, by: User, **fields: Any) -> ConductCheck:
    """A clear certificate of this person and organisation, issued and inspected today."""
    defaults = {"seen_on": timezone.localdate(), "issued_on": timezone.localdate()}
    return ConductCheck.objects.create(
        volunteer=application.volunteer,
        organisation=application.organisation,
        seen_by=by,
        **({"is_clear": True} | defaults | fields),
    )


def make_room(title: str = "Willkommensraum Feuerbach", **fields: Any) -> WelcomeRoom:
    fields.setdefault("organisation", None)
    fields["organisation"] = fields["organisation"] or make_organisation(
        "Kirchengemeinde Feuerbach"
    )
    return _save(WelcomeRoom, title, fields)


def make_opening_hours(
    room: WelcomeRoom, *, weekday: int = 0, opens: str = "17:00", closes: str = "20:00"
) -> OpeningHours:
    """Hours on one weekday (Monday is 0), local time."""
    times = (datetime.time.fromisoformat(opens), datetime.time.fromisoformat(closes))
    return OpeningHours.objects.create(room=room, weekday=weekday, opens=times[0], closes=times[1])


def make_room_offer(room: WelcomeRoom, title: str = "Begegnungscafé", **fields: Any) -> RoomOffer:
    return RoomOffer.objects.create(room=room, title=title, **fields)


def make_kept_apart(volunteer: Volunteer, **fields: Any) -> KeptApart:
    """The volunteer is proposed to nobody until a person of trust frees them."""
    fields.setdefault("organisation", Organisation.objects.order_by("pk").first())
    fields.setdefault("marks", [])
    return KeptApart.objects.create(volunteer=volunteer, **fields)


def make_visit_count(room: WelcomeRoom, day: datetime.date, **fields: Any) -> VisitCount:
    fields.setdefault("number", 12)
    return VisitCount.objects.create(room=room, day=day, **fields)


def make_carrier_period(room: WelcomeRoom, **fields: Any) -> CarrierPeriod:
    fields.setdefault("organisation", room.organisation)
    return CarrierPeriod.objects.create(room=room, **fields)


def make_event(title: str = "Einführungsabend für WillkommensPaten", **fields: Any) -> Event:
    """A published evening event in a week, 18:00 to 20:00 in Stuttgart."""
    day = datetime.datetime.now(BERLIN) + datetime.timedelta(days=7)
    start = fields.pop("starts_at", day.replace(hour=18, minute=0, second=0, microsecond=0))
    defaults = {
        "kind": Event.Kind.INTRODUCTION,
        "slug": unique_slug(title),
        "starts_at": start,
        "ends_at": start + datetime.timedelta(hours=2),
        "place": "Rathaus Stuttgart",
        "is_published": True,
    }
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    return Event.objects.create(title=title, **(defaults | fields))


def make_key_figure(series: str = "freundeskreise", **fields: Any) -> KeyFigure:
    defaults = {
        "label": "Freundeskreise",
        "value": 39,
        "as_of": datetime.date(2018, 12, 1),
        "as_of_precision": "month",
        "source": "Sozialamt",
    }
    return KeyFigure.objects.create(series=series, **(defaults | fields))


def make_page(slug: str = "impressum", **fields: Any) -> Page:
    defaults = {"title": "Impressum", "body": "## Angaben\n\nLandeshauptstadt Stuttgart"}
    return Page.objects.create(slug=slug, **(defaults | fields))


def make_user(email: str = "amira@example.org", **fields: Any) -> User:
    """An account without a password."""
    return User.objects.create_user(email, **fields)


def make_member(
    organisation: Organisation,
    user: User | None = None,
    role: str = Membership.Role.COORDINATOR,
    **fields: Any,
) -> Membership:
    """A user who works for the organisation as of today, so that it can answer."""
    fields = {"last_used_on": timezone.localdate()} | fields
    user = user or make_user(
        f"koordination-{next(_numbers)}@example.org", name="Katrin Koordination"
    )
    return Membership.objects.create(user=user, organisation=organisation, role=role, **fields)


def make_concern(organisation: Organisation, **fields: Any) -> Concern:
    """Somebody says without a name that something is wrong; it has to be read by tomorrow."""
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    defaults = {"text": "Etwas stimmt nicht.", "answer_by": tomorrow, "organisation": organisation}
    return Concern.objects.create(**(defaults | fields))


def make_invitation(organisation: Organisation, **fields: Any) -> Invitation:
    """An invitation as coordinator, by the Portalverwaltung unless said otherwise."""
    fields.setdefault("invited_by", None)
    fields["invited_by"] = fields["invited_by"] or make_user(
        f"verwaltung-{next(_numbers)}@example.org", is_superuser=True
    )
    defaults = {"name": "Nora Neu", "email": "nora@example.org", "role": "coordinator"}
    return Invitation.objects.create(organisation=organisation, **(defaults | fields))


def make_volunteer(name: str = "Amira Haddad", **fields: Any) -> Volunteer:
    """A person's own record, as the confirmation of a sign-up creates it."""
    lists = {key: fields.pop(key) for key in ("districts", "fields") if key in fields}
    fields.setdefault("email", f"{german_slug(name)}-{next(_numbers)}@example.org")
    volunteer = Volunteer.objects.create(name=name, **fields)
    for key, values in lists.items():
        getattr(volunteer, key).set(values)
    return volunteer


def make_application(
    organisation: Organisation, name: str = "Amira Haddad", **fields: Any
) -> Application:
    """A confirmed, new application with its person; ``organisation`` has to answer it within a week."""
    lists = {key: fields.pop(key) for key in ("districts", "fields") if key in fields}
    fields.setdefault("entry", organisation)
    volunteer = fields.pop("volunteer", None) or make_volunteer(
        name, **({"email": fields["email"]} if "email" in fields else {}), **lists
    )
    defaults = {
        "status": Application.Status.NEW,
        "confirmed_at": timezone.now(),
        "answer_by": timezone.localdate() + datetime.timedelta(days=7),
        "email": volunteer.email,
    }
    application = Application.objects.create(
        organisation=organisation, name=name, volunteer=volunteer, **(defaults | fields)
    )
    for key, values in lists.items():
        getattr(application, key).set(values)
    return application


def make_invited(organisation: Organisation, **fields: Any) -> InvitedOrganisation:
    """It was asked today to look after its entry within three weeks."""
    deadline = timezone.localdate() + datetime.timedelta(days=21)
    return InvitedOrganisation.objects.create(
        organisation=organisation, **({"deadline": deadline} | fields)
    )


def make_survey(**fields: Any) -> Survey:
    """About today, open for three weeks; nobody was asked."""
    today = timezone.localdate()
    defaults = {"day": today, "deadline": today + datetime.timedelta(days=21)}
    return Survey.objects.create(**(defaults | fields))


def make_survey_answer(organisation: Organisation, **fields: Any) -> SurveyAnswer:
    """The organisation was asked and has not answered."""
    survey = fields.pop("survey", None) or Survey.objects.first() or make_survey()
    defaults = {"asked_at": timezone.now()}
    return SurveyAnswer.objects.create(
        survey=survey, organisation=organisation, **(defaults | fields)
    )


def make_link_answering(organisation: Organisation, **fields: Any) -> LinkAnswering:
    """The organisation answers by link; it gets a known address if it has none."""
    if not organisation.contact_email:
        organisation.contact_email = f"kontakt-{organisation.slug}@example.org"
        organisation.save(update_fields=["contact_email"])
    defaults = {"address": organisation.contact_email, "agreed_at": timezone.now()}
    return LinkAnswering.objects.create(organisation=organisation, **(defaults | fields))


def make_proposal(title: str = "Sprachcafé Ost", **fields: Any) -> OrganisationProposal:
    """Somebody has proposed an organisation and confirmed it; nobody has decided yet."""
    defaults = {
        "type": "initiative",
        "summary": "Wir üben Deutsch.",
        "name": "Omar Neu",
        "function": "Koordination",
        "email": f"omar-{next(_numbers)}@example.org",
        "phone": "0711 7654321",
        "status": OrganisationProposal.Status.OPEN,
        "confirmed_at": timezone.now(),
        "answer_by": timezone.localdate() + datetime.timedelta(days=7),
    }
    return OrganisationProposal.objects.create(title=title, **(defaults | fields))


def make_access_request(organisation: Organisation, **fields: Any) -> AccessRequest:
    """Somebody of the organisation has asked for access and confirmed it; nobody has decided yet."""
    defaults = {
        "name": "Nora Neu",
        "function": "Vorsitz",
        "email": f"nora-{next(_numbers)}@example.org",
        "phone": "0711 1234567",
        "status": AccessRequest.Status.OPEN,
        "confirmed_at": timezone.now(),
    }
    return AccessRequest.objects.create(organisation=organisation, **(defaults | fields))


def make_issue(
    title: str = "Neues im Advent", *, texts: Iterable[str] = ("Grüß Gott!",), **fields: Any
) -> NewsletterIssue:
    """A draft with a block for each of ``texts``."""
    fields.setdefault("topics", ["news"])
    issue = NewsletterIssue.objects.create(title=title, **fields)
    for number, text in enumerate(texts, start=1):
        make_block(issue, text=text, position=10 * number)
    return issue


def make_sent_issue(title: str = "Neues im Herbst", **fields: Any) -> NewsletterIssue:
    """It has a public page."""
    issue = make_issue(title, **fields)
    issue.content = content_of(issue).as_json()
    issue.status, issue.begun_at, issue.ended_at = "sent", timezone.now(), timezone.now()
    issue.save()
    return issue


def make_block(issue: NewsletterIssue, **fields: Any) -> NewsletterBlock:
    return NewsletterBlock.objects.create(issue=issue, **fields)


def make_subscription(email: str = "amira@example.org", **fields: Any) -> Subscription:
    """Confirmed; with ``status="unconfirmed"`` it is not."""
    districts = fields.pop("districts", [])
    unconfirmed = fields.get("status") == Subscription.Status.UNCONFIRMED
    fields.setdefault("topics", ["news"])
    fields.setdefault("text_version", "2026-11")
    fields.setdefault("status", Subscription.Status.ACTIVE)
    fields.setdefault("confirmed_at", None if unconfirmed else timezone.now())
    if fields["status"] == Subscription.Status.ENDED:
        fields.setdefault("ended_at", timezone.now())
    subscription = Subscription.objects.create(email=email, **fields)
    subscription.districts.set(districts)
    return subscription


def make_saved_search(
    email: str = "amira@example.org", query: str = "", **fields: Any
) -> SavedSearch:
    """Confirmed a month ago; with ``status="unconfirmed"`` it is not. ``query``: of the catalogue, canonical."""
    month_ago = timezone.now() - timezone.timedelta(days=30)
    unconfirmed = fields.get("status") == SavedSearch.Status.UNCONFIRMED
    fields.setdefault("text_version", "2026-11")
    fields.setdefault("status", SavedSearch.Status.ACTIVE)
    fields.setdefault("confirmed_at", None if unconfirmed else month_ago)
    fields.setdefault("told_until", month_ago)
    if fields["status"] == SavedSearch.Status.ENDED:
        fields.setdefault("ended_at", timezone.now())
    return SavedSearch.objects.create(email=email, query=query, **fields)


def make_template(name: str = "Sprachcafé-Gastgeberin", **fields: Any) -> OpportunityTemplate:
    defaults = {
        "slug": german_slug(name),
        "title": "Im Sprachcafé Gastgeberin sein",
        "summary": "Sie begrüßen die Gäste und reden mit ihnen.",
        "description": "Menschen treffen sich, um Deutsch zu üben.",
    }
    return OpportunityTemplate.objects.create(name=name, **(defaults | fields))


def make_enquiry(entry: Entry, name: str = "Amira Haddad", **fields: Any) -> Enquiry:
    """An open question about ``entry``, answered by its organisation."""
    defaults = {
        "organisation": entry.owner,
        "email": f"{german_slug(name)}-{next(_numbers)}@example.org",
        "text": "Kann ich einfach dazukommen?",
    }
    return Enquiry.objects.create(entry_id=entry.pk, name=name, **(defaults | fields))


def make_counselling(
    department: Organisation, name: str = "Amira Haddad", **fields: Any
) -> CounsellingRequest:
    """A confirmed request of a volunteer, which ``department`` has to answer within a week."""
    defaults = {
        "audience": "volunteers",
        "status": "new",
        "email": f"{german_slug(name)}-{next(_numbers)}@example.org",
        "text": "Wie gehe ich mit Streit um?",
        "confirmed_at": timezone.now(),
        "answer_by": timezone.localdate() + datetime.timedelta(days=7),
    }
    return CounsellingRequest.objects.create(
        organisation=department, name=name, **(defaults | fields)
    )


def make_cooperation(
    office: Organisation, company: str = "Werkzeugbau Neckar", **fields: Any
) -> CooperationOffer:
    """An offer of time that ``office`` has to answer within a week."""
    defaults = {
        "kinds": ["time"],
        "text": "Zwölf Menschen für einen Tag.",
        "name": "Kerstin Krämer",
        "email": f"{german_slug(company)}-{next(_numbers)}@example.org",
        "answer_by": timezone.localdate() + datetime.timedelta(days=7),
    }
    return CooperationOffer.objects.create(
        organisation=office, company=company, **(defaults | fields)
    )


def make_need(organisation: Organisation, text: str = "Zehn Laptops", **fields: Any) -> Need:
    return Need.objects.create(
        organisation=organisation, text=text, **({"kind": "things"} | fields)
    )


def make_date(name: str = "Samira", **fields: Any) -> DateRequest:
    """A confirmed date in five days at ten, in Arabic, for which nobody has been asked yet."""
    tomorrow = timezone.localtime() + datetime.timedelta(days=5)
    starts_at = tomorrow.replace(hour=10, minute=0, second=0, microsecond=0)
    defaults = {
        "kind": "company",
        "asker": "shelter",
        "topic": "office",
        "language": "ar",
        "minutes": 120,
        "place": "Eberhardstraße 39, Zimmer 4",
        "phone": "0711 2160",
        "starts_at": starts_at,
        "email": f"{german_slug(name)}-{next(_numbers)}@example.org",
        "status": DateRequest.Status.OPEN,
        "confirmed_at": timezone.now(),
        "next_wave_at": timezone.now(),
    }
    fields.setdefault("district", None)
    fields["district"] = fields["district"] or make_district()
    return DateRequest.objects.create(name=name, **(defaults | fields))


def make_date_offer(date: DateRequest, application: Application, **fields: Any) -> DateOffer:
    """The person of ``application`` was asked for ``date``."""
    return DateOffer.objects.create(date=date, volunteer=application.volunteer, **fields)


def make_single(organisation: Organisation, name: str, **fields: Any) -> Application:
    """Somebody ready who may be asked for single dates."""
    one = make_ready(organisation, name, single_dates=True, **fields)
    profile = {"single_dates": True, "languages": one.languages, "phone": one.phone}
    Volunteer.objects.filter(pk=one.volunteer_id).update(**profile)
    begin(one)
    one.volunteer.refresh_from_db()
    return one


def make_change(application: Application, status: str, **fields: Any) -> StatusChange:
    """A row of history, by the portal unless said otherwise."""
    fields.setdefault("actor", StatusChange.Actor.SYSTEM)
    return StatusChange.objects.create(application=application, status=status, **fields)


def make_registration(event: Event, name: str = "Amira Haddad", **fields: Any) -> Registration:
    """A confirmed seat at ``event``; the event's own organisation keeps the list."""
    defaults = {
        "organisation": event.organisation,
        "email": f"{german_slug(name)}-{next(_numbers)}@example.org",
        "status": Registration.Status.REGISTERED,
        "confirmed_at": timezone.now(),
        "told_sequence": event.sequence,
    }
    return Registration.objects.create(event=event, name=name, **(defaults | fields))


def make_request(name: str = "Samira", **fields: Any) -> CompanionRequest:
    """A confirmed, open request that ``organisation`` looks after (None: the Sozialamt)."""
    wanted = fields.pop("fields", [])
    defaults = {
        "status": CompanionRequest.Status.OPEN,
        "confirmed_at": timezone.now(),
        "age_group": CompanionRequest.AgeGroup.ADULT,
        "email": f"{german_slug(name) or 'name'}-{next(_numbers)}@example.org",
        "languages": ["ar"],
    }
    request = CompanionRequest.objects.create(name=name, **(defaults | fields))
    request.fields.set(wanted)
    return request


def make_asker(name: str = "Petra Krüger", **fields: Any) -> Asker:
    """A teacher who has confirmed the address and asks for others."""
    email = f"{german_slug(name) or 'name'}-{next(_numbers)}@example.org"
    defaults = {"email": email, "place": "Rosensteinschule", "confirmed_at": timezone.now()}
    return Asker.objects.create(name=name, **(defaults | fields))


def make_ready(
    organisation: Organisation, name: str = "Amira Haddad", **fields: Any
) -> Application:
    """An application with status ready of somebody who speaks Arabic and German."""
    defaults = {"status": Application.Status.READY, "languages": ["de", "ar"]}
    return make_application(organisation, name, **(defaults | fields))


def make_tandem(request: CompanionRequest, application: Application, **fields: Any) -> Tandem:
    """A tandem that has been running since today."""
    defaults = {
        "organisation": request.organisation,
        "status": Tandem.Status.RUNNING,
        "volunteer_answer": "yes",
        "newcomer_answer": "yes",
        "started_on": timezone.localdate(),
    }
    tandem = Tandem.objects.create(
        request=request,
        application=application,
        volunteer=application.volunteer,
        **(defaults | fields),
    )
    if tandem.status == Tandem.Status.RUNNING:
        CompanionRequest.objects.filter(pk=request.pk).update(status="matched")
        Application.objects.filter(pk=application.pk).update(status="placed")
    return tandem


def make_engaged(
    organisation: Organisation, name: str = "Amira Haddad", *, days: int = 60, **fields: Any
) -> Application:
    """An application submitted and placed ``days`` calendar days ago, so that it can have hours and certificates."""
    begun = timezone.localtime() - datetime.timedelta(days=days)
    fields = {"status": Application.Status.PLACED, "submitted_at": begun} | fields
    application = make_application(organisation, name, **fields)
    begin(application, begun)
    return application


def begin(application: Application, at: datetime.datetime | None = None) -> None:
    """Add the placement to the history."""
    application.changes.create(
        status=Application.Status.PLACED, at=at or timezone.now(), actor=StatusChange.Actor.STAFF
    )


def make_hours(
    application: Application, hours: "str | Decimal" = "2", *, by: User | None = None, **fields: Any
) -> HoursEntry:
    """Two hours of today that wait to be confirmed; with ``by`` they are confirmed."""
    if by is not None:
        fields = {"confirmed_by": by, "confirmed_at": timezone.now()} | fields
    defaults = {"on": timezone.localdate(), "what": "Zum Jobcenter begleitet"}
    return HoursEntry.objects.create(
        application=application, hours=Decimal(hours), **(defaults | fields)
    )


def make_expense(
    application: Application, amount: "str | Decimal" = "3.10", **fields: Any
) -> Expense:
    """A ticket of today that waits for a decision, with the photograph of its receipt."""
    closed = fields.get("status") in {"paid", "declined", "withdrawn"}
    if closed:
        fields = {"closed_at": timezone.now()} | fields
    if fields.get("status") == "declined":
        fields = {"reason": "Der Beleg ist von einem anderen Tag."} | fields
    defaults = {"kind": "ticket", "on": timezone.localdate(), "digest": f"{next(_numbers):064}"}
    expense = Expense.objects.create(
        application=application, amount=Decimal(amount), **(defaults | fields)
    )
    if not closed:
        Receipt.objects.create(expense=expense, data=photo())
    return expense


def make_certificate(application: Application, **fields: Any) -> Certificate:
    """Issued today for the last 60 days, by the organisation of ``application``."""
    today = timezone.localdate()
    defaults = {
        "volunteer": application.volunteer,
        "organisation": application.organisation,
        "issuer": application.organisation.title,
        "name": application.name,
        "what": "Begleitung im Alltag",
        "since": today - datetime.timedelta(days=60),
        "until": today,
    }
    return Certificate.objects.create(application=application, **(defaults | fields))
