"""What an issue says, apart from how it looks: the same for HTML, text, the preview and its public page.

A draft is put together anew each time; :meth:`Content.as_json` is kept when the sending begins.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from programs.models import District, Entry, Event
from programs.models.choices import listed
from volunteers.notifications.registrations import facts as event_facts

from .issue_models import NewsletterBlock, NewsletterIssue


@dataclass(frozen=True)
class Part:
    """``text`` is Markdown of the office; ``said`` is what the entry says about itself, plain."""

    title: str = ""
    kind: str = ""
    text: str = ""
    said: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Content:
    title: str
    summary: str
    language: str
    parts: tuple[Part, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Content":
        parts = tuple(_part_from(one) for one in stored["parts"])
        return cls(stored["title"], stored["summary"], stored["language"], parts)


def _part_from(stored: dict[str, Any]) -> Part:
    facts = tuple((label, text) for label, text in stored["facts"])
    return Part(**{**stored, "facts": facts})


def content_of(issue: NewsletterIssue) -> Content:
    """What was kept when the sending began, else what the issue would say now."""
    if issue.content is not None:
        return Content.from_json(issue.content)
    return assemble(issue, blocks_of(issue))


def blocks_of(issue: NewsletterIssue) -> list[NewsletterBlock]:
    shown = issue.blocks.select_related(
        "entry__organisation", "event__organisation", "event__district"
    )
    return list(shown.prefetch_related("entry__districts"))


def assemble(issue: NewsletterIssue, blocks: Iterable[NewsletterBlock]) -> Content:
    """In the order of their positions. What is over or no longer public is left out (:func:`left_out`)."""
    shown = [part_of(block) for block in blocks if not left_out(block)]
    return Content(issue.title, issue.summary, issue.language, tuple(shown))


def left_out(block: NewsletterBlock) -> str:
    """Why the block does not go out, in words; empty if it does."""
    entry, event = block.entry, block.event
    if entry is not None and not entry.is_published:
        return _("nicht mehr veröffentlicht")
    if entry is not None and entry.is_ended:
        return _("beendet")
    if event is not None and not event.is_published:
        return _("nicht mehr veröffentlicht")
    if event is not None and event.is_cancelled:
        return _("abgesagt")
    if event is not None and event.is_past:
        return _("vorbei")
    return ""


def part_of(block: NewsletterBlock) -> Part:
    if block.entry is not None:
        return _of_entry(block, block.entry)
    if block.event is not None:
        return _of_event(block, block.event)
    label = _("Mehr dazu") if block.link else ""
    return Part(title=block.title, text=block.text, url=block.link, label=label)


def _of_entry(block: NewsletterBlock, entry: Entry) -> Part:
    districts = listed(one.name for one in entry.districts.all())
    languages = listed(entry.language_labels)
    without = _("ohne Deutschkenntnisse möglich") if entry.without_german else ""
    rows = [
        (_("Wo"), listed(filter(None, [entry.located_at, districts]))),
        (_("Wann"), " · ".join(filter(None, [entry.schedule_label, entry.time_note]))),
        (_("Sprachen"), listed(filter(None, [languages, without]))),
        (_("Es antwortet"), entry.organisation.title if entry.organisation else ""),
    ]
    return Part(
        title=block.title or entry.title,
        kind=str(entry.get_kind_display()),
        text=block.text,
        said=entry.summary,
        facts=tuple((label, text) for label, text in rows if text),
        url=settings.SITE_URL + entry.get_absolute_url(),
        label=_("Ansehen und mitmachen") if entry.is_open else _("Ansehen"),
    )


def _of_event(block: NewsletterBlock, event: Event) -> Part:
    return Part(
        title=block.title or event.title,
        kind=str(event.get_kind_display()),
        text=block.text,
        said=event.summary,
        facts=tuple(event_facts(event)),
        url=settings.SITE_URL + event.get_absolute_url(),
        label=_("Ansehen und anmelden") if event.is_open else _("Ansehen"),
    )


def districts_of(blocks: Iterable[NewsletterBlock]) -> list[District]:
    """Those of the offers in it; none if one of them is for the whole city, or there is no offer."""
    found: dict[Any, District] = {}
    for block in blocks:
        if block.entry is None or left_out(block):
            continue
        here = list(block.entry.districts.all())
        if not here:
            return []
        found |= {one.pk: one for one in here}
    return list(found.values())
