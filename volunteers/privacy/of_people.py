"""The register, first part: people who help, come to events, ask something or are shown."""

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ..models.profile import asked_of
from ..models.questions import APPLICATION, VOLUNTEER
from . import sentences
from .of_companions import ASKERS, REQUESTS, TANDEMS
from .of_dates import DATE_MESSAGES, DATE_OFFERS, DATES
from .of_messages import ANSWERING, ENQUIRIES, GROUP_MESSAGES, MESSAGES
from .processing import CONSENT, LANGUAGE, Processing, Whose


def optional_answers() -> str:
    """The optional questions of the sign-up, with their names in the register, in the order of the form."""
    asked = (one for one in asked_of(APPLICATION) if not one.is_required and one.name != LANGUAGE)
    return ", ".join(dict.fromkeys(one.register_name for one in asked))


SIGN_UP = Processing(
    key="sign_up",
    title=_("Anmeldung als Engagierte"),
    whose=Whose.HELPING,
    what=format_lazy(
        _(
            "Name, E-Mail-Adresse, ob Sie volljährig sind, Ihr Wunsch und der Stand Ihrer Anmeldung; "
            "freiwillig: {optional}"
        ),
        optional=lazy(optional_answers, str)(),
    ),
    purpose=_("Ihnen antworten und mit Ihnen klären, was zu Ihnen passt"),
    basis=CONSENT,
    seen_by=ANSWERING,
    kept=(sentences.unconfirmed, sentences.inactive, sentences.closed_applications),
    fields={
        "volunteers.Application": (
            "entry",
            "organisation",
            "volunteer",
            "status",
            *(question.name for question in asked_of(APPLICATION)),
            "decline_reason",
            "more_asked",
            "submitted_at",
            "confirmed_at",
            "link_sent_at",
            "answer_by",
            "contact_answer",
            "contact_answered_at",
        ),
        "volunteers.StatusChange": (
            "application",
            "status",
            "at",
            "actor",
            "note",
            "organisation",
        ),
    },
    owned_by={
        "volunteers.Application": ("email",),
        "volunteers.StatusChange": ("application__email",),
    },
)
PROFILE = Processing(
    key="profile",
    title=_("Ihr Profil"),
    whose=Whose.HELPING,
    what=_(
        "was Sie bei der Anmeldung angegeben haben, einmal für alle Ihre Anmeldungen; dazu, was Sie "
        "über sich schreiben, Ihre Pause und wie viele Tandems es noch sein dürfen, und ob wir gefragt haben, "
        "ob Ihre Daten bleiben sollen"
    ),
    purpose=_("vorschlagen, was oder wer zu Ihnen passt, ohne Sie zweimal zu fragen"),
    basis=CONSENT,
    seen_by=_(
        "Sie selbst und die Portalverwaltung; Pause und Zahl der Tandems auch die Stellen, bei denen Sie "
        "angemeldet sind"
    ),
    kept=(sentences.inactive, sentences.with_last_application),
    fields={
        "volunteers.Volunteer": (
            "user",
            *(question.name for question in asked_of(VOLUNTEER)),
            "asked_to_stay_at",
            "stayed_at",
            "break_until",
            "more_tandems",
            "created_at",
            "updated_at",
        ),
    },
    owned_by={"volunteers.Volunteer": ("email", "user__email")},
)
PREPARATION = Processing(
    key="preparation",
    title=_("Vorbereitung und Qualifikationen"),
    whose=Whose.HELPING,
    what=_("erledigte und erlassene Schritte, wozu Sie zugestimmt haben, besuchte Schulungen"),
    purpose=_("niemanden unvorbereitet beginnen lassen"),
    basis=CONSENT,
    seen_by=ANSWERING,
    kept=(sentences.with_application, sentences.inactive),
    fields={
        "volunteers.StepRecord": (
            "application",
            "step",
            "outcome",
            "on",
            "how",
            "note",
            "text_version",
            "text",
            "recorded_at",
        ),
        "volunteers.Qualification": (
            "volunteer",
            "event",
            "title",
            "acquired_on",
            "expires_on",
        ),
    },
    owned_by={
        "volunteers.StepRecord": ("application__email",),
        "volunteers.Qualification": ("volunteer__email",),
    },
)
CONDUCT_CHECK = Processing(
    key="conduct_check",
    title=_("Einsicht in das Führungszeugnis"),
    whose=Whose.HELPING,
    what=_(
        "dass und wann ein Führungszeugnis eingesehen wurde, von wann es ist und ob es frei von den "
        "Straftaten ist, die das Gesetz nennt; nie das Papier selbst"
    ),
    purpose=_("Kinder und Jugendliche schützen"),
    basis=_("§ 72a Abs. 5 SGB VIII mit Art. 6 Abs. 1 Buchst. c und Art. 10 DSGVO"),
    seen_by=_("die Organisation, bei der Sie es gezeigt haben, und die Portalverwaltung"),
    kept=(sentences.conduct_checks,),
    fields={
        "volunteers.ConductCheck": (
            "volunteer",
            "organisation",
            "seen_on",
            "issued_on",
            "is_clear",
        ),
    },
    owned_by={"volunteers.ConductCheck": ("volunteer__email",)},
)
THANKS = Processing(
    key="thanks",
    title=_("Stunden und Nachweise"),
    whose=Whose.HELPING,
    what=_(
        "Tag, Dauer und Art Ihres Einsatzes und was Sie dazu notieren; in einem Nachweis Ihr Name, "
        "Zeitraum, Stunden und gezeigte Kompetenzen"
    ),
    purpose=_("Ihr Engagement anerkennen und bescheinigen"),
    basis=CONSENT,
    seen_by=_(
        "Sie selbst, die Organisation Ihres Einsatzes und die Portalverwaltung; einen Nachweis auch, "
        "wem Sie seinen Prüfcode geben"
    ),
    kept=(sentences.with_application, sentences.inactive),
    fields={
        "volunteers.HoursEntry": (
            "application",
            "on",
            "hours",
            "what",
            "went_well",
            "district",
            "entered_at",
            "confirmed_at",
        ),
        "volunteers.Certificate": (
            "code",
            "volunteer",
            "application",
            "organisation",
            "issuer",
            "name",
            "what",
            "since",
            "until",
            "hours",
            "competences",
            "issued_on",
            "withdrawn_at",
        ),
    },
    owned_by={
        "volunteers.HoursEntry": ("application__email",),
        "volunteers.Certificate": ("volunteer__email",),
    },
)
EXPENSES = Processing(
    key="expenses",
    title=_("Auslagen"),
    whose=Whose.HELPING,
    what=_(
        "Tag, Art und Betrag dessen, was Sie ausgelegt haben, ein Foto des Belegs, und was darüber entschieden "
        "ist; keine Bankverbindung"
    ),
    purpose=_("Ihnen Fahrkarten, Eintritt und Kaffee erstatten"),
    basis=CONSENT,
    seen_by=_(
        "Sie selbst, die Organisation Ihres Einsatzes, die Kasse, die auszahlt (ohne den Beleg), und die "
        "Portalverwaltung"
    ),
    kept=(sentences.expenses, sentences.with_application),
    fields={
        "volunteers.Expense": (
            "application",
            "status",
            "kind",
            "on",
            "amount",
            "digest",
            "submitted_at",
            "decided_at",
            "reason",
            "closed_at",
        ),
        "volunteers.Receipt": ("expense", "data"),
    },
    owned_by={
        "volunteers.Expense": ("application__email",),
        "volunteers.Receipt": ("expense__application__email",),
    },
)
REGISTRATIONS = Processing(
    key="registrations",
    title=_("Teilnahme an Terminen"),
    whose=Whose.COMING,
    what=_(
        "Name, E-Mail-Adresse, was wir vorbereiten sollen, ob Sie eingeladen sind, Ihr Platz, ob Sie "
        "ihn bestätigt haben und ob Sie da waren"
    ),
    purpose=_("Sie einladen, Plätze vergeben, Ihnen Änderungen sagen, Teilnahmen bescheinigen"),
    basis=_(
        "Ihre Einwilligung (Art. 6 Abs. 1 Buchst. a DSGVO); für Einladungen, die Sie jederzeit "
        "abbestellen können, Art. 6 Abs. 1 Buchst. e DSGVO mit § 4 LDSG BW"
    ),
    seen_by=_(
        "Sie selbst, die Stelle, die einlädt oder für sie antwortet, und die Portalverwaltung; eine "
        "Einladung vor Ihrer Zusage nur die Organisation, bei der Sie sich engagieren"
    ),
    kept=(sentences.unconfirmed, sentences.invited, sentences.registrations),
    fields={
        "volunteers.Registration": (
            "event",
            "organisation",
            "volunteer",
            "name",
            "preferred_language",
            "email",
            "note",
            "status",
            "attended",
            "submitted_at",
            "confirmed_at",
            "link_sent_at",
            "invited_at",
            "checked_in_at",
            "reconfirmed_at",
            "offer_until",
            "revision",
            "told_sequence",
            "told_facts",
        ),
    },
    owned_by={"volunteers.Registration": ("email", "volunteer__email")},
)
SHOWN = Processing(
    key="shown",
    title=_("Bilder, Stimmen und Geschichten"),
    whose=Whose.HELPING,
    what=_(
        "ein Foto, auf dem Sie zu sehen sind, oder was Sie über Ihr Engagement erzählen, mit dem Namen, "
        "den Sie möchten; seit wann und wie Sie eingewilligt haben"
    ),
    purpose=_("anderen zeigen, wer sich engagiert, und wie es ist"),
    basis=_("Ihre Einwilligung: Art. 6 Abs. 1 Buchst. a DSGVO, § 22 KunstUrhG"),
    seen_by=_("alle; wie Sie eingewilligt haben, sieht nur, wer den Eintrag pflegt"),
    kept=(sentences.shown,),
    fields={
        "programs.Picture": ("alt", "photographer", "agreed_on", "agreed_how"),
        "programs.PictureFile": ("data",),
        "programs.Voice": ("text", "said_by", "translations", "agreed_on", "agreed_how"),
        "programs.Story": (
            *("title", "person", "text", "translations"),
            *("agreed_by", "agreed_on", "agreed_how", "withdrawn_at"),
        ),
    },
    owned_by={
        "programs.Picture": (),
        "programs.PictureFile": (),
        "programs.Voice": (),
        "programs.Story": (),
    },
)
CONSENTS = Processing(
    key="consents",
    title=_("Einwilligungen"),
    whose=Whose.EVERYBODY,
    what=_(
        "wozu Sie wann welcher Fassung unseres Textes zugestimmt haben, und ob Sie widerrufen haben"
    ),
    purpose=_("nachweisen, dass wir Ihre Angaben verwenden dürfen"),
    basis=_("Art. 6 Abs. 1 Buchst. c mit Art. 7 Abs. 1 DSGVO"),
    seen_by=ANSWERING,
    kept=(sentences.with_record,),
    fields={
        "volunteers.Consent": (
            "application",
            "companion_request",
            "registration",
            "purpose",
            "text_version",
            "given_at",
            "withdrawn_at",
        ),
    },
    owned_by={
        "volunteers.Consent": (
            "application__email",
            "companion_request__email",
            "registration__email",
        ),
    },
)
OF_PEOPLE = (
    SIGN_UP,
    PROFILE,
    PREPARATION,
    CONDUCT_CHECK,
    MESSAGES,
    GROUP_MESSAGES,
    THANKS,
    EXPENSES,
    REGISTRATIONS,
    REQUESTS,
    ASKERS,
    TANDEMS,
    DATES,
    DATE_OFFERS,
    DATE_MESSAGES,
    ENQUIRIES,
    SHOWN,
    CONSENTS,
)
