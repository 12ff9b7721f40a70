"""What pages say about themselves to search engines, as schema.org in JSON-LD."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.open_data import structured as nodes
from programs.models import Entry, Event

register = template.Library()


@register.simple_tag(takes_context=True)
def about_thing(context: template.Context, thing: Any) -> SafeString | str:
    """The node of the entry or event ``thing`` that the page is about; nothing for any other page."""
    if not isinstance(thing, Entry | Event):
        return ""
    return nodes.in_script(nodes.about(thing, context.get("room")))


@register.simple_tag
def about_website() -> SafeString:
    return nodes.in_script(nodes.website())


@register.simple_tag
def way_here(current: str, *above: str) -> SafeString:
    """The breadcrumbs; ``above`` are addresses and names in turn, empty where there is none."""
    pairs = [(reverse("portal:home"), _("Start")), *zip(above[::2], above[1::2], strict=True)]
    steps = [(path, name) for path, name in pairs if path]
    return nodes.in_script(nodes.breadcrumbs([*steps, *([("", current)] if current else [])]))
