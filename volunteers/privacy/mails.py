"""The mail that asks volunteers whether their data may stay."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from ..links.people import person_url
from ..links.staying import stay_url
from ..models import Volunteer
from ..notifications.sending import send
from ..notifications.speaking import to_person
from ..periods import months
from . import silence


@to_person()
def ask_to_stay(volunteer: Volunteer) -> None:
    send(
        volunteer.email,
        _("Sollen Ihre Daten bei uns bleiben?"),
        "staying/ask",
        silent_for=months(settings.INACTIVE_VOLUNTEER_MONTHS),
        until=silence.answer_until(timezone.localdate()),
        has_certificates=volunteer.certificates.exists(),
        url=stay_url(volunteer),
        my_page=person_url(volunteer),
    )
