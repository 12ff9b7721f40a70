"""The security log: written by the portal, read by the Portalverwaltung."""

from django.apps import apps
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from programs.admin.searching import folded

from ..models import SecurityEvent, User

LIMITS = {
    "sign_up": _("Anmeldung"),
    "companion_request": _("Suche nach einer Begleitung"),
    "date_request": _("Begleitung zu einem Termin"),
    "registration": _("Anmeldung zu einem Termin"),
    "enquiry": _("Frage"),
    "counselling": _("Beratung"),
    "cooperation": _("Kooperation"),
    "access_request": _("„Das sind wir“"),
    "organisation_proposal": _("Organisation vorschlagen"),
    "concern": _("„Etwas stimmt nicht“"),
    "newsletter": _("Newsletter"),
    "saved_search": _("Suche per Mail"),
    "own_link": _("Link zu den eigenen Daten"),
    "mailbox": _("Mails an ein Postfach"),
    "invitations": _("Einladungen einer Organisation"),
    "message": _("Nachricht"),
    "link": _("Schritte über einen Link"),
    "invitation": _("Einladung"),
    "account": _("neues Konto"),
    "login_code": _("Code anfordern"),
    "login": _("Passwort"),
    "enter_code": _("Code eingeben"),
    "second_factor": _("zweiter Faktor"),
    "password": _("Passwort ändern"),
    "poster": _("Plakat"),
    "open_data": _("offene Daten"),
    "door": _("Seite am Eingang eines Termins"),
    "certificate": _("Prüfcode eines Nachweises"),
    "wrong_link": _("falsche Links"),
    "city_sign_on": _("Anmeldung über die Stadt"),
}
"""Labels for the keys of ``settings.RATE_LIMITS``."""
WHERE = {
    "address": _("von einer Adresse im Netz"),
    "pair": _("von einer Adresse im Netz für ein Ziel"),
    "target": _("für ein Ziel"),
}


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnlyMixin[SecurityEvent], ScopedModelAdmin[SecurityEvent]):
    """What happened, when and by whom; never what was typed, read or sent."""

    list_display = ("at", "kind", "by", "concerns")
    list_display_links = None
    list_select_related = ("by",)
    list_filter = ("kind",)
    date_hierarchy = "at"
    search_fields = ("about", "by__email")
    search_help_text = _(
        "E-Mail-Adresse eines Kontos, oder was betroffen ist, zum Beispiel „user 17“."
    )
    fields = ("at", "kind", "by", "concerns")
    readonly_fields = fields

    def find_word(
        self, request: HttpRequest, queryset: QuerySet[SecurityEvent], word: str
    ) -> QuerySet[SecurityEvent]:
        """The accounts are few; named by their numbers, an index finds what they did."""
        accounts = list(User.objects.filter(folded(("email",), word)).values_list("pk", flat=True))
        return queryset.filter(folded(("about",), word) | Q(by__in=accounts))

    @admin.display(description=_("betrifft"), ordering="about")
    def concerns(self, event: SecurityEvent) -> str:
        """The kind and number of the record, with a link; for rate limits, which one."""
        name, _blank, rest = event.about.partition(" ")
        if rest in WHERE:
            return f"{LIMITS.get(name, name)} {WHERE[rest]}"
        model = next((found for found in apps.get_models() if found._meta.model_name == name), None)
        if model is None:
            return event.about or "–"
        text = f"{model._meta.verbose_name} {rest}"
        try:
            url = admin_path(model, "change", rest)
        except NoReverseMatch:
            return text
        return format_html('<a href="{}">{}</a>', url, text)
