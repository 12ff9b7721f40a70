"""What the two of a tandem agree on: how often, where, what, and what not."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..validators import validate_text
from .companions import Side, Tandem
from .owned import CityOwnedQuerySet

LONGEST = 300


class AgreementQuerySet(CityOwnedQuerySet["Agreement"]):
    owner = "tandem__organisation"


class Agreement(models.Model):
    """A version that one side proposed. A tandem has at most one that waits, and one that both accepted."""

    tandem = models.ForeignKey(
        Tandem, verbose_name=_("Tandem"), on_delete=models.CASCADE, related_name="agreements"
    )
    often = models.CharField(
        _("Wie oft und wie lange treffen wir uns?"),
        max_length=LONGEST,
        blank=True,
        validators=[validate_text],
        help_text=_("Zum Beispiel: jede Woche eine Stunde, dienstags nach der Schule."),
    )
    place = models.CharField(
        _("Wo?"),
        max_length=LONGEST,
        blank=True,
        validators=[validate_text],
        help_text=_("Am Anfang am besten an einem öffentlichen Ort, zum Beispiel in der Bücherei."),
    )
    what = models.CharField(
        _("Was machen wir?"), max_length=LONGEST, blank=True, validators=[validate_text]
    )
    what_not = models.CharField(
        _("Was nicht?"),
        max_length=LONGEST,
        blank=True,
        validators=[validate_text],
        help_text=_("Zum Beispiel: kein Geld leihen, keine Anrufe am späten Abend."),
    )
    proposed_by = models.CharField(_("vorgeschlagen von"), max_length=9, choices=Side.choices)
    proposed_at = models.DateTimeField(_("vorgeschlagen"), default=timezone.now)
    accepted_at = models.DateTimeField(_("beide einverstanden seit"), null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("Absprache")
        verbose_name_plural = _("Absprachen")
        ordering = ["tandem", "proposed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tandem"],
                condition=Q(accepted_at__isnull=True),
                name="agreement_one_proposal",
            ),
            models.UniqueConstraint(
                fields=["tandem"],
                condition=Q(accepted_at__isnull=False),
                name="agreement_one_accepted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposed_at:%d.%m.%Y}"

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in TEXTS}


TEXTS = ("often", "place", "what", "what_not")
"""The columns that the two fill in, in the order of the form."""
