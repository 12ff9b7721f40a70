"""The survey of a day: how many volunteers each organisation had, asked by mailed link."""

from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Organisation
from programs.requests import AnyUser
from programs.seeing import viewing

MOST_VOLUNTEERS = 5000
"""Largest number of volunteers of one organisation; more is a typing error."""


class SurveyQuerySet(models.QuerySet["Survey"]):
    def visible_to(self, user: AnyUser) -> Self:
        """They hold for the whole city; the table of rights says who reads them."""
        return self

    def open(self) -> Self:
        return self.filter(deadline__gte=timezone.localdate())


class Survey(models.Model):
    """One question to all organisations: how many volunteers did you have on ``day``?"""

    day = models.DateField(
        _("Stichtag"), unique=True, help_text=_("Für diesen Tag nennt jede Organisation ihre Zahl.")
    )
    deadline = models.DateField(
        _("Antwort bis"),
        help_text=_("Danach schließt die Umfrage. Kurz vorher wird einmal erinnert."),
    )
    started_at = models.DateTimeField(_("begonnen"), default=timezone.now, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Stichtagsumfrage")
        verbose_name_plural = _("Stichtagsumfragen")
        ordering = ["-day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deadline__gte=models.F("day")),
                name="survey_ends_after_its_day",
                violation_error_message=_("Die Frist liegt vor dem Stichtag."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"

    def clean(self) -> None:
        """Nobody can count tomorrow's volunteers, and everybody needs time to answer."""
        today = timezone.localdate()
        day, deadline = getattr(self, "day", None), getattr(self, "deadline", None)
        if day and day > today:
            raise ValidationError({"day": _("Der Stichtag ist noch nicht da.")})
        if deadline and deadline <= today:
            raise ValidationError({"deadline": _("Bitte lassen Sie Zeit zum Antworten.")})

    @property
    def is_open(self) -> bool:
        return self.deadline >= timezone.localdate()


class SurveyAnswerQuerySet(models.QuerySet["SurveyAnswer"]):
    def visible_to(self, user: AnyUser) -> Self:
        seen = Organisation.objects.visible_to(viewing(user, self.model))
        return self.filter(organisation__in=seen.values("pk"))

    def unanswered(self) -> Self:
        """Those who were asked, can still answer and have not."""
        running = Survey.objects.open().values("pk")
        return self.filter(survey__in=running, asked_at__isnull=False, number__isnull=True)


class SurveyAnswer(models.Model):
    """One organisation in a survey. Without ``asked_at`` nobody could be asked; without ``number`` nobody answered."""

    survey = models.ForeignKey(
        Survey, verbose_name=_("Umfrage"), on_delete=models.CASCADE, related_name="answers"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("Organisation"),
        on_delete=models.CASCADE,
        related_name="survey_answers",
    )
    asked_at = models.DateTimeField(_("gefragt"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("erinnert"), null=True, blank=True)
    answered_at = models.DateTimeField(_("beantwortet"), null=True, blank=True)
    number = models.PositiveIntegerField(
        _("Zahl der Engagierten"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_VOLUNTEERS)],
    )
    is_estimate = models.BooleanField(_("geschätzt"), default=False)

    objects = SurveyAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("Antwort")
        verbose_name_plural = _("Antworten")
        ordering = ["organisation__title"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "organisation"],
                name="survey_answered_once",
                violation_error_message=_("Diese Organisation ist schon gefragt."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__lte=MOST_VOLUNTEERS),
                name="survey_number_is_possible",
                violation_error_message=_("Bitte eine Zahl von 0 bis 5000."),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, answered_at__isnull=True)
                | Q(number__isnull=False, answered_at__isnull=False),
                name="survey_answer_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.survey}"
