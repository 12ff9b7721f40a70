"""How many people came to a room: figures without any person."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.requests import AnyUser
from programs.seeing import viewing

from .rooms import RoomOffer, WelcomeRoom

MOST_VISITORS = 5000
"""Largest number of visitors of one offer on one day; more is a typing error."""


class VisitCountQuerySet(models.QuerySet["VisitCount"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Counts of the rooms that ``user`` works for or looks after."""
        if user.is_superuser:
            return self
        rooms = WelcomeRoom.objects.visible_to(viewing(user, self.model))
        return self.filter(room__in=rooms.values("pk"))


@tracked(part_of="room")
class VisitCount(models.Model):
    """Visitors of one offer of a room on one day; without an offer: of everything else on that day."""

    room = models.ForeignKey(
        WelcomeRoom,
        verbose_name=_("Willkommensraum"),
        on_delete=models.PROTECT,
        related_name="visit_counts",
    )
    offer = models.ForeignKey(
        RoomOffer,
        verbose_name=_("Angebot"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visit_counts",
        help_text=_("Leer: alles, was zu keinem regelmäßigen Angebot gehört."),
    )
    day = models.DateField(_("Tag"))
    number = models.PositiveIntegerField(
        _("Besuche"), validators=[MinValueValidator(0), MaxValueValidator(MOST_VISITORS)]
    )
    is_estimate = models.BooleanField(_("geschätzt"), default=False)

    objects = VisitCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("Besuchszahl")
        verbose_name_plural = _("Besuchszahlen")
        ordering = ["-day", "room", "offer__position", "offer__title"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "day", "offer"],
                nulls_distinct=False,
                name="visit_count_once_a_day",
                violation_error_message=_(
                    "Für diesen Tag und dieses Angebot gibt es schon eine Zahl."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(number__lte=MOST_VISITORS),
                name="visit_count_is_possible",
                violation_error_message=_("So viele Menschen passen in keinen Raum."),
            ),
        ]
        indexes = [models.Index(fields=["day"], name="visit_counts_by_day")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}: {self.number}"
