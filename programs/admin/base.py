"""The one place that limits the administration to the records that a user may see.

``ScopedModelAdmin`` and the scoped inlines filter everything that Django's admin reads or offers with
``visible_to(user)``: lists, change, history and delete pages, autocompletes, choices in forms, filters
and actions. Any other object gives 404. What a user may *do* with a visible object is up to the role
that shows it (``allowed.py``, ``volunteers/roles/table.py``).
"""

from typing import TYPE_CHECKING, Any, Protocol, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from programs.constraints import sentence_of
from programs.counting import Counted
from programs.models import District, Field, Membership, TargetGroup
from programs.requests import AnyUser, user_of
from programs.seeing import narrowed

from .allowed import AllowedActionsMixin, AllowedMixin
from .deleting import hanging, in_the_way, said, without_links
from .forms import LongLine, OnlyChangedForm, ScopedModelForm, array_formfield, is_long_line
from .history import HistoryMixin
from .lookups import DeclaredLookupsMixin
from .periods import PeriodFilter
from .read_only import ReadOnlyLinksMixin
from .searched import SearchedChoice, SearchedChoices
from .searching import MOST_TERMS, FoldSearchMixin, search_terms
from .typed import AdminMixin, InlineFormSet, M, ModelAdmin, ModelForm, Owner, TabularInline


def choices_for(model: type[M], user: AnyUser) -> "models.QuerySet[M]":
    return narrowed(model._default_manager.all(), user)


SHORT_LISTS = (District, Field, TargetGroup)
"""Models with few rows: forms show their choices as checkboxes."""


class ScopedMixin(AllowedMixin[M]):
    """Limits model admins and inlines to visible records."""

    form: type[ModelForm[M]] = ScopedModelForm
    own_organisation_fields: tuple[str, ...] = ()
    """Foreign keys to organisations. The user may choose only one at which their role adds or changes this."""

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[M]":
        return narrowed(super().get_queryset(request), request.user)

    def choices_of(self, db_field: Any, request: HttpRequest) -> "models.QuerySet[Any]":
        """What the user may choose in ``db_field``."""
        model = db_field.remote_field.model
        if db_field.name not in self.own_organisation_fields:
            return choices_for(model, request.user)
        changes = request.resolver_match and "object_id" in request.resolver_match.kwargs
        needed = self.permission_to("change" if changes else "add")
        return choices_for(model, user_of(request).limited_to(needed))

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "forms.ModelChoiceField[Any] | None":
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedChoice(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "forms.ModelMultipleChoiceField[Any] | None":
        kwargs.setdefault("queryset", choices_for(db_field.remote_field.model, request.user))
        if db_field.remote_field.model in SHORT_LISTS:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        elif db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedChoices(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, ArrayField) and db_field.base_field.choices:
            return array_formfield(db_field)
        if is_long_line(db_field):
            kwargs.setdefault("widget", LongLine)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no add and change links beside the choice
        return field


def referred(options: Any) -> list[str]:
    """The foreign keys of a model."""
    return [field.name for field in options.fields if field.many_to_one]


class RoleSite(Protocol):
    """The admin site, which writes changes of roles to the security log."""

    def record_role(self, request: HttpRequest, kind: str, about: models.Model) -> None: ...


class ScopedModelAdmin(
    HistoryMixin[M],
    ReadOnlyLinksMixin[M],
    DeclaredLookupsMixin[M],
    FoldSearchMixin[M],
    AllowedActionsMixin[M],
    ScopedMixin[M],
    ModelAdmin[M],
):
    """Base of every model admin of the portal."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    period_of = ""
    """The column of dates by which the list can be filtered; without one, that of its hierarchy."""
    also_read: tuple[str, ...] = ()
    """What the page of a record names besides the records that it refers to, such as „tandem__request“."""

    def get_list_filter(self, request: HttpRequest) -> Any:
        filters = tuple(super().get_list_filter(request))
        column = self.period_of or self.date_hierarchy
        return (*filters, (column, PeriodFilter)) if column else filters

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The title is the model's name; Django's default title asks to select an object to change."""
        if len(search_terms(request.GET.get("q", ""))) > MOST_TERMS:
            text = _("Gesucht wird nach den ersten %(number)d Wörtern; weitere zählen nicht.")
            messages.info(request, text % {"number": MOST_TERMS})
        title = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> M:
        """The object; 404 if it is not there or not visible. Its page also names what it refers to: one query."""
        rows = self.get_queryset(request)
        if named := self._named_on(request):
            rows = rows.select_related(*named)
        key: Any = self.opts.get_field(from_field) if from_field else self.opts.pk
        try:
            return rows.get(**{key.name: key.to_python(object_id)})
        except (ObjectDoesNotExist, ValidationError, ValueError):
            raise Http404 from None

    def _named_on(self, request: HttpRequest) -> tuple[str, ...]:
        """What the page of a record, or its history, names besides; other pages read for themselves."""
        match, prefix = request.resolver_match, f"{self.opts.app_label}_{self.opts.model_name}"
        page = match.url_name if match else ""
        if page == f"{prefix}_change":
            return (*referred(self.opts), *self.also_read)
        if page == f"{prefix}_history" and not isinstance(self.list_select_related, bool):
            return tuple(self.list_select_related)
        return ()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Shows a message if a database constraint fails that the form could not check.

        Examples: two rows of one form conflict, or two users save at the same time.
        """
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            messages.error(request, sentence_of(error))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        """Check ``own_organisation_fields`` again; 403 for an organisation the user may not choose."""
        for name in self.own_organisation_fields:
            self._check_own(request, obj, name, form)
        if change and isinstance(form, OnlyChangedForm):
            obj.save(update_fields=form.columns())
            return
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Also log roles that are given, changed or ended in an inline."""
        gone = [one.instance.pk for one in formset.deleted_forms] if change else []
        super().save_formset(request, form, formset, change)
        if formset.model is not Membership:
            return
        for pk in gone:
            self.record_role(request, "role_ended", Membership(pk=pk))
        for membership in formset.new_objects:
            self.record_role(request, "role_given", membership)
        for membership, _fields in formset.changed_objects:
            self.record_role(request, "role_changed", membership)

    def record_role(self, request: HttpRequest, kind: str, about: models.Model) -> None:
        """Calls the site, because the log belongs to a higher layer (``PortalAdminSite.record_role``)."""
        cast("RoleSite", self.admin_site).record_role(request, kind, about)

    def _check_own(self, request: HttpRequest, obj: Any, name: str, form: Any) -> None:
        owner = getattr(obj, f"{name}_id")
        if owner is None or name not in form.changed_data:
            return
        field = obj._meta.get_field(name)
        if not self.choices_of(field, request).filter(pk=owner).exists():
            raise PermissionDenied

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """The objects that a deletion also deletes. Objects that prevent it are counted, not named.

        Those may not be visible to the user (for example applications that a department answers),
        so their names do not appear. The permission to delete an opportunity includes its parent
        row, the entry.
        """
        if in_way := in_the_way(self.model, [obj.pk for obj in objs]):
            return [], {}, set(), [hanging(self.model, in_way)]
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        if protected:  # by what would go with them
            return deleted, counts, set(), [hanging(self.model, Counted(len(protected)))]
        parents = {parent._meta.verbose_name for parent in self.opts.get_parent_list()}
        return without_links(deleted), said(self.model, counts), needed - parents, []


if TYPE_CHECKING:
    ScopedAdminMixin = ScopedModelAdmin
else:
    ScopedAdminMixin = AdminMixin


class RowsOfOwner(InlineFormSet[Any, Any, Any]):
    """Each row knows the record that it belongs to, so it does not read it again."""

    def get_queryset(self) -> "models.QuerySet[Any]":
        is_read = hasattr(self, "_queryset")
        rows = super().get_queryset()
        for row in () if is_read else rows:
            setattr(row, self.fk.name, self.instance)
        return rows


class ScopedTabularInline(ScopedMixin[M], TabularInline[M, Owner]):
    extra = 0
    formset = RowsOfOwner


class ReadOnlyInline(TabularInline[M, Owner]):
    """Rows that only the portal itself writes."""

    extra = 0
    formset = RowsOfOwner
    classes: tuple[str, ...] = ("plain-rows",)
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Owner | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Owner | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Owner | None = None) -> bool:
        return False
