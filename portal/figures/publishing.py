"""The result of a survey as a key figure: published once, as it was when somebody decided so."""

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from volunteers.errors import DomainError

from .estimating import LEAST_ANSWERS, Estimate, estimate
from .models import KeyFigure
from .survey_models import Survey

SERIES = "engagierte-laut-umfrage"


class StillRunning(DomainError):
    message = _(
        "Die Umfrage läuft noch. Ihr Ergebnis wird eine Kennzahl, wenn die Frist vorbei ist."
    )


class TooFewAnswers(DomainError):
    message = _(
        "Zu wenige Organisationen haben geantwortet: Aus der Zahl ließe sich lesen, was eine einzelne sagt."
    )


def published(survey: Survey) -> KeyFigure | None:
    return KeyFigure.objects.filter(series=SERIES, as_of=survey.day).first()


def figure_of(survey: Survey) -> KeyFigure:
    """Not saved. Raises ``StillRunning`` and ``TooFewAnswers``."""
    if survey.is_open:
        raise StillRunning
    found = estimate(survey.answers.select_related("organisation"))
    if found.answered < LEAST_ANSWERS:
        raise TooFewAnswers
    last = KeyFigure.objects.aggregate(last=Max("position"))["last"] or 0
    return KeyFigure(
        series=SERIES,
        label="Engagierte laut Umfrage",
        value=found.middle if found.told else found.reported,
        as_of=survey.day,
        confirmed_on=timezone.localdate(),
        source="Umfrage des Freiwilligenportals Stuttgart bei den Organisationen",
        note=_in_words(survey, found),
        position=last + 1,
    )


def _in_words(survey: Survey, found: Estimate) -> str:
    """German, because it is kept with the record, which translators translate."""
    day = date_format(survey.day)
    text = f"Am {day}: {found.answered} von {found.of} Organisationen haben geantwortet ({found.percent} %)."
    if found.is_complete:
        return f"{text} Die Zahl ist die Summe ihrer Antworten."
    if not found.told:
        return f"{text} Gezählt ist, was sie genannt haben. Es sind also eher mehr."
    text += f" Hochgerechnet, wahrscheinlich zwischen {found.low} und {found.high}."
    return (
        f"{text} Wo zu wenige geantwortet haben, zählt nur, was genannt ist."
        if found.untold
        else text
    )


def publish(*, survey: Survey) -> tuple[KeyFigure, bool]:
    """The key figure, and whether it is new: of two at once one publishes. Raises what ``figure_of`` raises."""
    if (there := published(survey)) is not None:
        return there, False
    new = figure_of(survey)
    columns = ("label", "value", "confirmed_on", "source", "note", "position")
    values = {name: getattr(new, name) for name in columns}
    return KeyFigure.objects.get_or_create(series=SERIES, as_of=survey.day, defaults=values)
