"""The links to years, months and days above a list, however many rows it has."""

from types import SimpleNamespace
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import date_hierarchy

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def list_days(changelist: Any) -> dict[str, Any] | None:
    """Django's own, which of a long list does not read all rows."""
    dated: Any = SimpleNamespace(
        date_hierarchy=changelist.date_hierarchy,
        model=changelist.model,
        params=changelist.params,
        queryset=changelist.ranges,
        get_query_string=changelist.get_query_string,
    )
    found: dict[str, Any] | None = date_hierarchy(dated)
    return found
