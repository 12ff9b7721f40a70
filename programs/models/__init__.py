"""Models of all that people can join, and of the organisations that offer it."""

from .changes import ContentChange
from .choices import DayPart, Language, Precision, Weekday
from .doubles import DifferentPair, FormerOrganisation
from .entries import Entry, EntryQuerySet
from .events import Event, EventQuerySet
from .files import ExportFile, ExportPart
from .imports import ColumnMapping, ListImport, ListImportQuerySet
from .memberships import Membership, MembershipQuerySet
from .offers import Opportunity, Programme
from .organisations import Organisation, OrganisationQuerySet
from .pictures import Picture, PictureFile, PictureQuerySet
from .protection import ProtectionConcept, ProtectionConceptQuerySet
from .provenance import Provenance
from .saved_lists import SavedList, SavedListQuerySet
from .steps import ProgrammeStep, ProgrammeStepQuerySet
from .stories import Story, StoryQuerySet, Voice, VoiceQuerySet
from .taxonomy import District, Field, TargetGroup
from .templates import MessageTemplate, OpportunityTemplate
from .translated import Translated

__all__ = [
    "ColumnMapping",
    "ContentChange",
    "DayPart",
    "DifferentPair",
    "District",
    "Entry",
    "EntryQuerySet",
    "Event",
    "EventQuerySet",
    "ExportFile",
    "ExportPart",
    "Field",
    "FormerOrganisation",
    "Language",
    "ListImport",
    "ListImportQuerySet",
    "Membership",
    "MembershipQuerySet",
    "MessageTemplate",
    "Opportunity",
    "OpportunityTemplate",
    "Organisation",
    "OrganisationQuerySet",
    "Picture",
    "PictureFile",
    "PictureQuerySet",
    "Precision",
    "Programme",
    "ProgrammeStep",
    "ProgrammeStepQuerySet",
    "ProtectionConcept",
    "ProtectionConceptQuerySet",
    "Provenance",
    "SavedList",
    "SavedListQuerySet",
    "Story",
    "StoryQuerySet",
    "TargetGroup",
    "Translated",
    "Voice",
    "VoiceQuerySet",
    "Weekday",
]
