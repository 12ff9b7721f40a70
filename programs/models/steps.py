"""The preparation steps that a programme requires before a volunteer can start."""

from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..requests import AnyUser
from ..seeing import viewing
from .translated import Translated


class ProgrammeStepQuerySet(models.QuerySet["ProgrammeStep"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Steps of the programmes that are visible to ``user``."""
        from .entries import Entry

        user = viewing(user, self.model)
        return self.filter(programme__in=Entry.objects.visible_to(user).values("pk"))


@tracked(part_of="programme")
class ProgrammeStep(Translated):
    """One preparation step of a programme.

    ``text`` is the text that a volunteer accepts in a commitment. ``text_version`` increases with every
    change of the text, so that „accepted version 2“ identifies the text.
    """

    TRANSLATED = ("title", "note", "text")

    class Kind(models.TextChoices):
        INTERVIEW = "interview", _("Erstgespräch")
        TRAINING = "training", _("Einführung oder Schulung")
        COMMITMENT = "commitment", _("Selbstverpflichtung und Verschwiegenheit")
        CONDUCT_CHECK = "conduct_check", _("Führungszeugnis")
        OTHER = "other", _("Weiteres")

    programme = models.ForeignKey(
        "programs.Programme",
        verbose_name=_("Programm"),
        on_delete=models.CASCADE,
        related_name="steps",
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"), default=10)
    kind = models.CharField(_("Art"), max_length=13, choices=Kind.choices)
    title = models.CharField(
        _("Name"), max_length=120, help_text=_("So sehen es die Engagierten: „Einführungsabend“.")
    )
    note = models.CharField(
        _("Erklärung"), max_length=300, blank=True, help_text=_("Was zu tun ist, in einem Satz.")
    )
    text = models.TextField(
        _("Text der Erklärung"),
        blank=True,
        help_text=_("Nur bei Selbstverpflichtungen: die Worte, denen jemand zustimmt."),
    )
    text_version = models.PositiveSmallIntegerField(_("Fassung"), default=1, editable=False)

    objects = ProgrammeStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("Vorbereitungsschritt")
        verbose_name_plural = _("Vorbereitungsschritte")
        ordering = ["programme", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="commitment") | ~Q(text=""),
                name="programme_step_commitment_has_text",
                violation_error_message=_("Eine Selbstverpflichtung braucht ihren Text."),
            ),
            models.UniqueConstraint(
                fields=["programme"],
                condition=Q(kind="conduct_check"),
                name="programme_step_one_conduct_check",
                violation_error_message=_("Das Führungszeugnis ist schon einer der Schritte."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Increase ``text_version`` if the text changes. Locks the row, so that no two texts get the same one."""
        with transaction.atomic():
            before = ProgrammeStep.objects.select_for_update().filter(pk=self.pk).first()
            if before is not None:
                changed = before.text != self.text
                self.text_version = before.text_version + 1 if changed else before.text_version
            super().save(*args, **kwargs)
