"""Who gets the mails that are meant for «the coordination»; and a mail to a person about their page."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from programs.models import Membership, Organisation

from ..links import person_url
from .sending import send


def members_of(organisation: Organisation | None) -> Iterable[str]:
    """Addresses of those who work for ``organisation`` today; without one, for the Sozialamt."""
    members = Membership.objects.answering().filter(user__is_active=True)
    if organisation is None:
        members = members.filter(organisation__is_clearing_office=True)
    else:
        members = members.filter(organisation=organisation)
    return members.order_by("user__email").values_list("user__email", flat=True).distinct()


def send_my_page_link(email: str) -> None:
    """A fresh link to «Meine Seite», for one who asked with an old one."""
    context = {"url": person_url(email), "days": settings.MAILED_LINK_DAYS}
    send(email, _("Ihr neuer Link zu «Meine Seite»"), "my_page_link", **context)
