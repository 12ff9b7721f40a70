"""The change history of one record in words: who changed which field, when, from which value to which."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.utils.translation import gettext as _

from .history import PERSON_CHANGED, SNAPSHOT, TRACKED, table_of
from .models import Membership, Organisation
from .seeing import permission, seen_with
from .united import united
from .wording import RelatedNames, Wording

if TYPE_CHECKING:
    from volunteers.models import User

NOTES = 20
"""How many notes, the newest ones, are shown below the history."""
PER_PAGE = 50
"""Rows of history on one page. Rows of one transaction are shown as one line."""
Values = dict[str, Any]


@dataclass(frozen=True)
class Source:
    """A history table, and the column by which to find the rows about a record."""

    model: type[models.Model]
    column: str
    is_part: bool = False

    @property
    def table(self) -> type[models.Model]:
        return table_of(self.model)


@dataclass
class Change:
    """What one transaction did to one row."""

    at: datetime.datetime
    who: str
    label: str
    about: str
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    """Label, old value, new value."""


def sources_of(record: models.Model, user: "User") -> list[Source]:
    """The history tables of ``record``: its own, those of its parent models, those of its parts.

    Parts are included only if ``user`` has the view permission for that model.
    """
    model = type(record)
    own = [one for one in (model, *model._meta.get_parent_list()) if one in TRACKED]
    sources = [Source(one, "pgh_obj_id") for one in own]
    for part, owner in TRACKED.items():
        if not owner or part._meta.get_field(owner).related_model not in own:
            continue
        if user.has_perm(permission("view", part), record):
            sources.append(Source(part, f"{owner}_id", is_part=True))
    return sources


def page_of_changes(
    record: models.Model, user: "User", number: Any
) -> tuple[Page[Any], list[Change]]:
    """One page of the changes to ``record`` that ``user`` may read, newest first.

    The number of queries does not depend on the length of the history.
    """
    sources = sources_of(record, user)
    keys: Any = _keys(sources, record.pk)
    if not number and len(first := list(keys[: PER_PAGE + 1])) <= PER_PAGE:
        keys = first  # all there are, so they are not counted
    page = Paginator(keys, PER_PAGE).get_page(number)
    rows = _rows(sources, list(page))
    names = RelatedNames(user, [row for _key, pair in rows for row in pair if row])
    who = _who(user, [row["pgh_context"] for _key, (row, _before) in rows if row])
    return page, _changes(sources, rows, Wording(names), who)


def notes_on(record: models.Model, user: "User") -> list[Change]:
    """Notes that the portal has written about ``record`` (example: attendance list filled in), newest first."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk)
    )
    notes = list(entries.exclude(change_message__startswith="[").exclude(change_message="")[:NOTES])
    who = _who(user, [{"user": entry.user_id} for entry in notes])
    return [
        Change(entry.action_time, who[entry.user_id], entry.change_message, "") for entry in notes
    ]


def _keys(sources: list[Source], pk: Any) -> "models.QuerySet[Any, Any]":
    """Keys of the history rows: time, source, row, and the row before it; newest first, one query."""
    found = [
        models.QuerySet(source.table)
        .filter(**{source.column: pk})
        .order_by()
        .annotate(pgh_source=Value(number), pgh_before=Subquery(_before(source.table)))
        .values_list("pgh_created_at", "pgh_source", "pgh_id", "pgh_before")
        for number, source in enumerate(sources)
    ]
    return united(*found).order_by("-pgh_created_at", "pgh_source", "-pgh_id")


def _before(table: type[models.Model]) -> "models.QuerySet[Any, Any]":
    earlier: models.QuerySet[Any, Any] = models.QuerySet(table).filter(
        pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id")
    )
    return earlier.order_by("-pgh_id").values("pgh_id")[:1]


Key = tuple[datetime.datetime, int, int, int | None]
Pair = tuple[Values, Values]


def _rows(sources: list[Source], keys: list[Key]) -> list[tuple[Key, Pair]]:
    """Each row of the page with the row before it ({} if there is none); one query for each table."""
    stored: dict[tuple[int, int], Values] = {}
    for number, source in enumerate(sources):
        wanted = {pk for _at, n, *pks in keys for pk in pks if n == number and pk}
        for row in models.QuerySet(source.table).filter(pgh_id__in=wanted).values():
            stored[number, row["pgh_id"]] = row
    return [(key, (stored[key[1], key[2]], stored.get((key[1], key[3] or 0), {}))) for key in keys]


def _changes(
    sources: list[Source],
    rows: list[tuple[Key, Pair]],
    wording: Wording,
    who: dict[int, str],
) -> list[Change]:
    """One line for all rows of a transaction about the same record. Lines without a visible change are left out."""
    groups: dict[Any, list[tuple[Source, Pair]]] = {}
    for (at, number, *_rest), (row, before) in rows:
        source = sources[number]
        part = (source.model, row["pgh_obj_id"]) if source.is_part else None
        group = (at, row["pgh_context_id"], part, row["pgh_label"] == PERSON_CHANGED)
        groups.setdefault(group, []).append((source, (row, before)))
    changes = (_change(list(reversed(group)), wording, who) for group in groups.values())
    return [change for change in changes if change.fields or change.label != _("geändert")]


def _change(group: list[tuple[Source, Pair]], wording: Wording, who: dict[int, str]) -> Change:
    """One line for rows sorted from old to new. It shows the first old value and the last new value."""
    merged: dict[str, list[str]] = {}
    labels = {row["pgh_label"] for _source, (row, _before) in group}
    for source, (row, before) in group:
        if row["pgh_label"] in {PERSON_CHANGED, SNAPSHOT}:
            continue
        old, new = (row, {}) if row["pgh_label"] == "delete" else (before, row)
        if row["pgh_label"] == "insert":
            old = {}
        for name, was, is_now in wording.differences(source.model, old, new):
            merged.setdefault(name, [was, is_now])[1] = is_now
    source, (row, _before) = group[0]
    return Change(
        at=row["pgh_created_at"],
        who=_("Portal") if SNAPSHOT in labels else _name_of(row["pgh_context"], who),
        label=_label(labels),
        about=str(source.model._meta.verbose_name) if source.is_part else "",
        fields=[(name, old, new) for name, (old, new) in merged.items() if old != new],
    )


def _label(labels: set[str]) -> str:
    texts = {
        "delete": _("gelöscht"),
        "insert": _("angelegt"),
        SNAPSHOT: _("Beginn des Verlaufs"),
        PERSON_CHANGED: _("Angaben zur Person geändert"),
    }
    return next((text for label, text in texts.items() if label in labels), _("geändert"))


def _name_of(context: Values | None, who: dict[int, str]) -> str:
    """Who made the change: an account, the portal, a person without an account, or direct SQL."""
    if context is None:
        return _("direkt in der Datenbank")
    if context.get("user"):
        return who.get(context["user"], _("gelöschtes Konto"))
    return _("Portal") if "job" in context else _("ohne Konto, über die Webseite")


def _who(user: "User", contexts: Iterable[Values | None]) -> dict[int, str]:
    """Account → its name, if ``user`` may read it (members of visible organisations), else a neutral text."""
    numbers = {c["user"] for c in contexts if c and c.get("user")}
    seen = seen_with(Organisation.objects.all(), user, "programs.view_membership").values("pk")
    works_there = Membership.objects.filter(user=OuterRef("pk"), organisation__in=seen)
    accounts = get_user_model().objects.filter(Q(pk__in=numbers)).annotate(near=Exists(works_there))
    return {
        account.pk: str(account)
        if user.is_superuser or account.pk == user.pk or account.near
        else (_("Portalverwaltung") if account.is_superuser else _("ein anderes Konto"))
        for account in accounts
    }
