"""Tags for the head of every page: which languages it has."""

from django import template
from django.template.context import Context
from django.utils.translation import get_language

from portal.languages.addresses import GERMAN, Alternative, alternatives, is_translated
from volunteers.models.reading import tag_of

register = template.Library()
register.filter("tag_of", tag_of)


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[Alternative]:
    """The page in every language; none where a page is made without a request, such as that of a fault."""
    request = context.get("request")
    return list(alternatives(request)) if request else []


@register.simple_tag(takes_context=True)
def has_languages(context: Context) -> bool:
    """Whether search engines may be told of the page in other languages."""
    request = context.get("request")
    return request is not None and is_translated(request)


@register.simple_tag
def language_tag() -> str:
    """The language of this page for the attribute ``lang`` (BCP 47)."""
    return tag_of(get_language() or GERMAN)
