"""Files of large exports: a job makes them, the person who asked fetches them."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .kept import KeptQuerySet


class ExportFileQuerySet(KeptQuerySet["ExportFile"]):
    owner = "by"
    hours = "EXPORT_FILE_HOURS"

    def unfinished(self) -> Self:
        return self.filter(status__in=ExportFile.UNFINISHED)

    def withdraw(self) -> int:
        """Delete these files with their contents, also while a worker makes them; returns how many.

        The update waits until a worker has stored a part, and keeps the next part from coming.
        """
        with transaction.atomic():
            numbers = list(self.order_by("pk").values_list("pk", flat=True))
            files = ExportFile.objects.filter(pk__in=numbers)
            files.update(status=ExportFile.Status.FAILED)
            files.delete()
        return len(numbers)


class ExportFile(models.Model):
    """A list that somebody has asked for. It is kept for ``EXPORT_FILE_HOURS``, then deleted."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("wartet")
        RUNNING = "running", _("läuft")
        DONE = "done", _("fertig")
        FAILED = "failed", _("nicht gelungen")

    UNFINISHED = (Status.WAITING, Status.RUNNING)

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Konto"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    through = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("Zugänge, aus denen die Zeilen kommen"),
        default=list,
    )
    """The memberships that let the person export. With one of them the right to the file ends."""
    of_all = models.BooleanField(_("als Portalverwaltung"), default=False)
    model = models.CharField(_("Liste"), max_length=100)
    """The label of the model, as in „volunteers.application“."""
    what = models.CharField(_("Name der Liste"), max_length=100)
    query = models.TextField(_("Adresse des Filters"), blank=True)
    ids = ArrayField(models.BigIntegerField(), verbose_name=_("ausgewählte Zeilen"), default=list)
    columns = ArrayField(
        models.CharField(max_length=60), verbose_name=_("Spalten"), default=list, db_default=[]
    )
    """Names of columns; none means all."""
    letters = models.BooleanField(_("Adressen für Serienbriefe"), default=False, db_default=False)
    filter = models.TextField(_("Filter"), blank=True)
    purpose = models.CharField(_("Zweck"), max_length=200)
    format = models.CharField(_("Format"), max_length=10)
    status = models.CharField(
        _("Status"), max_length=7, choices=Status.choices, default=Status.WAITING
    )
    rows = models.PositiveIntegerField(_("Zeilen"), default=0)
    total = models.PositiveIntegerField(_("Zeilen insgesamt"), default=0)
    size = models.PositiveBigIntegerField(_("Größe in Byte"), default=0)
    created_at = models.DateTimeField(_("angefordert"), auto_now_add=True)
    finished_at = models.DateTimeField(_("fertig um"), null=True, blank=True)

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("großer Export")
        verbose_name_plural = _("große Exporte")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["by"],
                condition=Q(status__in=["waiting", "running"]),
                name="export_file_one_at_a_time",
                violation_error_message=_("Es läuft schon ein Export von Ihnen."),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def is_unfinished(self) -> bool:
        return self.status in self.UNFINISHED

    @property
    def is_done(self) -> bool:
        return self.status == self.Status.DONE

    @property
    def expires_at(self) -> datetime.datetime:
        return self.created_at + datetime.timedelta(hours=settings.EXPORT_FILE_HOURS)


class ExportPart(models.Model):
    """A piece of a finished file, in the database, so that every web process has it."""

    file = models.ForeignKey(
        ExportFile, verbose_name=_("großer Export"), on_delete=models.CASCADE, related_name="parts"
    )
    number = models.PositiveIntegerField(_("Teil"))
    data = models.BinaryField(_("Inhalt"))

    class Meta:
        verbose_name = _("Teil eines großen Exports")
        verbose_name_plural = _("Teile großer Exporte")
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="export_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"
