"""Mails about questions, to those who answer them."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_url
from programs.models import Organisation

from ..models import Enquiry
from .messages import quoted
from .people import send_to_members
from .speaking import to_staff


@to_staff
def asked(enquiry: Enquiry) -> int:
    """To the organisation that answers, about a question or a barrier; a reply goes to the person."""
    return send_to_members(
        enquiry.organisation,
        _("Eine Barriere ist gemeldet") if enquiry.page else _("Eine Frage an Sie"),
        "enquiries/asked",
        offer=enquiry.about,
        reply_to=enquiry.email,
        enquiry=enquiry,
        text=quoted(enquiry.text),
        url=admin_url(enquiry),
    )


@to_staff
def answers_due(organisation: Organisation, enquiries: Sequence[Enquiry]) -> int:
    """A summary of all questions that have to be answered soon, without names of people."""
    subject = ngettext(
        "Eine Frage wartet auf Ihre Antwort",
        "%(count)d Fragen warten auf Ihre Antwort",
        len(enquiries),
    )
    return send_to_members(
        organisation,
        subject % {"count": len(enquiries)},
        "enquiries/answers_due",
        enquiries=enquiries,
        url=admin_url(Enquiry, beantwortet="nein"),
    )


@to_staff
def waiting_below(office: Organisation, enquiries: Sequence[Enquiry]) -> int:
    """To the office above: what its organisations have not answered, without the question and the person."""
    subject = ngettext(
        "Eine Frage in Ihrem Bereich wartet zu lange",
        "%(count)d Fragen in Ihrem Bereich warten zu lange",
        len(enquiries),
    )
    return send_to_members(
        office,
        subject % {"count": len(enquiries)},
        "enquiries/waiting_below",
        enquiries=enquiries,
        url=admin_url(Enquiry, "escalated"),
    )


@to_staff
def still_waiting(enquiry: Enquiry) -> int:
    """The office above asks for an answer."""
    return send_to_members(
        enquiry.organisation,
        _("Bitte antworten Sie: Eine Frage wartet zu lange"),
        "enquiries/still_waiting",
        offer=enquiry.about,
        enquiry=enquiry,
        url=admin_url(enquiry),
    )
