"""Memberships: who works for which organisation, and in which role."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..requests import AnyUser


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> Self:
        """Memberships that are valid today. The day ``until`` is included."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=timezone.localdate()))

    def seeing_people(self) -> Self:
        """Active memberships whose role gives access to the personal data of the organisation's people."""
        return self.active().filter(role__in=Membership.SEES_PEOPLE)

    def answering(self) -> Self:
        """Active memberships whose role answers applications for the organisation."""
        return self.active().filter(role__in=Membership.ANSWERING)

    def present(self) -> Self:
        """Answering memberships with an active account: these people can answer and receive mails."""
        return self.answering().filter(user__is_active=True)

    def here(self) -> Self:
        """Memberships of those who are not away today."""
        today = timezone.localdate()
        return self.exclude(away_from__lte=today, away_until__gte=today)

    def setting_up(self, user: AnyUser) -> Self:
        """Active memberships of those who have begun to set up their organisation and not finished."""
        return self.active().filter(user=user.pk, set_up_step__isnull=False).order_by("pk")

    def held_by(self, user: AnyUser) -> Self:
        """Memberships of ``user``.

        If ``user`` is limited to some of their roles (``User.limited_to``), memberships with other
        roles are left out. So they also give no access through an organisation.
        """
        own = self.filter(user=user.pk)
        only = getattr(user, "only_roles", None)
        return own if only is None else own.filter(role__in=only)


@tracked(fields=("id", "user", "organisation", "role", "until"), part_of="organisation")
class Membership(models.Model):
    """A person's role in an organisation. When it ends, the access ends with the next request."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("Koordination")
        DEPUTY = "deputy", _("Vertretung")
        STAFF = "staff", _("Fachstelle")
        ROOM_STAFF = "room_staff", _("Fachstelle Willkommensräume")
        REPORTING = "reporting", _("Berichtswesen")
        TRUST = "trust", _("Vertrauensperson")
        TRANSLATOR = "translator", _("Übersetzung")

    SEES_PEOPLE = (Role.COORDINATOR, Role.DEPUTY, Role.STAFF)
    """Roles that see the people who have contacted the organisation."""
    SEES_ENTRIES = (*SEES_PEOPLE, Role.REPORTING)
    """Roles that see all entries of the organisation and of those below it."""
    SEES_ROOMS = (Role.ROOM_STAFF,)
    """Roles that look after the Willkommensräume of a department."""
    ANSWERING = (Role.COORDINATOR, Role.DEPUTY, Role.STAFF)
    """Roles that get the organisation's mails and answer them. Without one nobody answers for it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Person"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    organisation = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    role = models.CharField(_("Rolle"), max_length=11, choices=Role.choices)
    language = models.CharField(
        _("Sprache"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        help_text=_("Nur bei der Rolle „Übersetzung“: in diese Sprache wird übersetzt."),
    )
    until = models.DateField(
        _("bis"), null=True, blank=True, help_text=_("Letzter Tag; leer heißt: unbefristet.")
    )
    last_used_on = models.DateField(_("zuletzt genutzt"), null=True, blank=True, editable=False)
    set_up_step = models.PositiveSmallIntegerField(
        _("nächster Schritt der Einrichtung"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Leer heißt: Es ist nichts einzurichten."),
    )
    away_from = models.DateField(_("abwesend von"), null=True, blank=True, editable=False)
    away_until = models.DateField(_("abwesend bis"), null=True, blank=True, editable=False)
    substitute = models.ForeignKey(
        "self",
        verbose_name=_("vertreten von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    created_at = models.DateTimeField(_("angelegt"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mitgliedschaft")
        verbose_name_plural = _("Mitgliedschaften")
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="membership_once_per_organisation",
                violation_error_message=_("Die Person gehört schon zu dieser Organisation."),
            ),
            models.CheckConstraint(
                condition=~Q(role="deputy") | Q(until__isnull=False),
                name="membership_deputy_has_an_end",
                violation_error_message=_("Eine Vertretung braucht einen letzten Tag."),
            ),
            models.CheckConstraint(
                condition=Q(
                    away_from__isnull=True, away_until__isnull=True, substitute__isnull=True
                )
                | Q(
                    away_from__isnull=False,
                    away_until__isnull=False,
                    away_until__gte=F("away_from"),
                ),
                name="membership_away_ends_after_it_begins",
                violation_error_message=_("Der letzte Tag liegt vor dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} ({self.get_role_display()})"
