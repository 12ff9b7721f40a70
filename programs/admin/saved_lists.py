"""Administration of saved lists: saved from any list, opened and exported again."""

from typing import Any, cast

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.exchange.admin import ExportAdminMixin, filter_text
from programs.exchange.fitting import Fitting, Kept, fit, kept_of
from programs.models import Organisation, SavedList
from programs.requests import UserRequest, request_for, user_of

from .base import ScopedModelAdmin
from .present import PresentFilter
from .saved_list_form import SavedListForm

LIST, FILTER = "liste", "filter"
"""In the address of the page that saves: the label of the list, and the list's own query string."""
LONGEST = 2000
ONE_BUTTON = {"show_save_and_add_another": False, "show_save_and_continue": False}
NO_LIST = _("Diese Liste gibt es nicht mehr, oder Sie dürfen sie nicht sehen.")


@admin.register(SavedList)
class SavedListAdmin(ScopedModelAdmin[SavedList]):
    """Colleagues open and export what is shared with them; only the owner changes it."""

    form = SavedListForm
    list_display = ("name", "of_list", "opening", "shared_with", "owner_name")
    list_select_related = ("owner", "shared_with")
    list_filter = (("shared_with", PresentFilter),)
    search_fields = ("name",)
    actions = None  # one would also take rows of colleagues
    own_organisation_fields = ("shared_with",)
    readonly_fields = ("owner_name", "used_on")
    change_form_template = "admin/saved_lists/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        opens = self.admin_site.admin_view(self.open_view)
        exports = self.admin_site.admin_view(self.export_view)
        return [
            path("<int:object_id>/oeffnen/", opens, name="programs_savedlist_open"),
            path("<int:object_id>/exportieren/", exports, name="programs_savedlist_export"),
            *super().get_urls(),
        ]

    # --- Who may --------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A list is saved from that list, so only its page leads here."""
        return LIST in request.GET and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._keeps(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._keeps(request, obj)

    def _keeps(self, request: HttpRequest, saved: SavedList | None) -> bool:
        return saved is None or saved.may_be_changed_by(request.user)

    def choices_of(self, db_field: Any, request: HttpRequest) -> Any:
        return Organisation.objects.employing(user_of(request))

    # --- The list that is saved -----------------------------------------------------------------

    def list_called(self, label: str) -> Any:
        """The administration of a list; None if it is gone."""
        try:
            return self.admin_site.get_model_admin(apps.get_model(label))
        except (LookupError, ValueError, NotRegistered):
            return None

    def _asked(self, request: HttpRequest) -> tuple[Any, Kept, str]:
        """The list that is to be saved, how it stands, and its filter in words; 404 for a foreign one."""
        listed = self.list_called(request.GET.get(LIST, ""))
        if listed is None or not listed.has_view_permission(request):
            raise Http404
        query = request.GET.get(FILTER, "").replace("\x00", "")[:LONGEST]
        try:
            changelist = listed.get_changelist_instance(request_for(user_of(request), query))
        except IncorrectLookupParameters as error:
            raise Http404 from error
        return listed, kept_of(changelist), filter_text(changelist)

    def _fitting(self, request: HttpRequest, saved: SavedList) -> tuple[Any, Fitting]:
        """The list and how the user can open it today; None if not at all."""
        listed = self.list_called(saved.model)
        if listed is None or not listed.has_view_permission(request):
            return None, Fitting("", [str(NO_LIST)])
        kept = Kept(saved.search, saved.filters, tuple(saved.order))
        return listed, fit(user_of(request), listed, kept)

    def get_form(
        self,
        request: HttpRequest,
        obj: SavedList | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None:
            listed = self.list_called(obj.model)
            return type("Form", (form,), {"offered": _offered(request, listed)})
        listed, kept, words = self._asked(request)
        new = {
            "owner": user_of(request),
            "model": listed.opts.label_lower,
            "search": kept.search,
            "filters": kept.filters,
            "order": list(kept.order),
            "words": words,
        }
        return type("Form", (form,), {"offered": _offered(request, listed), "new": new})

    def get_fields(self, request: HttpRequest, obj: SavedList | None = None) -> tuple[str, ...]:
        listed = self.list_called(obj.model if obj else request.GET.get(LIST, ""))
        letters = ("letters",) if getattr(listed, "letters", None) else ()
        columns = (*letters, "columns") if _offered(request, listed) else ()
        if obj is None:
            return ("name", "replace", "shared_with", *columns)
        return ("name", "shared_with", *columns, *self.readonly_fields)

    # --- Pages ----------------------------------------------------------------------------------

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Saves the list that the address names; what already has no effect is not saved."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        listed, kept, words = self._asked(request)
        if faults := fit(user_of(request), listed, kept).faults:
            for fault in faults:
                messages.error(request, fault)
            return HttpResponseRedirect(admin_path(listed.opts))
        shown = {"title": _("Als Liste speichern"), "list_name": listed.opts.verbose_name_plural}
        more = {**shown, **ONE_BUTTON, "words": words, "is_fixed": _is_fixed(listed, kept)}
        return super().add_view(request, form_url, more | (extra_context or {}))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        saved = self.get_object(request, object_id)
        listed, fitting = self._fitting(request, saved)
        more: dict[str, Any] = {**ONE_BUTTON, "faults": fitting.faults}
        if listed is not None:
            more |= {
                "list_name": listed.opts.verbose_name_plural,
                "words": filter_text(fitting.changelist),
                "may_export": _may_export(request, listed),
            }
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    def open_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Leads to the list with the saved filter, or says what of it no longer works."""
        saved = self.get_object(request, str(object_id))
        listed, fitting = self._fitting(request, saved)
        if fitting.faults:
            return self._unfit(request, saved, listed, fitting)
        saved.used()
        return HttpResponseRedirect(_address(listed, fitting))

    def export_view(self, request: UserRequest, object_id: int) -> HttpResponseBase:
        """The export page of the list, with the saved filter and columns."""
        saved = self.get_object(request, str(object_id))
        listed, fitting = self._fitting(request, saved)
        if fitting.faults:
            return self._unfit(request, saved, listed, fitting)
        if not _may_export(request, listed):
            raise PermissionDenied
        saved.used()
        request.GET = QueryDict(fitting.query)
        return cast("ExportAdminMixin", listed).export_action(request, saved)

    def _unfit(
        self, request: HttpRequest, saved: SavedList, listed: Any, fitting: Fitting
    ) -> HttpResponse:
        """What was saved is told to the owner only: it may name what others do not see."""
        return self.page(
            request,
            "admin/saved_lists/unfit.html",
            gettext("Diese Liste passt nicht mehr"),
            subtitle=saved,
            http_status=409,
            original=saved,
            faults=fitting.faults,
            words=saved.words if saved.owner_id == request.user.pk else "",
            rest=_address(listed, fitting) if listed is not None else "",
            has_change_permission=self.has_change_permission(request, saved),
        )

    def response_add(
        self, request: HttpRequest, obj: SavedList, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Back to the list."""
        messages.success(request, _("Die Liste „%(name)s“ ist gespeichert.") % {"name": obj})
        return HttpResponseRedirect(admin_path(obj, "open"))

    # --- Columns --------------------------------------------------------------------------------

    @admin.display(description=_("Liste"), ordering="model")
    def of_list(self, saved: SavedList) -> str:
        listed = self.list_called(saved.model)
        return str(capfirst(listed.opts.verbose_name_plural)) if listed else "–"

    @admin.display(description=_("Öffnen"))
    def opening(self, saved: SavedList) -> SafeString:
        return format_html('<a href="{}">{}</a>', admin_path(saved, "open"), gettext("Öffnen"))

    @admin.display(description=_("gespeichert von"), ordering="owner__name")
    def owner_name(self, saved: SavedList) -> str:
        return str(saved.owner or gettext("niemand mehr"))


def _may_export(request: HttpRequest, listed: Any) -> bool:
    return isinstance(listed, ExportAdminMixin) and listed.has_export_permission(request)


def _offered(request: HttpRequest, listed: Any) -> list[tuple[str, str]]:
    """The columns that the user may export from the list."""
    return listed.resource(request).offered() if _may_export(request, listed) else []


def _is_fixed(listed: Any, kept: Kept) -> bool:
    """Whether the list is of a fixed month or day, which does not move on with the calendar."""
    return bool(listed.date_hierarchy) and f"{listed.date_hierarchy}__" in kept.filters


def _address(listed: Any, fitting: Fitting) -> str:
    return f"{admin_path(listed.opts)}?{fitting.query}"
