"""Applications: from „Ich möchte mich engagieren“ to the end of the engagement."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.models import Organisation
from programs.models.entries import Fold
from programs.models.found_by import found_by
from programs.models.translated import filled_in, put_together
from programs.one_row import has_one
from programs.requests import AnyUser
from programs.seeing import viewing

from ..periods import over_before
from ..validators import validate_text
from .companions import Tandem
from .confirmed import ConfirmedByLink, link_is_over
from .consents import Consent
from .groups import GROUP_CONSTRAINTS, SignsUpTogether, people_in
from .identity import ONE_PERSON, PersonKey, of_person
from .owned import OwnedQuerySet
from .profile import PERSONAL, Profile
from .status_changes import StatusChange
from .statuses import BEGUN, CLOSED, PREPARING, TAKES_A_PLACE, TRANSITIONS, Status

if TYPE_CHECKING:
    from programs.models import Entry


M = TypeVar("M", bound=models.Model)


def answering_role(entry: "Entry | None", organisation: Organisation) -> str:
    """The function of whoever answers for ``entry``; where an office stands in, the name of the office."""
    if entry is None or entry.owner_key != organisation.pk:
        return organisation.said("title")
    role = entry.said("contact_role")
    return role or filled_in(_("Koordination %(entry)s"), entry=entry.said("title"))


def with_organisation(role: str, organisation: Organisation) -> str:
    """„role (organisation)“; leaves out a repeated name, and nested brackets."""
    if organisation.title in role:
        return role
    name = organisation.said("title")
    return put_together(role, ", ", name) if "(" in name else put_together(role, " (", name, ")")


class ApplicationQuerySet(OwnedQuerySet["Application"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Confirmed applications that an organisation of ``user`` answers, as long as they may be kept."""
        seen = super().visible_to(user)
        return seen if user.is_superuser else seen.filter(confirmed_at__isnull=False).kept()

    def kept(self) -> Self:
        """Leaves out declined and withdrawn ones whose retention period is over, before the nightly job deletes them.

        The same rule as ``privacy.due.closed_applications``, here as a condition on each row
        because lists use it often. It looks for one step and one tandem of the row: for EXISTS,
        PostgreSQL might read all steps of all applications.
        """
        limit = over_before(settings.KEEP_CLOSED_APPLICATIONS_MONTHS)
        step = StatusChange.objects.filter(application=OuterRef("pk"), at__gte=limit)
        tandem = Tandem.objects.filter(application=OuterRef("pk"))
        going_on = ~Q(status__in=(Status.DECLINED, Status.WITHDRAWN)) | Q(submitted_at__gte=limit)
        return self.filter(going_on | has_one(step) | has_one(tandem))

    def of_person(self, emails: Iterable[str], name: str) -> Self:
        """Confirmed applications of the person; the confirmation proves whose address it is."""
        return self.filter(of_person(emails, name), confirmed_at__isnull=False)

    def taking_a_place(self) -> Self:
        return self.filter(status__in=TAKES_A_PLACE)

    def people(self) -> int:
        """How many people these are, all of a group counted."""
        found: int | None = self.aggregate(people=people_in())["people"]
        return found or 0

    def of_at_most(self, people: int) -> Self:
        """Those that stand for so many people or fewer."""
        return self.filter(Q(group_size__isnull=True) | Q(group_size__lte=people))

    def seeking_advice(self) -> Self:
        """Those for which it is still open what suits the person („Ich weiß noch nicht, was passt“)."""
        return self.filter(entry__isnull=True).exclude(status__in=CLOSED)

    def awaiting_answer(self) -> Self:
        """New ones without an answer, the most urgent first."""
        return self.filter(status=Status.NEW).order_by("answer_by", "pk")

    def overdue(self) -> Self:
        return self.filter(status=Status.NEW, answer_by__lt=timezone.localdate())

    def escalated(self) -> Self:
        """New ones that wait too long, the longest first.

        That is ``ESCALATION_DAYS`` after the answer-by date, or as soon as the person says that
        nobody got in touch.
        """
        limit = timezone.localdate() - datetime.timedelta(days=settings.ESCALATION_DAYS)
        late = Q(answer_by__lte=limit) | Q(contact_answer="no")
        return self.filter(late, status=Status.NEW).order_by("answer_by", "pk")

    def escalated_to(self, user: AnyUser) -> Self:
        """Those for which an office of ``user`` has to step in. May not be used to show people: see
        ``escalations``.
        """
        if user.is_superuser:
            return self.escalated()
        return self.escalated().filter(organisation__in=Organisation.objects.left_to(user))

    def expired(self) -> Self:
        """Unconfirmed ones whose link no longer works."""
        return self.filter(link_is_over(), status=Status.UNCONFIRMED)


@tracked(
    fields=("id", "entry", "organisation", "status", "answer_by"),
    personal=PERSONAL,
)
class Application(Profile, SignsUpTogether, ConfirmedByLink):
    """One person's wish to take part in one entry, or in any that fits (no entry); alone, or for a group.

    ``organisation`` is the one that answers, and the only one that sees it. Name and contact are as
    typed at sign-up; the person's own record is ``volunteer``, which is made on confirmation.
    """

    Status = Status
    consent_purpose = Consent.Purpose.APPLICATION

    class Age(models.TextChoices):
        ADULT = "adult", _("18 Jahre oder älter")
        MINOR = "minor", _("16 oder 17 Jahre")

    class ContactAnswer(models.TextChoices):
        """The answer to „Hat sich schon jemand gemeldet?“, asked 14 days after the confirmation."""

        YES = "yes", _("Ja, ich wurde kontaktiert")
        NO = "no", _("Nein, noch nicht")

    entry = models.ForeignKey(
        "programs.Entry",
        verbose_name=_("Angebot"),
        on_delete=models.PROTECT,
        related_name="applications",
        null=True,
        blank=True,
        help_text=_("Leer heißt: „Ich weiß noch nicht, was passt“."),
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("beantwortet von"),
        on_delete=models.PROTECT,
        related_name="answered_applications",
    )
    volunteer = models.ForeignKey(
        "volunteers.Volunteer",
        verbose_name=_("Engagierte Person"),
        on_delete=models.PROTECT,
        related_name="applications",
        null=True,
        blank=True,
        editable=False,
    )
    status = models.CharField(
        _("Status"), max_length=11, choices=Status.choices, default=Status.UNCONFIRMED
    )
    email = models.EmailField(_("E-Mail"))
    age = models.CharField(_("Alter"), max_length=5, choices=Age.choices, default=Age.ADULT)
    message = models.TextField(
        _("Nachricht"), blank=True, max_length=2000, validators=[validate_text]
    )
    more_asked = models.BooleanField(
        _("„Mehr über Sie“ gefragt"),
        default=True,
        db_default=True,
        editable=False,
        help_text=_("Sonst sind Sprachen, Stadtbezirke, Interessen und Zeiten unbekannt."),
    )
    decline_reason = models.TextField(_("Grund der Absage"), blank=True, max_length=1000)
    answer_by = models.DateField(_("Antwort bis"), null=True, blank=True)
    contact_answer = models.CharField(
        _("Wurde die Person kontaktiert?"),
        max_length=3,
        choices=ContactAnswer.choices,
        blank=True,
        editable=False,
    )
    contact_answered_at = models.DateTimeField(
        _("darauf geantwortet"), null=True, blank=True, editable=False
    )
    is_demo = models.BooleanField(_("Vorführdaten"), default=False, editable=False)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("Anmeldung")
        verbose_name_plural = _("Anmeldungen")
        ordering = ["-submitted_at"]
        indexes = [
            models.Index(  # how many of a status somebody sees
                fields=["organisation", "status"],
                include=["id", "confirmed_at", "submitted_at"],
                name="application_by_organisation",
            ),
            models.Index(  # who sees what belongs to an application: no need to read the application
                fields=["organisation"],
                include=["id", "confirmed_at", "submitted_at", "status"],
                name="application_seen",
            ),
            models.Index(  # what „Auswertung“ counts of a year, of those at work today, of groups
                fields=["submitted_at"],
                include=["id", "organisation", "entry", "status"],
                condition=Q(confirmed_at__isnull=False),
                name="application_of_year",
            ),
            models.Index(
                fields=["organisation", "entry"],
                condition=Q(status="placed"),
                name="application_at_work",
            ),
            models.Index(
                fields=["submitted_at"],
                include=["organisation", "status", "group_size", "confirmed_at"],
                condition=Q(group_size__isnull=False),
                name="application_groups",
            ),
            models.Index(  # whose hours or expenses these are, and who sees them
                fields=["id"],
                include=[
                    "organisation",
                    "entry",
                    "volunteer",
                    "confirmed_at",
                    "submitted_at",
                    "status",
                ],
                name="application_by_key",
            ),
            models.Index(  # who could get a tandem, the longest waiting first
                fields=["confirmed_at", "id"],
                condition=Q(
                    status__in=("ready", "placed"),
                    volunteer__isnull=False,
                    group_size__isnull=True,
                ),
                name="application_for_tandems",
            ),
            models.Index(  # the same of an organisation
                fields=["organisation", "confirmed_at", "id"],
                include=["status", "entry", "submitted_at"],
                condition=Q(
                    status__in=("ready", "placed"),
                    volunteer__isnull=False,
                    group_size__isnull=True,
                ),
                name="application_for_own_tandems",
            ),
            models.Index(fields=["email"], name="application_email"),
            models.Index(fields=["submitted_at", "id"], name="application_in_order"),
            models.Index(fields=["status", "submitted_at"], name="application_status"),
            models.Index(fields=["answer_by"], condition=Q(status="new"), name="application_new"),
            models.Index(fields=["preferred_language"], name="application_language"),
            models.Index(Fold("name"), name="application_by_name"),
            GinIndex(fields=["languages"], name="application_languages"),
            found_by("name", "email", "group_name", name="application_found_by"),
        ]
        constraints = [
            models.UniqueConstraint(
                "entry",
                *ONE_PERSON,
                condition=~Q(email="") & ~Q(status__in=["completed", "declined", "withdrawn"]),
                nulls_distinct=False,
                name="application_per_person_and_entry",
                violation_error_message=_("Diese Person ist dafür schon angemeldet."),
            ),
            models.UniqueConstraint(
                "entry",
                PersonKey("name"),
                "phone",
                condition=Q(email="") & ~Q(status__in=["completed", "declined", "withdrawn"]),
                nulls_distinct=False,
                name="application_per_person_without_address",
                violation_error_message=_("Diese Person ist dafür schon angemeldet."),
            ),
            models.CheckConstraint(
                condition=Q(status="unconfirmed")
                | Q(confirmed_at__isnull=False)
                | Q(status="withdrawn"),
                name="application_confirmed_before_work",
                violation_error_message=_("Die Anmeldung ist noch nicht bestätigt."),
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decline_reason=""),
                name="application_declined_with_reason",
                violation_error_message=_("Bitte nennen Sie den Grund der Absage."),
            ),
            *GROUP_CONSTRAINTS,
        ]

    def __str__(self) -> str:
        return f"{self.name} – {self.wish}"

    @property
    def wish(self) -> str:
        """What the person wants to do, as the portal calls it in the language of the page or mail."""
        return self.entry.said("title") if self.entry else str(_("Was passt, ist noch offen"))

    @property
    def answering_role(self) -> str:
        """The function of whoever answers: „Koordination WillkommensPaten“, never a name."""
        return answering_role(self.entry, self.organisation)

    @property
    def answered_by(self) -> str:
        """The same with its organisation: „Koordination WillkommensPaten (Sozialamt)“."""
        return with_organisation(self.answering_role, self.organisation)

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    @property
    def is_preparing(self) -> bool:
        """On the way to „startbereit“."""
        return self.status in PREPARING

    @property
    def has_begun(self) -> bool:
        """Placed, or paused."""
        return self.status in BEGUN

    @property
    def is_overdue(self) -> bool:
        return (
            self.status == Status.NEW
            and self.answer_by is not None
            and self.answer_by < timezone.localdate()
        )

    @property
    def next_statuses(self) -> "tuple[models.TextChoices, ...]":
        return TRANSITIONS[Status(self.status)]

    def may_become(self, status: str) -> bool:
        return status in self.next_statuses


class OfApplicationQuerySet(OwnedQuerySet[M]):
    """Records that belong to an application: whoever sees the application sees them, nobody else."""

    owner = "application__organisation"

    def visible_to(self, user: AnyUser) -> Self:
        """Rows of the applications that ``user`` sees."""
        if user.is_superuser:
            return self
        seen = Application.objects.visible_to(viewing(user, self.model))
        return self.filter(application__in=seen.values("pk"))
