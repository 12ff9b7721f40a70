"""What a page says to search engines about its record (schema.org, as JSON-LD).

schema.org has no type for volunteering. An opportunity is an ``Offer`` of a ``Service`` that one can join
(``JoinAction``), a programme a ``Service``, a Willkommensraum a ``Place`` with opening hours.
"""

import datetime
import json
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs.models import Entry, Event, Organisation
from programs.models.translated import GERMAN, Said
from programs.templatetags.texts import said
from programs.vocabulary import words_of
from volunteers.models.reading import tag_of
from welcome_rooms.models import WelcomeRoom

from .columns import clock

Node = dict[str, Any]
CONTEXT = "https://schema.org"
CITY: Node = {"@type": "City", "name": "Stuttgart"}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST = 300
"""Characters of a description."""
BERLIN = ZoneInfo("Europe/Berlin")
_ESCAPED = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def in_script(node: Node) -> SafeString:
    """``node`` as the content of a script element: nothing in it can end the element."""
    text = json.dumps({"@context": CONTEXT} | node, ensure_ascii=False)
    return mark_safe(text.translate(_ESCAPED))  # noqa: S308 - every sign that HTML knows is escaped


def known(**values: Any) -> Node:
    """Without what is empty; ``at_`` begins the names that have an @."""
    return {
        name.replace("at_", "@", 1) if name.startswith("at_") else name: value
        for name, value in values.items()
        if value not in (None, "", [], {})
    }


def site(path: str) -> str:
    return settings.SITE_URL + path


def website() -> Node:
    """The portal and its search."""
    found = site(reverse("portal:catalogue")) + "?q={search_term_string}"
    return known(
        at_type="WebSite",
        at_id=site("/#website"),
        url=site(reverse("portal:home")),
        name=_("Freiwilligenportal Stuttgart"),
        inLanguage=tag_of(get_language() or GERMAN),
        publisher={"@type": "GovernmentOrganization", "name": _("Landeshauptstadt Stuttgart")},
        potentialAction={
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": found},
            "query-input": "required name=search_term_string",
        },
    )


def breadcrumbs(steps: list[tuple[str, str]]) -> Node:
    """The way to a page, as (path, name); the page itself has no path."""
    items = [
        known(
            at_type="ListItem", position=position, name=str(name), item=site(path) if path else ""
        )
        for position, (path, name) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def about(thing: Entry | Event, room: WelcomeRoom | None = None) -> Node:
    """The node of an entry, or of an event that is in ``room`` if it says no place of its own."""
    if isinstance(thing, Event):
        return _event(thing, room)
    if isinstance(thing, WelcomeRoom):
        return _named(thing) | _room(thing)
    if isinstance(thing, Organisation):
        return _named(thing) | _organisation(thing)
    joined = known(potentialAction=_joining(thing))
    if thing.kind == Entry.Kind.PROGRAMME:
        return _named(thing) | _service(thing) | joined
    return _named(thing) | _offer(thing) | joined


def _named(thing: Entry | Event) -> Node:
    url = site(thing.get_absolute_url())
    title, text = said(thing, "title"), said(thing, "summary") or said(thing, "description")
    page = {"@type": "WebPage", "@id": url, "inLanguage": _language_of(text or title)}
    return known(
        at_id=url,
        url=url,
        name=str(title),
        description=Truncator(text).chars(LONGEST),
        mainEntityOfPage=page,
    )


def _language_of(text: Said) -> str:
    """That of the page; German where a text is not translated."""
    return GERMAN if text.is_german else tag_of(get_language() or GERMAN)


def _service(entry: Entry) -> Node:
    return known(
        at_type="Service",
        serviceType=_("Ehrenamt"),
        provider=_organisation_of(entry),
        areaServed=_area(entry),
    )


def _offer(entry: Entry) -> Node:
    service = _service(entry) | {"name": said(entry, "title")}
    return known(
        at_type="Offer",
        offeredBy=_organisation_of(entry),
        itemOffered=service,
        validFrom=entry.starts_on and entry.starts_on.isoformat(),
        validThrough=entry.ends_on and entry.ends_on.isoformat(),
    )


def _area(entry: Entry) -> Node | list[Node]:
    words = words_of(entry)
    named = [{"@type": "AdministrativeArea", "name": word.label} for word in words.districts]
    return named or CITY


def _organisation_of(entry: Entry) -> Node:
    owner = entry.owner
    url = site(owner.get_absolute_url()) if owner.is_published else ""
    return known(at_type="Organization", at_id=url, name=owner.title, url=url)


def _organisation(thing: Organisation) -> Node:
    is_office = thing.type == Organisation.Type.OFFICE
    return known(
        at_type="GovernmentOrganization" if is_office else "Organization",
        telephone=thing.phone,
        areaServed=_area(thing),
        sameAs=thing.website,
        foundingDate=str(thing.founded or ""),
    )


def _joining(entry: Entry) -> Node:
    """How to sign up, while that is possible."""
    if not entry.is_open:
        return {}
    url = site(reverse("volunteers:sign_up_entry", args=[entry.slug]))
    return {"@type": "JoinAction", "target": {"@type": "EntryPoint", "urlTemplate": url}}


def _address(street: str) -> Node:
    return known(
        at_type="PostalAddress",
        streetAddress=street,
        addressLocality="Stuttgart",
        addressCountry="DE",
    )


def _room(room: WelcomeRoom) -> Node:
    week = [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": f"{CONTEXT}/{DAYS[one.weekday]}",
            "opens": clock(one.opens),
            "closes": clock(one.closes),
        }
        for one in room.opening_hours.all()
    ]
    closed = [
        {
            "@type": "OpeningHoursSpecification",
            "validFrom": one.first_day.isoformat(),
            "validThrough": one.last_day.isoformat(),
            "opens": "00:00",
            "closes": "00:00",
        }
        for one in room.known_closures
    ]
    where = {"latitude": room.latitude, "longitude": room.longitude}
    return known(
        at_type="Place",
        telephone=room.phone,
        address=_address(room.street),
        geo={"@type": "GeoCoordinates"} | where if room.latitude is not None else {},
        openingHoursSpecification=week,
        specialOpeningHoursSpecification=closed,
    )


def _event(event: Event, room: WelcomeRoom | None) -> Node:
    state = "EventCancelled" if event.is_cancelled else "EventScheduled"
    return _named(event) | known(
        at_type="Event",
        startDate=_local(event.starts_at),
        endDate=_local(event.ends_at),
        eventStatus=f"{CONTEXT}/{state}",
        eventAttendanceMode=f"{CONTEXT}/{_mode(event, room)}",
        location=_locations(event, room),
        organizer=known(
            at_type="Organization",
            name=event.organisation.title,
            url=site(event.organisation.get_absolute_url())
            if event.organisation.is_published
            else "",
        ),
        inLanguage=list(event.languages),
        maximumAttendeeCapacity=event.capacity,
    )


def _mode(event: Event, room: WelcomeRoom | None) -> str:
    if not event.online_url:
        return "OfflineEventAttendanceMode"
    mixed = event.where or room
    return "MixedEventAttendanceMode" if mixed else "OnlineEventAttendanceMode"


def _locations(event: Event, room: WelcomeRoom | None) -> list[Node]:
    """Where it is; online it is the event's own page, since only people with a place get the link."""
    found: list[Node] = []
    if event.online_url:
        found.append({"@type": "VirtualLocation", "url": site(event.get_absolute_url())})
    if event.where or room or not event.online_url:
        district = event.district.name if event.district else ""
        name = event.place or (room.title if room else "") or district or CITY["name"]
        street = event.street or (room.street if room else "")
        found.append(known(at_type="Place", name=name, address=_address(street)))
    return found


def _local(moment: datetime.datetime) -> str:
    return moment.astimezone(BERLIN).isoformat(timespec="minutes")
