"""Invented people who look for a companion, their tandems and check-ins.

The rows are created directly, with dates in the past. Otherwise they follow the rules of
``volunteers.services``.
"""

import datetime
from typing import Any

from django.utils import timezone

from portal.reference.files import Record
from programs.models import District, Field, Programme
from volunteers.models import (
    Application,
    Asker,
    CheckIn,
    CompanionRequest,
    Consent,
    FirstMeeting,
    Fit,
    Side,
    Tandem,
    Volunteer,
)
from volunteers.models.companions import WANTED, RequestStatus, TandemStatus
from volunteers.models.families import AgreedHow
from volunteers.reads.first_weeks import trial_end
from volunteers.reads.protection import concept_of
from volunteers.services.requests import looked_after_by

from .accounts import member_of
from .files import read
from .once import Once

APPLICATION_FIELDS = ("gender", "weekdays", "dayparts")
REQUEST_FIELDS = [name for name in WANTED if name not in {"district", "fields"}]


def load(once: Once, now: datetime.datetime) -> int:
    """Create requests and tandems; returns how many requests. Needs the applications of ``people``."""
    for wish in read("companion_volunteers.json"):
        if once.is_new("tandem-wishes", wish["email"]):
            _add_wishes(wish)
    new = [r for r in read("companion_requests.json") if once.is_new("companion", r["slug"])]
    made = {record["slug"]: _make_request(record, now) for record in new}
    for record in read("companion_tandems.json"):
        if once.is_new("tandem", record["request"]) and record["request"] in made:
            _make_tandem(record, made[record["request"]], now)
    return len(new)


def _add_wishes(wish: Record) -> None:
    """Add to a volunteer's application what matters for tandems."""
    values = {name: wish[name] for name in APPLICATION_FIELDS if name in wish}
    Volunteer.objects.filter(email=wish["email"]).update(gender=wish["gender"])
    applications = Application.objects.filter(email=wish["email"], entry__slug="willkommenspaten")
    applications.update(**values)
    for application in applications:
        if "districts" in wish:
            application.districts.set(District.objects.filter(pk__in=wish["districts"]))
        if "fields" in wish:
            application.fields.set(Field.objects.filter(slug__in=wish["fields"]))


def _make_request(record: Record, now: datetime.datetime) -> CompanionRequest:
    programme: Any = Programme.objects.filter(slug=record["programme"]).first()
    organisation = looked_after_by(programme)
    by_phone = record.get("by_phone", False)
    confirmed_at = now - datetime.timedelta(days=record["days_ago"])
    asker = _make_asker(record["asker"], confirmed_at) if "asker" in record else None
    request = CompanionRequest.objects.create(
        **{name: record[name] for name in REQUEST_FIELDS if name in record},
        programme=programme,
        organisation=organisation,
        district=District.objects.filter(pk=record["district"]).first(),
        status=RequestStatus.AWAITING if asker else RequestStatus.OPEN,
        asker=asker,
        tell_asker=asker is not None,
        entered_by=member_of(organisation) if by_phone else None,
        submitted_at=now - datetime.timedelta(days=record["days_ago"], minutes=20),
        confirmed_at=None if asker else confirmed_at,
        **({} if asker else _agreed(record, confirmed_at)),
        is_demo=True,
    )
    request.fields.set(Field.objects.filter(slug__in=record["fields"]))
    if asker is None:
        Consent.objects.give(request, given_at=request.submitted_at)
    return request


def _agreed(record: Record, at: datetime.datetime) -> dict[str, Any]:
    """What a guardian has said for a child, at once with the request."""
    if "child_age" not in record:
        return {}
    return {"agreed_name": record["name"], "agreed_at": at, "agreed_how": AgreedHow.LINK}


def _make_asker(record: Record, at: datetime.datetime) -> Asker:
    return Asker.objects.create(**record, asked_at=at, confirmed_at=at, is_demo=True)


def _make_tandem(record: Record, request: CompanionRequest, now: datetime.datetime) -> None:
    """Create a proposal, or a running tandem with its check-ins. Does nothing without the volunteer."""
    applications = Application.objects.filter(entry=request.programme, email=record["volunteer"])
    application = applications.first()
    if application is None or application.volunteer is None:
        return
    at = now - datetime.timedelta(days=record["days_ago"])
    runs = record["status"] == TandemStatus.RUNNING
    protection = concept_of(request.programme_id)
    tandem = Tandem.objects.create(
        request=request,
        application=application,
        volunteer=application.volunteer,
        organisation=request.organisation,
        status=record["status"],
        proposed_at=at - datetime.timedelta(days=4 if runs else 0),
        proposed_by=member_of(request.organisation),
        volunteer_answer="yes" if runs else "",
        newcomer_answer="yes" if runs else record.get("newcomer_answer", ""),
        started_on=timezone.localdate(at) if runs else None,
        trial_until=trial_end(None, timezone.localdate(at)) if runs else None,
        first_meeting_with=protection.first_meeting_with if runs and protection else "",
        is_demo=True,
    )
    if runs:
        request.status = RequestStatus.MATCHED
        request.save(update_fields=["status"])
    if "met_after" in record:
        _meet(tandem, at + datetime.timedelta(days=record["met_after"]))
    for check_in in record.get("check_ins", []):
        _make_check_in(check_in, tandem, at)


def _make_check_in(record: Record, tandem: Tandem, started: datetime.datetime) -> None:
    at = started + datetime.timedelta(days=record["after"], hours=2)
    reply = record.get("reply", "")
    CheckIn.objects.create(
        tandem=tandem,
        side=record["side"],
        due_on=timezone.localdate(started) + datetime.timedelta(days=record["after"]),
        sent_at=at,
        reply=reply,
        replied_at=at if reply else None,
        note=record.get("note", ""),
    )
    if reply and tandem.met_on is None:
        _meet(tandem, at)
    if reply == CheckIn.Reply.SUPPORT:
        tandem.needs_support_since = at
        tandem.save(update_fields=["needs_support_since"])


def _meet(tandem: Tandem, at: datetime.datetime) -> None:
    """Both have met and say that it fits."""
    tandem.met_on = timezone.localdate(at)
    tandem.save(update_fields=["met_on"])
    said = {"met": "yes", "met_at": at, "fit": Fit.FITS, "fit_at": at}
    for side in Side:
        FirstMeeting.objects.create(tandem=tandem, side=side, **said)
