"""The one place where the administration keeps to what is somebody's own.

``ScopedModelAdmin`` and the scoped inlines narrow everything that Django's admin reads or offers
to what ``visible_to(user)`` shows: lists, change, history and delete pages, autocompletes, choices
in forms, filters and actions. A foreign object does not exist (404). What somebody may *do* with
an object in sight is the role table's business (``volunteers/roles/table.py``).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.constraints import sentence_of
from programs.models import District, Field, Membership, TargetGroup
from programs.models.entries import Fold
from programs.requests import AnyUser

from .forms import OnlyChangedForm, ScopedModelForm, array_formfield
from .history import HistoryMixin
from .lookups import DeclaredLookupsMixin
from .searched import SearchedChoice, SearchedChoices
from .typed import AdminMixin, AnyAdminMixin, M, ModelAdmin, ModelForm, Owner, TabularInline


def narrowed(queryset: "models.QuerySet[M]", user: AnyUser) -> "models.QuerySet[M]":
    """``queryset`` as far as ``user`` sees it; models without ``visible_to`` are open to all roles."""
    visible_to = getattr(queryset, "visible_to", None)
    return cast("models.QuerySet[M]", visible_to(user)) if visible_to else queryset


def choices_for(model: type[M], user: AnyUser) -> "models.QuerySet[M]":
    return narrowed(model._default_manager.all(), user)


SHORT_LISTS = (District, Field, TargetGroup)
"""Lists that fit on a form as boxes to tick."""


class ScopedMixin(AnyAdminMixin[M]):
    """Scoping that model admins and inlines share."""

    form: type[ModelForm[M]] = ScopedModelForm
    own_organisation_fields: tuple[str, ...] = ()
    """Foreign keys to organisations that have to be one the person works for or looks after."""

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[M]":
        return narrowed(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "forms.ModelChoiceField[Any] | None":
        kwargs.setdefault("queryset", choices_for(db_field.remote_field.model, request.user))
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
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no doors to records that may be out of sight
        return field


FOLDED_COLUMNS = frozenset({"search_names", "search_text"})
"""Columns that the database stores folded."""


class FoldSearchMixin(AdminMixin[M]):
    """Search that sees through case, accents and the spellings of umlauts.

    Every word has to be found in one of ``search_fields`` (plain names, no lookups); quotation
    marks keep words together.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", search_term: str
    ) -> "tuple[models.QuerySet[M], bool]":
        for word in search_terms(search_term)[:MOST_TERMS]:
            queryset = self.find_word(request, queryset, word)
        return queryset, False

    def find_word(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", word: str
    ) -> "models.QuerySet[M]":
        return queryset.filter(folded(self.get_search_fields(request), word))


MOST_TERMS = 8
"""Words that a search of the administration looks for; each one goes through every row."""


def search_terms(text: str) -> list[str]:
    """The words of ``text``, «"Anna Maria"» as one; PostgreSQL knows no NUL character."""
    terms = smart_split(text.replace("\x00", ""))
    return [
        unescape_string_literal(term)
        if term[0] == term[-1] and term[0] in "\"'" and len(term) > 1
        else term
        for term in terms
    ]


def folded(fields: Iterable[str], word: str) -> Q:
    """That ``word`` stands in one of ``fields``, both folded by the database."""
    wanted = Fold(Value(word))
    found = Q(pk__in=())
    for name in fields:
        if name.rpartition("__")[2] in FOLDED_COLUMNS:
            found |= Q(**{f"{name}__contains": wanted})
        else:
            found |= Q(GreaterThan(StrIndex(Fold(name), wanted), 0))
    return found


class RoleSite(Protocol):
    """The administration's site, which knows where roles are noted."""

    def record_role(self, request: HttpRequest, kind: str, about: models.Model) -> None: ...


class ScopedModelAdmin(
    HistoryMixin[M], DeclaredLookupsMixin[M], FoldSearchMixin[M], ScopedMixin[M], ModelAdmin[M]
):
    """Base of every model admin of the portal."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Named after what it lists; Django's own heading asks to choose something."""
        if len(search_terms(request.GET.get("q", ""))) > MOST_TERMS:
            text = _("Gesucht wird nach den ersten %(number)d Wörtern; weitere zählen nicht.")
            messages.info(request, text % {"number": MOST_TERMS})
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> M:
        """The object, or 404 when there is none in sight."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A rule that only the database can see (two rows of one form, two people at once) is told."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            messages.error(request, sentence_of(error))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        """Refuse what the form should have refused: an owner that is not the person's."""
        for name in self.own_organisation_fields:
            self._check_own(request, obj, name, form)
        if change and isinstance(form, OnlyChangedForm):
            obj.save(update_fields=form.columns())
            return
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Roles that are given, changed or ended on the page of something else are noted as well."""
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
        """Through the site: the log is kept further up (``PortalAdminSite.record_role``)."""
        cast("RoleSite", self.admin_site).record_role(request, kind, about)

    def _check_own(self, request: HttpRequest, obj: Any, name: str, form: Any) -> None:
        owner = getattr(obj, f"{name}_id")
        if owner is None or name not in form.changed_data:
            return
        field = obj._meta.get_field(name)
        if not choices_for(field.remote_field.model, request.user).filter(pk=owner).exists():
            raise PermissionDenied

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What a deletion takes along; what stands against it is counted, not named.

        Records that hang on the object may belong to others (applications that a department
        answers), so their names do not appear. Who may delete an opportunity may delete the entry
        that it is.
        """
        deleted, counts, needed, protected = super().get_deleted_objects(objs, request)
        if protected:
            return deleted, counts, set(), self._counted(protected)
        parents = {parent._meta.verbose_name for parent in self.opts.get_parent_list()}
        return deleted, counts, needed - parents, []

    def _counted(self, protected: list[Any]) -> list[str]:
        return [
            ngettext(
                "%(count)d Datensatz hängt daran, zum Beispiel eine Anmeldung.",
                "%(count)d Datensätze hängen daran, zum Beispiel Anmeldungen.",
                len(protected),
            )
            % {"count": len(protected)}
        ]


if TYPE_CHECKING:
    ScopedAdminMixin = ScopedModelAdmin
else:
    ScopedAdminMixin = AdminMixin


class ScopedTabularInline(ScopedMixin[M], TabularInline[M, Owner]):
    extra = 0


class ReadOnlyInline(TabularInline[M, Owner]):
    """Rows that are written by the portal alone."""

    extra = 0
    classes: tuple[str, ...] = ("plain-rows",)
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Owner | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Owner | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Owner | None = None) -> bool:
        return False
