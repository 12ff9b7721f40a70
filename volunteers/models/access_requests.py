"""„Das sind wir“: somebody of an organisation asks for access to its entry."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership
from programs.phones import validate_phone
from programs.requests import AnyUser
from programs.seeing import viewing

from ..names import NameField
from ..periods import over_before
from ..validators import validate_single_line, validate_text
from .confirmed import ConfirmedByLink, link_is_over
from .identity import PersonKey


class AccessStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    OPEN = "open", _("zu prüfen")
    ACCEPTED = "accepted", _("angenommen")
    DECLINED = "declined", _("abgelehnt")


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed ones, for the department in charge and for those who coordinate the organisation."""
        found = self.exclude(status=AccessStatus.UNCONFIRMED)
        if user.is_superuser:
            return found
        held = Membership.objects.active().held_by(viewing(user, self.model))
        own = held.values("organisation")
        offices = held.filter(role=Membership.Role.STAFF).values("organisation")
        return found.filter(Q(organisation__in=own) | Q(organisation__department__in=offices))

    def open(self) -> Self:
        return self.filter(status=AccessStatus.OPEN)

    def to_vouch(self) -> Self:
        """Those about which the known address was asked and has not said anything yet."""
        return self.open().filter(vouch_asked_at__isnull=False, vouched="")

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=AccessStatus.UNCONFIRMED)

    def over(self) -> Self:
        """Those whose retention period is over."""
        return self.filter(submitted_at__lt=over_before(settings.KEEP_ACCESS_REQUESTS_MONTHS))


class AccessRequest(ConfirmedByLink):
    """Who asks, for which organisation; whoever gives roles there decides (``services/access_requests.py``)."""

    Status = AccessStatus

    status = models.CharField(
        _("Status"), max_length=11, choices=AccessStatus.choices, default=AccessStatus.UNCONFIRMED
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="access_requests",
    )
    name = NameField(_("Name"), max_length=120)
    function = models.CharField(
        _("Aufgabe in der Organisation"), max_length=120, validators=[validate_single_line]
    )
    email = models.EmailField(_("E-Mail"))
    phone = models.CharField(_("Telefon"), max_length=40, validators=[validate_phone])
    vouch_asked_at = models.DateTimeField(
        _("Nachfrage verschickt"), null=True, blank=True, editable=False
    )
    vouched = models.CharField(
        _("Antwort der bekannten Adresse"),
        max_length=3,
        choices=[("yes", _("Ja, gehört dazu")), ("no", _("Nein, gehört nicht dazu"))],
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    decided_at = models.DateTimeField(_("entschieden"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entschieden von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    reason = models.TextField(
        _("Grund"), max_length=500, blank=True, validators=[validate_text], editable=False
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anfrage „Das sind wir“")
        verbose_name_plural = _("Anfragen „Das sind wir“")
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(fields=["status", "submitted_at"], name="access_request_worklist"),
            models.Index(fields=["email"], name="access_request_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                F("organisation"),
                F("email"),
                PersonKey("name"),
                condition=Q(status__in=["unconfirmed", "open"]),
                name="access_request_once_per_person",
                violation_error_message=_("Diese Anfrage gibt es schon."),
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(reason=""),
                name="access_request_declined_with_a_reason",
                violation_error_message=_("Zu einer Ablehnung gehört ein Grund."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {timezone.localtime(self.submitted_at):%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.status == AccessStatus.OPEN
