"""„Suchen per Mail“: the Portalverwaltung finds one by its whole address, ends or deletes it for who asks."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from programs import versions
from volunteers.admin.filters import StatusFilter
from volunteers.admin.standing_orders import StandingOrderAdmin
from volunteers.models.users import normalise_email

from .models import SavedSearch
from .texts import TEXTS


@admin.register(SavedSearch)
class SavedSearchAdmin(StandingOrderAdmin[SavedSearch]):
    """What somebody looks for says something about them, so the list shows no whole address."""

    texts = TEXTS
    ended = _("Abbestellt. Zu dieser Suche geht keine Mail mehr an diese Adresse.")
    list_display = ("masked", "looks_for", "language", "state", "confirmed_at", "last_sent_at")
    list_display_links = ("masked",)
    list_filter = (
        ("status", StatusFilter),
        "preferred_language",
        ("stopped_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("email",)
    search_help_text = _(
        "Die ganze E-Mail-Adresse, so wie die Person sie nennt. Nach einem Teil wird nicht gesucht."
    )
    fieldsets = (
        (
            None,
            {
                "fields": ("email", "state", "looks_for", "catalogue", "language"),
                "description": _(
                    "Bitte nur ansehen, wenn die Person darum bittet. „Abbestellen“ beendet die Mails zu dieser "
                    "Suche; der Nachweis der Bestellung bleibt bis zum Ende der Frist. „Löschen“ nimmt auch den "
                    "Nachweis weg. Alles andere, was das Portal zu einer Adresse hat, sieht und löscht die Person "
                    "selbst unter „Meine Daten“."
                ),
            },
        ),
        (_("Nachweis"), {"fields": ("submitted_at", "confirmed_at", "agreed", "ended_at")}),
        (
            _("Mails"),
            {
                "fields": ("last_sent_at", "told_until", "hard_bounces", "stopped_at"),
                "description": _(
                    "Höchstens einmal in der Woche, und nur wenn es Neues gibt. „Erzählt bis“ sagt, bis wann alle "
                    "neuen Angebote in einer Mail standen."
                ),
            },
        ),
    )
    readonly_fields = tuple(flatten_fieldsets(fieldsets))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The words of all rows are read from one version of the content."""
        answer = super().changelist_view(request, extra_context)
        changes = (getattr(answer, "context_data", None) or {}).get("cl")
        with versions.one_version():
            for search in changes.result_list if changes else ():
                search.in_words = search.wanted.title
        return answer

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[SavedSearch], search_term: str
    ) -> tuple[QuerySet[SavedSearch], bool]:
        """By the whole address: nobody goes through the list by parts of names."""
        address = normalise_email(search_term)
        return (queryset.filter(email=address) if address else queryset), False

    @admin.display(description=_("Adresse"), ordering="email")
    def masked(self, search: SavedSearch) -> str:
        return search.masked

    @admin.display(description=_("Sucht"))
    def looks_for(self, search: SavedSearch) -> str:
        return search.in_words or search.wanted.title

    @admin.display(description=_("Sprache"), ordering="preferred_language")
    def language(self, search: SavedSearch) -> str:
        return search.get_preferred_language_display()

    @admin.display(description=_("Zurzeit"))
    def catalogue(self, search: SavedSearch) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', search.wanted.path, _("Was die Suche heute findet")
        )
