"""Lists that wait to be imported, and how an organisation's columns were understood the last time."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..addresses import admin_path
from .kept import KeptQuerySet


class ListImportQuerySet(KeptQuerySet["ListImport"]):
    owner = "owner"
    hours = "IMPORT_KEPT_HOURS"


class ListImport(models.Model):
    """An uploaded file on its way into a list. It stands in the database, where every node sees it.

    ``data`` is read once, by a worker, into ``table``. Both go when the list has been taken in.
    """

    class State(models.TextChoices):
        READING = "reading", _("wird gelesen")
        REFUSED = "refused", _("nicht lesbar")
        COLUMNS = "columns", _("Spalten prüfen")
        CHECKING = "checking", _("wird geprüft")
        PREVIEW = "preview", _("Vorschau")
        TAKING = "taking", _("wird übernommen")
        DONE = "done", _("übernommen")

    WORKING = (State.READING, State.CHECKING, State.TAKING)
    """States that end by themselves: a worker has the list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("hochgeladen von"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    created_at = models.DateTimeField(_("hochgeladen"), auto_now_add=True)
    target = models.CharField(_("Liste"), max_length=80)
    """The model of the list, as in „volunteers.volunteer“."""
    file_name = models.CharField(_("Dateiname"), max_length=255)
    data = models.BinaryField(_("Datei"), default=bytes)
    state = models.CharField(
        pgettext_lazy("how far it is", "Stand"),
        max_length=8,
        choices=State.choices,
        default=State.READING,
    )
    reason = models.TextField(_("Grund"), blank=True, default="")
    """Why the file was refused, or what has changed since the preview."""
    sheet = models.CharField(_("Blatt"), max_length=255, blank=True, default="")
    encoding = models.CharField(_("Zeichen"), max_length=20, blank=True, default="")
    """What the person has chosen; empty if the reader is to find out."""
    table = models.JSONField(_("gelesene Tabelle"), null=True, default=None)
    heading_row = models.PositiveIntegerField(_("Zeile der Überschriften"), default=0)
    """Index in the rows of the table."""
    mapping = models.JSONField(_("Spalten"), default=list)
    """For each column the key of what it means; "" leaves the column out."""
    preview = models.JSONField(_("Vorschau"), null=True, default=None)
    decisions = models.JSONField(_("Entscheidungen"), null=True, default=None)
    """Row in the file → what the person has said about it, as ``exchange.alike.Decision``."""
    digest = models.CharField(_("Prüfwert der Vorschau"), max_length=64, blank=True, default="")
    done_rows = models.PositiveIntegerField(_("bearbeitete Zeilen"), default=0)

    objects = ListImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("Import")
        verbose_name_plural = _("Importe")
        ordering = ["-created_at"]
        default_permissions = ()
        indexes = [models.Index(fields=["created_at"], name="list_import_by_age")]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        return admin_path(self.target, "import_list", self.pk)

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING


class ColumnMapping(models.Model):
    """How the columns of a list were understood the last time, for each organisation."""

    organisation = models.ForeignKey(
        "programs.Organisation", on_delete=models.CASCADE, related_name="+"
    )
    target = models.CharField(_("Liste"), max_length=80)
    columns = models.JSONField(_("Spalten"), default=dict)
    """Heading, compared as ``cells.key`` does → key of what it means; "" leaves the column out."""

    class Meta:
        verbose_name = _("Zuordnung von Spalten")
        verbose_name_plural = _("Zuordnungen von Spalten")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "target"],
                name="column_mapping_once_per_list",
                violation_error_message=_("Für diese Liste gibt es schon eine Zuordnung."),
            )
        ]

    def __str__(self) -> str:
        return self.target
