"""URLs for the head of a page."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag(takes_context=True)
def canonical(context: dict[str, Any]) -> str:
    """The absolute URL of this page without its query string (filters, tracking parameters).

    The second page of a list is a page of its own, so the number stays.
    """
    page = context.get("page_obj")
    number = f"?seite={page.number}" if page and page.number > 1 else ""
    return f"{settings.SITE_URL}{context['request'].path}{number}"
