"""The register: what people get by mail because they have ordered it."""

from django.utils.translation import gettext_lazy as _

from . import sentences
from .processing import CONSENT, Processing, Whose

NEWSLETTER = Processing(
    key="newsletter",
    title=_("Newsletter"),
    whose=Whose.READING,
    what=_(
        "Ihre E-Mail-Adresse, Themen, Stadtbezirke und Sprache; wann Sie bestellt, bestätigt, geändert und "
        "abbestellt haben und welchem Text Sie zugestimmt haben; ob Ihr Mailserver unsere Mails annimmt; welche "
        "Ausgaben in den letzten Wochen an Sie gingen, nie, ob Sie sie lesen"
    ),
    purpose=_("Ihnen den Newsletter schicken, und nachweisen, dass Sie ihn bestellt haben"),
    basis=CONSENT,
    seen_by=_("Sie selbst, die Fachstellen, die ihn verschicken, und die Portalverwaltung"),
    kept=(sentences.unconfirmed, sentences.standing_orders, sentences.deliveries),
    fields={
        "portal.Subscription": (
            *("email", "status", "topics", "districts", "language", "text_version"),
            "preferred_language",
            *("submitted_at", "confirmed_at", "link_sent_at", "changed_at", "ended_at"),
            *("hard_bounces", "late_bounces", "stopped_at"),
        ),
        "portal.NewsletterDelivery": (
            *("subscription", "state", "code", "tries", "try_at", "done_at"),
        ),
    },
    owned_by={
        "portal.Subscription": ("email",),
        "portal.NewsletterDelivery": ("subscription__email",),
    },
)

SAVED_SEARCHES = Processing(
    key="saved_searches",
    title=_("Suchen per Mail"),
    whose=Whose.READING,
    what=_(
        "Ihre E-Mail-Adresse, die Filter Ihrer Suche und Ihre Sprache; wann Sie bestellt, bestätigt und abbestellt "
        "haben und welchem Text Sie zugestimmt haben; wann wir Ihnen zuletzt geschrieben haben; ob Ihr Mailserver "
        "unsere Mails annimmt, nie, ob Sie sie lesen"
    ),
    purpose=_(
        "Ihnen neue Angebote zu Ihrer Suche schicken, und nachweisen, dass Sie das bestellt haben"
    ),
    basis=CONSENT,
    seen_by=_("Sie selbst und die Portalverwaltung"),
    kept=(sentences.unconfirmed, sentences.standing_orders),
    fields={
        "portal.SavedSearch": (
            *("email", "status", "query", "text_version", "preferred_language"),
            *("submitted_at", "confirmed_at", "link_sent_at", "ended_at"),
            *("told_until", "last_sent_at", "hard_bounces", "stopped_at"),
        ),
    },
    owned_by={"portal.SavedSearch": ("email",)},
)
