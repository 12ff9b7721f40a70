"""The one place where the administration keeps to what is somebody's own.

``ScopedModelAdmin`` and the scoped inlines narrow everything that Django's admin reads or offers
to what ``visible_to(user)`` shows: lists, change, history and delete pages, autocompletes, choices
in forms, filters and actions. A foreign object does not exist (404). What somebody may *do* with
an object in sight is the role table's business (``volunteers/roles/backend.py``).
"""

from collections.abc import Iterable
from typing import Any, cast

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
from django.utils.translation import ngettext

from programs.constraints import sentence_of
from programs.models import District, Field, Membership, TargetGroup
from programs.models.entries import Fold

from .history import HistoryMixin
from .searched import SearchedChoice, SearchedChoices


def narrowed(queryset: "models.QuerySet[Any]", user: Any) -> "models.QuerySet[Any]":
    """``queryset`` as far as ``user`` sees it; models without ``visible_to`` are open to all roles."""
    visible_to = getattr(queryset, "visible_to", None)
    return cast("models.QuerySet[Any]", visible_to(user)) if visible_to else queryset


def choices_for(model: type[models.Model], user: Any) -> "models.QuerySet[Any]":
    return narrowed(model._default_manager.all(), user)


class ScopedModelForm(forms.ModelForm):
    """Keeps values that stand in the record although the person could not choose them.

    A coordinator's programme names a department that the coordinator does not run: it may stay,
    but no other foreign one can be put in its place.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = self._with_current(name, field.queryset)

    def _with_current(self, name: str, offered: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
        model_field = self.instance._meta.get_field(name)
        if model_field.many_to_many:
            current = Q(pk__in=getattr(self.instance, name).values("pk"))
        else:
            current = Q(
                pk=getattr(self.instance, cast("models.Field[Any, Any]", model_field).attname)
            )
        return offered.model._default_manager.filter(Q(pk__in=offered.values("pk")) | current)


class OnlyChangedForm(ScopedModelForm):
    """Writes what the person changed on the page and nothing else.

    Each field carries what it showed. Of two people with the same page open neither takes back what
    the other has saved, unless both changed the same field.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = self.instance.pk is not None

    def columns(self) -> list[str]:
        """What to save: the changed columns, and the time of the change where one is kept."""
        fields = self.instance._meta.concrete_fields
        times = {field.name for field in fields if getattr(field, "auto_now", False)}
        return [field.name for field in fields if field.name in times | {*self.changed_data}]

    def _save_m2m(self) -> None:
        kept = {f.name for f in self.instance._meta.many_to_many} - set(self.changed_data)
        self.cleaned_data = {k: v for k, v in self.cleaned_data.items() if k not in kept}
        super()._save_m2m()  # type: ignore[misc]


class ArrayChoiceField(forms.TypedMultipleChoiceField):
    """Check boxes for a list column with choices, such as languages or weekdays."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return [str(item) for item in value] if isinstance(value, (list, tuple)) else value


def array_formfield(db_field: "ArrayField[Any, Any]") -> ArrayChoiceField:
    base = db_field.base_field
    return ArrayChoiceField(
        label=db_field.verbose_name,
        choices=[(str(value), label) for value, label in base.choices or ()],
        coerce=base.to_python,
        required=not db_field.blank,
        help_text=db_field.help_text,
    )


SHORT_LISTS = (District, Field, TargetGroup)
"""Lists that fit on a form as boxes to tick."""


class ScopedMixin:
    """Scoping that model admins and inlines share."""

    form = ScopedModelForm
    own_organisation_fields: tuple[str, ...] = ()
    """Foreign keys to organisations that have to be one the person works for or looks after."""

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Any]":
        return narrowed(super().get_queryset(request), request.user)  # type: ignore[misc]

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        kwargs.setdefault("queryset", choices_for(db_field.remote_field.model, request.user))
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", SearchedChoice(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc,no-any-return]

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelMultipleChoiceField | None:
        kwargs.setdefault("queryset", choices_for(db_field.remote_field.model, request.user))
        if db_field.remote_field.model in SHORT_LISTS:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        elif db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            kwargs.setdefault("widget", SearchedChoices(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc,no-any-return]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, ArrayField) and db_field.base_field.choices:
            return array_formfield(db_field)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no doors to records that may be out of sight
        return field


FOLDED_COLUMNS = frozenset({"search_names", "search_text"})
"""Columns that the database stores folded."""


class FoldSearchMixin:
    """Search that sees through case, accents and the spellings of umlauts.

    Every word has to be found in one of ``search_fields`` (plain names, no lookups); quotation
    marks keep words together.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[Any]", search_term: str
    ) -> "tuple[models.QuerySet[Any], bool]":
        for word in search_terms(search_term):
            queryset = self.find_word(request, queryset, word)
        return queryset, False

    def find_word(
        self, request: HttpRequest, queryset: "models.QuerySet[Any]", word: str
    ) -> "models.QuerySet[Any]":
        return queryset.filter(folded(self.get_search_fields(request), word))  # type: ignore[attr-defined]


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


class ScopedModelAdmin(HistoryMixin, FoldSearchMixin, ScopedMixin, admin.ModelAdmin):
    """Base of every model admin of the portal."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Named after what it lists; Django's own heading asks to choose something."""
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, title | (extra_context or {}))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> models.Model | None:
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

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
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
        self.admin_site.record_role(request, kind, about)  # type: ignore[attr-defined]

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


class ScopedTabularInline(ScopedMixin, admin.TabularInline):
    extra = 0


class ReadOnlyInline(admin.TabularInline):
    """Rows that are written by the portal alone."""

    extra = 0
    classes = ("plain-rows",)
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
