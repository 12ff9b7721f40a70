"""Inactive volunteers: who is asked whether the data may stay, and who is deleted.

Nobody is asked or deleted who is in a tandem or proposed for one, whose application an organisation
still works on (``AT_WORK``), or who also looks for a companion. People who only wait for a place,
or are paused, are asked like all others. The portal asks people who gave no sign of activity for
``INACTIVE_VOLUNTEER_MONTHS``. Those who then give none for ``INACTIVE_ANSWER_MONTHS`` are deleted.

A sign is anything that the person or an organisation did: a step of the application, a message,
hours, an expense, a step of the preparation, an event or a single date (also a coming one), a tandem or an
answer in it, a certificate, a change of the profile, a login. What the portal sends on its own is not a
sign, nor is a message to many.
"""

import datetime
from typing import Any

from django.conf import settings
from django.db.models import (
    DateTimeField,
    Exists,
    Expression,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Greatest

from ..models import (
    Application,
    Certificate,
    CheckIn,
    CompanionRequest,
    DateOffer,
    DateRequest,
    Expense,
    FirstMeeting,
    HoursEntry,
    Message,
    Registration,
    StatusChange,
    StepRecord,
    Tandem,
    Volunteer,
)
from ..models.companions import RequestStatus
from ..models.identity import same_person
from ..models.statuses import Status
from ..periods import add_months, over_before

AT_WORK = (Status.NEW, Status.IN_CONTACT, Status.IN_TRAINING, Status.READY, Status.PLACED)


def to_ask() -> QuerySet[Volunteer]:
    """Inactive ones who have not been asked since their last sign; without an address nobody can be asked."""
    unasked = Q(asked_to_stay_at__isnull=True) | Q(asked_to_stay_at__lt=F("last_sign"))
    return silent().filter(unasked).exclude(email="")


def to_delete() -> QuerySet[Volunteer]:
    """Inactive ones who were asked and have not answered in time; without an address after the same time."""
    asked = Q(
        asked_to_stay_at__gte=F("last_sign"),
        asked_to_stay_at__lt=over_before(settings.INACTIVE_ANSWER_MONTHS),
    )
    unasked = Q(email="", last_sign__lt=over_before(longest()))
    return silent().filter(asked | unasked)


def longest() -> int:
    """The months for which the portal keeps people it hears nothing of, the time for an answer included."""
    return int(settings.INACTIVE_VOLUNTEER_MONTHS + settings.INACTIVE_ANSWER_MONTHS)


def answer_until(asked_on: datetime.date) -> datetime.date:
    """The last day on which an answer is in time; the job deletes in the following night."""
    return add_months(asked_on, settings.INACTIVE_ANSWER_MONTHS) - datetime.timedelta(days=1)


def silent() -> QuerySet[Volunteer]:
    """No sign for ``INACTIVE_VOLUNTEER_MONTHS``, and nobody waits for them."""
    here = {"volunteer": OuterRef("pk")}
    looking = CompanionRequest.objects.filter(same_person()).exclude(
        status__in=(RequestStatus.CLOSED, RequestStatus.WITHDRAWN)
    )
    limit = over_before(settings.INACTIVE_VOLUNTEER_MONTHS)
    return (
        Volunteer.objects.filter(updated_at__lt=limit)  # a sign, too, and cheap to check
        .alias(last_sign=last_sign())
        .filter(last_sign__lt=limit)
        .exclude(Exists(Application.objects.filter(status__in=AT_WORK, **here)))
        .exclude(Exists(Tandem.objects.filter(**here).alive()))
        .exclude(Exists(looking))
    )


def last_sign() -> Expression:
    """The time of a volunteer's last sign; GREATEST ignores NULL."""
    of_application = {"application__volunteer": OuterRef("pk")}
    of_tandem = {"tandem__volunteer": OuterRef("pk")}
    here = {"volunteer": OuterRef("pk")}
    coming = Registration.objects.filter(confirmed_at__isnull=False)
    moments = ("submitted_at", "confirmed_at", "event__starts_at")
    looking = CompanionRequest.objects.filter(same_person(), confirmed_at__isnull=False)
    return Greatest(
        "updated_at",
        "stayed_at",
        "user__last_login",
        _last(
            Application.objects.filter(**here),
            "submitted_at",
            "confirmed_at",
            "contact_answered_at",
        ),
        _last(StatusChange.objects.filter(**of_application), "at"),
        _last(Message.objects.filter(**of_application, to_many=False), "at"),
        _last(StepRecord.objects.filter(**of_application), "recorded_at"),
        _last(HoursEntry.objects.filter(**of_application), "entered_at", "confirmed_at"),
        _last(Expense.objects.filter(**of_application), "submitted_at", "decided_at", "closed_at"),
        _last(Certificate.objects.filter(**here), _moment("issued_on")),
        _last(coming.filter(**here), *moments),
        _last(coming.filter(same_person()), *moments),  # before there was a record
        _last(
            Tandem.objects.filter(**here),
            "proposed_at",
            "volunteer_answered_at",
            "newcomer_answered_at",
            _moment("ended_on"),
        ),
        _last(CheckIn.objects.filter(**of_tandem), "replied_at"),
        _last(FirstMeeting.objects.filter(**of_tandem, side="volunteer"), "met_at", "fit_at"),
        _last(looking, "submitted_at", "closed_at"),
        _last(DateRequest.objects.filter(companion=OuterRef("pk")), "starts_at", "replied_at"),
        _last(DateOffer.objects.filter(**here), "gave_back_at"),
    )


def _last(rows: "QuerySet[Any]", *moments: str | Expression) -> Subquery:
    """The latest of these times in all ``rows`` of one volunteer."""
    latest = Max(Greatest(*moments) if len(moments) > 1 else moments[0])
    one = rows.order_by().annotate(all=Value(1)).values("all")
    return Subquery(one.annotate(latest=latest).values("latest"), output_field=DateTimeField())


def _moment(day: str) -> Cast:
    return Cast(day, DateTimeField())
