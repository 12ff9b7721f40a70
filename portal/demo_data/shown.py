"""Invented voices and a story, with drawn pictures: how it looks when a Träger shows something."""

import datetime
from typing import Any

from django.utils import timezone

from portal.reference.files import Record
from programs import pictures
from programs.models import Entry, Picture, Programme, Story, Voice
from programs.slugs import free_slug

from .drawing import draw
from .files import SOURCE, read
from .once import Once

DRAWN = "Vorführdaten, vom Portal gezeichnet"


def load(once: Once, now: datetime.datetime) -> int:
    records = read("shown.json")
    new = [r for r in records if once.is_new(r["kind"], r["of"])]
    for record in new:
        values = dict(record)
        MAKE[values.pop("kind")](values, timezone.localdate(now))
    return len(new)


def _picture(values: Record, today: datetime.date, **of: Any) -> None:
    of = of or {"entry": Entry.objects.get(slug=values["of"])}
    picture = Picture(
        **of, alt=values["alt"], photographer=DRAWN, people=Picture.People.NOBODY, is_demo=True
    )
    pictures.keep(picture=picture, data=draw(values["seed"]))
    pictures.make(picture.pk, attempt=0)


def _voice(values: Record, today: datetime.date) -> None:
    entry = Entry.objects.get(slug=values.pop("of"))
    Voice.objects.create(**values, entry=entry, agreed_on=today, agreed_how=SOURCE, is_demo=True)


def _story(values: Record, today: datetime.date) -> None:
    story = Story.objects.create(
        programme=Programme.objects.get(slug=values["of"]),
        title=values["title"],
        slug=free_slug(Story, values["title"]),
        person=values["person"],
        text="\n\n".join(values["text"]),
        agreed_by=SOURCE,
        agreed_on=today,
        agreed_how=SOURCE,
        is_published=True,
        is_demo=True,
    )
    _picture(values, today, story=story)


MAKE = {"picture": _picture, "voice": _voice, "story": _story}
