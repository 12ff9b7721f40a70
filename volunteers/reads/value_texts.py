"""Values of the database as text, for people who read their own data."""

import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.utils import timezone
from django.utils.formats import date_format, localize
from django.utils.translation import gettext as _


def text_of(row: Any, about: Any, value: Any) -> str:
    """``value`` of the field ``about`` as text: labels of choices in their usual order, dates in German form."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(about, ArrayField) and about.base_field.choices:
        labels = dict(about.base_field.flatchoices)
        known = [label for one, label in labels.items() if one in value]
        return ", ".join(map(str, [*known, *(one for one in value if one not in labels)]))
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if getattr(about, "choices", None):
        return str(getattr(row, f"get_{about.name}_display")())
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.datetime):
        time = date_format(timezone.localtime(value), _("j. F Y, H:i"))
        return _("%(time)s Uhr") % {"time": time}
    if isinstance(value, datetime.date):
        return date_format(value, _("j. F Y"))
    return str(localize(value)) if not isinstance(value, str | dict) else str(value)
