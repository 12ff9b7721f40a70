"""The register: what the portal keeps of those who ask the city for counselling or offer it something."""

from django.utils.translation import gettext_lazy as _

from . import sentences
from .of_operation import PUBLIC_TASK
from .processing import Processing, Whose

COUNSELLING = Processing(
    key="counselling",
    title=_("Beratung"),
    whose=Whose.ASKING,
    what=_(
        "Ihr Anliegen, für wen Sie fragen und worum es geht, Ihr Name, E-Mail-Adresse oder Telefon, wie Sie "
        "beraten werden möchten; was Sie und die Stelle sich schreiben, wie weit die Beratung ist, und Notizen "
        "der Stelle dazu"
    ),
    purpose=_("Sie beraten"),
    basis=PUBLIC_TASK,
    seen_by=_("die Stelle der Stadt, die Sie berät, und die Portalverwaltung"),
    kept=(sentences.unconfirmed, sentences.counselling),
    fields={
        "portal.CounsellingRequest": (
            *("status", "audience", "organisation", "entry", "on_behalf_of", "text", "name"),
            *("email", "phone", "preferred_language", "way", "answer_by", "closed_at", "notes"),
            *("submitted_at", "confirmed_at", "link_sent_at"),
        ),
        "portal.CounsellingMessage": ("request", "sender", "text", "at", "handled_at"),
    },
    owned_by={
        "portal.CounsellingRequest": ("email",),
        "portal.CounsellingMessage": ("request__email",),
    },
)
COOPERATION = Processing(
    key="cooperation",
    title=_("Angebote von Unternehmen und Stiftungen"),
    whose=Whose.ASKING,
    what=_(
        "was Sie für welches Unternehmen oder welche Stiftung anbieten, Ihr Name, E-Mail-Adresse oder Telefon; "
        "wie weit es ist, was daraus wurde und wem es zugutekommt"
    ),
    purpose=_("Ihnen antworten und Ihr Angebot mit dem Bedarf von Organisationen zusammenbringen"),
    basis=PUBLIC_TASK,
    seen_by=_("die Stelle der Stadt, die Ihnen antwortet, und die Portalverwaltung"),
    kept=(sentences.cooperation,),
    fields={
        "portal.CooperationOffer": (
            *("organisation", "by", "company", "kinds", "text", "name", "email", "phone"),
            *("submitted_at", "answer_by", "status", "outcome", "benefits", "settled_on"),
        ),
    },
    owned_by={"portal.CooperationOffer": ("email",)},
)
