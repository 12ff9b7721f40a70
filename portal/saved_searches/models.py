"""A search of the catalogue that an address wants to hear of."""

import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.requests import AnyUser
from volunteers.models.standing_orders import (
    OrderStatus,
    StandingOrder,
    StandingOrderQuerySet,
    order_constraints,
)

from .wanted import LONGEST, Wanted

PAUSE = datetime.timedelta(days=7)
"""From one mail about a search to the next."""


class SavedSearchQuerySet(StandingOrderQuerySet["SavedSearch"]):
    def visible_to(self, user: AnyUser) -> Self:
        """For the Portalverwaltung, which helps who asks for it. Unconfirmed ones are seen by nobody."""
        return self.exclude(status=OrderStatus.UNCONFIRMED) if user.is_superuser else self.none()

    def due(self) -> Self:
        """Those about which no mail went in the last week."""
        rested = Q(last_sent_at__isnull=True) | Q(last_sent_at__lte=timezone.now() - PAUSE)
        return self.running().filter(rested)


class SavedSearch(StandingOrder):
    """One search of one mailbox, without a name; an address may have several.

    ``texts.py`` has the texts of ``text_version``. Which entries were told follows from
    ``told_until``: each has one moment at which it was published, and is told at most once. Write through
    ``services.py`` and ``sending.py``.
    """

    SAME: ClassVar[tuple[str, ...]] = ("query",)

    in_words: str | None = None
    """What it looks for, where a list has read that for all its rows at once."""

    query = models.CharField(_("Filter"), max_length=LONGEST, blank=True, editable=False)
    told_until = models.DateTimeField(_("erzählt bis"), default=timezone.now, editable=False)
    last_sent_at = models.DateTimeField(_("letzte Mail"), null=True, blank=True, editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("Suche per Mail")
        verbose_name_plural = _("Suchen per Mail")
        ordering = ["submitted_at", "pk"]
        indexes = [
            models.Index(fields=["confirmed_at", "id"], name="saved_search_by_time"),
            models.Index(
                fields=["told_until"],
                name="saved_search_running",
                condition=Q(status="active", stopped_at__isnull=True),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "query"],
                name="saved_search_once_per_address",
                violation_error_message=_("Diese Suche gibt es schon."),
            ),
            *order_constraints(
                "saved_search", unconfirmed=_("Ohne Bestätigung bekommt niemand Mails.")
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.query)

    def begin(self, now: datetime.datetime) -> None:
        """What is there already can be seen in the catalogue; only what comes after it is news."""
        super().begin(now)
        self.told_until = now
