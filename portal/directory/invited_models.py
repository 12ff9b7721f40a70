"""Organisations that were asked to look after their entry themselves."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership, Organisation
from programs.requests import AnyUser
from programs.seeing import viewing

from .models import Upkeep


class InvitedState(models.TextChoices):
    SENT = "sent", _("gesendet")
    OPENED = "opened", _("geöffnet")
    KEPT = "kept", _("gepflegt")
    DECLINED = "declined", _("abgelehnt")


class InvitedOrganisationQuerySet(models.QuerySet["InvitedOrganisation"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Those of organisations that the user sees."""
        seen = Organisation.objects.visible_to(viewing(user, self.model))
        return self.filter(organisation__in=seen.values("pk"))

    def with_state(self) -> Self:
        """``state``: what has happened since. Kept is who answered by link or has somebody in the portal."""
        answers = Upkeep.objects.filter(
            organisation=OuterRef("organisation"), kind__in=Upkeep.ANSWERS
        )
        came = Membership.objects.present().filter(organisation=OuterRef("organisation"))
        since = OuterRef("made_at")
        kept = Exists(answers.filter(at__gte=since)) | Exists(came.filter(created_at__gte=since))
        return self.annotate(
            state=Case(
                When(declined_at__isnull=False, then=Value(InvitedState.DECLINED.value)),
                When(kept, then=Value(InvitedState.KEPT.value)),
                When(opened_at__isnull=False, then=Value(InvitedState.OPENED.value)),
                default=Value(InvitedState.SENT.value),
                output_field=CharField(),
            )
        )

    def running(self) -> Self:
        """Those whose time is not over and who have not said no; nobody of these is invited again."""
        return self.filter(deadline__gte=timezone.localdate(), declined_at__isnull=True)

    def to_remind(self) -> Self:
        """Those near their deadline who have not done anything, and have got no reminder."""
        last = timezone.localdate() + datetime.timedelta(days=settings.INVITED_REMINDER_DAYS)
        idle = (InvitedState.SENT.value, InvitedState.OPENED.value)
        waiting = self.running().filter(deadline__lte=last, reminded_at__isnull=True)
        return waiting.with_state().filter(state__in=idle)


class InvitedOrganisation(models.Model):
    """One invitation by mail to an organisation, with a personal link; written by the portal."""

    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="invited",
    )
    made_at = models.DateTimeField(_("gesendet"), default=timezone.now)
    deadline = models.DateField(_("Frist"))
    reminded_at = models.DateTimeField(_("erinnert"), null=True, blank=True)
    opened_at = models.DateTimeField(_("geöffnet"), null=True, blank=True)
    declined_at = models.DateTimeField(_("abgelehnt"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
    )

    objects = InvitedOrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("eingeladene Organisation")
        verbose_name_plural = _("eingeladene Organisationen")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "deadline"],
                name="invited_once_for_a_deadline",
                violation_error_message=_("Diese Organisation ist schon eingeladen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {timezone.localtime(self.made_at):%d.%m.%Y}"
