"""The sheet for the entrance of an event: a QR code with which guests say that they have arrived."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.models import Event

from ..links import registrations as event_links
from .missing import line, without_missing
from .printing import render
from .qr import qr_code


def door_sheet(event: Event) -> bytes:
    """One page; characters that no font has are left out."""
    day = date_format(timezone.localtime(event.starts_at), "l, j. F Y, H:i")
    address = event_links.door_url(event)
    return without_missing(
        render,
        "door",
        heading=_("Schön, dass Sie da sind!"),
        title=line(event.title),
        when=_("%(day)s Uhr") % {"day": day},
        how=_("Bitte tragen Sie sich hier ein: QR-Code mit der Kamera lesen."),
        besides=_(
            "Oder öffnen Sie Ihre Mail „Ihr Platz“ und dort Ihre Anmeldung. Ohne Telefon: Sagen Sie uns "
            "einfach Bescheid."
        ),
        name=_("Freiwilligenportal Stuttgart"),
        qr=qr_code(address),
        qr_text=_("QR-Code zum Eintragen"),
    )
