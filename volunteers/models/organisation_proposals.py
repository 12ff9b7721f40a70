"""Somebody proposes an organisation that the portal does not know yet, and would look after its entry."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models.web import WebAddressField
from programs.phones import validate_phone
from programs.requests import AnyUser

from ..names import NameField
from ..periods import over_before
from ..validators import validate_single_line
from .confirmed import ConfirmedByLink, link_is_over
from .identity import PersonKey
from .owned import is_at_clearing_office


class ProposalStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    OPEN = "open", _("zu prüfen")
    ACCEPTED = "accepted", _("angenommen")
    DECLINED = "declined", _("abgelehnt")


class OrganisationProposalQuerySet(models.QuerySet["OrganisationProposal"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed ones, for those who work for the clearing office."""
        found = self.exclude(status=ProposalStatus.UNCONFIRMED)
        if user.is_superuser:
            return found
        return found if is_at_clearing_office(user, self.model) else found.none()

    def open(self) -> Self:
        return self.filter(status=ProposalStatus.OPEN)

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=ProposalStatus.UNCONFIRMED)

    def over(self) -> Self:
        """Those whose retention period is over."""
        return self.filter(submitted_at__lt=over_before(settings.KEEP_ACCESS_REQUESTS_MONTHS))


class OrganisationProposal(ConfirmedByLink):
    """What is proposed, and by whom; the clearing office decides (``services/organisation_proposals.py``)."""

    Status = ProposalStatus

    class Type(models.TextChoices):
        """Those of ``Organisation.Type`` that people propose; offices are entered by the city."""

        CIRCLE = "circle", _("Freundeskreis")
        INITIATIVE = "initiative", _("Initiative")
        CARRIER = "carrier", _("Verein oder Träger")
        COMPANY = "company", _("Unternehmen")
        FOUNDATION = "foundation", _("Stiftung")
        PARTNER = "partner", _("etwas anderes")

    status = models.CharField(
        _("Status"),
        max_length=11,
        choices=ProposalStatus.choices,
        default=ProposalStatus.UNCONFIRMED,
    )
    title = models.CharField(
        _("Name der Organisation"), max_length=160, validators=[validate_single_line]
    )
    type = models.CharField(_("Art der Organisation"), max_length=10, choices=Type.choices)
    district = models.ForeignKey(
        "programs.District",
        verbose_name=_("Stadtbezirk"),
        on_delete=models.PROTECT,
        related_name="organisation_proposals",
        null=True,
        blank=True,
    )
    summary = models.CharField(
        _("Was sie macht"), max_length=300, validators=[validate_single_line]
    )
    website = WebAddressField(_("Webseite"), max_length=300, blank=True)
    name = NameField(_("Name"), max_length=120)
    function = models.CharField(
        _("Aufgabe in der Organisation"), max_length=120, validators=[validate_single_line]
    )
    email = models.EmailField(_("E-Mail"))
    phone = models.CharField(_("Telefon"), max_length=40, validators=[validate_phone])
    answer_by = models.DateField(_("Antwort bis"), null=True, blank=True, editable=False)
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("daraus wurde"),
        on_delete=models.SET_NULL,
        related_name="proposals",
        null=True,
        blank=True,
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
    reason = models.TextField(_("Grund"), max_length=500, blank=True, editable=False)
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = OrganisationProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vorschlag einer Organisation")
        verbose_name_plural = _("Vorgeschlagene Organisationen")
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(fields=["status", "answer_by"], name="organisation_proposal_worklist"),
            models.Index(fields=["email"], name="organisation_proposal_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                F("email"),
                PersonKey("name"),
                Lower("title"),
                condition=Q(status__in=["unconfirmed", "open"]),
                name="organisation_proposed_once",
                violation_error_message=_("Diesen Vorschlag gibt es schon."),
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(reason=""),
                name="organisation_proposal_declined_with_a_reason",
                violation_error_message=_("Zu einer Ablehnung gehört ein Grund."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {timezone.localtime(self.submitted_at):%d.%m.%Y}"

    @property
    def is_open(self) -> bool:
        return self.status == ProposalStatus.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.answer_by is not None and self.answer_by < timezone.localdate()
