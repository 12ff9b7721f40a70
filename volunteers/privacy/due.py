"""Records whose retention period is over, found by their present state.

Dates are those of Stuttgart. What ended on 31 August is half a year old on the last day of
February, and is deleted in the following night at the latest.
"""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from programs.models import Membership

from ..models import (
    AccessRequest,
    Application,
    Asker,
    CompanionRequest,
    Concern,
    DateRequest,
    Enquiry,
    GroupMessage,
    Invitation,
    MailStop,
    OrganisationProposal,
    OutgoingMail,
    Registration,
    ShortLink,
    StatusChange,
    Tandem,
    User,
    Volunteer,
)
from ..models.above import models_above
from ..models.companions import RequestStatus, TandemStatus
from ..models.identity import same_person
from ..models.standing_orders import order_models
from ..models.statuses import Status
from ..periods import over_before
from . import silence

DECLINED_OR_WITHDRAWN = (Status.DECLINED, Status.WITHDRAWN)
OVER = (RequestStatus.CLOSED, RequestStatus.WITHDRAWN)
CAME_TO_NOTHING = (TandemStatus.DECLINED, TandemStatus.LAPSED)


def days_ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def tandems() -> QuerySet[Tandem]:
    """Tandems that ended or failed ``KEEP_ENDED_TANDEMS_MONTHS`` ago.

    For a proposal the last answer counts; without an answer, the day of the proposal.
    """
    limit = over_before(settings.KEEP_ENDED_TANDEMS_MONTHS)
    last = Greatest("proposed_at", "volunteer_answered_at", "newcomer_answered_at")
    ended = Q(status=TandemStatus.ENDED, ended_on__lt=timezone.localdate(limit))
    nothing = Q(status__in=CAME_TO_NOTHING, last__lt=limit)
    return Tandem.objects.alias(last=last).filter(ended | nothing)


def requests() -> QuerySet[CompanionRequest]:
    """Closed and withdrawn requests without a tandem, after ``KEEP_ENDED_TANDEMS_MONTHS``."""
    over_at = Coalesce("closed_at", "confirmed_at", "submitted_at")
    return CompanionRequest.objects.alias(over_at=over_at).filter(
        ~Exists(Tandem.objects.filter(request=OuterRef("pk"))),
        status__in=OVER,
        over_at__lt=over_before(settings.KEEP_ENDED_TANDEMS_MONTHS),
    )


def closed_applications() -> QuerySet[Application]:
    """Declined and withdrawn ones, ``KEEP_CLOSED_APPLICATIONS_MONTHS`` after the last step.

    An application with a tandem is kept as long as the tandem, because the tandem is also somebody
    else's.
    """
    steps = StatusChange.objects.filter(application=OuterRef("pk")).order_by("-at")
    over_at = Coalesce(Subquery(steps.values("at")[:1]), "submitted_at")
    return Application.objects.alias(over_at=over_at).filter(
        ~Exists(Tandem.objects.filter(application=OuterRef("pk"))),
        status__in=DECLINED_OR_WITHDRAWN,
        over_at__lt=over_before(settings.KEEP_CLOSED_APPLICATIONS_MONTHS),
    )


def registrations() -> QuerySet[Registration]:
    """Registrations for events that ended ``KEEP_REGISTRATIONS_MONTHS`` ago."""
    over_at = Coalesce("event__ends_at", "event__starts_at")
    limit = over_before(settings.KEEP_REGISTRATIONS_MONTHS)
    return Registration.objects.alias(over_at=over_at).filter(over_at__lt=limit)


def empty_volunteers() -> QuerySet[Volunteer]:
    """Volunteers without any records: no application (and so no hours), no registration, no certificate.

    There may also be no other record of the same person, such as a request for a companion: it
    would be deleted with the profile, but has a rule of its own.
    """
    return Volunteer.objects.filter(
        ~Exists(Application.objects.filter(same_person(), volunteer__isnull=True)),
        ~Exists(Registration.objects.filter(same_person(), volunteer__isnull=True)),
        ~Exists(CompanionRequest.objects.filter(same_person())),
        ~Exists(DateRequest.objects.filter(same_person())),
        ~Exists(AccessRequest.objects.filter(same_person())),
        ~Exists(OrganisationProposal.objects.filter(same_person())),
        ~Exists(Enquiry.objects.filter(same_person())),
        ~Exists(Concern.objects.filter(same_person())),
        ~Exists(Asker.objects.filter(same_person())),
        ~Exists(Invitation.objects.filter(same_person())),
        *(~Exists(one._default_manager.filter(same_person())) for one in models_above()),
        applications__isnull=True,
        registrations__isnull=True,
        certificates__isnull=True,
        tandems__isnull=True,
    )


def unused_accounts() -> QuerySet[User]:
    """Accounts without a role and without other data, unused for ``ACCESS_UNUSED_MONTHS``."""
    email = {"email": OuterRef("email")}
    return User.objects.alias(used_at=Coalesce("last_login", "date_joined")).filter(
        ~Exists(Application.objects.filter(**email)),
        ~Exists(Registration.objects.filter(**email)),
        ~Exists(CompanionRequest.objects.filter(**email)),
        ~Exists(DateRequest.objects.filter(**email)),
        ~Exists(AccessRequest.objects.filter(**email)),
        ~Exists(OrganisationProposal.objects.filter(**email)),
        ~Exists(Enquiry.objects.filter(**email)),
        ~Exists(Concern.objects.filter(**email)),
        ~Exists(Asker.objects.filter(**email)),
        *(~Exists(one._default_manager.filter(**email)) for one in models_above()),
        ~Exists(Membership.objects.active().filter(user=OuterRef("pk"))),
        is_superuser=False,
        volunteer__isnull=True,
        used_at__lt=over_before(settings.ACCESS_UNUSED_MONTHS),
    )


def enquiries() -> QuerySet[Enquiry]:
    """Questions ``KEEP_ANSWERED_ENQUIRIES_MONTHS`` after the answer; all after ``KEEP_ENQUIRIES_MONTHS``."""
    answered = Q(answered_at__lt=over_before(settings.KEEP_ANSWERED_ENQUIRIES_MONTHS))
    old = Q(asked_at__lt=over_before(settings.KEEP_ENQUIRIES_MONTHS))
    return Enquiry.objects.filter(answered | old)


def group_messages() -> QuerySet[GroupMessage]:
    """Messages to many ``SECURITY_LOG_DAYS`` after they were written; each person keeps their own copy."""
    return GroupMessage.objects.filter(written_at__lt=days_ago(settings.SECURITY_LOG_DAYS))


def concerns() -> QuerySet[Concern]:
    """Concerns ``KEEP_DONE_CONCERNS_MONTHS`` after they were closed; all after ``KEEP_CONCERNS_MONTHS``."""
    closed = Q(done_at__lt=over_before(settings.KEEP_DONE_CONCERNS_MONTHS))
    old = Q(came_at__lt=over_before(settings.KEEP_CONCERNS_MONTHS))
    return Concern.objects.filter(closed | old)


def unconfirmed_orders() -> "list[QuerySet[Any]]":
    """Newsletters and searches by mail that somebody asked for and nobody confirmed."""
    return [one._default_manager.expired() for one in order_models()]


def ended_orders() -> "list[QuerySet[Any]]":
    """Those that ended ``KEEP_ENDED_SUBSCRIPTIONS_MONTHS`` ago."""
    return [one._default_manager.over() for one in order_models()]


def undelivered_mail() -> QuerySet[OutgoingMail]:
    """Mails that no server has accepted for ``SECURITY_LOG_DAYS``."""
    limit = days_ago(settings.SECURITY_LOG_DAYS)
    return OutgoingMail.objects.filter(sent_at__isnull=True, created_at__lt=limit)


def short_links() -> QuerySet[ShortLink]:
    """Short links that nobody has opened for as long as the portal keeps people it hears nothing of."""
    return ShortLink.objects.filter(used_on__lt=_silent_since())


def mail_stops() -> QuerySet[MailStop]:
    """Stops that have held no mail back for the same time."""
    return MailStop.objects.filter(used_on__lt=_silent_since())


def _silent_since() -> datetime.date:
    return timezone.localdate(over_before(silence.longest()))
