"""Tags for the head of every page: which languages it has."""

from collections.abc import Iterable
from html import escape

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.languages.addresses import GERMAN, Alternative, alternatives, is_translated
from volunteers.models.reading import tag_of

register = template.Library()
register.filter("tag_of", tag_of)

IN_HEAD = '<link rel="alternate" hreflang="{}" href="{}">'
IN_MENU = (
    '<li><a href="{path}" lang="{tag}" hreflang="{tag}" data-offer="{offer}"{now}>'
    "<bdi>{name}</bdi></a></li>"
)


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


@register.simple_tag
def language_links(languages: Iterable[Alternative]) -> SafeString:
    """For the head: the page in every language, and the German one for all others."""
    found = [(one.tag, one.url) for one in languages]
    rows = [*found, *(("x-default", url) for _tag, url in found[:1])]
    return mark_safe("".join(IN_HEAD.format(tag, escape(url)) for tag, url in rows))  # noqa: S308


@register.simple_tag
def language_rows(languages: Iterable[Alternative]) -> SafeString:
    """The items of the menu of languages, without the template engine (see ``rows.py``)."""
    return mark_safe(  # noqa: S308
        "".join(
            IN_MENU.format(
                path=escape(one.path),
                tag=one.tag,
                offer=escape(one.offer),
                now=' aria-current="true"' if one.is_this else "",
                name=escape(one.name),
            )
            for one in languages
        )
    )


@register.simple_tag
def language_now(languages: Iterable[Alternative]) -> str:
    return next((one.name for one in languages if one.is_this), "")
