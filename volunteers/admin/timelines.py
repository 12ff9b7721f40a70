"""The timelines of people: what each part reads, and its sentence. Only rows that the user may see.

Concerns are in none of them, and no mail is looked up by its address: a subject may tell what only a
person of trust may know. Of mails there is what the record itself knows, and the ledger of reminders.
"""

from typing import Any

from django.db.models import (
    Case,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextField,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Lag, NullIf, TruncMonth

from programs.models import Event
from programs.timelines import Part, part

from ..models import (
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    ConductCheck,
    Enquiry,
    GroupRecipient,
    HoursEntry,
    Message,
    Registration,
    Reminder,
    StatusChange,
    Tandem,
    User,
    Volunteer,
)
from ..models.above import models_above
from ..models.companions import Side
from ..models.group_messages import Outcome
from ..models.identity import named
from ..models.registrations import EVENT_INVITATION, RegistrationStatus
from ..models.steps import DueOn
from ..reminders.applications import CONTACT_QUESTION
from ..reminders.checks import PERSON
from . import timeline_words as words


def of_application(application: Application, user: User) -> list[Part]:
    """Of the person who signed up, as far as the user may see the person."""
    if application.volunteer_id is None:
        found = Application.objects.visible_to(user).filter(pk=application.pk)
        return [*_sign_ups(found), *_met(Q(application=application), Side.VOLUNTEER, user)]
    return _of_person(application.volunteer_id, application.email, application.name, user)


def of_volunteer(volunteer: Volunteer, user: User) -> list[Part]:
    return _of_person(volunteer.pk, volunteer.email, volunteer.name, user)


def of_request(found: CompanionRequest, user: User) -> list[Part]:
    """Of somebody who looks for a companion."""
    own = CompanionRequest.objects.visible_to(user).filter(pk=found.pk)
    return [
        part(words.ASKED_FOR, own, "submitted_at"),
        part(words.CONFIRMED, own, "confirmed_at"),
        part(words.AGREED, own, "agreed_at"),
        part(words.SEARCH_OVER, own, "closed_at"),
        *_met(Q(request=found), Side.NEWCOMER, user),
    ]


def _of_person(volunteer: int, email: str, name: str, user: User) -> list[Part]:
    applications = Application.objects.visible_to(user).filter(volunteer=volunteer)
    places = Registration.objects.visible_to(user).filter(volunteer=volunteer)
    return [
        *_sign_ups(applications),
        *_met(Q(application__volunteer=volunteer), Side.VOLUNTEER, user),
        *_places(places),
        *_thanks(volunteer, user),
        *_asked(email, name, user),
    ]


def _sign_ups(found: Any) -> list[Part]:
    """Changes of status, notes and talks, messages."""
    seen = found.values("pk")
    changes = StatusChange.objects.filter(application__in=seen)
    before = Window(Lag("status"), partition_by="application", order_by=("at", "pk"))
    wish = "application__entry__title"
    messages = Message.objects.filter(application__in=seen)
    asked = Reminder.objects.filter(purpose=CONTACT_QUESTION, subject__in=seen)
    return [
        part(
            words.MOVED, changes, "at", "status", before, wish, "organisation__title",
            key="application_id", quote="note",
        ),
        part(
            words.WROTE, messages, "at", "sender", "to_many", wish, key="application_id", quote="text"
        ),
        part(words.ASKED_ABOUT_CONTACT, asked, "sent_at", key="subject"),
    ]  # fmt: skip


def _met(which: Q, side: Side, user: User) -> list[Part]:
    """Tandems from proposal to end, and what this side answers when it is asked."""
    tandems = Tandem.objects.visible_to(user).filter(which)
    child = NullIf("request__child_name", Value(""))
    other: Any = Coalesce(child, "request__name", output_field=TextField())
    if side == Side.NEWCOMER:
        other, answers = F("application__name"), ("newcomer_answer", "volunteer_answer")
    else:
        answers = ("volunteer_answer", "newcomer_answer")
    own, others = answers
    said = CheckIn.objects.filter(tandem__in=tandems.values("pk"), side=side).exclude(reply="")
    return [
        part(words.PROPOSED, tandems, "proposed_at", other),
        part(words.ANSWERED, tandems, f"{own}ed_at", own, other),
        part(words.OTHER_ANSWERED, tandems, f"{others}ed_at", others, other),
        part(words.BEGAN, tandems, "started_on", other),
        part(words.ENDED, tandems, "ended_on", "end_reason", other),
        part(words.SAID, said, "replied_at", "reply", key="tandem_id"),
    ]


def _places(found: Any) -> list[Part]:
    """Invitations to events, places, attendance, messages to many guests."""
    came = found.filter(attended=True, event__is_cancelled=False)
    seen = found.values("pk")
    mailed = Reminder.objects.filter(purpose=EVENT_INVITATION, subject__in=seen)
    title = Subquery(Event.objects.filter(registrations=OuterRef("subject")).values("title")[:1])
    said_yes = found.exclude(status__in=(RegistrationStatus.INVITED,))
    written = GroupRecipient.objects.filter(registration__in=seen, outcome=Outcome.SENT)
    return [
        part(words.TOOK_A_PLACE, said_yes, "confirmed_at", "event__title", "status", key="event_id"),
        part(words.ATTENDED, came, "event__starts_at", "event__kind", "event__title", key="event_id"),
        part(words.INVITED, mailed, "sent_at", title, key=Value("")),
        part(
            words.WROTE_TO_GUESTS, written, "group__written_at", "registration__event__title",
            key=Value(""), quote="group__text",
        ),
    ]  # fmt: skip


def _thanks(volunteer: int, user: User) -> list[Part]:
    """Inspections of the certificate of conduct, hours a month, certificates."""
    checks = ConductCheck.objects.visible_to(user).filter(volunteer=volunteer)
    until = Case(When(is_clear=True, then=DueOn()))
    mailed = Reminder.objects.filter(purpose=PERSON, subject__in=checks.values("pk"))
    hours = HoursEntry.objects.visible_to(user).filter(application__volunteer=volunteer)
    by_month = hours.annotate(month=TruncMonth("on")).values("month")
    confirmed = Sum("hours", filter=Q(confirmed_at__isnull=False))
    papers = Certificate.objects.visible_to(user).filter(volunteer=volunteer)
    return [
        part(words.INSPECTED, checks, "seen_on", until),
        part(words.CHECK_REMINDED, mailed, "sent_at", key=Value("")),
        part(
            words.WORKED, by_month, Max("on"), Sum("hours"), confirmed, Max("on"),
            key=Min("application_id"),
        ),
        part(words.CERTIFIED, papers, "issued_on", "since", "until"),
        part(words.WITHDRAWN, papers, "withdrawn_at", "since", "until"),
    ]  # fmt: skip


def _asked(email: str, name: str, user: User) -> list[Part]:
    """Questions, and what the app above keeps of a person, such as requests for counselling."""
    who = named([email], name)
    questions = Enquiry.objects.visible_to(user).filter(who)
    parts = [
        part(words.ASKED, questions, "asked_at", quote="text"),
        part(words.GOT_ANSWER, questions, "answered_at"),
    ]
    for model in models_above():
        records: Any = model._default_manager.all()
        rows = records.visible_to(user).filter(who)
        label = str(model._meta.verbose_name)
        parts.append(part(words.above(model._meta.label), rows, "submitted_at", Value(label)))
    return parts
