"""Organisations: the tenants of the portal."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..requests import AnyUser
from ..seeing import organisations_as, viewing
from .entries import Entry
from .memberships import Membership


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: AnyUser) -> Self:
        """Organisations in which ``user`` has a role today that sees people's personal data.

        A role that only looks after rooms or reads figures does not count.
        """
        held = Membership.objects.seeing_people().held_by(user)
        return self.filter(pk__in=held.values("organisation"))

    def employing(self, user: AnyUser) -> Self:
        """Organisations in which ``user`` has any role today. Gives no access to personal data."""
        return self.filter(pk__in=organisations_as(user, Membership.Role.values))

    def kept_by(self, user: AnyUser) -> Self:
        """Organisations of :meth:`EntryQuerySet.organisations_kept_by`."""
        return self.filter(pk__in=Entry.objects.organisations_kept_by(user).values("pk"))

    def visible_to(self, user: AnyUser) -> Self:
        """Organisations of :meth:`EntryQuerySet.organisations_seen_by`; all for a superuser."""
        if user.is_superuser:
            return self
        seen = Entry.objects.organisations_seen_by(viewing(user, self.model))
        return self.filter(pk__in=seen.values("pk"))

    def with_staff(self) -> Self:
        """Organisations with at least one member who can answer."""
        present = Membership.objects.present().filter(organisation=OuterRef("pk"))
        return self.filter(Exists(present))

    def left_alone(self) -> Self:
        """Those for which somebody answered once, and nobody does today."""
        once = Membership.objects.filter(organisation=OuterRef("pk"), role__in=Membership.ANSWERING)
        present = Membership.objects.present().filter(organisation=OuterRef("pk"))
        return self.filter(Exists(once), ~Exists(present))

    def with_postal_address(self) -> Self:
        """Those to which a letter can be sent."""
        return self.exclude(post_street="").exclude(post_code="").exclude(post_city="")

    def left_to(self, user: AnyUser) -> Self:
        """Organisations whose unanswered applications are escalated to an office of ``user``.

        That office is the department in charge. If there is none, or it has no member who can answer,
        it is the clearing office (see :attr:`Organisation.office_above`). The user's own organisations
        are left out.
        """
        own = Organisation.objects.of(user)
        present = Organisation.objects.with_staff().values("pk")
        nobodys = Q(Exists(own.clearing())) & ~Q(department__in=present)
        below = Q(department__in=own.values("pk")) | nobodys
        return self.filter(below).exclude(pk__in=own.values("pk"))

    def current(self, number: int) -> "Organisation | None":
        """The organisation with this primary key, or the one that it was merged into."""
        return self.filter(Q(pk=number) | Q(former__number=number)).distinct().first()

    def clearing_office(self) -> "Organisation":
        """The office that is responsible if nobody else is (the Sozialamt)."""
        return self.clearing().get()

    def clearing(self) -> Self:
        """The clearing office, if this queryset contains it."""
        return self.filter(is_clearing_office=True)


POSTAL = ("post_to", "post_street", "post_code", "post_city")
"""Where letters go: with a circle without rooms of its own, to somebody's home."""


@tracked(exclude=("contact_email", *POSTAL), personal=("contact_email", *POSTAL))
class Organisation(Entry):
    """An office, Träger, Freundeskreis, initiative, company, foundation or partner."""

    TRANSLATED = (*Entry.TRANSLATED, "area")

    class Type(models.TextChoices):
        OFFICE = "office", _("Amt/Abteilung")
        CARRIER = "carrier", _("Träger")
        CIRCLE = "circle", _("Freundeskreis")
        INITIATIVE = "initiative", _("Initiative")
        COMPANY = "company", _("Unternehmen")
        FOUNDATION = "foundation", _("Stiftung")
        PARTNER = "partner", _("Partner")

    entry_ptr = models.OneToOneField(
        Entry, on_delete=models.CASCADE, parent_link=True, related_name="organisation_entry"
    )
    type = models.CharField(_("Art der Organisation"), max_length=10, choices=Type.choices)
    carried_by = models.CharField(
        _("getragen von"), max_length=200, blank=True, help_text=_("Träger einer Initiative.")
    )
    founded = models.PositiveSmallIntegerField(
        _("Gründungsjahr"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2100)],
    )
    area = models.CharField(_("Gebiet"), max_length=160, blank=True)
    contact_email = models.EmailField(
        _("Adresse für Rückfragen"),
        max_length=254,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Dorthin gehen die Mails „Stimmt Ihr Eintrag noch?“, solange die Organisation niemanden im Portal "
            "hat. Erscheint nie öffentlich. Tragen Sie nur eine Adresse ein, von der Sie wissen, dass sie der "
            "Organisation gehört: Wer die Mail liest, kann den Eintrag bestätigen und ändern."
        ),
    )
    post_to = models.CharField(
        _("Post zu Händen"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Zum Beispiel „Koordination“ oder „bei Familie Muster“. Erscheint nie öffentlich."
        ),
    )
    post_street = models.CharField(
        _("Straße und Hausnummer für Post"), max_length=120, blank=True, default="", db_default=""
    )
    post_code = models.CharField(
        _("Postleitzahl für Post"),
        max_length=5,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[0-9]{5}\Z", _("Eine Postleitzahl hat fünf Ziffern."))],
    )
    post_city = models.CharField(
        _("Ort für Post"), max_length=80, blank=True, default="", db_default=""
    )
    answer_days = models.PositiveSmallIntegerField(
        _("Antwortfrist in Tagen"),
        default=settings.DEFAULT_ANSWER_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("So lange warten Engagierte höchstens auf die erste Antwort."),
    )
    is_clearing_office = models.BooleanField(
        _("Clearingstelle"),
        default=False,
        help_text=_("Beantwortet Anmeldungen, für die sonst niemand da ist. Nur eine Stelle."),
    )

    objects = OrganisationQuerySet.as_manager()  # type: ignore[assignment,misc]  # its own manager

    class Meta:
        verbose_name = _("Organisation")
        verbose_name_plural = _("Organisationen")
        constraints = [
            models.UniqueConstraint(
                fields=["is_clearing_office"],
                condition=Q(is_clearing_office=True),
                name="organisation_one_clearing_office",
                violation_error_message=_("Es gibt schon eine Clearingstelle."),
            ),
            models.CheckConstraint(
                condition=Q(answer_days__gte=1, answer_days__lte=60),
                name="organisation_answer_days_1_to_60",
                violation_error_message=_("Die Antwortfrist liegt zwischen 1 und 60 Tagen."),
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        joinable = {self.Type.CIRCLE, self.Type.INITIATIVE}
        self.kind = self.type if self.type in joinable else Entry.Kind.ORGANISATION
        super().save(*args, **kwargs)

    @property
    def owner(self) -> "Organisation":
        """Itself, without asking the database."""
        return self

    @property
    def office_above(self) -> "Organisation | None":
        """The office that takes over if this organisation does not answer; None for the clearing office."""
        present = Organisation.objects.with_staff()
        in_charge = present.filter(pk=self.department_id) if self.department_id else present.none()
        office = in_charge.first() or Organisation.objects.clearing().first()
        return office if office and office.pk != self.pk else None
