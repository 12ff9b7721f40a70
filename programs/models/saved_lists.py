"""Saved lists: a list of the administration with its filter, order and columns, under a name."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..requests import AnyUser
from ..seeing import viewing
from .organisations import Organisation


def left_to_colleagues(collector: Any, field: Any, rows: "Iterable[SavedList]", using: str) -> None:
    """When the owner's account goes: shared lists stay with the organisation, the others go, too."""
    theirs = SavedList.objects.using(using).filter(pk__in=[one.pk for one in rows])
    models.SET_NULL(collector, field, theirs.filter(shared_with__isnull=False), using)
    models.CASCADE(collector, field, theirs.filter(shared_with__isnull=True), using)


class SavedListQuerySet(models.QuerySet["SavedList"]):
    def visible_to(self, user: AnyUser) -> Self:
        """The user's own, and those shared with an organisation in which the user has a role today.

        The Portalverwaltung sees all that are shared.

        This is about the filter only. Which rows somebody gets through it is asked when they open or
        export the list.
        """
        if user.is_anonymous:
            return self.none()
        own = Organisation.objects.employing(viewing(user, self.model))
        shared = Q(shared_with__isnull=False) if user.is_superuser else Q(shared_with__in=own)
        return self.filter(Q(owner=user) | shared)


@tracked(
    fields=("id", "model", "columns", "shared_with"),
    personal=("name", "search", "filters", "order", "words"),
)
class SavedList(models.Model):
    """What of a list is saved: never rows, and nothing that would let somebody see more of them."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("gespeichert von"),
        on_delete=left_to_colleagues,
        related_name="+",
        null=True,
        blank=True,
    )
    name = models.CharField(_("Name"), max_length=80)
    model = models.CharField(_("Liste"), max_length=100)
    """The label of the model, as in „volunteers.application“."""
    search = models.CharField(_("Suche"), max_length=200, blank=True, default="")
    filters = models.TextField(_("Adresse des Filters"), max_length=2000, blank=True, default="")
    """A query string without the search and the order."""
    order = ArrayField(
        models.CharField(max_length=100), verbose_name=_("Reihenfolge"), default=list, blank=True
    )
    """Names of columns of the list; „-“ stands before one that falls."""
    words = models.TextField(_("Filter in Worten"), blank=True, default="")
    """As the owner read it when the list was saved."""
    columns = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("Spalten im Export"),
        default=list,
        blank=True,
    )
    """Names of columns of the export; none means all."""
    letters = models.BooleanField(_("Adressen für Serienbriefe"), default=False, db_default=False)
    shared_with = models.ForeignKey(
        "programs.Organisation",
        verbose_name=_("für"),
        on_delete=models.CASCADE,
        related_name="saved_lists",
        null=True,
        blank=True,
    )
    used_on = models.DateField(_("zuletzt benutzt"), default=timezone.localdate)

    objects = SavedListQuerySet.as_manager()

    class Meta:
        verbose_name = _("gespeicherte Liste")
        verbose_name_plural = _("gespeicherte Listen")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "owner",
                Lower("name"),
                name="saved_list_name_once",
                violation_error_message=_("Sie haben schon eine Liste mit diesem Namen."),
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(shared_with__isnull=False),
                name="saved_list_is_somebodys",
                violation_error_message=_("Eine Liste gehört jemandem oder einer Organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def may_be_changed_by(self, user: AnyUser) -> bool:
        """Of those who see it: the owner, and everybody if the owner is gone."""
        return self.owner_id in (None, user.pk)

    def used(self) -> None:
        """Note that somebody has used it today."""
        today = timezone.localdate()
        if self.used_on != today:
            type(self).objects.filter(pk=self.pk).update(used_on=today)
