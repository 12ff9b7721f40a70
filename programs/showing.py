"""Pictures and voices of an entry, read together with the entry: a page costs no query more for them."""

from typing import Any, TypeVar, cast

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from .models import Entry, Picture, Voice

_E = TypeVar("_E", bound=Entry)
OF_PICTURE = ("key", "alt", "photographer", "width", "height")
OF_VOICE = ("text", "said_by", "is_demo")


def with_shown(entries: "QuerySet[_E]") -> "QuerySet[_E]":
    """Adds what :func:`shown` needs."""
    pictures = Picture.objects.ready().filter(entry=OuterRef("pk")).order_by("pk")
    voices = Voice.objects.filter(entry=OuterRef("pk")).order_by("pk")
    annotated: Any = entries.annotate(
        shown_pictures=ArraySubquery(pictures.values(row=_row(OF_PICTURE))),
        shown_voices=ArraySubquery(voices.values(row=_row(OF_VOICE))),
    )
    return cast("QuerySet[_E]", annotated)


def shown(entry: Any) -> dict[str, Any]:
    """``pictures`` and ``voices`` for the page of an entry."""
    return {
        "pictures": [Picture(**row) for row in entry.shown_pictures],
        "voices": [Voice(**row) for row in entry.shown_voices],
    }


def _row(names: tuple[str, ...]) -> JSONObject:
    return JSONObject(**{name: name for name in names})
