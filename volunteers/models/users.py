"""Accounts: the e-mail address is the login, a password is not needed."""

import copy
import datetime
from collections.abc import Collection
from typing import Any, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.models import Membership

from ..names import NameField
from ..roles.asking import allowed, allowed_in
from ..roles.table import ONLY_BY_ROLE, roles_with


class Access(NamedTuple):
    """What an active membership gives."""

    role: str
    used: datetime.date | None
    until: datetime.date | None
    organisation: int
    at_clearing_office: bool


def normalise_email(value: str) -> str:
    """The form in which addresses are stored and compared: trimmed, lower case."""
    return value.strip().lower()


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account; without a password, login works only with a code sent by mail."""
        user = self.model(email=normalise_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.create_user(email, password, is_superuser=True, **fields)
        user.expect_address()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normalise_email(username or ""))


@tracked(fields=("id", "is_active", "is_superuser"), personal=("name", "email"))
class User(AbstractBaseUser, PermissionsMixin):
    """An account. Its permissions follow from its memberships (``volunteers/roles/table.py``)."""

    email = models.EmailField(
        _("E-Mail"),
        unique=True,
        error_messages={"unique": _("Zu dieser Adresse gibt es schon ein Konto.")},
    )
    name = NameField(_("Name"), max_length=120, blank=True)
    is_active = models.BooleanField(
        _("aktiv"), default=True, help_text=_("Ausschalten statt löschen, wenn jemand geht.")
    )
    date_joined = models.DateTimeField(_("angelegt"), auto_now_add=True)

    only_roles: frozenset[str] | None = None
    """The roles that the account is limited to; None means all of its own. See :meth:`limited_to`.
    """

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = normalise_email(self.email)

    def get_full_name(self) -> str:
        return self.name

    def expect_address(self) -> None:
        """Let the first code that is mailed to the address also confirm it; else allauth asks for a second one."""
        from allauth.account.models import EmailAddress  # needs the model of the account

        if not EmailAddress.objects.filter(user=self).exists():
            EmailAddress.objects.create(user=self, email=self.email, primary=True)

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def accesses(self) -> list[Access]:
        """One for each active membership; cached, so one query for each request."""
        if not self.is_active:
            return []
        names = (
            "role",
            "last_used_on",
            "until",
            "organisation",
            "organisation__is_clearing_office",
        )
        return [Access(*row) for row in self.memberships.active().values_list(*names)]

    def held(self, roles: Collection[str]) -> list[Access]:
        """The accesses of today with one of ``roles``, as far as the account is not limited to others.

        The last day is compared each time: the account may be in memory longer than the access lasts.
        """
        today = timezone.localdate()
        return [
            one
            for one in self.accesses
            if one.role in roles
            and (one.until is None or one.until >= today)
            and (self.only_roles is None or one.role in self.only_roles)
        ]

    def people_of(self) -> list[Access]:
        """The accesses that show an organisation's people today."""
        return self.held(Membership.SEES_PEOPLE)

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles of the active memberships, and ``administrator`` for the Portalverwaltung."""
        found = {one.role for one in self.accesses}
        if self.is_superuser and self.is_active:
            found.add("administrator")
        return frozenset(found)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Only roles give permissions: no group, none for a single account.

        The Portalverwaltung has all but what ``ONLY_BY_ROLE`` names.
        """
        app, _dot, codename = perm.partition(".")
        by_role = f"{app}.{codename.partition('_')[2]}" in ONLY_BY_ROLE
        return self.is_active and ((self.is_superuser and not by_role) or allowed(self, perm, obj))

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (self.is_superuser or allowed_in(self, app_label))

    def limited_to(self, perm: str) -> "User":
        """The same account, limited to those of its roles that have ``perm``; for ``visible_to(...)``.

        ``has_perm`` asks whether any role has the permission. Somebody who may export at one
        organisation and not at another gets only the rows of the first one.
        """
        granting = self.roles & roles_with(perm)
        if self.is_superuser or granting == self.roles:
            return self
        limited = copy.copy(self)
        limited.only_roles = limited.roles = granting
        return limited

    @property
    def is_staff(self) -> bool:
        """Whether the account may use the administration."""
        return bool(self.roles)
