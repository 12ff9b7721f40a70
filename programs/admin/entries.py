"""The common parts of the admin pages of entries, and the list of all entries."""

from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs import confirming
from programs.models import Entry, Organisation
from programs.models.organisations import POSTAL

from ..addresses import admin_path
from .base import ScopedAdminMixin, ScopedModelAdmin
from .only import OnlyFilter
from .pages import ReadOnlyMixin
from .present import PresentFilter
from .published import SHOWN_ON_ENTRIES
from .slugs import SlugMixin

E = TypeVar("E", bound=Entry)
CONFIRM = "programs.confirm_entry"

ADMIN_OF_KIND = {
    Entry.Kind.OPPORTUNITY: "programs.opportunity",
    Entry.Kind.PROGRAMME: "programs.programme",
    Entry.Kind.ROOM: "welcome_rooms.welcomeroom",
    Entry.Kind.CIRCLE: "programs.organisation",
    Entry.Kind.INITIATIVE: "programs.organisation",
    Entry.Kind.ORGANISATION: "programs.organisation",
}


def entry_admin_url(entry: Entry) -> str:
    """The change page of ``entry`` in the admin of its kind: programme, room …"""
    return admin_path(ADMIN_OF_KIND[Entry.Kind(entry.kind)], "change", entry.pk)


class ToConfirmFilter(OnlyFilter):
    title = _("zu bestätigen")
    parameter_name = "bestaetigen"
    choice = ("ja", _("Ja, seit über einem Jahr nicht bestätigt"))

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        return confirming.to_confirm(rows)


CONFIRMED = (
    ("frisch", _("in den letzten 6 Monaten")),
    ("jahr", _("vor 6 bis 12 Monaten")),
    ("alt", _("vor über 12 Monaten")),
    ("nie", _("noch nie")),
)


class FreshnessFilter(admin.SimpleListFilter):
    """When a published entry was confirmed; the start page of departments counts the same."""

    title = _("zuletzt bestätigt")
    parameter_name = "frische"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(CONFIRMED)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        slug = self.value() or ""
        return confirming.confirmed(queryset, slug) if slug in confirming.FRESHNESS else queryset


class ConfirmMixin(ScopedAdminMixin[E]):
    """„Eintrag bestätigen“ as an action and as a button; needs the permission ``confirm_entry``."""

    actions = ("confirm_entries",)

    def permission_to(self, action: str) -> str:
        return CONFIRM if action == "confirm" else super().permission_to(action)

    def has_confirm_permission(self, request: HttpRequest, obj: Entry | None = None) -> bool:
        return request.user.has_perm(CONFIRM, obj)

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_confirm"
        view = self.admin_site.admin_view(require_POST(self.confirm_view))
        return [path("<path:object_id>/bestaetigen/", view, name=name), *super().get_urls()]

    @admin.action(description=_("Einträge bestätigen: Stand ist heute"), permissions=["confirm"])
    def confirm_entries(self, request: HttpRequest, queryset: QuerySet[E]) -> None:
        count = 0
        for entry in queryset:
            self._confirm(request, entry)
            count += 1
        text = ngettext("%(count)d Eintrag bestätigt.", "%(count)d Einträge bestätigt.", count)
        messages.success(request, text % {"count": count})

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The button on the change page."""
        entry = self.get_object(request, object_id)
        if not self.has_confirm_permission(request, entry):
            return HttpResponse(status=403)
        self._confirm(request, entry)
        messages.success(request, __("Danke. Der Eintrag gilt als heute bestätigt."))
        return HttpResponseRedirect(entry_admin_url(entry))

    def _confirm(self, request: HttpRequest, entry: E) -> None:
        confirming.confirm(entry)
        self.log_change(request, entry, __("Eintrag bestätigt."))


STAND_FIELDS = (("as_of", "as_of_precision"), "source", "confirmed_on", "evidence_confirmed")
EVERY_FACT = _("Jede Angabe hat einen Stand. „Eintrag bestätigen“ setzt ihn auf heute.")
FOR_EDITORS = ("internal_note", "contact_email", *POSTAL)
BEFORE_JOINING = _("Was Menschen vor der Anmeldung wissen wollen.")


class EntryAdminBase(ConfirmMixin[E], SlugMixin[E], ScopedModelAdmin[E]):
    """The fields that every kind of entry has, in the order in which people look for them."""

    change_form_template = "admin/programs/entry_change_form.html"
    own_organisation_fields = ("organisation", "department")
    search_fields = ("search_names",)
    list_filter: ClassVar[tuple[Any, ...]] = (
        ToConfirmFilter,
        "status",
        "is_published",
        ("organisation", PresentFilter),
        "districts",
        "fields",
    )
    list_display: tuple[str, ...] = (
        "title",
        "organisation",
        "status_label",
        "is_published",
        "stand",
        "confirmed",
    )
    list_select_related = ("organisation",)
    autocomplete_fields: ClassVar[tuple[str, ...]] = ("organisation", "department")
    readonly_fields = ("stand", "department_name", "created_at", "updated_at")

    what: tuple[str, ...] = ("title", "slug", "organisation", "summary", "description")
    where_when: tuple[Any, ...] = (
        "districts",
        "located_at",
        "weekdays",
        "dayparts",
        "time_note",
        ("starts_on", "ends_on"),
        "period_note",
    )
    joining: tuple[Any, ...] = (
        "accepts_sign_ups",
        "places",
        "languages",
        "without_german",
        "newcomers_welcome",
        "for_groups",
        "requirements",
        "contact_role",
        ("phone", "phone_hours"),
        "website",
    )
    office: tuple[Any, ...] = ("department", "internal_note")

    def all_fieldsets(self, request: HttpRequest, obj: E | None = None) -> Any:
        office = {"fields": self._office(request, obj), "classes": ("collapse",)}
        return [
            (None, {"fields": self.what}),
            (_("Zu sehen"), {"fields": (("status", "is_published"),)}),
            (_("Worum es geht"), {"fields": ("fields", "target_groups")}),
            (_("Wo und wann"), {"fields": self.where_when}),
            (_("Mitmachen"), {"fields": self.joining, "description": BEFORE_JOINING}),
            (_("Stand und Quelle"), {"fields": STAND_FIELDS, "description": EVERY_FACT}),
            (_("Intern"), office),
        ]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An owner is required: only entries that are organisations have none (a database constraint)."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "organisation":
            field.required = True
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Preselects the user's organisation if there is exactly one."""
        own = list(Organisation.objects.of(request.user)[:2])
        initial: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        return {"organisation": own[0].pk, **initial} if len(own) == 1 else initial

    def get_inlines(self, request: HttpRequest, obj: E | None) -> Any:
        """Also the pictures and voices that the entry has."""
        own = list(super().get_inlines(request, obj))
        return [*own, *SHOWN_ON_ENTRIES] if obj else own

    def _office(self, request: HttpRequest, obj: E | None) -> tuple[Any, ...]:
        """The fields of the last fieldset.

        Only users with ``assign_entry`` can change the department; others see its name without a
        link. Only users who may change the entry see the internal note and the address for mails.
        """
        office = self.office
        if not self.has_change_permission(request, obj):
            office = tuple(name for name in office if name not in FOR_EDITORS)
        if request.user.has_perm("programs.assign_entry", obj):
            return office
        return tuple("department_name" if name == "department" else name for name in office)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["may_confirm"] = self.has_confirm_permission(request, context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("Status"), ordering="status")
    def status_label(self, entry: Entry) -> SafeString:
        return format_html(
            '<span class="badge badge-entry-{}">{}</span>', entry.status, entry.get_status_display()
        )

    @admin.display(description=_("zuständige Stelle"))
    def department_name(self, entry: Entry) -> str:
        return str(entry.department or "–")

    @admin.display(description=_("Stand"), ordering="as_of")
    def stand(self, entry: Entry) -> str:
        return entry.stand_label or "–"

    @admin.display(description=_("bestätigt"), ordering="confirmed_on")
    def confirmed(self, entry: Entry) -> str:
        if entry.confirmed_on:
            return entry.confirmed_on.strftime("%d.%m.%Y")
        return __("durch Belege") if entry.evidence_confirmed else __("noch nicht")


@admin.register(Entry)
class EntryAdmin(ReadOnlyMixin[Entry], EntryAdminBase[Entry]):
    """All entries in one list. A row opens in the admin of its kind; only there it can be changed."""

    list_display = (
        "linked_title",
        "kind",
        "organisation",
        "status_label",
        "is_published",
        "stand",
        "confirmed",
    )
    list_display_links = None
    list_filter: ClassVar[tuple[Any, ...]] = (
        ToConfirmFilter,
        FreshnessFilter,
        "kind",
        "status",
        "is_published",
        "districts",
        "fields",
    )
    ordering = ("title",)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return HttpResponseRedirect(entry_admin_url(self.get_object(request, object_id)))

    @admin.display(description=_("Name"), ordering="title")
    def linked_title(self, entry: Entry) -> SafeString:
        return format_html('<a href="{}">{}</a>', entry_admin_url(entry), entry.title)
