"""Mails about questions, to those who answer them."""

from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..models import Enquiry
from .messages import quoted
from .people import send_to_members


def asked(enquiry: Enquiry) -> int:
    """To the organisation that answers; a reply to the mail goes to the person who asks."""
    return send_to_members(
        enquiry.organisation,
        _("Eine Frage an Sie"),
        "enquiries/asked",
        offer=enquiry.about,
        reply_to=enquiry.email,
        enquiry=enquiry,
        text=quoted(enquiry.text),
        url=admin_url(enquiry),
    )
