"""People and what they told us. Every read of it goes through ``visible_to(user)``."""

from .applications import Application, ApplicationQuerySet
from .companions import CheckIn, CompanionRequest, Side, Tandem
from .exports import ExportRecord
from .history import Consent, StatusChange
from .mails import OutgoingMail
from .messages import Message
from .people import Gender, Profile, Volunteer, VolunteerQuerySet
from .registrations import Registration
from .reminders import Reminder
from .steps import ConductCheck, Qualification, StepRecord
from .thanks import Certificate, Competence, HoursEntry
from .users import User

__all__ = [
    "Application",
    "ApplicationQuerySet",
    "Certificate",
    "CheckIn",
    "CompanionRequest",
    "Competence",
    "ConductCheck",
    "Consent",
    "ExportRecord",
    "Gender",
    "HoursEntry",
    "Message",
    "OutgoingMail",
    "Profile",
    "Qualification",
    "Registration",
    "Reminder",
    "Side",
    "StatusChange",
    "StepRecord",
    "Tandem",
    "User",
    "Volunteer",
    "VolunteerQuerySet",
]
