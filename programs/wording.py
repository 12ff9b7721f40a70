"""Formats values of the change history for people."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import District, Entry, Field, TargetGroup
from .requests import AnyUser
from .vocabulary import words

NOTHING = "–"
Values = dict[str, Any]
LISTS: dict[str, type[Field | TargetGroup | District]] = {
    "field": Field,
    "group": TargetGroup,
    "district": District,
}
"""Facet → model. ``Entry.facets`` contains the entry's lists, so the history shows their changes there."""


class RelatedNames:
    """Names of the related records in ``rows``, if ``user`` may read them; a fixed number of queries.

    Titles only of published or visible entries. For any other record: its number.
    """

    def __init__(self, user: AnyUser, rows: list[Values]) -> None:
        numbers = {
            value
            for row in rows
            for name, value in row.items()
            if name.endswith("_id") and isinstance(value, int) and not name.startswith("pgh_")
        }
        seen = Entry.objects.visible_to(user).values("pk")
        titles = Entry.objects.filter(Q(is_published=True) | Q(pk__in=seen), pk__in=numbers)
        self.entries: dict[Any, str] = dict(titles.values_list("pk", "title"))
        people = {row["user_id"] for row in rows if "user_id" in row}
        accounts = get_user_model().objects.filter(pk__in=people)
        self.people = {account.pk: str(account) for account in accounts}
        listed = any(row.get("facets") or row.get("district_id") for row in rows)
        self.lists = self._lists() if listed else {}
        self.districts = self.lists.get("district", {})

    def _lists(self) -> dict[str, dict[str, str]]:
        """The names of all fields, target groups and districts."""
        known = words()
        return {
            kind: {one.token.partition(":")[2]: one.label for one in known[kind]} for kind in LISTS
        }

    def of(self, model: Any, value: Any) -> str:
        if issubclass(model, Entry):
            known: dict[Any, str] = self.entries
        elif model is get_user_model():
            known = self.people
        else:
            known = self.districts
        return known.get(value, _("Nr. %(number)s") % {"number": value})


class Wording:
    """The differences between two rows of history, with the same labels as in forms."""

    def __init__(self, names: RelatedNames) -> None:
        self.names = names

    def differences(
        self, model: type[models.Model], old: Values, new: Values
    ) -> Iterator[tuple[str, str, str]]:
        for column in model._meta.local_concrete_fields:
            name = column.attname
            if column.primary_key or name not in {**old, **new} or name == "kind":
                continue
            if name == "facets":
                yield from self._lists(old.get(name) or [], new.get(name) or [])
            elif name == "translations":
                yield from translated(model, old.get(name) or {}, new.get(name) or {})
            elif old.get(name) != new.get(name):
                was, is_now = (self.text(column, row.get(name)) for row in (old, new))
                yield str(column.verbose_name), was, is_now

    def _lists(self, old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
        for kind, model in LISTS.items():
            was, is_now = (self._of_kind(kind, facets) for facets in (old, new))
            if was != is_now:
                yield str(model._meta.verbose_name_plural), was, is_now

    def _of_kind(self, kind: str, facets: list[str]) -> str:
        keys = [f.partition(":")[2] for f in facets if f.startswith(f"{kind}:")]
        known = self.names.lists.get(kind, {})
        return ", ".join(sorted(known.get(key, key) for key in keys if key != "all")) or NOTHING

    def text(self, column: Any, value: Any) -> str:
        """One value as text: choices by their label, dates as 01.03.2018, records by their name."""
        if value in (None, "", []):
            return NOTHING
        if isinstance(column, ArrayField):
            labels = dict(column.base_field.flatchoices)
            return ", ".join(str(labels.get(one, one)) for one in value)
        if column.is_relation:
            return self.names.of(column.related_model, value)
        if column.flatchoices:
            return str(dict(column.flatchoices).get(value, value))
        return _plain(value)


def translated(
    model: type[models.Model], old: Values, new: Values
) -> Iterator[tuple[str, str, str]]:
    """The texts that differ, by column and language."""
    names = dict(settings.LANGUAGES)
    columns = {one.name: str(one.verbose_name) for one in model._meta.local_concrete_fields}
    for code in sorted({*old, *new}):
        was, is_now = old.get(code, {}), new.get(code, {})
        for name in sorted({*was, *is_now}):
            texts = [one.get(name, {}).get("text", "") or NOTHING for one in (was, is_now)]
            if texts[0] != texts[1]:
                yield f"{columns.get(name, name)} ({names.get(code, code)})", texts[0], texts[1]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%d.%m.%Y, %H:%M")
    if isinstance(value, datetime.date):
        return value.strftime("%d.%m.%Y")
    return str(value)
