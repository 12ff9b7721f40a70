"""Questions that people ask about an entry or an event, before or instead of signing up."""

import datetime
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Organisation
from programs.models.found_by import found_by
from programs.phones import validate_phone
from programs.requests import AnyUser

from ..names import NameField
from ..validators import validate_single_line, validate_text
from .owned import OwnedQuerySet

DAY = datetime.timedelta(days=1)
USUAL = settings.DEFAULT_ANSWER_DAYS * DAY
"""How long an answer may take where no day was stored: the release before did not."""


class EnquiryQuerySet(OwnedQuerySet["Enquiry"]):
    def unanswered(self) -> Self:
        """The oldest first."""
        return self.filter(answered_at__isnull=True).order_by("asked_at", "pk")

    def due_by(self, day: datetime.date) -> Self:
        """Unanswered ones whose answer was promised until ``day`` or before."""
        asked = timezone.make_aware(datetime.datetime.combine(day - USUAL + DAY, datetime.time.min))
        unknown = Q(answer_by__isnull=True, asked_at__lt=asked)
        return self.unanswered().filter(Q(answer_by__lte=day) | unknown)

    def escalated(self) -> Self:
        """Those that wait ``ESCALATION_DAYS`` longer than promised, the longest first."""
        return self.due_by(timezone.localdate() - datetime.timedelta(days=settings.ESCALATION_DAYS))

    def escalated_to(self, user: AnyUser) -> Self:
        """Those for which an office of ``user`` has to step in. May not be used to show people: see
        ``reads.escalations``.
        """
        if user.is_superuser:
            return self.escalated()
        return self.escalated().filter(organisation__in=Organisation.objects.left_to(user))


class Enquiry(models.Model):
    """One question. ``organisation`` answers it, by mail or telephone, and is the only one that sees it.

    Nobody confirms the address: nothing is mailed to it but the answer of a human being. With a ``page``
    it reports a barrier there, which needs no answer.
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
    page = models.CharField(
        _("Seite"),
        max_length=300,
        blank=True,
        default="",
        db_default="",
        validators=[validate_single_line],
    )
    name = NameField(_("Name"), max_length=120, blank=True)
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True, validators=[validate_phone])
    asked_at = models.DateTimeField(_("gefragt"), default=timezone.now, editable=False)
    answer_by = models.DateField(
        _("Antwort bis"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Zugesagt nach der Frist der Organisation. Leer nur bei alten Fragen."),
    )
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
            models.Index(fields=["asked_at", "id"], name="enquiry_by_time"),
            models.Index(fields=["email"], name="enquiry_email"),
            found_by("text", "page", "name", "email", "phone", name="enquiry_found_by"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone="") | ~Q(page=""),
                name="enquiry_can_be_answered_or_is_barrier",
                violation_error_message=_("Bitte eine E-Mail-Adresse oder Telefonnummer angeben."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} ({timezone.localtime(self.asked_at):%d.%m.%Y, %H:%M})"

    @property
    def about(self) -> str:
        """The title of what the question is about, or the page with a barrier."""
        if self.page:
            label = _("Barriere melden")
            return f"{label}: {self.page}"
        return self.event.title if self.event else self.entry.title

    @property
    def due_on(self) -> datetime.date:
        """The last day of the period within which an answer was promised."""
        return self.answer_by or timezone.localdate(self.asked_at) + USUAL

    @property
    def is_overdue(self) -> bool:
        return not self.is_answered and self.due_on < timezone.localdate()

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None
