"""Mails about counselling. Neither side sees the address of the other."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_url
from programs.models import Organisation
from volunteers.notifications import speaking
from volunteers.notifications.in_german import marked
from volunteers.notifications.messages import from_staff, quoted
from volunteers.notifications.people import send_to_members
from volunteers.notifications.sending import send
from volunteers.periods import days

from . import links
from .models import CounsellingMessage, CounsellingRequest


@speaking.to_person()
def ask_for_confirmation(asked: CounsellingRequest) -> None:
    send(
        asked.email,
        _("Bitte bestätigen: Ihre Anfrage um Beratung"),
        "counselling/confirm",
        unasked=True,
        url=links.confirm_url(asked),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@speaking.to_staff
def to_answer(asked: CounsellingRequest) -> int:
    """To the department, without the person: who asks and what for stands on the page behind the link."""
    return send_to_members(
        asked.organisation,
        _("Jemand bittet um Beratung"),
        "counselling/to_answer",
        offer=asked.get_audience_display(),
        asked=asked,
        url=admin_url(asked),
    )


@speaking.to_person()
def handed_on(asked: CounsellingRequest) -> None:
    send(
        asked.email,
        _("Ihre Anfrage um Beratung hat jetzt eine andere Stelle"),
        "counselling/handed_on",
        name=marked(asked.organisation.title),
        asked=asked,
        url=links.url(asked),
    )


@speaking.to_person("request")
def to_person(message: CounsellingMessage) -> None:
    asked = message.request
    send(
        asked.email,
        _("Neue Nachricht zu Ihrer Beratung"),
        "counselling/to_person",
        written_in=settings.LANGUAGE_CODE,
        who=marked(asked.organisation.title),
        text=from_staff(message.text),
        url=f"{links.url(asked)}#nachrichten",
    )


@speaking.to_staff
def to_staff(message: CounsellingMessage) -> int:
    asked = message.request
    return send_to_members(
        asked.organisation,
        _("Neue Nachricht zu einer Beratung"),
        "counselling/to_staff",
        offer=asked.get_audience_display(),
        asked=asked,
        text=quoted(message.text),
        url=f"{admin_url(asked)}#messages",
    )


@speaking.to_staff
def answers_due(organisation: Organisation, found: Sequence[CounsellingRequest]) -> int:
    """A summary of all that have to be answered soon or are overdue, without names of people."""
    subject = ngettext(
        "Eine Beratung wartet auf Ihre Antwort",
        "%(count)d Beratungen warten auf Ihre Antwort",
        len(found),
    )
    return send_to_members(
        organisation,
        subject % {"count": len(found)},
        "counselling/answers_due",
        found=found,
        url=admin_url(CounsellingRequest, wartet="ja"),
    )
