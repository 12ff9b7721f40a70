"""Two organisations become one: what hangs on them, what they say, who may do it, old addresses."""

import datetime

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.directory.invited_models import InvitedOrganisation
from portal.directory.merging import (
    AlreadyMerged,
    ChangedMeanwhile,
    ClearingOfficeStays,
    WouldSeeMore,
    merge_organisations,
)
from portal.directory.models import ChangeProposal, Upkeep
from portal.directory.values import BOTH, Comparison
from portal.figures.surveying import SurveyAnswer
from portal.models import CooperationOffer, CounsellingRequest, Need
from portal.newsletter.issue_models import NewsletterBlock
from programs.models import (
    ColumnMapping,
    DifferentPair,
    Entry,
    Event,
    FormerOrganisation,
    Membership,
    MessageTemplate,
    Opportunity,
    Organisation,
    Picture,
    Programme,
    SavedList,
    Voice,
)
from programs.slugs import free_slug
from tests import factories
from tests.shown import make_picture, make_voice
from volunteers.errors import DomainError
from volunteers.models import (
    AccessRequest,
    Application,
    Certificate,
    CompanionRequest,
    Concern,
    ConductCheck,
    Enquiry,
    GroupMessage,
    HoursEntry,
    Invitation,
    KeptApart,
    LinkAnswering,
    OrganisationProposal,
    Registration,
    SecurityEvent,
    Shortage,
    StatusChange,
    Tally,
    Tandem,
)
from volunteers.services.absorbing import (
    BOTH_STAY,
    ONE_STAYS,
    hanging_on,
    relations_to,
    tables_to_lock,
    uniques_with,
)
from volunteers.services.invitations import InvitationGone, accept_invitation
from welcome_rooms.models import CarrierPeriod

pytestmark = pytest.mark.django_db

Role = Membership.Role


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def kept(office):
    return factories.make_circle("Freundeskreis Süd", department=office)


@pytest.fixture
def merged(office):
    return factories.make_circle("Freundeskreis Sued (FKS)", department=office)


@pytest.fixture
def portal():
    return factories.make_user("portal@example.org", is_superuser=True)


@pytest.fixture
def sabine(office):
    """Works at the Sozialamt, which looks after both."""
    return factories.make_member(office, role=Role.STAFF).user


@pytest.fixture
def merge(kept, merged, portal):
    def run(**values):
        return merge_organisations(kept=kept, merged=merged, merged_by=portal, **values)

    return run


# --- everything that hangs on it ----------------------------------------------------------------


def of_programme(organisation):
    programme = factories.make_programme()
    programme.partners.add(organisation)
    return Programme.partners.through.objects.get(organisation=organisation)


def tally(**columns):
    columns = {"kind": "hours", "month": datetime.date(2026, 1, 1), "count": 3} | columns
    return Tally.objects.create(**columns)


def certificate(organisation):
    return factories.make_certificate(factories.make_engaged(organisation))


def check(organisation):
    application = factories.make_application(organisation)
    return factories.make_conduct_check(application, factories.make_user("seen@example.org"))


def tandem(organisation):
    request = factories.make_request(organisation=organisation)
    return factories.make_tandem(request, factories.make_ready(organisation))


MAKERS = {
    (AccessRequest, "organisation"): factories.make_access_request,
    (OrganisationProposal, "organisation"): lambda o: factories.make_proposal(organisation=o),
    (Application, "entry"): factories.make_application,
    (Application, "organisation"): lambda o: factories.make_application(o, entry=None),
    (CarrierPeriod, "organisation"): lambda o: factories.make_carrier_period(
        factories.make_room(), organisation=o
    ),
    (Certificate, "organisation"): certificate,
    (ChangeProposal, "entry"): lambda o: ChangeProposal.objects.create(entry=o),
    (NewsletterBlock, "entry"): lambda o: factories.make_block(factories.make_issue(), entry=o),
    (Upkeep, "organisation"): lambda o: Upkeep.objects.create(organisation=o, kind="asked"),
    (CompanionRequest, "organisation"): lambda o: factories.make_request(organisation=o),
    (ColumnMapping, "organisation"): lambda o: ColumnMapping.objects.create(
        organisation=o, target="programs.event", columns={}
    ),
    (Concern, "organisation"): factories.make_concern,
    (KeptApart, "organisation"): lambda o: factories.make_kept_apart(
        factories.make_volunteer(), organisation=o
    ),
    (ConductCheck, "organisation"): check,
    (DifferentPair, "one"): lambda o: DifferentPair.objects.create(
        one=o, other=factories.make_organisation()
    ),
    (DifferentPair, "other"): lambda o: DifferentPair.objects.create(
        one=factories.make_organisation(), other=o
    ),
    (CooperationOffer, "organisation"): factories.make_cooperation,
    (CooperationOffer, "benefits"): lambda o: factories.make_cooperation(
        factories.make_organisation("Amt", type="office"), benefits=o
    ),
    (Need, "organisation"): factories.make_need,
    (CounsellingRequest, "organisation"): factories.make_counselling,
    (CounsellingRequest, "entry"): lambda o: factories.make_counselling(
        factories.make_organisation("Amt", type="office"), entry=o.entry_ptr
    ),
    (Enquiry, "entry"): factories.make_enquiry,
    (Enquiry, "organisation"): lambda o: factories.make_enquiry(
        factories.make_entry(), organisation=o
    ),
    (Entry, "department"): lambda o: factories.make_circle("Initiative", department=o).entry_ptr,
    (Entry, "organisation"): lambda o: factories.make_entry(organisation=o).entry_ptr,
    (Event, "organisation"): lambda o: factories.make_event(organisation=o),
    (Event, "part_of"): lambda o: factories.make_event(part_of=o),
    (Picture, "entry"): make_picture,
    (Voice, "entry"): make_voice,
    (FormerOrganisation, "kept"): lambda o: FormerOrganisation.objects.create(
        kept=o, number=4711, slug="frueher", title="Früher"
    ),
    (InvitedOrganisation, "organisation"): factories.make_invited,
    (SurveyAnswer, "organisation"): factories.make_survey_answer,
    (Invitation, "organisation"): factories.make_invitation,
    (LinkAnswering, "organisation"): factories.make_link_answering,
    (GroupMessage, "organisation"): lambda o: GroupMessage.objects.create(
        organisation=o, text="Bis bald"
    ),
    (MessageTemplate, "organisation"): lambda o: MessageTemplate.objects.create(
        organisation=o, name="Treffen", text="Wir treffen uns."
    ),
    (Membership, "organisation"): factories.make_member,
    (Opportunity, "part_of"): lambda o: factories.make_entry(part_of=o),
    (Programme.partners.through, "organisation"): of_programme,
    (Registration, "organisation"): lambda o: factories.make_registration(
        factories.make_event(), organisation=o
    ),
    (Shortage, "organisation"): lambda o: Shortage.objects.create(organisation=o, requests=1),
    (StatusChange, "organisation"): lambda o: factories.make_change(
        factories.make_application(factories.make_organisation()), "new", organisation=o
    ),
    (SavedList, "shared_with"): lambda o: SavedList.objects.create(
        name="Verteiler", model="programs.event", shared_with=o
    ),
    (Tally, "entry"): lambda o: tally(entry=o),
    (Tally, "organisation"): lambda o: tally(organisation=o),
    (Tandem, "organisation"): tandem,
}
RELATIONS = [(relation.model, relation.name) for relation in relations_to(Organisation)]


def test_every_relation_has_a_row_that_is_moved_in_the_next_test():
    """A new relation needs a line in MAKERS; the code needs nothing, unless the next test but one fails."""
    assert set(RELATIONS) == set(MAKERS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "name"), RELATIONS, ids=lambda part: getattr(part, "__name__", part)
)
def test_what_hangs_on_the_merged_one_hangs_on_the_kept_one(model, name, kept, merged, merge):
    row = MAKERS[model, name](merged)

    merge()

    assert getattr(model._base_manager.get(pk=row.pk), f"{name}_id") == kept.pk
    assert not Organisation.objects.filter(pk=merged.pk).exists()
    assert not Entry.objects.filter(pk=merged.pk).exists()


@pytest.mark.parametrize("record", [Organisation, *ONE_STAYS], ids=lambda model: model.__name__)
def test_of_what_can_be_there_only_once_it_is_said_which_one_stays(record):
    for relation in relations_to(record):
        handled = relation.model in ONE_STAYS or BOTH_STAY.get(relation.model) == relation.name
        assert handled or not any(uniques_with(relation)), relation
        assert relation.model in tables_to_lock(Organisation)


def test_what_will_move_is_counted_before(merged):
    factories.make_member(merged)
    factories.make_entry(organisation=merged)
    factories.make_application(merged)
    of_programme(merged)
    factories.make_circle(department=merged)

    assert dict(hanging_on(merged)) == {
        "Anmeldungen": 1,
        "Einträge": 1,
        "Einträge, für die sie zuständig ist": 1,
        "Mitgliedschaften": 1,
        "Programme als Partner": 1,
    }


# --- collisions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here", "there", "stays"),
    [
        (Role.COORDINATOR, Role.STAFF, Role.STAFF),
        (Role.STAFF, Role.COORDINATOR, Role.STAFF),
        (Role.REPORTING, Role.COORDINATOR, Role.COORDINATOR),
    ],
)
def test_a_member_of_both_keeps_the_stronger_role(here, there, stays, kept, merged, merge):
    user = factories.make_member(kept, role=here, last_used_on=datetime.date(2026, 1, 1)).user
    factories.make_member(merged, user, role=there, last_used_on=datetime.date(2026, 2, 1))

    merge()

    membership = Membership.objects.get(user=user)
    assert (membership.organisation_id, membership.role) == (kept.pk, stays)
    assert membership.last_used_on == datetime.date(2026, 2, 1)


def test_a_role_that_is_over_does_not_win(kept, merged, merge):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    user = factories.make_member(kept, role=Role.STAFF, until=yesterday).user
    factories.make_member(merged, user, role=Role.COORDINATOR)

    merge()

    assert Membership.objects.get(user=user).role == Role.COORDINATOR


@pytest.mark.parametrize("further_there", [True, False])
def test_two_applications_of_one_person_become_the_one_that_is_further(
    further_there, kept, merged, merge
):
    new = factories.make_application(kept if further_there else merged, email="amira@example.org")
    placed = factories.make_engaged(
        merged if further_there else kept, volunteer=new.volunteer, phone="0711 1"
    )
    factories.make_hours(new)
    factories.make_hours(placed)
    factories.make_certificate(new)
    factories.make_certificate(placed)
    new.messages.create(sender="applicant", text="Hallo")
    Application.objects.filter(pk=new.pk).update(phone="0711 2", decline_reason="Zu spät")
    Application.objects.filter(pk=placed.pk).update(phone="")

    merge()

    application = Application.objects.get()
    assert application.pk == placed.pk
    assert application.entry_id == application.organisation_id == kept.pk
    assert (application.phone, application.decline_reason) == ("0711 2", "")
    assert HoursEntry.objects.filter(application=application).count() == 2
    assert application.messages.count() == 1
    assert Certificate.objects.filter(organisation=kept, volunteer=new.volunteer).count() == 2


def test_the_newer_inspection_of_a_certificate_of_conduct_stays(kept, merged, merge):
    application = factories.make_application(kept)
    seen_by = factories.make_user("seen@example.org")
    old = datetime.date(2026, 1, 1)
    factories.make_conduct_check(application, seen_by, issued_on=old, seen_on=old)
    application.organisation = merged
    newer = factories.make_conduct_check(application, seen_by)

    merge()

    assert ConductCheck.objects.get().pk == newer.pk
    assert ConductCheck.objects.get().organisation_id == kept.pk


def test_counts_of_deleted_records_are_added_up(kept, merged, merge):
    for organisation in (kept, merged):
        tally(organisation=organisation, entry=organisation)

    merge()

    assert [(t.organisation_id, t.entry_id, t.count) for t in Tally.objects.all()] == [
        (kept.pk, kept.pk, 6)
    ]


def test_a_programme_with_both_as_partners_has_one(kept, merged, merge):
    programme = factories.make_programme(partners=[kept, merged])

    merge()

    assert list(programme.partners.all()) == [kept]


def test_of_two_invitations_the_newer_one_still_works(kept, merged, merge):
    long_ago = timezone.now() - datetime.timedelta(days=2)
    older = factories.make_invitation(kept, created_at=long_ago)
    newer = factories.make_invitation(merged)

    merge()

    with pytest.raises(InvitationGone):
        accept_invitation(public_id=older.public_id)
    assert accept_invitation(public_id=newer.public_id).organisation_id == kept.pk


@pytest.mark.parametrize("upside_down", [True, False])
def test_an_organisation_is_never_in_charge_of_itself(upside_down, kept, merged, merge):
    below, above = (kept, merged) if upside_down else (merged, kept)
    below.department = above
    below.save()

    merge()

    kept.refresh_from_db()
    assert kept.department_id != kept.pk
    assert Organisation.objects.visible_to(factories.make_member(kept).user).exists()


def test_a_pair_that_was_found_to_be_different_can_be_merged_after_all(kept, merged, merge):
    DifferentPair.objects.create(one=merged, other=kept)

    merge()

    assert not DifferentPair.objects.exists()


# --- what it says ---------------------------------------------------------------------------------


def test_what_the_kept_one_lacks_comes_from_the_merged_one(kept, merged, merge):
    Organisation.objects.filter(pk=kept.pk).update(summary="Wir helfen.", is_published=False)
    district = factories.make_district()
    merged.districts.set([district])
    Organisation.objects.filter(pk=merged.pk).update(
        summary="Etwas anderes.", website="https://sued.example", founded=2015, as_of="2026-05-01"
    )

    merge()

    kept.refresh_from_db()
    assert (kept.summary, kept.website, kept.founded) == (
        "Wir helfen.",
        "https://sued.example",
        2015,
    )
    assert kept.as_of == datetime.date(2026, 5, 1)
    assert list(kept.districts.all()) == [district]
    assert kept.title == "Freundeskreis Süd"
    assert kept.is_published  # one of them was to be seen


def test_every_field_can_be_chosen(kept, merged, merge, portal):
    here, there = factories.make_field("Sprache"), factories.make_field("Wohnen")
    kept.fields.set([here])
    merged.fields.set([there])
    Organisation.objects.filter(pk=kept.pk).update(description="Erstens.", languages=["de"])
    Organisation.objects.filter(pk=merged.pk).update(
        description="Zweitens.", languages=["de", "ar"], internal_note="Anruf"
    )
    kept.refresh_from_db()
    merged.refresh_from_db()
    comparison = Comparison(kept, merged, portal)
    which = {choice.name: choice.proposed for choice in comparison.choices}
    assert which | {"title": "kept", "internal_note": "merged"} == which

    both = {"fields": BOTH, "description": BOTH, "languages": BOTH, "title": "merged"}
    merge(values=comparison.chosen(which | both))

    kept.refresh_from_db()
    assert kept.title == "Freundeskreis Sued (FKS)"
    assert kept.description == "Erstens.\n\nZweitens."
    assert kept.languages == ["de", "ar"]
    assert set(kept.fields.all()) == {here, there}
    assert kept.internal_note == "Anruf"


def test_values_that_do_not_fit_together_are_refused_and_nothing_is_lost(kept, merged, merge):
    with pytest.raises(DomainError, match="Das Ende liegt vor dem Beginn"):
        merge(values={"starts_on": datetime.date(2026, 2, 1), "ends_on": datetime.date(2026, 1, 1)})

    assert Organisation.objects.filter(pk__in=[kept.pk, merged.pk]).count() == 2


def test_what_was_changed_since_it_was_compared_is_compared_again(kept, merged, merge, portal):
    seen = Comparison(kept, merged, portal).fingerprint
    Organisation.objects.filter(pk=merged.pk).update(website="https://neu.example")

    with pytest.raises(ChangedMeanwhile):
        merge(seen=seen)

    fresh = Comparison(kept, Organisation.objects.get(pk=merged.pk), portal).fingerprint
    merge(seen=fresh)


# --- who may --------------------------------------------------------------------------------------


def test_nobody_gets_to_see_people_by_merging(office, merged, sabine):
    with pytest.raises(WouldSeeMore):
        merge_organisations(kept=office, merged=merged, merged_by=sabine)


def test_a_department_merges_two_organisations_that_it_is_in_charge_of(kept, merged, sabine):
    merge_organisations(kept=kept, merged=merged, merged_by=sabine)

    assert not Organisation.objects.filter(pk=merged.pk).exists()


def test_the_clearing_office_stays(office, kept, portal):
    with pytest.raises(ClearingOfficeStays):
        merge_organisations(kept=kept, merged=office, merged_by=portal)


def test_merging_twice_or_with_itself_is_refused(kept, merged, merge, portal):
    with pytest.raises(AlreadyMerged):
        merge_organisations(kept=kept, merged=kept, merged_by=portal)
    merge()
    with pytest.raises(AlreadyMerged):
        merge()


def test_who_has_a_role_now_is_logged_and_told_to_colleagues(kept, merged, merge):
    colleague = factories.make_member(kept, factories.make_user("katrin@example.org")).user
    moved = factories.make_member(merged)

    merge()

    event = SecurityEvent.objects.get(kind=SecurityEvent.Kind.ROLE_GIVEN)
    assert event.about == f"membership {moved.pk}"
    assert [message.to for message in mail.outbox] == [[moved.user.email], [colleague.email]] or [
        message.to for message in mail.outbox
    ] == [[colleague.email]]


# --- afterwards -----------------------------------------------------------------------------------


def test_old_addresses_lead_to_the_kept_one(kept, merged, merge, portal, client):
    admin = Client()
    admin.force_login(portal)
    old = merged.get_absolute_url()
    number = merged.pk
    merge()

    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, kept.get_absolute_url())
    response = client.get(f"/anmelden/{merged.slug}/")
    assert (response.status_code, response["Location"]) == (301, f"/anmelden/{kept.slug}/")
    for page in ("change", "history"):
        response = admin.get(f"/verwaltung/programs/organisation/{number}/{page}/")
        assert response.status_code == 301
        assert response["Location"] == f"/verwaltung/programs/organisation/{kept.pk}/change/"


def test_an_address_of_a_hidden_organisation_leads_nowhere(kept, merged, merge, client):
    old = merged.get_absolute_url()
    merge(values={"is_published": False})

    assert client.get(old).status_code == 404
    assert client.get(f"/verwaltung/programs/organisation/{merged.pk}/change/").status_code == 302


@pytest.mark.slow
def test_addresses_still_work_when_the_kept_one_is_merged_itself(
    kept, merged, merge, portal, client
):
    merge()
    third = factories.make_circle("Freundeskreis im Süden")
    merge_organisations(kept=third, merged=kept, merged_by=portal)

    for gone in (kept, merged):
        assert client.get(gone.get_absolute_url())["Location"] == third.get_absolute_url()
        assert Organisation.objects.current(gone.pk) == third


def test_the_history_says_who_merged_what(kept, merged, merge, portal):
    LogEntry.objects.create(
        user=portal,
        content_type=ContentType.objects.get_for_model(Organisation),
        object_id=str(merged.pk),
        object_repr="x",
        action_flag=CHANGE,
        change_message="Eintrag bestätigt.",
    )
    merge()

    client = Client()
    client.force_login(portal)
    page = client.get(f"/verwaltung/programs/organisation/{kept.pk}/history/").content.decode()
    assert "Mit „Freundeskreis Sued (FKS)“ zusammengeführt." in page
    assert "Eintrag bestätigt." in page


def test_a_new_organisation_does_not_take_the_address_of_a_merged_one(merged, merge):
    Organisation.objects.filter(pk=merged.pk).update(slug="freundeskreis-sued")
    merge()

    assert free_slug(Entry, "Freundeskreis Süd") == "freundeskreis-sued-2"
