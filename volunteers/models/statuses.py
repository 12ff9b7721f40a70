"""The statuses of an application, and which may follow which."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("unbestätigt")
    WAITING = "waiting", _("auf der Warteliste")
    NEW = "new", _("neu")
    IN_CONTACT = "in_contact", _("im Gespräch")
    IN_TRAINING = "in_training", _("in Vorbereitung")
    READY = "ready", _("startbereit")
    PLACED = "placed", _("im Einsatz")
    PAUSED = "paused", _("pausiert")
    COMPLETED = "completed", _("abgeschlossen")
    DECLINED = "declined", _("abgelehnt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")


TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    Status.UNCONFIRMED: (Status.NEW, Status.WAITING, Status.WITHDRAWN),
    Status.WAITING: (Status.NEW, Status.DECLINED, Status.WITHDRAWN),
    Status.NEW: (
        Status.IN_CONTACT,
        Status.IN_TRAINING,
        Status.READY,
        Status.DECLINED,
        Status.WITHDRAWN,
    ),
    Status.IN_CONTACT: (
        Status.IN_TRAINING,
        Status.READY,
        Status.PAUSED,
        Status.DECLINED,
        Status.WITHDRAWN,
    ),
    Status.IN_TRAINING: (
        Status.IN_CONTACT,
        Status.READY,
        Status.PAUSED,
        Status.DECLINED,
        Status.WITHDRAWN,
    ),
    Status.READY: (
        Status.PLACED,
        Status.IN_TRAINING,
        Status.PAUSED,
        Status.DECLINED,
        Status.WITHDRAWN,
    ),
    Status.PLACED: (Status.READY, Status.COMPLETED, Status.PAUSED, Status.WITHDRAWN),
    Status.PAUSED: (
        Status.IN_CONTACT,
        Status.IN_TRAINING,
        Status.READY,
        Status.PLACED,
        Status.COMPLETED,
        Status.DECLINED,
        Status.WITHDRAWN,
    ),
    Status.COMPLETED: (),
    Status.DECLINED: (),
    Status.WITHDRAWN: (),
}
"""The only allowed changes of status; all code goes by this table."""


CLOSED = tuple(status for status, after in TRANSITIONS.items() if not after)

KEEPS_TANDEM = frozenset({Status.PLACED})
"""Steps that staff take with a proposal or a running tandem as it is; before any other one it has to end."""


PREPARING = (Status.NEW, Status.IN_CONTACT, Status.IN_TRAINING)


BEGUN = (Status.PLACED, Status.PAUSED)


TAKES_A_PLACE = (
    Status.NEW,
    Status.IN_CONTACT,
    Status.IN_TRAINING,
    Status.READY,
    Status.PLACED,
    Status.PAUSED,
)
