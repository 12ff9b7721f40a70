"""The register: what people and organisations write to each other."""

from django.utils.translation import gettext_lazy as _

from . import sentences
from .processing import CONSENT, Processing, Whose

ANSWERING = _("Sie selbst, die Organisation, die Ihnen antwortet, und die Portalverwaltung")

MESSAGES = Processing(
    key="messages",
    title=_("Nachrichten"),
    whose=Whose.HELPING,
    what=_("was Sie und die Organisation einander schreiben, und wann"),
    purpose=_("miteinander klären, was zu klären ist"),
    basis=CONSENT,
    seen_by=ANSWERING,
    kept=(sentences.with_application,),
    fields={
        "volunteers.Message": (*("application", "sender", "text", "at", "handled_at", "to_many"),),
    },
    owned_by={"volunteers.Message": ("application__email",)},
)
GROUP_MESSAGES = Processing(
    key="group-messages",
    title=_("Nachrichten an viele zugleich"),
    whose=Whose.HELPING,
    what=_("ob Sie eine solche Nachricht bekommen haben, und wenn nicht, warum"),
    purpose=_("jedem nur einmal schreiben und niemandem, der das nicht möchte"),
    basis=CONSENT,
    seen_by=ANSWERING,
    kept=(sentences.logs, sentences.with_application),
    fields={
        "volunteers.GroupRecipient": ("group", "application", "registration", "outcome"),
        "volunteers.GroupMessage": ("text", "written_at"),
    },
    owned_by={
        "volunteers.GroupRecipient": ("application__email", "registration__email"),
        "volunteers.GroupMessage": (
            "recipients__application__email",
            "recipients__registration__email",
        ),
    },
)
ENQUIRIES = Processing(
    key="enquiries",
    title=_("Fragen"),
    whose=Whose.ASKING,
    what=_(
        "Ihre Frage und wozu, Ihr Name, E-Mail-Adresse oder Telefon, und ob sie beantwortet ist"
    ),
    purpose=_("Ihnen antworten"),
    basis=_("Art. 6 Abs. 1 Buchst. e DSGVO mit § 4 LDSG BW"),
    seen_by=_(
        "die Stelle, die Ihnen antwortet (antwortet sie lange nicht, kann die Stelle darüber das "
        "übernehmen), und die Portalverwaltung"
    ),
    kept=(sentences.enquiries,),
    fields={
        "volunteers.Enquiry": (
            "entry",
            "event",
            "organisation",
            "text",
            "page",
            "name",
            "email",
            "phone",
            "asked_at",
            "answer_by",
            "answered_at",
        ),
    },
    owned_by={"volunteers.Enquiry": ("email",)},
)
