"""People and what they told the portal. Every read of these goes through ``visible_to(user)``."""

from .access_requests import AccessRequest
from .agreements import Agreement
from .applications import Application, ApplicationQuerySet
from .check_ins import CheckIn
from .companions import CompanionRequest, Side, Tandem
from .concerns import Concern, ConcernNote, KeptApart
from .consents import Consent
from .dates import DateMessage, DateOffer, DateRequest
from .enquiries import Enquiry
from .expenses import Expense, Receipt
from .exports import ExportRecord
from .families import Asker
from .first_meetings import FirstMeeting, Fit
from .group_messages import GroupMessage, GroupRecipient
from .invitations import Invitation
from .link_answers import LinkAnswering
from .links import ShortLink
from .mails import OutgoingMail
from .matching_rules import MatchingRound, MatchingRules
from .messages import Message
from .organisation_proposals import OrganisationProposal
from .people import Volunteer, VolunteerQuerySet
from .profile import Gender, Profile
from .registrations import Registration
from .reminders import Reminder
from .retention import RetentionRun, Tally
from .security import RateCount, SecurityEvent
from .shortages import Shortage
from .status_changes import StatusChange
from .steps import ConductCheck, Qualification, StepRecord
from .stops import MailKind, MailStop
from .tandem_rules import TandemRule
from .thanks import Certificate, Competence, HoursEntry
from .users import User
from .withdrawn import WithdrawnCode

__all__ = [
    "AccessRequest",
    "Agreement",
    "Application",
    "ApplicationQuerySet",
    "Asker",
    "Certificate",
    "CheckIn",
    "CompanionRequest",
    "Competence",
    "Concern",
    "ConcernNote",
    "ConductCheck",
    "Consent",
    "DateMessage",
    "DateOffer",
    "DateRequest",
    "Enquiry",
    "Expense",
    "ExportRecord",
    "FirstMeeting",
    "Fit",
    "Gender",
    "GroupMessage",
    "GroupRecipient",
    "HoursEntry",
    "Invitation",
    "KeptApart",
    "LinkAnswering",
    "MailKind",
    "MailStop",
    "MatchingRound",
    "MatchingRules",
    "Message",
    "OrganisationProposal",
    "OutgoingMail",
    "Profile",
    "Qualification",
    "RateCount",
    "Receipt",
    "Registration",
    "Reminder",
    "RetentionRun",
    "SecurityEvent",
    "ShortLink",
    "Shortage",
    "Side",
    "StatusChange",
    "StepRecord",
    "Tally",
    "Tandem",
    "TandemRule",
    "User",
    "Volunteer",
    "VolunteerQuerySet",
    "WithdrawnCode",
]
