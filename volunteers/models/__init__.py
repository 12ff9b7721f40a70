"""People and what they told us. Every read of it goes through ``visible_to(user)``."""

from .applications import Application, ApplicationQuerySet, Consent, StatusChange
from .exports import ExportRecord
from .mails import OutgoingMail
from .people import Profile, Volunteer, VolunteerQuerySet
from .users import User

__all__ = [
    "Application",
    "ApplicationQuerySet",
    "Consent",
    "ExportRecord",
    "OutgoingMail",
    "Profile",
    "StatusChange",
    "User",
    "Volunteer",
    "VolunteerQuerySet",
]
