"""A survey: who is asked by mail, who is reminded once, and who has answered."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.history import by_portal
from programs.models import Entry, Organisation
from volunteers.errors import DomainError
from volunteers.links.organisations import Holder
from volunteers.services.absorbing import ONE_STAYS, OneStays
from volunteers.services.locks import locked
from volunteers.services.rounds import each

from .mails import ask_for_number
from .months import add_days
from .survey_models import Survey, SurveyAnswer

ASKED_TYPES = (
    Organisation.Type.CIRCLE,
    Organisation.Type.INITIATIVE,
    Organisation.Type.CARRIER,
    Organisation.Type.PARTNER,
)
"""Who has volunteers; offices, companies and foundations are not asked."""


class SurveyOver(DomainError):
    def __str__(self) -> str:
        return _("Die Umfrage ist schon geschlossen.")


def organisations() -> list[Organisation]:
    """All that are in the directory and have not ended."""
    shown = Organisation.objects.filter(is_published=True, type__in=ASKED_TYPES)
    return list(shown.exclude(status=Entry.Status.ENDED).order_by("pk"))


def start(*, survey: Survey) -> int:
    """Saves the survey and asks everybody who can be reached, all in one transaction; returns how many mails."""
    with transaction.atomic():
        survey.save()
        sent = 0
        for organisation in organisations():
            mails = ask_for_number(survey, organisation)
            asked_at = timezone.now() if mails else None
            SurveyAnswer.objects.create(survey=survey, organisation=organisation, asked_at=asked_at)
            sent += mails
        return sent


@by_portal("figures")
def remind() -> int:
    """One reminder near the end to those who have not answered; returns how many mails."""
    last = add_days(timezone.localdate(), settings.SURVEY_REMINDER_DAYS)
    due = SurveyAnswer.objects.unanswered().filter(reminded_at=None, survey__deadline__lte=last)
    return each(list(due.order_by("pk").values_list("pk", flat=True)), _remind)


def _remind(number: int) -> int:
    waiting = SurveyAnswer.objects.unanswered().filter(pk=number, reminded_at=None)
    answer = locked(waiting).first()
    if answer is None:
        return 0
    answer.reminded_at = timezone.now()
    answer.save(update_fields=["reminded_at"])
    return ask_for_number(answer.survey, answer.organisation, again=True)


def answer(*, holder: Holder, survey: int, number: int, is_estimate: bool) -> SurveyAnswer:
    """Keeps what they say; until the end they can say something else. Raises ``SurveyOver``."""
    with transaction.atomic():
        asked = SurveyAnswer.objects.filter(survey=survey, organisation=holder.organisation)
        found = locked(asked).first()
        if found is None or not found.survey.is_open:
            raise SurveyOver
        found.number, found.is_estimate = number, is_estimate
        found.answered_at = timezone.now()
        found.save(update_fields=["number", "is_estimate", "answered_at"])
        return found


def newest_for(organisation: Organisation) -> SurveyAnswer | None:
    """The survey that a link of this organisation is about: the newest one."""
    asked = SurveyAnswer.objects.filter(organisation=organisation).select_related("survey")
    return asked.order_by("-survey__day").first()


# Of two that were asked in the same survey, the one that has answered stays.
ONE_STAYS[SurveyAnswer] = OneStays(lambda one: (one.number is not None, -one.pk))
