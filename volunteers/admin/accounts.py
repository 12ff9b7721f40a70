"""Accounts, for the Portalverwaltung. What an account may do follows from its memberships."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedModelAdmin, ScopedTabularInline
from programs.models import Membership

from ..models import User


class OwnMembershipInline(ScopedTabularInline):
    model = Membership
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "role", "until")


@admin.register(User)
class UserAdmin(ScopedModelAdmin):
    """No password is set here: people log in with a code that is mailed to them."""

    list_display = ("email", "name", "role_names", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "memberships__role")
    search_fields = ("name", "email")
    inlines = (OwnMembershipInline,)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (
            None,
            {
                "fields": ("email", "name", "is_active"),
                "description": _(
                    "Ein Passwort braucht niemand: Zum Anmelden kommt ein Code an diese Adresse. "
                    "Was das Konto darf, folgt aus den Mitgliedschaften unten."
                ),
            },
        ),
        (
            _("Portalverwaltung"),
            {
                "fields": ("is_superuser",),
                "description": _("Darf alles und sieht alles. Nur für wenige Menschen."),
                "classes": ("collapse",),
            },
        ),
        (_("Zeiten"), {"fields": ("last_login", "date_joined")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("memberships__organisation")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    @admin.display(description=_("Rollen"))
    def role_names(self, user: User) -> str:
        if user.is_superuser:
            return str(_("Portalverwaltung"))
        names = [f"{m.get_role_display()}: {m.organisation}" for m in user.memberships.all()]
        return ", ".join(names) or "–"
