"""For mails: what stays German (``notifications/in_german.py``).

``{{ entry|text_of:"title" }}`` and ``{{ name|stays_german }}`` in the text, ``{{ line|line_of_mail }}`` in the HTML.
"""

from django import template
from django.utils.safestring import SafeString

from programs.models import Translated

from ..notifications import in_german

register = template.Library()


@register.filter
def text_of(record: Translated, name: str) -> str:
    return in_german.said(record, name)


@register.filter
def stays_german(text: str) -> str:
    return in_german.marked(str(text))


@register.filter
def line_of_mail(text: str) -> SafeString:
    return in_german.html(text)


@register.filter
def linked_in_mail(text: str) -> SafeString:
    """The same with links."""
    return in_german.html(text, with_links=True)
