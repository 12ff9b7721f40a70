"""The parameters of a request for a list. What is not understood is refused, with a sentence."""

import datetime
import re
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from .columns import MOMENT, Schema, utc
from .lists import OpenList

USUAL, MOST = 50, 100
"""Records on a page."""
LARGEST_KEY = 2**63 - 1
SINCE = (
    "Nur was seit diesem Zeitpunkt geändert wurde (RFC 3339). Nehmen Sie den Beginn Ihres letzten Abrufs "
    "und ziehen Sie zehn Minuten ab: Eine Änderung kann etwas später sichtbar werden."
)
_FIRST = datetime.datetime.min.replace(tzinfo=datetime.UTC)
_LAST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


class BadQuestion(Exception):
    """A parameter that is not understood; its text is a sentence for whoever asks."""


class Question(NamedTuple):
    limit: int = USUAL
    after: str = ""
    """Number of the last record of the page before."""
    updated_since: datetime.datetime | None = None

    @classmethod
    def of(cls, query: QueryDict, asked: OpenList) -> Self:
        """Raises ``BadQuestion``."""
        allowed = parameters(asked)
        for name in query:
            if name not in allowed:
                names = ", ".join(allowed)
                raise BadQuestion(f"Diesen Parameter gibt es hier nicht. Möglich sind: {names}.")
            if len(query.getlist(name)) > 1:
                raise BadQuestion(f"„{name}“ steht mehrmals in der Adresse.")
        since = query.get("updated_since")
        return cls(
            _limit(query.get("limit", str(USUAL))),
            key(str(query["after"]), asked) if "after" in query else "",
            None if since is None else _moment(since),
        )

    def changed(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return (
            rows if self.updated_since is None else rows.filter(updated_at__gte=self.updated_since)
        )

    def page(self, rows: "QuerySet[Any]") -> list[Any]:
        """The records of this page, and one more if there is another page."""
        rows = self.changed(rows)
        return list((rows.filter(pk__gt=self.after) if self.after else rows)[: self.limit + 1])

    def following(self, last: Any) -> str:
        """The query string of the page that begins after the record ``last``."""
        asked = [("limit", str(self.limit)), ("after", str(last.pk))]
        if self.updated_since is not None:
            asked.append(("updated_since", utc(self.updated_since)))
        return urlencode(asked)


def parameters(asked: OpenList) -> dict[str, tuple[Schema, str]]:
    """Name → schema and meaning."""
    found = {
        "limit": (
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
            "So viele Datensätze höchstens.",
        ),
        "after": (
            asked.key if asked.key["type"] == "string" else asked.key | _KEYS,
            "Nur Datensätze nach dieser id. Die Adresse unter „next“ enthält sie schon.",
        ),
    }
    if asked.knows_changes:
        found["updated_since"] = (
            MOMENT,
            SINCE,
        )
    return found


_KEYS: Schema = {"minimum": 0, "maximum": LARGEST_KEY}


def key(text: str, asked: OpenList) -> str:
    """``text`` if it can be the number of a record. Raises ``BadQuestion``."""
    if asked.key["type"] == "string":
        if re.fullmatch(asked.key["pattern"].replace("$", ""), text, re.ASCII):
            return text
    elif re.fullmatch("[0-9]{1,19}", text) and int(text) <= LARGEST_KEY:
        return text
    raise BadQuestion("Das ist keine id dieser Liste.")


def _limit(text: str) -> int:
    if not re.fullmatch("[0-9]{1,3}", text) or not 1 <= int(text) <= MOST:
        raise BadQuestion(f"„limit“ ist eine Zahl von 1 bis {MOST}.")
    return int(text)


def _moment(text: str) -> datetime.datetime:
    """A date and time of RFC 3339; without a zone it is the time of Stuttgart. One out of reach is the nearest."""
    try:
        # A leap second is the last second of its minute.
        given = datetime.datetime.fromisoformat(re.sub(r"(?<=:\d\d:)60", "59", text.upper()))
    except ValueError:
        raise BadQuestion("„updated_since“ ist ein Zeitpunkt wie 2026-11-27T08:00:00Z.") from None
    try:
        aware = given if given.tzinfo else timezone.make_aware(given)
        return aware.astimezone(datetime.UTC)
    except (OverflowError, ValueError):
        return _FIRST if given.year < 2000 else _LAST
