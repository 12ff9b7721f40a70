"""The protection concept of a programme: what is agreed so that nobody comes to harm."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ..history import tracked
from ..phone_fields import PhoneField
from ..phones import dialled, validate_phone
from ..requests import AnyUser
from ..seeing import viewing
from .steps import ProgrammeStep
from .translated import Translated

SENTENCE = 300
"""Longest text of a line that is read on a phone."""


class ProtectionConceptQuerySet(models.QuerySet["ProtectionConcept"]):
    def visible_to(self, user: AnyUser) -> Self:
        """Concepts of the programmes that are visible to ``user``."""
        from .entries import Entry

        user = viewing(user, self.model)
        return self.filter(programme__in=Entry.objects.visible_to(user).values("pk"))

    def with_steps(self) -> Self:
        """With what :attr:`ProtectionConcept.step_titles` reads."""
        return self.select_related("programme").prefetch_related("programme__steps")


@tracked(part_of="programme")
class ProtectionConcept(Translated):
    """Where and when meetings may be, whom to call, and who comes along to the first meeting.

    What somebody does before they start are the steps of the programme (:class:`ProgrammeStep`). A programme
    with a concept gets only companions who have done all of them there (``volunteers.matching``). It
    is about nobody: whom to call is a function and its number.
    """

    TRANSLATED = (
        *("meeting_places", "meeting_times", "first_meeting_with", "contact_role", "phone_hours"),
        *("note_for_family", "note_for_volunteers"),
    )

    programme = models.OneToOneField(
        "programs.Programme",
        verbose_name=_("Programm"),
        on_delete=models.CASCADE,
        related_name="protection",
    )
    meeting_places = models.CharField(
        _("Wo man sich trifft"),
        max_length=SENTENCE,
        help_text=_(
            "Das lesen Familien und Engagierte: „In der Schule, in der Stadtbibliothek oder draußen. Nicht "
            "zu Hause bei den Engagierten.“"
        ),
    )
    meeting_times = models.CharField(
        _("Wann man sich trifft"),
        max_length=SENTENCE,
        help_text=_("Zum Beispiel: „Montag bis Samstag, spätestens bis 19 Uhr.“"),
    )
    first_meeting_with = models.CharField(
        _("Beim ersten Treffen ist dabei"),
        max_length=120,
        blank=True,
        help_text=_(
            "Eine Funktion, kein Name: „jemand von der Koordination“. Leer heißt: Die beiden treffen sich allein. "
            "Gilt für Tandems, die von jetzt an beginnen; dass es so war, bestätigen Sie danach beim Tandem."
        ),
    )
    contact_role = models.CharField(
        _("Wen man anruft"),
        max_length=120,
        help_text=_(
            "Eine Funktion, kein Name: „Koordination der Lernpaten“. Für alles, was unsicher macht."
        ),
    )
    phone = PhoneField(_("Telefon"), max_length=40, validators=[validate_phone])
    phone_hours = models.CharField(
        _("Sprechzeiten am Telefon"),
        max_length=120,
        blank=True,
        help_text=_("Zum Beispiel: „Montag bis Freitag, 9 bis 16 Uhr“."),
    )
    note_for_family = models.TextField(
        _("Für die Familie, in einfachen Worten"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Steht auf der Seite der Familie und in ihrer Mail zum Beginn. Bitte nichts über einzelne Menschen, "
            "Gesundheit oder Aufenthalt."
        ),
    )
    note_for_volunteers = models.TextField(
        _("Für Engagierte, in einfachen Worten"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Steht auf der Seite der Engagierten und in ihrer Mail zum Beginn. Bitte nichts über einzelne "
            "Menschen, Gesundheit oder Aufenthalt."
        ),
    )

    objects = ProtectionConceptQuerySet.as_manager()

    class Meta:
        verbose_name = _("Schutzkonzept")
        verbose_name_plural = _("Schutzkonzepte")
        ordering = ["programme"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(meeting_places="")
                & ~Q(meeting_times="")
                & ~Q(contact_role="")
                & ~Q(phone=""),
                name="protection_says_where_when_and_whom",
                violation_error_message=_(
                    "Ein Schutzkonzept sagt, wo und wann man sich trifft und wen man anruft."
                ),
            )
        ]

    def __str__(self) -> str:
        return _now("Schutzkonzept: %(programme)s") % {"programme": self.programme}

    @property
    def dial(self) -> str:
        """The number for a ``tel:`` link."""
        return dialled(self.phone)

    @property
    def step_titles(self) -> list[str]:
        """What somebody does before they start, in the programme's order."""
        steps = list(self.programme.steps.all())
        titles: list[str] = [step.said("title") for step in steps]
        certificate = ProgrammeStep.Kind.CONDUCT_CHECK
        if self.programme.requires_conduct_check and all(s.kind != certificate for s in steps):
            titles.append(str(certificate.label))
        return titles
