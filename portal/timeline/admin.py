"""The timeline on the page of an organisation: what is read of it. Replaces the list of ``portal.directory``."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone

from portal.directory.admin import DirectoryAdmin
from portal.models import (
    ChangeProposal,
    CooperationOffer,
    CounsellingRequest,
    InvitedOrganisation,
    SurveyAnswer,
    Upkeep,
)
from programs.admin.timeline import TimelineMixin
from programs.history import table_of
from programs.models import Entry, Event, Membership, Organisation
from programs.requests import UserRequest
from programs.timelines import Part, part
from volunteers.models import (
    AccessRequest,
    GroupMessage,
    Invitation,
    OrganisationProposal,
    User,
)
from welcome_rooms.models import CarrierPeriod, VisitCount, WelcomeRoom

from . import words_admin as words

admin.site.unregister(Organisation)


@admin.register(Organisation)
class OrganisationTimelineAdmin(TimelineMixin[Organisation], DirectoryAdmin):
    change_form_template = "admin/timeline/change_form.html"
    newest = 5

    def timeline_of(self, request: UserRequest, record: Organisation) -> list[Part]:
        return of_organisation(record, request.user)


def of_organisation(one: Organisation, user: User) -> list[Part]:
    """What the user may see of what happened with the organisation, its entries, events and rooms."""
    own = Q(entry=one.pk) | Q(entry__organisation=one.pk)
    return [
        *_entries(one, own, user),
        *_asked(one, user),
        *_people(one, user),
        *_counselling(one, own, user),
        *_held(one, user),
    ]


def _entries(one: Organisation, own: Q, user: User) -> list[Part]:
    """Entries made, changed, confirmed, gone; proposals."""
    proposals = ChangeProposal.objects.visible_to(user).filter(own)
    came = OrganisationProposal.objects.visible_to(user).filter(organisation=one)
    parts = [
        part(words.CHANGE_PROPOSED, proposals, "made_at", "entry__title"),
        part(words.CHANGE_DECIDED, proposals, "decided_at", "entry__title", "state"),
        part(words.PROPOSED, came, "submitted_at"),
        part(words.ACCEPTED, came, "decided_at"),
    ]
    return [*parts, *_history(one, user)] if user.has_perm("programs.view_history", one) else parts


def _history(one: Organisation, user: User) -> list[Part]:
    """Many changes of an entry on one day are one line."""
    kept: QuerySet[Any] = QuerySet(table_of(Entry))
    rows = kept.filter(Q(organisation=one.pk) | Q(pgh_obj=one.pk))
    there = rows.filter(pgh_obj__in=Entry.objects.visible_to(user).values("pk"))
    changed = there.filter(pgh_label="update").annotate(day=TruncDate("pgh_created_at"))
    made = there.filter(pgh_label="insert")
    return [
        part(
            words.CHANGED, changed.values("pgh_obj_id", "day"), Max("pgh_created_at"),
            Max("title"), Max("confirmed_on"), F("day"), key=Max("pgh_obj_id"),
        ),
        part(words.MADE, made, "pgh_created_at", "title", key="pgh_obj_id"),
        part(words.DELETED, rows.filter(pgh_label="delete"), "pgh_created_at", "title", key="pgh_id"),
    ]  # fmt: skip


def _asked(one: Organisation, user: User) -> list[Part]:
    """Whether the entries are right, invitations to look after them, surveys."""
    upkeep = Upkeep.objects.visible_to(user).filter(organisation=one)
    invited = InvitedOrganisation.objects.visible_to(user).filter(organisation=one)
    answers = SurveyAnswer.objects.visible_to(user).filter(organisation=one)
    number = Case(When(number__isnull=False, then="number"))
    return [
        part(words.KEPT_TRUE, upkeep, "at", "kind"),
        part(words.INVITED, invited, "made_at"),
        part(words.REMINDED, invited, "reminded_at"),
        part(words.OPENED, invited, "opened_at"),
        part(words.NOT_WANTED, invited, "declined_at"),
        part(words.SURVEYED, answers, "asked_at", "survey__day", key="survey_id"),
        part(
            words.COUNTED, answers, "answered_at", "survey__day", number, "is_estimate",
            key="survey_id",
        ),
    ]  # fmt: skip


def _people(one: Organisation, user: User) -> list[Part]:
    """Who comes to work for it and goes. Somebody who is gone is named to the Portalverwaltung only."""
    access = AccessRequest.objects.visible_to(user).filter(organisation=one)
    open_ = Invitation.objects.visible_to(user).filter(organisation=one)
    written = GroupMessage.objects.visible_to(user).filter(organisation=one)
    parts = [
        part(words.ACCESS_WANTED, access, "submitted_at"),
        part(words.ACCESS_DECIDED, access, "decided_at", "status"),
        part(words.COLLEAGUE_INVITED, open_, "created_at", "role", key="pk"),
        part(words.WROTE_TO_MANY, written, "written_at", quote="text"),
    ]
    if not user.has_perm("programs.view_membership", one):
        return parts
    kept: QuerySet[Any] = QuerySet(table_of(Membership))
    rows = kept.filter(organisation=one.pk)
    who = User.objects.filter(pk=OuterRef("user"))
    if not user.is_superuser:
        here = Membership.objects.filter(organisation=one, user=OuterRef("pk"))
        who = who.filter(Exists(here))
    name = Subquery(who.values("name")[:1])
    ended = Membership.objects.filter(organisation=one, until__lt=timezone.localdate())
    return [
        *parts,
        part(words.CAME, rows.filter(pgh_label="insert"), "pgh_created_at", name, "role", key="pgh_id"),
        part(words.WENT, rows.filter(pgh_label="delete"), "pgh_created_at", name, "role", key="pgh_id"),
        part(words.WENT, ended, "until", "user__name", "role"),
    ]  # fmt: skip


def _counselling(one: Organisation, own: Q, user: User) -> list[Part]:
    """Requests for counselling that it answers or that are about it; what companies offered to it."""
    asked = CounsellingRequest.objects.visible_to(user).filter(Q(organisation=one) | own)
    offers = CooperationOffer.objects.visible_to(user).filter(Q(organisation=one) | Q(benefits=one))
    return [
        part(words.COUNSELLING_ASKED, asked, "submitted_at", "audience"),
        part(words.COUNSELLING_OVER, asked, "closed_at", "audience"),
        part(words.OFFERED, offers, "submitted_at", "company"),
        part(words.OFFER_SETTLED, offers, "settled_on", "company", "status"),
    ]


def _held(one: Organisation, user: User) -> list[Part]:
    """Events that are over, rooms it ran, visits a month."""
    events = Event.objects.visible_to(user).filter(organisation=one, ends_at__lt=timezone.now())
    rooms = WelcomeRoom.objects.visible_to(user).values("pk")
    runs = CarrierPeriod.objects.filter(organisation=one, room__in=rooms)
    today = timezone.localdate()
    visits = VisitCount.objects.visible_to(user).filter(room__organisation=one)
    by_month = visits.annotate(month=TruncMonth("day")).values("month", "room")
    return [
        part(words.HELD, events, "starts_at", "kind", "title", "is_cancelled"),
        part(words.RUNS, runs.filter(since__lte=today), "since", "room__title", key="room_id"),
        part(words.RAN, runs.filter(until__lt=today), "until", "room__title", key="room_id"),
        part(
            words.VISITED, by_month, Max("day"), Max("room__title"), Sum("number"), Max("day"),
            key=Min("room_id"),
        ),
    ]  # fmt: skip
