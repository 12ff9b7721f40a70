"""Accounts, for the Portalverwaltung. Their permissions follow from their memberships."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.admin.base import ScopedModelAdmin, ScopedTabularInline
from programs.models import Membership
from programs.requests import UserRequest, user_of

from ..guard import security_log
from ..guard.owner import tell_owner
from ..models import SecurityEvent, User
from .erasing import ErasingAdmin

admin.site.unregister(Authenticator)  # would show secrets; the action below is enough


class OwnMembershipInline(ScopedTabularInline[Membership, User]):
    model = Membership
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "role", "until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("organisation")


@admin.register(User)
class UserAdmin(ErasingAdmin[User], ScopedModelAdmin[User]):
    """Passwords are not set here: people log in with a code that is mailed to them."""

    list_display = ("email", "name", "role_names", "is_active", "last_login")
    list_filter = ("is_active", "is_superuser", "memberships__role")
    search_fields = ("name", "email")
    inlines = (OwnMembershipInline,)
    readonly_fields = ("last_login", "date_joined")
    actions = ("delete_second_factor",)
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("memberships__organisation")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:  # else codes still go to the old mailbox
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()
            security_log.record(SecurityEvent.Kind.ADDRESS_CHANGED, by=user_of(request), about=obj)
            tell_owner(form.initial["email"], "account/email/address_changed")
        obj.expect_address()
        if {"is_superuser", "is_active"} & {*form.changed_data}:
            self.record_role(request, "role_changed", obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self._record_ended(request, [obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._record_ended(request, queryset)
        super().delete_queryset(request, queryset)

    def _record_ended(self, request: HttpRequest, users: Iterable[User]) -> None:
        """Log that the roles end together with the account."""
        for membership in Membership.objects.filter(user__in=[user.pk for user in users]):
            self.record_role(request, "role_ended", membership)

    @admin.display(description=_("Rollen"))
    def role_names(self, user: User) -> str:
        if user.is_superuser:
            return str(_("Portalverwaltung"))
        names = [f"{m.get_role_display()}: {m.organisation}" for m in user.memberships.all()]
        return ", ".join(names) or "–"

    @admin.action(
        description=_("Zweiten Faktor löschen (Telefon verloren)"), permissions=["change"]
    )
    def delete_second_factor(self, request: UserRequest, queryset: QuerySet[User]) -> None:
        """The person sets up a new one at the next login. They get a mail, in case somebody else asked for it."""
        with transaction.atomic():
            chosen = list(queryset.filter(authenticator__isnull=False).distinct())
            Authenticator.objects.filter(user__in=chosen).delete()
            for user in chosen:
                tell_owner(user.email, "mfa/email/totp_deactivated")
                security_log.record(
                    SecurityEvent.Kind.SECOND_FACTOR_REMOVED,
                    by=request.user,
                    about=user,
                )
        done = ngettext(
            "%(count)d Konto hat keinen zweiten Faktor mehr.",
            "%(count)d Konten haben keinen zweiten Faktor mehr.",
            len(chosen),
        )
        messages.success(request, done % {"count": len(chosen)})
