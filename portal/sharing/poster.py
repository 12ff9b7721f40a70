"""The poster of an entry or an event: A4, PDF/UA, with a QR code that leads to its page, in one language or two."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi, override
from django.utils.translation import gettext as _

from programs.models import Entry, Event
from programs.models.choices import listed
from programs.models.translated import GERMAN, Said
from programs.vocabulary import words_of
from volunteers import papers
from volunteers.models.reading import tag_of
from volunteers.reads.reach import Reach, reach, reach_for_event
from welcome_rooms.opening import weekly_hours

from .drawing import cells
from .shown import Shareable, in_districts, shown_by

TEMPLATE = Path(__file__).with_name("poster.typ")


class Fact(NamedTuple):
    label: str
    lines: tuple[str, ...]


def has_poster(thing: Shareable) -> bool:
    """Whether there is something to come to: nothing that is over, cancelled, paused or for guests."""
    if isinstance(thing, Event):
        may_come = thing.is_published and not thing.only_invited
        return may_come and not thing.is_cancelled and not thing.is_past
    return thing.is_published and thing.status == Entry.Status.ACTIVE


def poster_path(thing: Shareable) -> str:
    """The path of the poster; empty if there is none."""
    of = "event" if isinstance(thing, Event) else "entry"
    return reverse(f"portal:{of}_poster", args=[thing.slug]) if has_poster(thing) else ""


def second_languages() -> list[tuple[str, str]]:
    """Code and name of the languages that can stand beside that of the page."""
    return [(code, name) for code, name in settings.LANGUAGES if code != get_language()]


def poster_of(thing: Shareable, second: str = "") -> bytes:
    """The PDF, on one page; characters that no font has are left out.

    ``second``: the code of a language that stands beside that of the page.
    """
    languages = [get_language() or GERMAN, *filter(None, [second])]
    sides: list[dict[str, Any]] = []
    for language in languages:
        with override(language):
            sides.append(_side(thing, is_second=bool(sides)))
    return papers.without_missing(
        papers.render,
        TEMPLATE,
        title=sides[0]["title"],
        name=sides[0]["name"],
        sides=sides,
        cells=cells(),
        districts=shown_by(thing).districts,
    )


def _side(thing: Shareable, *, is_second: bool) -> dict[str, Any]:
    """What the poster says in the active language, with a QR code that leads to the page in it."""
    title, summary = _on_one_line(thing.said("title")), _on_one_line(thing.said("summary"))
    if is_second and summary.is_german:
        summary = Said("")  # the first language says it already
    is_event = isinstance(thing, Event)
    address = short_address(thing)
    facts = _event_facts(thing) if isinstance(thing, Event) else _entry_facts(thing)
    return {
        "language": _language_of(""),
        "is_rtl": get_language_bidi(),
        "kind": thing.get_kind_display(),
        "title": title,
        "title_language": _language_of(title),
        "summary": summary,
        "summary_language": _language_of(summary),
        "facts": [(fact.label, _printed(fact.lines)) for fact in facts],
        "invitation": _("Mehr erfahren und dabei sein")
        if is_event
        else _("Mehr erfahren und mitmachen"),
        "how": _("QR-Code mit der Kamera lesen oder diese Adresse eingeben:"),
        "qr_text": _("QR-Code mit der Adresse %(address)s") % {"address": address},
        "name": _("Freiwilligenportal Stuttgart"),
        "address": address.partition("://")[2].rstrip("/"),
        "qr": papers.qr_code(address),
    }


def _on_one_line(text: str) -> Said:
    return Said(papers.line(text), is_german=getattr(text, "is_german", False))


def _german(text: str) -> Said:
    """A name or a function, which nobody translates."""
    return Said(text, is_german=get_language() != GERMAN)


def _language_of(text: str) -> str:
    """The language of ``text`` as PDF knows it: „de“ where it is German in place of a translation."""
    is_german = getattr(text, "is_german", False)
    return GERMAN if is_german else tag_of(get_language() or GERMAN).partition("-")[0]


def _printed(lines: Iterable[str]) -> list[dict[str, str]]:
    return [{"text": one, "language": _language_of(one)} for one in lines]


def short_address(thing: Shareable) -> str:
    """The absolute address by number: short, and the same when the title or the slug changes."""
    of = "event" if isinstance(thing, Event) else "entry"
    return settings.SITE_URL + reverse(f"portal:short_{of}", args=[thing.pk])


def _entry_facts(entry: Entry) -> list[Fact]:
    room = entry.room_entry if entry.kind == Entry.Kind.ROOM else None
    hours = [f"{day.label}: {day.hours}" for day in weekly_hours(room) if day.hours] if room else []
    note = room.said("hours_note") if room else ""
    when = (*hours, note, entry.schedule_label, entry.said("time_note"))
    period = entry.said("period_note") or entry.period_label
    address = [_german(room.place), _german(room.street)] if room else []
    owner = [_german(entry.organisation.title)] if entry.organisation else []
    german = _("ohne Deutschkenntnisse möglich") if entry.without_german else ""
    return _known(
        Fact(_("Wann"), (*when, period)),
        Fact(_("Wo"), (*address, *_where(entry))),
        Fact(_("Sprachen"), (listed(entry.language_labels), german)),
        Fact(_("Wer"), tuple(owner)),
        _questions(reach(entry)),
    )


def _where(entry: Entry) -> tuple[str, ...]:
    """All districts by name: a poster has room for them, unlike a picture."""
    words = words_of(entry)
    names = [word.label for word in words.districts]
    everywhere = _("in der ganzen Stadt") if words.whole_city and not names else ""
    return (entry.said("located_at"), in_districts(names) or everywhere)


def _questions(to: Reach) -> Fact:
    """Who answers, and by which telephone; for everything else the QR code leads to the form."""
    is_elsewhere = to.rings_elsewhere and to.phone_of.pk != to.answers.pk
    role = f" ({to.phone_role})" if is_elsewhere else ""
    phone = _("Telefon: %(number)s") % {"number": f"{to.phone}{role}"} if to.phone else ""
    hours = to.phone_hours if to.phone else ""
    return Fact(_("Fragen?"), (_german(to.role), phone, hours))


def _event_facts(event: Event) -> list[Fact]:
    first, last = (timezone.localtime(moment) for moment in (event.starts_at, event.ends_at))
    clock = _("%(from)s bis %(to)s Uhr")
    if first.date() != last.date():
        clock = _("%(from)s Uhr bis %(day)s, %(to)s Uhr")
    hours = {
        "from": f"{first:%H:%M}",
        "to": f"{last:%H:%M}",
        "day": date_format(last, _("l, j. F Y")),
    }
    where = in_districts([event.district.short_name]) if event.district else ""
    online = _("online") if event.online_url else ""
    register = _("mit Anmeldung") if event.takes_registrations else ""
    if event.needs_no_registration:
        register = _("ohne Anmeldung")
    return _known(
        Fact(_("Wann"), (date_format(first, _("l, j. F Y")), clock % hours, register)),
        Fact(_("Wo"), (*_place_of(event), where, online, event.said("access_note"))),
        Fact(_("Sprachen"), (listed(event.language_labels),)),
        Fact(_("Kinderbetreuung"), (event.said("childcare_note"),)),
        Fact(_("Wer lädt ein"), (_german(event.organisation.title),)),
        _questions(reach_for_event(event)),
    )


def _place_of(event: Event) -> tuple[str, ...]:
    """Where the event says it is, else where the Willkommensraum is to which it belongs."""
    part_of = event.part_of
    if (
        event.where
        or part_of is None
        or part_of.kind != Entry.Kind.ROOM
        or not part_of.is_published
    ):
        return (_german(event.place), _german(event.street))
    room = part_of.room_entry
    return (part_of.said("title"), _german(room.place), _german(room.street))


def _known(*facts: Fact) -> list[Fact]:
    """The facts with something in them, each line without line breaks."""
    clean: Iterable[Fact] = (
        Fact(label, tuple(text for text in map(_on_one_line, lines) if text))
        for label, lines in facts
    )
    return [fact for fact in clean if fact.lines]
