"""Addresses for the head of a page."""

from typing import Any

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag(takes_context=True)
def canonical(context: dict[str, Any]) -> str:
    """The one full address of this page, whatever filter or tracking word the visitor came with."""
    return f"{settings.SITE_URL}{context['request'].path}"
