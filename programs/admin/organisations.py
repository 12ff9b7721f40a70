"""Administration of organisations and their memberships."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.exchange.admin import ExchangeAdminMixin
from programs.models import Membership, Organisation
from programs.models.organisations import POSTAL
from programs.models.translated import GERMAN
from programs.requests import user_of
from programs.resources import LetterResource, OrganisationResource

from .base import ScopedModelAdmin, ScopedTabularInline, choices_for
from .entries import EntryAdminBase, ToConfirmFilter
from .only import OnlyFilter
from .present import PresentFilter


class MembershipInline(ScopedTabularInline[Membership, Organisation]):
    """The people who have access to the organisation's data. Only the Portalverwaltung can change it."""

    model = Membership
    autocomplete_fields = ("user",)
    readonly_fields = ("person",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the Portalverwaltung can choose an account; others read the person's name."""
        may_edit = self.has_change_permission(request, obj)
        return ("user" if may_edit else "person", "role", "until")

    @admin.display(description=_("Person"))
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user")


class LeftAloneFilter(OnlyFilter):
    """The page „System“ counts the same."""

    title = _("Zugänge")
    parameter_name = "zugaenge"
    choice = ("beendet", _("alle beendet oder gesperrt"))

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.filter(pk__in=Organisation.objects.left_alone().values("pk"))
        return found


@admin.register(Organisation)
class OrganisationAdmin(ExchangeAdminMixin, EntryAdminBase[Organisation]):
    resource_classes = (OrganisationResource,)
    list_display = (
        "title",
        "type",
        "department",
        "status_label",
        "is_published",
        "stand",
        "confirmed",
    )
    list_select_related = ("department",)
    list_filter: ClassVar[tuple[Any, ...]] = (
        ToConfirmFilter,
        LeftAloneFilter,
        "type",
        "status",
        "is_published",
        "districts",
        "fields",
    )
    autocomplete_fields = ("department",)
    inlines = (MembershipInline,)
    what = ("title", "slug", "type", "carried_by", "founded", "area", "summary", "description")
    letters = LetterResource
    office = (
        "department",
        "contact_email",
        *POSTAL,
        "answer_days",
        "is_clearing_office",
        "internal_note",
    )

    def get_readonly_fields(
        self, request: HttpRequest, obj: Organisation | None = None
    ) -> tuple[str, ...]:
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        fields += ("is_clearing_office",)
        may_assign = obj is None or request.user.has_perm("programs.assign_entry", obj)
        return fields if may_assign else (*fields, "type")

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """A new organisation without a department gets the user's own, so that the user can still see it."""
        if not change and obj.department_id is None and not request.user.is_superuser:
            obj.department = Organisation.objects.employing(request.user).order_by("pk").first()
        super().save_model(request, obj, form, change)


@admin.register(Membership)
class MembershipAdmin(ScopedModelAdmin[Membership]):
    list_display: tuple[str, ...] = ("user", "organisation", "role", "until")
    list_select_related = ("user", "organisation")
    list_filter: ClassVar[tuple[Any, ...]] = (
        "role",
        ("organisation", PresentFilter),
    )
    autocomplete_fields = ("user", "organisation")
    search_fields = ("user__name", "user__email", "organisation__search_names")

    readonly_fields: ClassVar[tuple[str, ...]] = ("person",)

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        may_edit = self.has_change_permission(request, obj)
        return ("user" if may_edit else "person", "organisation", "role", "language", "until")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The languages are those of the settings, so that a new one needs no migration."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "language":
            others = [one for one in settings.LANGUAGES if one[0] != GERMAN]
            field = forms.ChoiceField(
                label=field.label,
                help_text=field.help_text,
                required=False,
                choices=[("", "–"), *others],
            )
        return field

    @admin.display(description=_("Person"))
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        self.record_role(request, "role_changed" if change else "role_given", obj)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        self.record_role(request, "role_ended", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            self.record_role(request, "role_ended", membership)
        super().delete_queryset(request, queryset)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = choices_for(Organisation, user_of(request).limited_to("programs.view_membership"))
        return super().get_queryset(request).filter(organisation__in=seen.values("pk"))
