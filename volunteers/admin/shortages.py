"""„Wer fehlt uns?“ on the start page: what the worker has found out, in words.

Whoever looks after the requests sees what was found among them. Of the whole city everybody who may
see figures learns only what stands for a group (``SMALL_GROUP``); the Portalverwaltung sees all.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.models import DayPart, Language, Opportunity, Organisation, Weekday

from ..figures import small_groups
from ..matching.missing import ROOM
from ..models import CompanionRequest, Gender, Shortage, User


@dataclass(frozen=True)
class Row:
    """One kind of volunteer: „Eine Person mit Persisch/Dari in Feuerbach“, and what it brings."""

    who: str
    brings: str
    advert: str
    """The path of the form for a new opportunity, filled in; empty if the user may not add one."""


@dataclass(frozen=True)
class Panel:
    scope: str
    as_of: datetime.datetime
    requests: "int | str"
    rows: list[Row]
    is_rounded: bool
    room: int = ROOM


def panels_for(user: User) -> list[Panel]:
    """One panel for each of the user's organisations with open requests, and one for the city; one query."""
    helping = user.limited_to("volunteers.change_companionrequest")
    wanted = Q(organisation__in=Organisation.objects.of(helping))
    if user.is_superuser or user.has_perm("volunteers.view_figures"):
        wanted |= Q(organisation=None)
    kept = Shortage.objects.filter(wanted, requests__gt=0).select_related("organisation")
    return [_panel(one, user) for one in kept.order_by("organisation__title", "pk")]


def _panel(kept: Shortage, user: User) -> Panel:
    is_rounded = kept.organisation is None and not user.is_superuser
    told = [coarse(row) for row in kept.rows] if is_rounded else kept.rows
    rows = [_row(one, is_rounded, kept.organisation, user) for one in told if one]
    return Panel(
        scope=kept.organisation.title if kept.organisation else _("ganze Stadt"),
        as_of=kept.as_of,
        requests=small_groups.shown(kept.requests) if is_rounded else kept.requests,
        rows=rows,
        is_rounded=is_rounded,
    )


def coarse(row: dict[str, Any]) -> dict[str, Any] | None:
    """What may be told to somebody who does not see the people; None: nothing.

    Time and gender are left out, the district too unless enough people look for this language there.
    """
    few = settings.SMALL_GROUP
    if row["speakers"] < few:
        return None
    keeps_place = row["neighbours"] >= few
    place = {} if keeps_place else {"district": "", "place": ""}
    return {**row, "weekday": None, "daypart": "", "gender": "", **place}


def _row(row: dict[str, Any], is_rounded: bool, owner: Organisation | None, user: User) -> Row:
    count = row["pairs"]
    brings = ngettext("%(n)s Tandem mehr", "%(n)s Tandems mehr", count) % {"n": count}
    if is_rounded:
        brings = _("%(n)s Tandems mehr") % {"n": small_groups.shown(count)}
    advert = ""
    if user.has_perm("programs.add_opportunity"):
        advert = admin_path(Opportunity, "add", **_filled_in(row, owner))
    return Row(who=_who(row), brings=brings, advert=advert)


def _who(row: dict[str, Any]) -> str:
    people = {Gender.WOMAN.value: _("Eine Frau"), Gender.MAN.value: _("Ein Mann")}
    names = {
        "person": people.get(row["gender"], _("Eine Person")),
        "language": Language(row["language"]).label,
        "place": row["place"],
    }
    text = _("%(person)s mit %(language)s") % names
    if row["place"]:
        text = _("%(person)s mit %(language)s in %(place)s") % names
    return ", ".join(filter(None, [text, _time(row)]))


def _time(row: dict[str, Any]) -> str:
    """„dienstags abends“; empty if any time will do."""
    if not row["daypart"]:
        return ""
    return f"{Weekday(row['weekday']).label.lower()}s {DayPart(row['daypart']).label}"


def _filled_in(row: dict[str, Any], owner: Organisation | None) -> dict[str, Any]:
    """The fields of the new opportunity."""
    language = str(Language(row["language"]).label)
    title = _("Begleitung gesucht: %(language)s") % {"language": language}
    fields = {
        "title": f"{title}, {row['place']}" if row["place"] else title,
        "summary": _(
            "Sie begleiten einen Menschen, der neu in Stuttgart ist. Sie sprechen %(language)s."
        )
        % {"language": language},
        "description": "\n\n".join(_paragraphs(row, language)),
        "languages": row["language"],
        "districts": row["district"],
        "weekdays": row["weekday"],
        "dayparts": row["daypart"],
        "organisation": owner.pk if owner else None,
    }
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _paragraphs(row: dict[str, Any], language: str) -> list[str]:
    speaks = _("Wir suchen Menschen, die %(language)s und etwas Deutsch sprechen.")
    if row["language"] == Language.GERMAN:
        speaks = _("Wir suchen Menschen, die Deutsch sprechen.")
    place = _("Sie treffen sich in %(place)s oder in der Nähe.") % {"place": row["place"]}
    time = _("Gut ist, wenn Sie %(time)s Zeit haben.") % {"time": _time(row)}
    wishes = {
        CompanionRequest.Wish.WOMAN.value: _(
            "Manche möchten von einer Frau begleitet werden. Wir freuen uns besonders über Frauen."
        ),
        CompanionRequest.Wish.MAN.value: _(
            "Manche möchten von einem Mann begleitet werden. Wir freuen uns besonders über Männer."
        ),
    }
    when_where = [place if row["place"] else "", time if row["daypart"] else ""]
    return list(
        filter(
            None,
            [
                _(
                    "Menschen, die neu in Stuttgart sind, suchen eine Begleitung: für Wege zu Ämtern, "
                    "für Briefe und für Fragen im Alltag."
                ),
                speaks % {"language": language},
                " ".join(filter(None, when_where)),
                wishes.get(row["gender"], ""),
                _("Wie oft Sie sich treffen, sprechen Sie zu zweit ab."),
            ],
        )
    )
