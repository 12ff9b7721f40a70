"""What printed pages of the administration say that the screen shows in another way."""

from typing import Any

from django import template

from programs.exchange.admin import filter_text

register = template.Library()


@register.simple_tag
def filter_words(changelist: Any) -> str:
    """The filters and the search of a list in words; on paper the filters themselves are left out."""
    return filter_text(changelist)
