"""Models and fields without personal data; all others are in the register.

A new model or field has to be added here or there; a test fails until it is.
"""

from collections.abc import Mapping

HISTORY = "how a record was before; who changed it is the number of an account, see «changes»"

MODELS: Mapping[str, str] = {
    "auth.Group": "roles by name; the portal uses none",
    "auth.Permission": "kinds of actions",
    "contenttypes.ContentType": "kinds of records",
    "portal.KeyFigure": "figures of the city, none about one person",
    "portal.LoadedRecord": "which starting data were loaded",
    "portal.Page": "texts of the city for the public",
    "procrastinate.ProcrastinateEvent": "when a job changed its state",
    "procrastinate.ProcrastinateJob": "names of jobs, and numbers of mails as their only argument",
    "procrastinate.ProcrastinatePeriodicDefer": "when a job was due",
    "procrastinate.ProcrastinateWorker": "which worker lives",
    "programs.District": "the 23 districts",
    "programs.Entry": "offers; contact is named by function, never by name",
    "programs.Event": "public dates",
    "programs.Field": "fields of engagement",
    "programs.Opportunity": "as entries",
    "programs.Organisation": "as entries",
    "programs.Programme": "as entries",
    "programs.ProgrammeStep": "what a programme asks for",
    "programs.TargetGroup": "whom offers are for",
    "socialaccount.SocialApp": "ways to sign on; they stand in the settings, so it is empty",
    "socialaccount.SocialToken": "tokens of the city's sign-on are not kept, so it is empty",
    "volunteers.RetentionRun": "how many were deleted, not whom",
    "volunteers.Tally": "counts of what was deleted",
    "welcome_rooms.CarrierPeriod": "which organisation runs a room",
    "welcome_rooms.OpeningHours": "of rooms",
    "welcome_rooms.RoomOffer": "what a room offers",
    "welcome_rooms.WelcomeRoom": "as entries",
    "pghistory.Context": "stays empty: who changed something stands beside the change",
    "pghistory.Events": "no table; all histories in one query",
    "portal.KeyFigureHistory": HISTORY,
    "portal.PageHistory": HISTORY,
    "programs.EntryHistory": HISTORY,
    "programs.EventHistory": HISTORY,
    "programs.OpportunityHistory": HISTORY,
    "programs.OrganisationHistory": HISTORY,
    "programs.ProgrammeHistory": HISTORY,
    "programs.ProgrammeStepHistory": HISTORY,
    "volunteers.ApplicationHistory": HISTORY,
    "volunteers.CompanionRequestHistory": HISTORY,
    "volunteers.TandemHistory": HISTORY,
    "welcome_rooms.CarrierPeriodHistory": HISTORY,
    "welcome_rooms.WelcomeRoomHistory": HISTORY,
}
"""Model → why it contains no personal data."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "account.EmailAddress": ("id",),
    "account.EmailConfirmation": ("id",),
    "admin.LogEntry": ("id",),
    "mfa.Authenticator": ("id",),
    "programs.Membership": ("id",),
    "socialaccount.SocialAccount": ("id",),
    "volunteers.Application": ("id", "public_id", "is_demo"),
    "volunteers.Certificate": ("id", "is_demo"),
    "volunteers.CheckIn": ("id",),
    "volunteers.CompanionRequest": ("id", "public_id", "is_demo"),
    "volunteers.ConductCheck": ("id",),
    "volunteers.Consent": ("id",),
    "volunteers.ExportRecord": ("id",),
    "volunteers.HoursEntry": ("id", "is_demo"),
    "volunteers.Invitation": ("id", "public_id"),
    "volunteers.Message": ("id",),
    "volunteers.OutgoingMail": ("id", "sender", "forget"),
    "volunteers.Qualification": ("id",),
    "volunteers.Registration": ("id", "public_id", "is_demo"),
    "volunteers.Reminder": ("id",),
    "volunteers.SecurityEvent": ("id",),
    "volunteers.StatusChange": ("id",),
    "volunteers.StepRecord": ("id",),
    "volunteers.Tandem": ("id", "public_id", "is_demo"),
    "volunteers.User": ("id",),
    "volunteers.Volunteer": ("id", "is_demo"),
}
"""For models with personal data: keys, the portal's own sender, and the flag of demo records."""
