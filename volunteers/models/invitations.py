"""Invitations to work for an organisation in the portal."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership

from ..names import NameField
from .owned import OwnedQuerySet


class InvitationQuerySet(OwnedQuerySet["Invitation"]):
    def open(self) -> Self:
        """Those whose link still works."""
        return self.filter(created_at__gte=_limit())

    def expired(self) -> Self:
        return self.filter(created_at__lt=_limit())


def _limit() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=settings.INVITATION_DAYS)


class Invitation(models.Model):
    """An invitation to work for an organisation; deleted once it is accepted, withdrawn or expired.

    The link in the mail works once, for ``INVITATION_DAYS`` days.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="invitations",
    )
    name = NameField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail"))
    role = models.CharField(_("Rolle"), max_length=11, choices=Membership.Role.choices)
    language = models.CharField(_("Sprache"), max_length=20, blank=True, default="", db_default="")
    until = models.DateField(
        _("bis"), null=True, blank=True, help_text=_("Letzter Tag; leer heißt: unbefristet.")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("eingeladen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
    )
    created_at = models.DateTimeField(_("angelegt"), default=timezone.now, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Einladung")
        verbose_name_plural = _("Einladungen")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                name="invitation_once_per_organisation",
                violation_error_message=_("Diese Person ist schon eingeladen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation}"

    @property
    def last_day(self) -> datetime.date:
        """The day on which the link stops working, at the time of day of the invitation."""
        days = datetime.timedelta(days=settings.INVITATION_DAYS)
        return timezone.localdate(self.created_at + days)
