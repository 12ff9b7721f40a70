"""Organisations that answer sign-ups by mailed links, without an account."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership


class LinkAnsweringQuerySet(models.QuerySet["LinkAnswering"]):
    def in_force(self) -> Self:
        """Those whose address has said yes, is still the known one, and of whom nobody is in the portal."""
        present = Membership.objects.present().filter(organisation=OuterRef("organisation"))
        said_yes = self.filter(agreed_at__isnull=False, address=F("organisation__contact_email"))
        return said_yes.filter(~Exists(present), ~models.Q(address=""))


class LinkAnswering(models.Model):
    """The department has switched it on for one organisation, and its address has said yes.

    Another ``contact_email`` ends it: the new address has proved nothing. So does whoever of the
    organisation comes into the portal; then these people answer.
    """

    organisation = models.OneToOneField(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="link_answering",
    )
    address = models.EmailField(_("Adresse"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("eingeschaltet von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
    )
    asked_at = models.DateTimeField(_("eingeschaltet"), default=timezone.now)
    agreed_at = models.DateTimeField(_("Adresse hat zugestimmt"), null=True, blank=True)

    objects = LinkAnsweringQuerySet.as_manager()

    class Meta:
        verbose_name = _("Antworten per Link")
        verbose_name_plural = _("Antworten per Link")

    def __str__(self) -> str:
        return f"{self.organisation}"
