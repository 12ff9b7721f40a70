"""The register: single dates, from the side of who asks and of who is asked."""

from django.utils.translation import gettext_lazy as _

from . import sentences
from .processing import CONSENT, Processing, Whose

DATES = Processing(
    key="dates",
    title=_("Begleitung zu einem Termin"),
    whose=Whose.LOOKING,
    what=_(
        "Tag, Uhrzeit, Dauer, Stadtbezirk und Ort des Termins, Sprache, ein Thema aus einer Liste, für wen "
        "Sie fragen, Ihr Name, E-Mail-Adresse, freiwillig Telefon; wer kommt, und wie es war"
    ),
    purpose=_("einen Menschen finden, der einmal mitkommt oder übersetzt"),
    basis=CONSENT,
    seen_by=_(
        "das Sozialamt, die Portalverwaltung und der Mensch, der zusagt; andere Engagierte lesen nur Tag, "
        "Uhrzeit, Stadtbezirk, Sprache und Thema"
    ),
    kept=(sentences.unconfirmed, sentences.dates),
    fields={
        "volunteers.DateRequest": (
            *("kind", "asker", "topic", "language", "to_language", "starts_at", "minutes"),
            *("district", "place", "name", "email", "phone", "preferred_language"),
            *("status", "submitted_at"),
            *("confirmed_at", "link_sent_at", "outcome", "replied_at"),
        ),
    },
    owned_by={"volunteers.DateRequest": ("email",)},
)
DATE_OFFERS = Processing(
    key="date_offers",
    title=_("Anfragen für einzelne Termine"),
    whose=Whose.HELPING,
    what=_(
        "für welche Termine wir Sie gefragt haben, ob Sie zugesagt oder wieder abgesagt haben, und ob Ihre "
        "Telefonnummer weitergegeben werden darf"
    ),
    purpose=_("Sie nicht zu oft fragen und Ihnen sagen, wohin Sie kommen"),
    basis=CONSENT,
    seen_by=_(
        "das Sozialamt und die Portalverwaltung; wer um Begleitung gebeten hat, erfährt Ihren Vornamen"
    ),
    kept=(sentences.dates,),
    fields={
        "volunteers.DateOffer": ("date", "volunteer", "offered_at", "gave_back_at"),
        "volunteers.DateRequest": ("companion", "shares_phone"),
    },
    owned_by={
        "volunteers.DateOffer": ("volunteer__email",),
        "volunteers.DateRequest": ("companion__email",),
    },
)
DATE_MESSAGES = Processing(
    key="date_messages",
    title=_("Nachrichten zu einzelnen Terminen"),
    whose=Whose.LOOKING,
    what=_("was wer um Begleitung bittet und wer mitkommt einander schreiben, und wann"),
    purpose=_("vor dem Termin klären, was zu klären ist, ohne Adressen weiterzugeben"),
    basis=CONSENT,
    seen_by=_("nur die beiden"),
    kept=(sentences.date_messages,),
    fields={"volunteers.DateMessage": ("date", "sender", "text", "at")},
    owned_by={"volunteers.DateMessage": ("date__email", "date__companion__email")},
)
