"""Mails about the preparation."""

import datetime

from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links.applications import status_url
from ..models import Application
from .applications import offer_of
from .in_german import as_said
from .people import send_to_members
from .sending import send
from .speaking import to_person, to_staff


@to_person()
def certificate_due(application: Application, due_on: datetime.date) -> None:
    """To the person: a new certificate of good conduct is needed by ``due_on``."""
    send(
        application.email,
        _("Bitte zeigen Sie uns ein neues Führungszeugnis"),
        "preparation/conduct_check_due",
        offer=offer_of(application),
        who=as_said(application.answered_by),
        wish=as_said(application.wish),
        due_on=due_on,
        url=status_url(application),
    )


@to_staff
def certificate_due_for_staff(application: Application, due_on: datetime.date) -> None:
    """To each member of the organisation that answers."""
    send_to_members(
        application.organisation,
        _("Wiedervorlage: Führungszeugnis"),
        "preparation/conduct_check_due_staff",
        offer=offer_of(application),
        application=application,
        wish=application.wish,
        due_on=due_on,
        url=admin_url(application),
    )
