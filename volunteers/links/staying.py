"""The link of «Sollen Ihre Daten bleiben?»: it answers one question, and none that comes later."""

from ..models import Volunteer
from . import signing

STAY = "volunteer.stay"


def _value(volunteer: Volunteer) -> str:
    asked = volunteer.asked_to_stay_at
    return f"{volunteer.pk}.{asked.timestamp() if asked else 0}"


def stay_url(volunteer: Volunteer) -> str:
    """Full address, for the mail that asks."""
    return signing.url_of("stay", signing.sign(STAY, _value(volunteer)))


def read_stay_token(token: str) -> Volunteer | None:
    """Whose question it is; None when it is another's time, or the data are gone.

    Raises ``WrongLink`` for a token that is not ours.
    """
    value = signing.read(STAY, token)
    volunteer = Volunteer.objects.filter(pk=int(value.partition(".")[0])).first()
    return volunteer if volunteer is not None and _value(volunteer) == value else None
