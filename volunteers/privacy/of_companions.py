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
        "wobei und wo Sie Begleitung wünschen, Zeiten, ob eine Frau oder ein Mann, wie viele, und eine Notiz. "
        "Bei einem Kind: sein Vorname, sein Alter in Stufen, wer wann und wie eingewilligt hat, und ab 14 Jahren, "
        "was es selbst dazu sagt; erreichbar sind nur Sie. "
        "Nie Aufenthaltsstatus, Gesundheit oder Religion"
    ),
    purpose=_("einen Menschen finden, der Sie begleitet"),
    basis=CONSENT,
    seen_by=_(
        "Sie selbst, die Stelle, die das Programm betreut (sonst das Sozialamt), und die "
        "Portalverwaltung; Ihre Begleitung erst, wenn Sie beide Ja gesagt haben"
    ),
    kept=(sentences.unconfirmed, sentences.not_agreed, sentences.requests),
    fields={
        "volunteers.CompanionRequest": (
            "programme",
            "organisation",
            *WANTED,
            "agreed_name",
            "agreed_at",
            "agreed_how",
            "child_words",
            "status",
            "submitted_at",
            "confirmed_at",
            "link_sent_at",
            "closed_at",
        ),
    },
    owned_by={"volunteers.CompanionRequest": ("email",)},
)
ASKERS = Processing(
    key="askers",
    title=_("Fragen für andere"),
    whose=Whose.ASKING_FOR_OTHERS,
    what=_(
        "Ihr Name, Ihre E-Mail-Adresse, Schule, Unterkunft oder Stelle, für wen Sie wann gefragt haben, und ob "
        "Sie erfahren möchten, wie weit es ist"
    ),
    purpose=_("die Familie oder den Menschen selbst fragen und Ihnen sagen, wie weit es ist"),
    basis=_("Art. 6 Abs. 1 Buchst. e DSGVO mit § 4 LDSG BW"),
    seen_by=_(
        "die Familie oder der Mensch, für den Sie fragen, die Stelle, die das Programm betreut, und die "
        "Portalverwaltung"
    ),
    kept=(sentences.unconfirmed, sentences.askers),
    fields={
        "volunteers.Asker": (
            "name",
            "email",
            "preferred_language",
            "place",
            "asked_at",
            "confirmed_at",
        ),
        "volunteers.CompanionRequest": ("asker", "tell_asker"),
    },
    owned_by={
        "volunteers.Asker": ("email",),
        "volunteers.CompanionRequest": ("asker__email",),
    },
)
TANDEMS = Processing(
    key="tandems",
    title=_("Tandems"),
    whose=Whose.LOOKING,
    what=_(
        "wer wen begleitet, von wann bis wann, was beide auf Vorschlag und Rückfragen geantwortet "
        "haben, ob Sie sich getroffen haben, ob dabei eine zweite Person war und ob es passt, Ihre "
        "Absprache (bis zum Ende "
        "des Tandems), warum das Tandem endete, was Sie zum Abschied schreiben und ob Sie sich "
        "wiedersehen möchten (nur ein Ja)"
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
            "volunteer_again_at",
            "newcomer_again_at",
            "needs_support_since",
            "hold",
            "held_at",
            "met_on",
            "trial_until",
            "first_meeting_with",
            "accompanied_on",
            "search_reopened",
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
