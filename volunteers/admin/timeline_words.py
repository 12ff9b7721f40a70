"""The sentences of the timelines of people."""

import datetime
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.models import Event
from programs.timelines import Kind, day_of

from ..models import CheckIn, Message, Tandem
from ..models.companions import Answer
from ..models.registrations import RegistrationStatus
from ..models.statuses import Status
from ..models.thanks import hours_label

APPLICATION = "volunteers.Application"
TANDEM = "volunteers.Tandem"
EVENT = "programs.Event"
REQUEST = "volunteers.CompanionRequest"


def _offer(title: str) -> str:
    return title or _("Ich weiß noch nicht, was passt")


def _moved(status: str, before: str, title: str, organisation: str) -> str:
    values = {"title": _offer(title), "label": Status(status).label, "name": organisation}
    if organisation:
        return _("Die Anmeldung „%(title)s“ beantwortet jetzt: %(name)s.") % values
    if status == before:
        return _("Vermerk zur Anmeldung „%(title)s“.") % values
    if status == Status.UNCONFIRMED:
        return _("Hat sich angemeldet: „%(title)s“.") % values
    if status == Status.NEW and before in {"", Status.UNCONFIRMED}:
        return _("Die Anmeldung „%(title)s“ ist bestätigt.") % values
    return _("Anmeldung „%(title)s“: jetzt %(label)s.") % values


def _wrote(sender: str, to_many: str, title: str) -> str:
    values = {"title": _offer(title)}
    if sender == Message.Sender.APPLICANT:
        return _("Hat eine Nachricht geschrieben („%(title)s“).") % values
    if to_many == "true":
        return _("Hat eine Nachricht an viele bekommen („%(title)s“).") % values
    return _("Hat eine Nachricht bekommen („%(title)s“).") % values


def _answered(answer: str, name: str) -> str:
    if answer == Answer.YES:
        return _("Hat Ja zum Tandem gesagt. Vorgeschlagen war: %(name)s.") % {"name": name}
    return _("Hat Nein zum Tandem gesagt. Vorgeschlagen war: %(name)s.") % {"name": name}


def _other_answered(answer: str, name: str) -> str:
    if answer == Answer.YES:
        return _("Die andere Seite hat Ja zum Tandem gesagt: %(name)s.") % {"name": name}
    return _("Die andere Seite hat Nein zum Tandem gesagt: %(name)s.") % {"name": name}


def _ended(reason: str, name: str) -> str:
    values = {"name": name, "reason": Tandem.EndReason(reason).label}
    return _("Das Tandem ist zu Ende, mit: %(name)s. Grund: %(reason)s.") % values


def _took_a_place(title: str, status: str) -> str:
    values = {"title": title, "label": RegistrationStatus(status).label}
    if status == RegistrationStatus.REGISTERED:
        return _("Hat einen Platz beim Termin „%(title)s“.") % values
    return _("Hat sich zum Termin „%(title)s“ gemeldet. Heute: %(label)s.") % values


def _attended(kind: str, title: str) -> str:
    values = {"kind": Event.Kind(kind).label, "title": title}
    return _("War da: %(kind)s „%(title)s“.") % values


def _inspected(until: str) -> str:
    if not until:
        return _("Führungszeugnis eingesehen.")
    day = date_format(day_of(until) - datetime.timedelta(days=1), "SHORT_DATE_FORMAT")
    return _("Führungszeugnis eingesehen, gilt bis %(day)s.") % {"day": day}


def _worked(hours: str, confirmed: str, day: str) -> str:
    values = {
        "hours": hours_label(Decimal(hours)),
        "confirmed": hours_label(Decimal(confirmed or 0)),
        "month": date_format(day_of(day), "YEAR_MONTH_FORMAT"),
    }
    return _("Stunden im %(month)s: %(hours)s, davon bestätigt: %(confirmed)s.") % values


def _period(since: str, until: str) -> dict[str, str]:
    days = [date_format(day_of(day), "SHORT_DATE_FORMAT") for day in (since, until)]
    return dict(zip(("since", "until"), days, strict=True))


def _certified(since: str, until: str) -> str:
    return _("Engagementnachweis ausgestellt, %(since)s bis %(until)s.") % _period(since, until)


def _withdrawn(since: str, until: str) -> str:
    text = _("Engagementnachweis zurückgezogen, %(since)s bis %(until)s.")
    return text % _period(since, until)


def above(label: str) -> Kind:
    return Kind(lambda name: _("%(what)s ist angekommen.") % {"what": name}, label)


MOVED = Kind(_moved, APPLICATION)
WROTE = Kind(_wrote, APPLICATION)
ASKED_ABOUT_CONTACT = Kind(
    lambda: _("Das Portal hat gefragt, ob sich jemand gemeldet hat."), APPLICATION
)
PROPOSED = Kind(lambda name: _("Tandem vorgeschlagen: %(name)s.") % {"name": name}, TANDEM)
ANSWERED = Kind(_answered, TANDEM)
OTHER_ANSWERED = Kind(_other_answered, TANDEM)
BEGAN = Kind(lambda name: _("Das Tandem hat begonnen: %(name)s.") % {"name": name}, TANDEM)
ENDED = Kind(_ended, TANDEM)
SAID = Kind(
    lambda reply: _("Sagt zum Tandem: „%(reply)s“.") % {"reply": CheckIn.Reply(reply).label}, TANDEM
)
TOOK_A_PLACE = Kind(_took_a_place, EVENT)
ATTENDED = Kind(_attended, EVENT)
INVITED = Kind(
    lambda title: _("Das Portal hat zum Termin „%(title)s“ eingeladen.") % {"title": title}
)
WROTE_TO_GUESTS = Kind(
    lambda title: _("Hat eine Nachricht an viele bekommen (Termin „%(title)s“).") % {"title": title}
)
INSPECTED = Kind(_inspected, "volunteers.ConductCheck")
CHECK_REMINDED = Kind(lambda: _("Das Portal hat um ein neues Führungszeugnis gebeten."))
WORKED = Kind(_worked)
CERTIFIED = Kind(_certified, "volunteers.Certificate")
WITHDRAWN = Kind(_withdrawn, "volunteers.Certificate")
ASKED = Kind(lambda: _("Hat eine Frage gestellt."), "volunteers.Enquiry")
GOT_ANSWER = Kind(lambda: _("Die Frage ist beantwortet."), "volunteers.Enquiry")
ASKED_FOR = Kind(lambda: _("Die Suche nach Begleitung ist eingetragen."), REQUEST)
CONFIRMED = Kind(lambda: _("Die Suche ist bestätigt."), REQUEST)
AGREED = Kind(lambda: _("Die Einwilligung liegt vor."), REQUEST)
SEARCH_OVER = Kind(lambda: _("Die Suche ist beendet."), REQUEST)
