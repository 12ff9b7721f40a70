"""Invented concerns for the person of trust of the demo: one to be read, one in hand about a tandem."""

import datetime

from django.conf import settings
from django.utils import timezone

from programs.models import Organisation
from volunteers.models import Concern, ConcernNote, Tandem, User
from volunteers.models.companions import TandemStatus
from volunteers.periods import working_days_after
from volunteers.reads.trust import looked_after_by

from .once import Once

READER = "vertrauen@example.org"
FROM_SCHOOL = "Eine Schülerin erzählt, dass ihre Begleitung sie abends nach Hause fahren wollte. Sie möchte das nicht."
WITHOUT_NAME = (
    "Beim letzten Treffen waren die beiden in einer Wohnung. Verabredet war ein öffentlicher Ort."
)
CALLED = "Mit der Koordination gesprochen: Die nächsten Treffen sind im Stadtteilzentrum."


def load(once: Once, now: datetime.datetime) -> int:
    """Create them; returns how many. Needs the tandems of ``companions``."""
    made = 0
    if once.is_new("concern", "school"):
        office = Organisation.objects.clearing().get()
        school = {"who": Concern.Who.SCHOOL, "name": "Frau Blau", "email": "blau@example.org"}
        _make(office, now, FROM_SCHOOL, **school)
        made += 1
    tandem = Tandem.objects.filter(is_demo=True, status=TandemStatus.RUNNING).first()
    organisation = looked_after_by(tandem) if tandem else None
    if organisation is not None and once.is_new("concern", "tandem"):
        came_at = now - datetime.timedelta(days=3)
        state = Concern.State.IN_HAND
        concern = _make(organisation, came_at, WITHOUT_NAME, tandem=tandem, state=state)
        _log(concern, came_at + datetime.timedelta(hours=3))
        made += 1
    return made


def _make(
    organisation: Organisation, came_at: datetime.datetime, text: str, **fields: object
) -> Concern:
    answer_by = working_days_after(timezone.localdate(came_at), settings.CONCERN_WORKING_DAYS)
    return Concern.objects.create(
        organisation=organisation,
        text=text,
        came_at=came_at,
        answer_by=answer_by,
        is_demo=True,
        **fields,
    )


def _log(concern: Concern, at: datetime.datetime) -> None:
    by = User.objects.filter(email=READER).first()
    ConcernNote.objects.create(concern=concern, kind=ConcernNote.Kind.READ, by=by, at=at)
    later = at + datetime.timedelta(hours=2)
    kind = ConcernNote.Kind.NOTE
    ConcernNote.objects.create(concern=concern, kind=kind, by=by, at=later, text=CALLED)
