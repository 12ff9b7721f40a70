"""Pictures of entries and stories; the files stand in the database, where every node sees them."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..history import tracked
from ..requests import AnyUser
from ..seeing import viewing
from .agreed import HOW, Shown, validate_past
from .entries import Entry
from .stories import Story

WIDTHS = (480, 960, 1600)
"""Widths in pixels that a picture is offered in; none is wider than the upload."""


class PictureQuerySet(models.QuerySet["Picture"]):
    def ready(self) -> Self:
        return self.filter(state=Picture.State.READY)

    def public(self) -> Self:
        """What pages show: made, and of an entry or a story that is published."""
        shown = Q(entry__is_published=True) | Q(story__in=Story.objects.public().values("pk"))
        return self.ready().filter(shown)

    def visible_to(self, user: AnyUser) -> Self:
        """Pictures of the entries that ``user`` sees, and of the stories of their programmes."""
        user = viewing(user, self.model)
        seen = Entry.objects.visible_to(user).values("pk")
        return self.filter(Q(entry__in=seen) | Q(story__programme__in=seen))


@tracked(fields=("id", "key", "entry", "story", "state", "people"), part_of="entry")
class Picture(Shown):
    """A photograph. Its bytes go with it: who removes it removes them.

    ``key`` stands in the address. The file of a picture never changes, so a cache may keep what it got.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("wird vorbereitet")
        READY = "ready", _("zu sehen")
        FAILED = "failed", _("nicht lesbar")

    class People(models.TextChoices):
        NOBODY = "nobody", _("Niemand ist zu erkennen.")
        AGREED = "agreed", _("Die Einwilligung der abgebildeten Personen liegt vor.")

    MOST = 3
    """How many pictures an entry has at most; a story has one."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(
        "programs.Entry",
        verbose_name=_("Eintrag"),
        on_delete=models.CASCADE,
        related_name="pictures",
        null=True,
        blank=True,
    )
    story = models.ForeignKey(
        "programs.Story",
        verbose_name=_("Geschichte"),
        on_delete=models.CASCADE,
        related_name="pictures",
        null=True,
        blank=True,
    )
    alt = models.CharField(
        _("Was zu sehen ist"),
        max_length=250,
        help_text=_(
            "Für Menschen, die das Bild nicht sehen: „Zwei Frauen kochen in einer großen Küche“. "
            "Ohne Namen."
        ),
    )
    photographer = models.CharField(_("Fotografiert von"), max_length=120)
    people = models.CharField(
        _("Menschen auf dem Bild"), max_length=6, choices=People.choices, default=People.AGREED
    )
    agreed_on = models.DateField(
        _("Einwilligung seit"), validators=[validate_past], null=True, blank=True
    )
    agreed_how = models.CharField(
        _("Wie, und wer sie verwahrt"), max_length=160, blank=True, help_text=HOW
    )
    state = models.CharField(
        pgettext_lazy("how far it is", "Stand"),
        max_length=7,
        choices=State.choices,
        default=State.WAITING,
        editable=False,
    )
    width = models.PositiveSmallIntegerField(_("Breite"), default=0, editable=False)
    height = models.PositiveSmallIntegerField(_("Höhe"), default=0, editable=False)
    """Of the largest size."""

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("Bild")
        verbose_name_plural = _("Bilder")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=True) ^ Q(story__isnull=True),
                name="picture_of_one_thing",
                violation_error_message=_(
                    "Ein Bild gehört zu einem Eintrag oder zu einer Geschichte."
                ),
            ),
            models.CheckConstraint(
                condition=Q(people="nobody") | (Q(agreed_on__isnull=False) & ~Q(agreed_how="")),
                name="picture_consent_is_recorded",
                violation_error_message=_(
                    "Bitte tragen Sie ein, seit wann die abgebildeten Personen einverstanden sind, "
                    "wie sie es gesagt haben und wer das verwahrt."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Bild %(number)s") % {"number": self.pk or ""}).strip()

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def is_tall(self) -> bool:
        return self.height > self.width

    @property
    def widths(self) -> list[int]:
        return [*(width for width in WIDTHS if width < self.width), self.width]

    def address(self, width: int, form: str) -> str:
        return reverse("programs:picture", args=[self.key, width, form])

    @property
    def avif(self) -> str:
        """The value of ``srcset``, as the next one."""
        return self._srcset(PictureFile.Form.AVIF)

    @property
    def jpeg(self) -> str:
        return self._srcset(PictureFile.Form.JPEG)

    @property
    def fallback(self) -> str:
        """For browsers that know no ``srcset``."""
        return self.address(self.widths[min(1, len(self.widths) - 1)], PictureFile.Form.JPEG)

    def _srcset(self, form: str) -> str:
        return ", ".join(f"{self.address(width, form)} {width}w" for width in self.widths)


class PictureFile(models.Model):
    """One size of a picture, or the file as it was uploaded, which goes as soon as the sizes are made."""

    class Form(models.TextChoices):
        UPLOADED = "uploaded", _("wie hochgeladen")
        AVIF = "avif", "AVIF"
        JPEG = "jpg", "JPEG"

    picture = models.ForeignKey(
        Picture, verbose_name=_("Bild"), on_delete=models.CASCADE, related_name="files"
    )
    form = models.CharField(_("Format"), max_length=8, choices=Form.choices)
    width = models.PositiveSmallIntegerField(_("Breite"), default=0)
    data = models.BinaryField(_("Inhalt"))

    class Meta:
        verbose_name = _("Bilddatei")
        verbose_name_plural = _("Bilddateien")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["picture", "form", "width"], name="picture_file_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.width or ''}".strip()
