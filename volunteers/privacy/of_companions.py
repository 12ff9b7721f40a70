"""The register, second part: people who look for a companion, and the pairs they become."""

from django.utils.translation import gettext_lazy as _

from ..models.companions import WANTED
from . import sentences
from .processing import CONSENT, Processing, Whose

REQUESTS = Processing(
    key="companion_requests",
    title=_("Suche nach einer Begleitung"),
    whose=Whose.LOOKING,
    what=_(
        "Vorname oder anderer Name, E-Mail-Adresse oder Telefon, Sprachen, Altersgruppe; freiwillig: "
        "wobei und wo Sie Begleitung wünschen, Zeiten, ob eine Frau oder ein Mann, und eine Notiz. "
        "Nie Aufenthaltsstatus, Gesundheit oder Religion"
    ),
    purpose=_("einen Menschen finden, der Sie begleitet"),
    basis=CONSENT,
    seen_by=_(
        "Sie selbst, die Stelle, die das Programm betreut (sonst das Sozialamt), und die "
        "Portalverwaltung; Ihre Begleitung erst, wenn Sie beide Ja gesagt haben"
    ),
    kept=(sentences.unconfirmed, sentences.requests),
    fields={
        "volunteers.CompanionRequest": (
            "programme",
            "organisation",
            *WANTED,
            "status",
            "submitted_at",
            "confirmed_at",
            "link_sent_at",
            "closed_at",
        ),
    },
    owned_by={"volunteers.CompanionRequest": ("email",)},
)
TANDEMS = Processing(
    key="tandems",
    title=_("Tandems"),
    whose=Whose.LOOKING,
    what=_(
        "wer wen begleitet, von wann bis wann, was beide auf Vorschlag und Rückfragen geantwortet "
        "haben, ob Sie sich getroffen haben und ob es passt, Ihre Absprache (bis zum Ende "
        "des Tandems), warum das Tandem endete und was Sie zum Abschied schreiben"
    ),
    purpose=_("zwei Menschen zusammenbringen und helfen, wenn es hakt"),
    basis=CONSENT,
    seen_by=_(
        "die Stelle, die das Tandem betreut, und die Portalverwaltung; die beiden im Tandem wissen "
        "voneinander, sobald beide Ja gesagt haben"
    ),
    kept=(sentences.tandems,),
    fields={
        "volunteers.Tandem": (
            "request",
            "application",
            "volunteer",
            "organisation",
            "status",
            "proposed_at",
            "volunteer_answer",
            "volunteer_answered_at",
            "newcomer_answer",
            "newcomer_answered_at",
            "started_on",
            "ended_on",
            "end_reason",
            "ended_by",
            "volunteer_closing",
            "newcomer_closing",
            "needs_support_since",
            "hold",
            "held_at",
            "met_on",
            "trial_until",
        ),
        "volunteers.FirstMeeting": ("tandem", "side", "met", "met_at", "fit", "fit_at"),
        "volunteers.Agreement": (
            "tandem",
            "often",
            "place",
            "what",
            "what_not",
            "proposed_by",
            "proposed_at",
            "accepted_at",
        ),
        "volunteers.CheckIn": (
            "tandem",
            "side",
            "due_on",
            "sent_at",
            "reply",
            "replied_at",
            "note",
        ),
    },
    owned_by={
        "volunteers.Tandem": ("volunteer__email", "request__email"),
        "volunteers.FirstMeeting": ("tandem__volunteer__email", "tandem__request__email"),
        "volunteers.Agreement": ("tandem__volunteer__email", "tandem__request__email"),
        "volunteers.CheckIn": ("tandem__volunteer__email", "tandem__request__email"),
    },
)
