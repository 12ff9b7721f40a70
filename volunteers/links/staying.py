"""The link of „Sollen Ihre Daten bleiben?“: it answers one question, not a later one."""

from ..models import Volunteer
from . import signing

STAY = "volunteer.stay"


def _value(volunteer: Volunteer) -> str:
    asked = volunteer.asked_to_stay_at
    return f"{volunteer.pk}.{asked.timestamp() if asked else 0}"


def stay_url(volunteer: Volunteer) -> str:
    """Absolute URL for the mail."""
    return signing.url_of("stay", signing.sign(STAY, _value(volunteer)))


def read_stay_token(token: str) -> Volunteer | None:
    """The volunteer who was asked; None when the token is for an earlier question, or the data is deleted.

    Raises ``WrongLink`` for an invalid token.
    """
    value = signing.read(STAY, token)
    volunteer = Volunteer.objects.filter(pk=int(value.partition(".")[0])).first()
    return volunteer if volunteer is not None and _value(volunteer) == value else None
