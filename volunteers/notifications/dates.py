"""Mails about single dates: to who asks, and to volunteers. Only who comes learns place and name."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links import dates as links
from ..links.signing import url_of
from ..models import DateMessage, DateOffer, DateRequest, MailKind, Volunteer
from ..periods import days
from .messages import quoted
from .people import send_to_members
from .sending import send
from .speaking import as_asked, to_person, to_staff


def when(date: DateRequest) -> str:
    """„Dienstag, 10. März 2026, 10:00 bis 12:00 Uhr“."""
    start, end = timezone.localtime(date.starts_at), timezone.localtime(date.ends_at)
    day = date_format(start, _("l, j. F Y"))
    words = {"day": day, "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
    return _("%(day)s, %(from)s bis %(to)s Uhr") % words


def facts(date: DateRequest) -> list[tuple[str, str]]:
    """What anybody may know, as label and text."""
    return _facts(date, date.district.short_name)


def all_facts(date: DateRequest) -> list[tuple[str, str]]:
    """What only who asks and who comes may know: also the address, the name and the number."""
    rows = _facts(date, f"{date.place}, {date.district.short_name}")
    rows += [(_("Name"), date.name), (_("Telefon"), date.phone)]
    return [(label, text) for label, text in rows if text]


def _facts(date: DateRequest, where: str) -> list[tuple[str, str]]:
    return [
        (_("Was"), str(date.get_kind_display())),
        (_("Wann"), when(date)),
        (_("Wo"), where),
        (_("Sprache"), date.languages_label),
        (_("Worum es geht"), str(date.get_topic_display())),
    ]


def _to_asker(date: DateRequest, subject: str, template: str, **context: Any) -> None:
    send(date.email, subject, template, date=date, facts=facts(date), **context)


@to_person()
def ask_for_confirmation(date: DateRequest) -> None:
    _to_asker(
        date,
        _("Bitte bestätigen: Begleitung zu einem Termin"),
        "dates/confirm",
        unasked=True,
        url=links.confirm_url(date),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def already_known(date: DateRequest) -> None:
    subject = _("Für diesen Termin suchen wir schon")
    _to_asker(date, subject, "dates/known", unasked=True, url=links.url(date))


@to_person()
def confirmed(date: DateRequest) -> None:
    subject = _("Wir suchen jemanden für Ihren Termin")
    _to_asker(date, subject, "dates/confirmed", url=links.url(date))


@to_person()
def searching_again(date: DateRequest) -> None:
    subject = _("Wir suchen noch einmal jemanden für Ihren Termin")
    _to_asker(date, subject, "dates/searching_again", url=links.url(date))


@to_person()
def nobody_comes(date: DateRequest) -> None:
    _to_asker(date, _("Für Ihren Termin haben wir niemanden gefunden"), "dates/nobody_comes")


def _to_volunteer(offer: DateOffer, subject: str, template: str, **context: Any) -> None:
    date, volunteer = offer.date, offer.volunteer
    context = {"facts": facts(date), "url": links.offer_url(offer)} | context
    send(volunteer.email, subject, template, date=date, **context)


@to_person("volunteer")
def offered(offer: DateOffer) -> None:
    """The question whether they come; in it is nothing about the person."""
    when_short = date_format(timezone.localtime(offer.date.starts_at), _("D, j. F, H:i"))
    subject = _("Wer kann einspringen? %(when)s Uhr") % {"when": when_short}
    if offer.date.is_urgent:
        subject = _("Eilig: Wer kann einspringen? %(when)s Uhr") % {"when": when_short}
    _to_volunteer(offer, subject, "dates/offered", kind=MailKind.DATE)


@to_person("volunteer")
def link_wanted(offer: DateOffer) -> None:
    """The link to a date of the board, to the address that was typed there."""
    _to_volunteer(offer, _("Ihr Link zum Termin"), "dates/link_wanted", unasked=True)


@as_asked
def not_ready_yet(date: DateRequest, email: str) -> None:
    """To an address that was typed at a date of the board, and that nobody has who may come."""
    subject = _("Für diesen Termin geht es noch nicht")
    send(
        email,
        subject,
        "dates/not_ready_yet",
        unasked=True,
        facts=facts(date),
        my_page=url_of("my_page"),
        sign_up=url_of("sign_up"),
    )


def accepted(offer: DateOffer) -> None:
    """To both: the volunteer learns place and name, the asker who comes."""
    _thank(offer)
    _somebody_comes(offer.date, offer.volunteer)


@to_person("volunteer")
def _thank(offer: DateOffer) -> None:
    told = all_facts(offer.date)
    _to_volunteer(offer, _("Danke, Sie kommen mit"), "dates/accepted", facts=told)


@to_person()
def _somebody_comes(date: DateRequest, volunteer: Volunteer) -> None:
    _to_asker(
        date,
        _("Jemand kommt zu Ihrem Termin"),
        "dates/somebody_comes",
        first_name=first_name(volunteer.name),
        phone=volunteer.phone if date.shares_phone else "",
        url=links.url(date),
    )


def first_name(name: str) -> str:
    return name.split(maxsplit=1)[0] if name.split() else ""


def message(written: DateMessage) -> None:
    """To the other side, with the text and without an address."""
    date, text = written.date, quoted(written.text)
    if written.sender == DateMessage.Sender.ASKER:
        _message_to_volunteer(date.offers.get(volunteer=date.companion), text)
    else:
        _message_to_asker(date, text)


@to_person("volunteer")
def _message_to_volunteer(offer: DateOffer, text: str) -> None:
    subject = _("Neue Nachricht zu Ihrem Termin")
    url = f"{links.offer_url(offer)}#nachrichten"
    _to_volunteer(offer, subject, "dates/message", text=text, url=url)


@to_person()
def _message_to_asker(date: DateRequest, text: str) -> None:
    subject = _("Neue Nachricht zu Ihrem Termin")
    url = f"{links.url(date)}#nachrichten"
    _to_asker(date, subject, "dates/message", text=text, url=url)


@to_person("volunteer")
def cancelled(offer: DateOffer) -> None:
    _to_volunteer(offer, _("Der Termin ist abgesagt"), "dates/cancelled")


@to_person("volunteer")
def reminder(offer: DateOffer) -> None:
    told = all_facts(offer.date)
    _to_volunteer(offer, _("Erinnerung an Ihren Termin"), "dates/reminder", facts=told)


@to_person("volunteer")
def how_was_it(offer: DateOffer) -> None:
    urls = [
        (str(outcome.label), links.offer_url(offer, "date_reply", outcome.value))
        for outcome in DateRequest.Outcome
    ]
    _to_volunteer(offer, _("Wie war der Termin?"), "dates/how_was_it", urls=urls)


@to_staff
def problem(date: DateRequest) -> int:
    """To the clearing office, without the people."""
    subject = _("Bei einer Begleitung gab es ein Problem")
    return send_to_members(None, subject, "dates/problem", facts=facts(date), url=admin_url(date))
