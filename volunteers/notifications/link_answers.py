"""Mails to the known address of an organisation that answers by link; nobody's name stands in them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.models import Organisation

from ..links.organisations import Purpose, Recipient, url
from ..models import Application, LinkAnswering
from ..models.statuses import Status
from .sending import send
from .speaking import to_staff

ANSWERABLE = (Status.NEW, Status.IN_CONTACT)
"""Statuses in which an organisation answers by link; „wir rufen an“ is not the last word."""


def because_of_entry(organisation: Organisation) -> str:
    return _(
        "Sie bekommen diese Mail, weil diese Adresse im Freiwilligenportal für Rückfragen zu „%(name)s“ steht."
    ) % {"name": organisation.title}


def _send(
    organisation: Organisation, subject: str, template: str, purpose: Purpose, **more: Any
) -> None:
    to = Recipient(organisation.contact_email)
    send(
        to.address,
        subject,
        template,
        why=because_of_entry(organisation),
        organisation=organisation,
        url=url(purpose, organisation, to),
        **more,
    )


@to_staff
def ask_to_agree(organisation: Organisation) -> None:
    """The department has switched it on; it holds once somebody who reads this mailbox has said yes."""
    subject = _("Möchten Sie Anmeldungen selbst beantworten?")
    _send(organisation, subject, "link_answers/ask_to_agree", Purpose.AGREE)


@to_staff
def waiting(
    organisation: Organisation, applications: Sequence[Application], *, unasked: bool = False
) -> int:
    """That sign-ups wait for an answer, if the organisation answers by link; returns how many mails.

    Without one it is the link alone.
    """
    if not LinkAnswering.objects.in_force().filter(organisation=organisation).exists():
        return 0
    subject = ngettext(
        "Eine Anmeldung wartet auf Ihre Antwort",
        "%(count)d Anmeldungen warten auf Ihre Antwort",
        len(applications),
    )
    subject = subject % {"count": len(applications)}
    if not applications:
        subject = _("Ihr Link zu den Anmeldungen")
    _send(
        organisation,
        subject,
        "link_answers/waiting",
        Purpose.ANSWER,
        unasked=unasked,
        applications=applications,
    )
    return 1


@to_staff
def again(organisation: Organisation) -> None:
    """A new link, for whoever holds an old one."""
    open_ones = Application.objects.filter(organisation=organisation, status__in=ANSWERABLE)
    waiting(
        organisation,
        list(open_ones.select_related("entry").order_by("answer_by", "pk")),
        unasked=True,
    )


@to_staff
def arrived(application: Application) -> None:
    """A new one, or one that has moved up."""
    if application.status == Status.NEW:
        waiting(application.organisation, [application])
