"""„Hat sich schon jemand bei Ihnen gemeldet?“: the person's answer."""

from django.db import transaction
from django.utils import timezone

from ..errors import TransitionNotAllowed
from ..models import Application, StatusChange
from ..models.statuses import Status
from .locks import lock_application
from .moving import record

NOTES = {
    Application.ContactAnswer.YES: "Rückmeldung: Ja, ich wurde kontaktiert.",
    Application.ContactAnswer.NO: "Rückmeldung: Nein, noch nicht.",
}
"""Notes in the history. They are stored, so they are not translated."""


def answer_contact_question(*, application: Application, answer: str) -> Application:
    """Store the person's answer; a „no“ puts the application on the department's list at once.

    The person may change the answer; the same answer again changes nothing. Raises
    ``TransitionNotAllowed`` once the application is no longer new.
    """
    given = Application.ContactAnswer(answer)
    with transaction.atomic():
        locked = lock_application(application)
        if locked.status != Status.NEW:
            raise TransitionNotAllowed
        if locked.contact_answer != given:
            locked.contact_answer = given
            locked.contact_answered_at = timezone.now()
            locked.save(update_fields=["contact_answer", "contact_answered_at"])
            record(locked, StatusChange.Actor.APPLICANT, note=NOTES[given])
    return locked
