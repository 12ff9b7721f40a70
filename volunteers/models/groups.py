"""A class, a team or a circle that signs up as one: its number and its name beside the contact."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..validators import validate_single_line

SMALLEST, LARGEST = 2, 500


def people_in() -> Sum:
    """The people of many applications, for ``aggregate`` and ``annotate``; None where there is none.

    Places are counted with it: every one of a group takes one.
    """
    return Sum(Coalesce("group_size", 1))


class SignsUpTogether(models.Model):
    """Columns of an application. Whoever signs up is the contact; nothing is kept of the others."""

    group_size = models.PositiveSmallIntegerField(
        gettext_lazy("Größe der Gruppe"),
        null=True,
        blank=True,
        validators=[MinValueValidator(SMALLEST), MaxValueValidator(LARGEST)],
        help_text=gettext_lazy("Alle Menschen, die Ansprechperson mitgezählt. Leer heißt: allein."),
    )
    group_name = models.CharField(
        gettext_lazy("Gruppe"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        validators=[validate_single_line],
    )

    class Meta:
        abstract = True

    @property
    def is_group(self) -> bool:
        return self.group_size is not None

    @property
    def people(self) -> int:
        """How many people the application stands for."""
        return self.group_size or 1

    @property
    def group_label(self) -> str:
        """„Klasse 10b (24 Menschen)“; empty for somebody who comes alone."""
        if self.group_size is None:
            return ""
        words = {"name": self.group_name, "number": self.group_size}
        return _("%(name)s (%(number)d Menschen)") % words


GROUP_CONSTRAINTS = [
    models.CheckConstraint(
        condition=Q(group_size__isnull=True, group_name="")
        | (
            Q(group_size__isnull=False, group_size__gte=SMALLEST, group_size__lte=LARGEST)
            & ~Q(group_name="")
        ),
        name="application_group_has_name_and_size",
        violation_error_message=gettext_lazy(
            "Bei einer Gruppe gehören zusammen: wer sie ist, und wie viele Menschen, von 2 bis 500."
        ),
    ),
]
