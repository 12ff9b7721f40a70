"""Requests for counselling on „Meine Seite“; the app above keeps them (``models/above.py``)."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from ..links.above import counselling_path
from ..models.confirmed import UNCONFIRMED
from ..reads.persons import Person
from .parts import OpenPoint, Section


def _requests(person: Person) -> "QuerySet[Any]":
    model: Any = apps.get_model("portal.CounsellingRequest")
    rows: QuerySet[Any] = model._default_manager.filter(person.named())
    return rows.exclude(status=UNCONFIRMED).select_related("organisation")


def of_person(person: Person) -> Section | None:
    """Each with its state and the way to its page; open ones first, the newest at the top."""
    rows = [(one, counselling_path(one.public_id)) for one in _requests(person)]
    if not rows:
        return None
    rows.sort(key=lambda row: row[0].is_closed)
    return Section("volunteers/sections/counselling.html", {"asked": rows})


def unanswered_messages(person: Person) -> Iterator[OpenPoint]:
    """Open ones where the department has written last."""
    model: Any = apps.get_model("portal.CounsellingMessage")
    newest = model._default_manager.filter(request=OuterRef("pk")).order_by("-at", "-pk")
    last = Subquery(newest.values("sender")[:1])
    waiting = _requests(person).annotate(last_sender=last).filter(last_sender="staff")
    for one in waiting.filter(closed_at__isnull=True):
        text = _("Sie haben eine Nachricht zu „%(wish)s“.") % {"wish": _("Beratung")}
        url = f"{counselling_path(one.public_id)}#nachrichten"
        yield OpenPoint(text, url, _("Lesen und antworten"))
