"""What a tandem may be, and what its two sides may say."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TandemStatus(models.TextChoices):
    PROPOSED = "proposed", _("vorgeschlagen")
    RUNNING = "running", _("läuft")
    DECLINED = "declined", _("nicht zustande gekommen")
    LAPSED = "lapsed", _("ohne Antwort verfallen")
    ENDED = "ended", _("beendet")


class Side(models.TextChoices):
    """The two of a tandem."""

    VOLUNTEER = "volunteer", _("engagierte Person")
    NEWCOMER = "newcomer", _("begleitete Person")


class Hold(models.TextChoices):
    """Who has put a tandem on hold. Only the same or a person of trust lets it go on."""

    COORDINATION = "coordination", _("von der Koordination angehalten")
    TRUST = "trust", _("von einer Vertrauensperson angehalten")


class Answer(models.TextChoices):
    YES = "yes", _("ja")
    NO = "no", _("nein")
