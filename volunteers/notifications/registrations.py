"""Mails about registrations, with a calendar file that updates the person's calendar."""

from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.addresses import admin_url
from programs.calendar import Address, Method, invitation
from programs.models import Event
from programs.models.choices import listed

from ..links import registrations as event_links
from ..models import MailKind, Qualification, Registration
from ..models.registrations import RegistrationStatus
from ..periods import days, hours
from .in_german import by_hand, marked, said
from .messages import from_staff
from .people import send_to_members
from .sending import Attachment, News, send
from .speaking import to_person, to_staff


def when(event: Event) -> str:
    """„Dienstag, 10. März 2026, 18:00 bis 20:00 Uhr“; with both days if the event ends after midnight."""
    start, end = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
    parts = {
        "day": date_format(start, _("l, j. F Y")),
        "from": f"{start:%H:%M}",
        "to": f"{end:%H:%M}",
        "last": date_format(end, _("l, j. F Y")),
    }
    if start.date() == end.date():
        return _("%(day)s, %(from)s bis %(to)s Uhr") % parts
    return _("%(day)s, %(from)s Uhr bis %(last)s, %(to)s Uhr") % parts


def facts(event: Event, *, with_link: bool = False) -> list[tuple[str, str]]:
    """The facts of the event as label and text; with ``with_link`` also the link to take part online."""
    district = event.district.short_name if event.district else ""
    where = listed(filter(None, [marked(event.where), district]))
    rows = [
        (_("Wann"), when(event)),
        (_("Wo"), where),
        (_("Online"), event.online_url if with_link else ""),
        (_("Zugang"), said(event, "access_note")),
        (_("Sprachen"), listed(event.language_labels)),
        (_("Kinderbetreuung"), said(event, "childcare_note")),
        (_("Veranstaltet von"), marked(event.organisation.title)),
    ]
    return [(label, str(text)) for label, text in rows if text]


def calendar_file(registration: Registration, method: Method) -> bytes:
    """The registration as an entry for the person's calendar."""
    return invitation(
        registration.event,
        method=method,
        sequence=registration.sequence,
        url=settings.SITE_URL + registration.event.get_absolute_url(),
        organizer=Address(*parseaddr(settings.DEFAULT_FROM_EMAIL)),
        attendee=Address(registration.name, registration.email),
    )


def _attachment(registration: Registration, method: Method) -> Attachment:
    """The MIME type has to name the method; only then mail programs treat it as an invitation (RFC 6047)."""
    return (
        "termin.ics",
        calendar_file(registration, method),
        f"text/calendar; method={method.value}",
    )


def _send(
    registration: Registration,
    subject: str,
    template: str,
    *,
    calendar: Method | None = None,
    **context: Any,
) -> None:
    if not registration.email:
        return
    has_place = registration.status == RegistrationStatus.REGISTERED
    send(
        registration.email,
        subject,
        template,
        offer=said(registration.event, "title"),
        attachments=[_attachment(registration, calendar)] if calendar else (),
        registration=registration,
        event=registration.event,
        title=said(registration.event, "title"),
        who=marked(registration.event.organisation.title),
        facts=facts(registration.event, with_link=has_place),
        page_url=event_links.url(registration),
        cancel_url=event_links.url(registration, "registration_cancel"),
        **context,
    )


@to_staff
def who_came(event: Event) -> int:
    """Asks the organisers for the attendance list; names of guests stay in the portal."""
    return send_to_members(
        event.organisation,
        _("Wer war da?"),
        "registrations/who_came",
        offer=event.title,
        event=event,
        day=when(event),
        url=admin_url(event, "attendance"),
    )


@to_person()
def message(registration: Registration, text: str) -> None:
    """A message of the organisers to many. It may be stopped."""
    ask = reverse("volunteers:ask_about_event", args=[registration.event.slug])
    _send(
        registration,
        _("Nachricht zu Ihrem Termin"),
        "registrations/message",
        kind=MailKind.GROUP,
        written_in=settings.LANGUAGE_CODE,
        text=from_staff(text),
        ask_url=settings.SITE_URL + ask,
    )


@to_person()
def ask_for_confirmation(registration: Registration) -> None:
    _send(
        registration,
        _("Bitte bestätigen Sie Ihre Anmeldung zum Termin"),
        "registrations/confirm",
        unasked=True,
        url=event_links.confirm_url(registration),
        period=days(settings.SIGN_UP_CONFIRMATION_DAYS),
    )


@to_person()
def already_registered(registration: Registration) -> None:
    _send(registration, _("Sie sind schon angemeldet"), "registrations/already", unasked=True)


@to_person()
def ask_to_rejoin(registration: Registration) -> None:
    url = event_links.url(registration, "registration_rejoin")
    _send(
        registration,
        _("Bitte bestätigen Sie Ihre Anmeldung zum Termin"),
        "registrations/rejoin",
        unasked=True,
        url=url,
    )


def _topic(registration: Registration) -> str:
    return f"registration.{registration.pk}"


@to_person()
def registered(registration: Registration, *, was: str = "") -> None:
    """None if a place that was taken away is given back before the person has heard of it."""
    now = RegistrationStatus.REGISTERED
    if News(_topic(registration), was, now).to_tell() is None:
        return
    subject = _("Ihr Platz")
    _send(registration, subject, "registrations/registered", calendar=Method.REQUEST)


@to_person()
def waiting(registration: Registration) -> None:
    subject = _("Sie stehen auf der Warteliste")
    _send(
        registration, subject, "registrations/waiting", period=hours(settings.WAITING_OFFER_HOURS)
    )


@to_person()
def seat_offered(registration: Registration) -> None:
    _send(
        registration,
        _("Ein Platz ist frei"),
        "registrations/offered",
        url=event_links.url(registration, "registration_accept"),
        until=registration.offer_until,
    )


@to_person()
def offer_lapsed(registration: Registration) -> None:
    subject = _("Ihr Platz ist weitergegeben")
    url = event_links.url(registration, "registration_rejoin")
    _send(registration, subject, "registrations/lapsed", url=url)


@to_person()
def cancelled(
    registration: Registration, *, had_seat: bool, by_staff: bool = False, reason: str = ""
) -> None:
    """Removes the entry from the calendar if the person had a seat, and so had an entry.

    What staff decided waits for second thoughts; who cancels gets the mail at once.
    """
    was = RegistrationStatus.REGISTERED if had_seat else ""
    news = News(_topic(registration), was, RegistrationStatus.CANCELLED)
    subject = _("Abgemeldet")
    _send(
        registration,
        subject,
        "registrations/cancelled",
        calendar=Method.CANCEL if had_seat else None,
        news=news if by_staff else None,
        by_staff=by_staff,
        reason=by_hand(reason),
    )


@to_person()
def event_changed(registration: Registration) -> None:
    status = registration.status
    has_place = status == RegistrationStatus.REGISTERED
    offered = status == RegistrationStatus.OFFERED
    _send(
        registration,
        _("Geändert"),
        "registrations/event_changed",
        calendar=Method.REQUEST if has_place else None,
        has_place=has_place,
        accept_url=event_links.url(registration, "registration_accept") if offered else "",
    )


@to_person()
def event_cancelled(registration: Registration) -> None:
    has_place = registration.status == RegistrationStatus.REGISTERED
    subject = _("Abgesagt")
    calendar = Method.CANCEL if has_place else None
    _send(
        registration,
        subject,
        "registrations/event_cancelled",
        calendar=calendar,
        when=when(registration.event),
    )


@to_person()
def invitation_to(registration: Registration) -> None:
    """Invites to the event; a yes and a no are one click away each."""
    _send(
        registration,
        _("Einladung"),
        "registrations/invited",
        why=_("Sie bekommen diese Mail, weil Sie sich über das Freiwilligenportal engagieren."),
        kind=MailKind.INVITATION,
        join_url=event_links.url(registration, "registration_rejoin"),
        until=registration.event.registration_ends_at,
    )


@to_person()
def reminder(registration: Registration) -> None:
    day = date_format(timezone.localtime(registration.event.starts_at), _("j. F"))
    subject = _("Erinnerung an den %(day)s") % {"day": day}
    _send(registration, subject, "registrations/reminder", kind=MailKind.EVENT_REMINDER)


@to_person()
def ask_again(registration: Registration) -> None:
    """„Bleibt es dabei?“; it stands for the reminders that would follow."""
    _send(
        registration,
        _("Bleibt es dabei?"),
        "registrations/ask_again",
        kind=MailKind.EVENT_REMINDER,
        confirm_url=event_links.url(registration, "registration_reconfirm"),
    )


@to_person("volunteer")
def qualification_expires(qualification: Qualification) -> None:
    send(
        qualification.volunteer.email,
        _("Ihre Qualifikation läuft bald ab"),
        "registrations/qualification_expires",
        offer=qualification.title,
        kind=MailKind.QUALIFICATION,
        qualification=qualification,
        url=settings.SITE_URL + reverse("programs:event_list"),
    )
