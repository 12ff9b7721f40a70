"""Questions that people ask about an entry or an event, before or instead of signing up."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.phones import validate_phone

from ..validators import validate_single_line, validate_text
from .owned import OwnedQuerySet


class EnquiryQuerySet(OwnedQuerySet["Enquiry"]):
    def unanswered(self) -> Self:
        """The oldest first."""
        return self.filter(answered_at__isnull=True).order_by("asked_at", "pk")


class Enquiry(models.Model):
    """One question. ``organisation`` answers it, by mail or telephone, and is the only one that sees it.

    Nobody confirms the address: nothing is mailed to it but the answer of a human being.
    """

    confirmed_at = None
    """Like records that nobody has confirmed, it does not say how a person is called elsewhere."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(
        "programs.Entry",
        verbose_name=_("Angebot"),
        on_delete=models.PROTECT,
        related_name="enquiries",
    )
    event = models.ForeignKey(
        "programs.Event",
        verbose_name=_("Termin"),
        on_delete=models.SET_NULL,
        related_name="enquiries",
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("beantwortet von"),
        on_delete=models.PROTECT,
        related_name="answered_enquiries",
    )
    text = models.TextField(_("Frage"), max_length=2000, validators=[validate_text])
    name = models.CharField(_("Name"), max_length=120, validators=[validate_single_line])
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True, validators=[validate_phone])
    asked_at = models.DateTimeField(_("gefragt"), default=timezone.now, editable=False)
    answered_at = models.DateTimeField(_("beantwortet"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("vermerkt von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("Frage")
        verbose_name_plural = _("Fragen")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(
                fields=["organisation"],
                condition=Q(answered_at__isnull=True),
                name="enquiry_unanswered",
            ),
            models.Index(fields=["email"], name="enquiry_email"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="enquiry_can_be_answered",
                violation_error_message=_("Bitte eine E-Mail-Adresse oder Telefonnummer angeben."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} ({timezone.localtime(self.asked_at):%d.%m.%Y, %H:%M})"

    @property
    def about(self) -> str:
        """The title of what the question is about."""
        return self.event.title if self.event else self.entry.title

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
