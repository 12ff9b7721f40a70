"""The register, third part: accounts of those who work in the portal, mail, logs."""

from django.utils.translation import gettext_lazy as _

from . import sentences
from .processing import Processing, Whose

PUBLIC_TASK = _("Art. 6 Abs. 1 Buchst. e DSGVO mit § 4 LDSG BW")

ACCOUNTS = Processing(
    key="accounts",
    title=_("Konten und Zugänge"),
    whose=Whose.WORKING,
    what=_(
        "Name, E-Mail-Adresse, Passwort (nur als Prüfwert), zweiter Faktor, letzte Anmeldung; für "
        "welche Organisation Sie in welcher Rolle arbeiten, bis wann und wann zuletzt; von wann "
        "bis wann Sie abwesend sind und wer Sie vertritt, nie warum"
    ),
    purpose=_("nur die einlassen, die dürfen, und jedem nur zeigen, was nötig ist"),
    basis=PUBLIC_TASK,
    seen_by=_(
        "Sie selbst, Ihre Organisation, die zuständige Stelle der Stadt und die Portalverwaltung"
    ),
    kept=(sentences.accounts, sentences.absences),
    fields={
        "volunteers.User": (
            "email",
            "name",
            "password",
            "last_login",
            "is_superuser",
            "is_active",
            "date_joined",
            "groups",
            "user_permissions",
        ),
        "programs.Membership": (
            "user",
            "organisation",
            "role",
            "language",
            "until",
            "last_used_on",
            "created_at",
            "away_from",
            "away_until",
            "substitute",
        ),
        "account.EmailAddress": ("user", "email", "verified", "primary"),
        "account.EmailConfirmation": ("email_address", "created", "sent", "key"),
        "mfa.Authenticator": ("user", "type", "data", "created_at", "last_used_at"),
        "socialaccount.SocialAccount": (
            "user",
            "provider",
            "uid",
            "last_login",
            "date_joined",
            "extra_data",
        ),
    },
    owned_by={
        "volunteers.User": ("email",),
        "programs.Membership": ("user__email",),
        "account.EmailAddress": ("email", "user__email"),
        "account.EmailConfirmation": ("email_address__email", "email_address__user__email"),
        "mfa.Authenticator": ("user__email",),
        "socialaccount.SocialAccount": ("user__email",),
    },
)
INVITATIONS = Processing(
    key="invitations",
    title=_("Einladungen"),
    whose=Whose.WORKING,
    what=_("Name, E-Mail-Adresse und Rolle, für die jemand eingeladen ist"),
    purpose=_("einen Zugang einrichten"),
    basis=PUBLIC_TASK,
    seen_by=_("die Organisation, die einlädt, und die Portalverwaltung"),
    kept=(sentences.invitations,),
    fields={
        "volunteers.Invitation": (
            "organisation",
            "name",
            "email",
            "role",
            "language",
            "until",
            "created_at",
        ),
    },
    owned_by={"volunteers.Invitation": ("email",)},
)
ACCESS_REQUESTS = Processing(
    key="access_requests",
    title=_("„Das sind wir“: Anfragen nach Zugang"),
    whose=Whose.WORKING,
    what=_(
        "Ihr Name, Ihre Aufgabe in der Organisation, E-Mail-Adresse und Telefon; für welche Organisation Sie "
        "fragen, wie entschieden wurde und warum"
    ),
    purpose=_("prüfen, ob Sie zu der Organisation gehören, und Sie einladen"),
    basis=PUBLIC_TASK,
    seen_by=_(
        "die Stelle, die für den Eintrag zuständig ist, wer die Organisation schon koordiniert, und die "
        "Portalverwaltung"
    ),
    kept=(sentences.unconfirmed, sentences.access_requests),
    fields={
        "volunteers.AccessRequest": (
            *("organisation", "name", "function", "email", "phone", "preferred_language"),
            *("status", "reason"),
            *("submitted_at", "confirmed_at", "link_sent_at", "decided_at"),
            *("vouch_asked_at", "vouched"),
        ),
    },
    owned_by={"volunteers.AccessRequest": ("email",)},
)
ORGANISATION_PROPOSALS = Processing(
    key="organisation_proposals",
    title=_("Vorschläge von Organisationen"),
    whose=Whose.WORKING,
    what=_(
        "Ihr Name, Ihre Aufgabe in der Organisation, E-Mail-Adresse und Telefon; was Sie über die Organisation "
        "schreiben, wie entschieden wurde und warum"
    ),
    purpose=_("den Vorschlag prüfen und Sie einladen, den Eintrag zu pflegen"),
    basis=PUBLIC_TASK,
    seen_by=_("das Sozialamt und die Portalverwaltung"),
    kept=(sentences.unconfirmed, sentences.access_requests),
    fields={
        "volunteers.OrganisationProposal": (
            *("title", "type", "district", "summary", "website", "organisation"),
            *("name", "function", "email", "phone", "preferred_language"),
            *("status", "reason", "answer_by"),
            *("submitted_at", "confirmed_at", "link_sent_at", "decided_at"),
        ),
    },
    owned_by={"volunteers.OrganisationProposal": ("email",)},
)
HANDLING = Processing(
    key="handling",
    title=_("Wer etwas bearbeitet hat"),
    whose=Whose.WORKING,
    what=_("welches Konto einen Schritt getan, etwas eingetragen, bestätigt oder ausgestellt hat"),
    purpose=_("nachvollziehen, wer entschieden hat; Rückfragen beantworten"),
    basis=PUBLIC_TASK,
    seen_by=_("wer den Vorgang sieht; Engagierte und Suchende erfahren keine Namen"),
    kept=(sentences.with_record,),
    fields={
        "volunteers.StatusChange": ("by",),
        "volunteers.StepRecord": ("by",),
        "volunteers.ConductCheck": ("seen_by",),
        "volunteers.Message": ("by",),
        "volunteers.GroupMessage": ("by",),
        "volunteers.HoursEntry": ("entered_by", "confirmed_by"),
        "volunteers.Certificate": ("issued_by", "withdrawn_by"),
        "volunteers.CompanionRequest": ("entered_by", "agreed_noted_by"),
        "volunteers.Tandem": ("proposed_by",),
        "volunteers.Invitation": ("invited_by",),
        "volunteers.AccessRequest": ("decided_by",),
        "volunteers.OrganisationProposal": ("decided_by",),
        "portal.InvitedOrganisation": ("by",),
        "volunteers.LinkAnswering": (
            *("organisation", "address", "asked_by", "asked_at", "agreed_at"),
        ),
        "volunteers.Expense": ("decided_by", "paid_by"),
        "volunteers.MatchingRules": ("by", "since", "note"),
        "volunteers.Enquiry": ("answered_by",),
        "volunteers.ConcernNote": ("by",),
        "portal.ChangeProposal": ("by", "decided_by"),
        "portal.CounsellingMessage": ("by",),
        "portal.Upkeep": ("by",),
        "programs.Picture": ("recorded_by",),
        "programs.Voice": ("recorded_by",),
        "programs.Story": ("recorded_by",),
    },
    owned_by={
        "volunteers.StatusChange": ("by__email",),
        "volunteers.StepRecord": ("by__email",),
        "volunteers.ConductCheck": ("seen_by__email",),
        "volunteers.Message": ("by__email",),
        "volunteers.GroupMessage": ("by__email",),
        "volunteers.HoursEntry": ("entered_by__email", "confirmed_by__email"),
        "volunteers.Certificate": ("issued_by__email", "withdrawn_by__email"),
        "volunteers.CompanionRequest": ("entered_by__email", "agreed_noted_by__email"),
        "volunteers.Tandem": ("proposed_by__email",),
        "volunteers.Invitation": ("invited_by__email",),
        "volunteers.AccessRequest": ("decided_by__email",),
        "volunteers.OrganisationProposal": ("decided_by__email",),
        "volunteers.LinkAnswering": ("asked_by__email",),
        "portal.InvitedOrganisation": ("by__email",),
        "volunteers.Expense": ("decided_by__email", "paid_by__email"),
        "volunteers.MatchingRules": ("by__email",),
        "volunteers.Enquiry": ("answered_by__email",),
        "volunteers.ConcernNote": ("by__email",),
        "portal.ChangeProposal": ("by__email", "decided_by__email"),
        "portal.CounsellingMessage": ("by__email",),
        "portal.Upkeep": ("by__email",),
        "programs.Picture": ("recorded_by__email",),
        "programs.Voice": ("recorded_by__email",),
        "programs.Story": ("recorded_by__email",),
    },
)
MAIL = Processing(
    key="mail",
    title=_("Mails des Portals"),
    whose=Whose.EVERYBODY,
    what=_("Adresse, Betreff und Inhalt der Mails, die das Portal Ihnen schickt, und wann"),
    purpose=_("Mails sicher zustellen, auch wenn ein Server ausfällt, und an Termine erinnern"),
    basis=_("wie der Vorgang, um den es in der Mail geht"),
    seen_by=_("die Portalverwaltung"),
    kept=(
        sentences.delivered_mail,
        sentences.reminders,
        sentences.short_links,
        sentences.mail_stops,
    ),
    fields={
        "volunteers.OutgoingMail": (
            "recipients",
            "subject",
            "content",
            "created_at",
            "sent_at",
            "failed_at",
            "refused_with",
            "reached_at",
            "topic",
            "was",
        ),
        "volunteers.Reminder": ("purpose", "subject", "due_on", "sent_at"),
        "volunteers.ShortLink": ("digest", "address", "used_on"),
        "volunteers.MailStop": ("key", "used_on"),
    },
    owned_by={
        "volunteers.OutgoingMail": ("recipients__contains",),
        "volunteers.Reminder": (),
        "volunteers.ShortLink": (),
        "volunteers.MailStop": (),
    },
)
LOGS = Processing(
    key="logs",
    title=_("Protokolle"),
    whose=Whose.WORKING,
    what=_(
        "Anmeldungen, zweiter Faktor, Rollen, Exporte und Änderungen in der Verwaltung: welches Konto "
        "wann was getan hat, ohne Inhalte; wird das Konto gelöscht, gehen die Einträge über seine "
        "Änderungen mit, und in den anderen steht es nicht mehr"
    ),
    purpose=_("Missbrauch erkennen und aufklären"),
    basis=_("Art. 6 Abs. 1 Buchst. e mit Art. 5 Abs. 2 und Art. 32 DSGVO"),
    seen_by=_("die Portalverwaltung"),
    kept=(sentences.logs,),
    fields={
        "volunteers.SecurityEvent": ("kind", "at", "by", "about"),
        "volunteers.ExportRecord": (
            "by",
            "at",
            "what",
            "purpose",
            "filter",
            "format",
            "rows",
        ),
        "admin.LogEntry": (
            "action_time",
            "user",
            "content_type",
            "object_id",
            "object_repr",
            "action_flag",
            "change_message",
        ),
    },
    owned_by={
        "volunteers.SecurityEvent": ("by__email",),
        "volunteers.ExportRecord": ("by__email",),
        "admin.LogEntry": ("user__email",),
    },
)
KEPT_BY_TRIGGERS = (
    "pgh_id",
    "pgh_created_at",
    "pgh_label",
    "pgh_obj",
    "pgh_context",
    "pgh_context_id",
)
CHANGES = Processing(
    key="changes",
    title=_("Änderungsverlauf"),
    whose=Whose.WORKING,
    what=_(
        "welches Konto wann Einträge, Anmeldungen, Tandems, Rollen, Seiten oder Kennzahlen geändert "
        "hat: als Nummer des Kontos; von Menschen nur, wie weit ein Vorgang ist"
    ),
    purpose=_("nachvollziehen, wer was geändert hat, und Fehler rückgängig machen"),
    basis=PUBLIC_TASK,
    seen_by=_("wer den Eintrag oder Vorgang bearbeitet"),
    kept=(sentences.changes,),
    fields={
        "programs.MembershipHistory": (
            *KEPT_BY_TRIGGERS,
            *("id", "user", "organisation", "role", "until"),
        ),
        "volunteers.UserHistory": (*KEPT_BY_TRIGGERS, "id", "is_active", "is_superuser"),
    },
    owned_by={
        "programs.MembershipHistory": ("user__email",),
        "volunteers.UserHistory": ("pgh_obj__email",),
    },
)
SESSIONS = Processing(
    key="sessions",
    title=_("Sitzungen und Schutz vor Missbrauch"),
    whose=Whose.EVERYBODY,
    what=_(
        "eine zufällige Nummer im Cookie, wenn Sie ein Formular benutzen oder sich anmelden; für kurze "
        "Zeit, was Sie abgeschickt haben, damit Sie die Adresse berichtigen können; wie oft "
        "von einer Adresse etwas versucht wurde (nur als Prüfwert, aus dem niemand die Adresse liest)"
    ),
    purpose=_("Sie angemeldet halten und Formulare vor Missbrauch schützen"),
    basis=_("Art. 6 Abs. 1 Buchst. e mit Art. 32 DSGVO, § 25 Abs. 2 Nr. 2 TDDDG"),
    seen_by=_("niemand"),
    kept=(sentences.sessions, sentences.rate_counts),
    fields={
        "sessions.Session": ("session_key", "session_data", "expire_date"),
        "volunteers.RateCount": ("key", "count", "until"),
    },
    owned_by={"sessions.Session": (), "volunteers.RateCount": ()},
)
OF_OPERATION = (
    ACCOUNTS,
    INVITATIONS,
    ACCESS_REQUESTS,
    ORGANISATION_PROPOSALS,
    HANDLING,
    LOGS,
    CHANGES,
    MAIL,
    SESSIONS,
)
