"""Mails to people who signed up."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from ..links.applications import confirm_url, status_url
from ..links.people import person_url
from ..models import Application
from ..models.statuses import Status
from ..periods import after_days, days
from . import outbox
from .in_german import as_said, by_hand
from .sending import News, send
from .speaking import to_person

TEMPLATES = {
    Status.NEW: "applications/moved_up",
    Status.IN_CONTACT: "applications/in_contact",
    Status.IN_TRAINING: "applications/in_training",
    Status.READY: "applications/ready",
    Status.PLACED: "applications/placed",
    Status.PAUSED: "applications/paused",
    Status.COMPLETED: "applications/completed",
    Status.DECLINED: "applications/declined",
}
"""The mails about statuses that staff sets."""


def _send(application: Application, subject: str, template: str, **context: Any) -> None:
    send(
        application.email,
        subject,
        template,
        offer=offer_of(application),
        application=application,
        wish=as_said(application.wish),
        who=as_said(application.answered_by),
        reason=by_hand(application.decline_reason),
        group=application.group_label if application.confirmed_at else "",
        my_page=person_url(application) if application.confirmed_at else "",
        **context,
    )


def offer_of(application: Application) -> str:
    """The title for the subject; none when the person does not know yet what fits."""
    return as_said(application.wish) if application.entry_id else ""


@to_person()
def ask_for_confirmation(application: Application) -> None:
    _send(
        application,
        _("Bitte bestätigen Sie Ihre Anmeldung"),
        "applications/confirm",
        unasked=True,
        url=confirm_url(application),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
        after=after_days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def already_signed_up(application: Application) -> None:
    _send(
        application,
        _("Sie sind schon angemeldet"),
        "applications/already_signed_up",
        unasked=True,
        url=status_url(application),
    )


@to_person()
def confirmed(application: Application) -> None:
    waiting = application.status == Status.WAITING
    subject = _("Sie stehen auf der Warteliste") if waiting else _("Ihre Anmeldung ist angekommen")
    _send(
        application, subject, "applications/confirmed", url=status_url(application), waiting=waiting
    )


@to_person()
def moved_up(application: Application) -> None:
    outbox.take_back(_topic(application), was="")
    _send(application, _is_free(application), "applications/moved_up", url=status_url(application))


def _is_free(application: Application) -> str:
    if application.is_group:
        return _("Plätze für Ihre Gruppe sind frei geworden")
    return _("Ein Platz ist frei geworden")


@to_person()
def withdrawn(application: Application) -> None:
    outbox.take_back(_topic(application), was="")
    _send(application, _("Ihre Anmeldung ist zurückgezogen"), "applications/withdrawn")


def _topic(application: Application) -> str:
    return f"application.{application.pk}.status"


@to_person()
def status_changed(application: Application, *, was: str) -> None:
    """Send the mail for the new status; every status that staff can set has one.

    None if the status is again what the person knows, because a change was undone at once.
    """
    news = News(_topic(application), was, application.status).to_tell()
    if news is None:
        return
    subject = {
        Status.NEW: _is_free(application),
        Status.IN_CONTACT: _("Ihre Anmeldung wird bearbeitet"),
        Status.IN_TRAINING: _("Es geht weiter: Ihre Vorbereitung"),
        Status.READY: _("Sie können starten"),
        Status.PLACED: _("Ihr Engagement beginnt"),
        Status.PAUSED: _("Ihr Engagement ruht"),
        Status.COMPLETED: _("Danke für Ihr Engagement"),
        Status.DECLINED: _("Zu Ihrer Anmeldung"),
    }[Status(application.status)]
    template = TEMPLATES[Status(application.status)]
    _send(application, subject, template, url=status_url(application), news=news)
