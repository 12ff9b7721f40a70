"""Requests for counselling, and what both sides write."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.models.found_by import found_by
from programs.phones import validate_phone
from programs.requests import AnyUser
from volunteers.models.confirmed import ConfirmedByLink, link_is_over
from volunteers.models.identity import PersonKey
from volunteers.models.owned import OwnedQuerySet
from volunteers.names import NameField
from volunteers.periods import over_before
from volunteers.validators import validate_single_line, validate_text


class Audience(models.TextChoices):
    VOLUNTEERS = "volunteers", _("Engagierte")
    INTERESTED = "interested", _("Interessierte")
    ORGANISATIONS = "organisations", _("Organisationen")
    COMPANIES = "companies", _("Unternehmen")


FOR_OTHERS = (Audience.ORGANISATIONS, Audience.COMPANIES)
"""Audiences that ask for an organisation or a company, and name it."""


class CounsellingStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    NEW = "new", _("neu")
    IN_CONTACT = "in_contact", _("im Gespräch")
    DONE = "done", _("abgeschlossen")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


CLOSED = (CounsellingStatus.DONE, CounsellingStatus.WITHDRAWN)


class CounsellingQuerySet(OwnedQuerySet["CounsellingRequest"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed ones of the departments that ``user`` works for."""
        return super().visible_to(user).exclude(status=CounsellingStatus.UNCONFIRMED)

    def unanswered(self) -> Self:
        """Those that wait for the first answer, the most urgent first."""
        return self.filter(status=CounsellingStatus.NEW).order_by("answer_by", "pk")

    def waiting(self) -> Self:
        """Those that wait for the department: for the first answer, or for one to a message."""
        unhandled = CounsellingMessage.objects.unhandled().order_by()
        return self.filter(Q(status=CounsellingStatus.NEW) | Q(pk__in=unhandled.values("request")))

    def due_by(self, day: datetime.date) -> Self:
        """Without a first answer, which was promised until ``day`` or before."""
        return self.unanswered().filter(answer_by__lte=day)

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=CounsellingStatus.UNCONFIRMED)

    def over(self) -> Self:
        """Closed ones after ``KEEP_CLOSED_COUNSELLING_MONTHS``; all after ``KEEP_COUNSELLING_MONTHS``."""
        closed = Q(closed_at__lt=over_before(settings.KEEP_CLOSED_COUNSELLING_MONTHS))
        old = Q(submitted_at__lt=over_before(settings.KEEP_COUNSELLING_MONTHS))
        return self.filter(closed | old)


class CounsellingRequest(ConfirmedByLink):
    """Somebody asks for counselling; ``organisation`` is the department that gives it.

    The only one that sees it. Who has an address confirms it by link and writes with the department
    on the page behind it; who has a telephone only is called. Write through
    ``portal/counselling/services.py``.
    """

    Status = CounsellingStatus
    Audience = Audience

    class Way(models.TextChoices):
        MAIL = "mail", _("per Nachricht hier im Portal")
        PHONE = "phone", _("am Telefon")
        VISIT = "visit", _("im Gespräch vor Ort")

    status = models.CharField(
        _("Status"),
        max_length=11,
        choices=CounsellingStatus.choices,
        default=CounsellingStatus.UNCONFIRMED,
    )
    audience = models.CharField(_("Beratung für"), max_length=13, choices=Audience.choices)
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("berät"),
        on_delete=models.PROTECT,
        related_name="counselling_requests",
    )
    entry = models.ForeignKey(
        "programs.Entry",
        verbose_name=_("geht um"),
        on_delete=models.SET_NULL,
        related_name="counselling_about",
        null=True,
        blank=True,
    )
    on_behalf_of = models.CharField(
        _("Organisation oder Unternehmen"),
        max_length=160,
        blank=True,
        validators=[validate_single_line],
    )
    text = models.TextField(_("Anliegen"), max_length=2000, validators=[validate_text])
    name = NameField(_("Name"), max_length=120)
    email = models.EmailField(_("E-Mail"), blank=True)
    phone = models.CharField(_("Telefon"), max_length=40, blank=True, validators=[validate_phone])
    way = models.CharField(
        _("möchte beraten werden"), max_length=5, choices=Way.choices, default=Way.MAIL
    )
    answer_by = models.DateField(_("Antwort bis"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("beendet"), null=True, blank=True, editable=False)
    notes = models.TextField(
        _("interne Notizen"),
        max_length=4000,
        blank=True,
        default="",
        validators=[validate_text],
        help_text=_(
            "Nur für die Stelle, die berät. Nichts über Gesundheit, Religion oder Aufenthalt. Die Person kann "
            "Auskunft darüber verlangen."
        ),
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = CounsellingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Beratungsanfrage")
        verbose_name_plural = _("Beratungsanfragen")
        ordering = ["-submitted_at", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "status"], name="counselling_worklist"),
            models.Index(fields=["submitted_at", "id"], name="counselling_by_time"),
            models.Index(fields=["email"], name="counselling_email"),
            found_by("name", "email", "phone", "text", "on_behalf_of", name="counselling_found_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                F("email"),
                PersonKey("name"),
                F("audience"),
                condition=Q(status="unconfirmed"),
                name="counselling_once_until_confirmed",
                violation_error_message=_("Diese Anfrage gibt es schon."),
            ),
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""),
                name="counselling_can_be_answered",
                violation_error_message=_("Bitte eine E-Mail-Adresse oder Telefonnummer angeben."),
            ),
            models.CheckConstraint(
                condition=Q(status="unconfirmed") | Q(answer_by__isnull=False),
                name="counselling_has_a_promise",
                violation_error_message=_("Bis wann wird geantwortet?"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["done", "withdrawn"], closed_at__isnull=False)
                | (~Q(status__in=["done", "withdrawn"]) & Q(closed_at__isnull=True)),
                name="counselling_closed_since",
                violation_error_message=_("Seit wann ist die Beratung beendet?"),
            ),
        ]

    def __str__(self) -> str:
        day = timezone.localtime(self.submitted_at)
        return f"{self.get_audience_display()}, {day:%d.%m.%Y, %H:%M}"

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def is_overdue(self) -> bool:
        if self.status != CounsellingStatus.NEW or self.answer_by is None:
            return False
        return self.answer_by < timezone.localdate()

    @property
    def may_write(self) -> bool:
        """Whether both sides may write: once confirmed, not after withdrawing, and for a while after the end."""
        if not self.email or self.status in {CounsellingStatus.UNCONFIRMED, self.Status.WITHDRAWN}:
            return False
        if self.closed_at is None:
            return True
        return self.closed_at > timezone.now() - datetime.timedelta(
            days=settings.MESSAGES_AFTER_CLOSE_DAYS
        )


class CounsellingMessageQuerySet(models.QuerySet["CounsellingMessage"]):
    def unhandled(self) -> Self:
        """Messages of people that nobody has answered, the oldest first."""
        return self.filter(sender="person", handled_at__isnull=True).order_by("at", "pk")


class CounsellingMessage(models.Model):
    """One message about a request; rows are only ever added.

    ``handled_at`` is the time when somebody answered a person's message, or marked that it needs no
    answer.
    """

    class Sender(models.TextChoices):
        PERSON = "person", _("fragende Person")
        STAFF = "staff", _("Beratung")

    request = models.ForeignKey(
        CounsellingRequest,
        verbose_name=_("Beratungsanfrage"),
        on_delete=models.CASCADE,
        related_name="messages",
    )
    sender = models.CharField(pgettext_lazy("sender", "von"), max_length=6, choices=Sender.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )
    text = models.TextField(_("Nachricht"), max_length=4000, validators=[validate_text])
    at = models.DateTimeField(_("Zeit"), default=timezone.now)
    handled_at = models.DateTimeField(_("erledigt"), null=True, blank=True)

    objects = CounsellingMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nachricht zu einer Beratung")
        verbose_name_plural = _("Nachrichten zu Beratungen")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(
                fields=["request"],
                condition=Q(sender="person", handled_at__isnull=True),
                name="counselling_message_unhandled",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sender_display()} ({timezone.localtime(self.at):%d.%m.%Y})"
