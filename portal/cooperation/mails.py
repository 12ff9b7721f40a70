"""Mails about offers of companies, to those who answer them."""

from django.utils.translation import gettext as _

from programs.addresses import admin_url
from volunteers.notifications.messages import quoted
from volunteers.notifications.people import send_to_members
from volunteers.notifications.speaking import to_staff

from .models import CooperationOffer


@to_staff
def offered(made: CooperationOffer) -> int:
    """A reply to the mail goes to the person who offers."""
    return send_to_members(
        made.organisation,
        _("Jemand möchte etwas geben"),
        "cooperation/offered",
        offer=made.company,
        reply_to=made.email,
        made=made,
        text=quoted(made.text),
        url=admin_url(made),
    )
