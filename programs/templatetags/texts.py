"""Texts of records in the language of the page.

``{% text entry "summary" %}`` writes the translation; where there is none, the German text, marked as German.
``{{ entry|said:"title" }}`` is the same without a mark, for titles and attributes; ``{{ name|in_german }}`` marks
what stays German: names of organisations, sources. ``{{ words|listed }}`` and ``{% comma %}`` write the comma
of the language. ``{% gaps %}…{% endgaps %}`` in the base page says
once, above the content, that something is not translated; in simple German also who has checked the texts.
"""

from typing import Any

from django import template
from django.template.base import Node, NodeList, Parser, Token
from django.utils.html import conditional_escape, format_html, linebreaks
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs import simple
from programs.models import choices
from programs.models.translated import GERMAN, Said, Translated

register = template.Library()

MISSING, OLD, SHOWN = "missing_texts", "old_texts", "shown_texts"
INLINE = '<span lang="{}" dir="auto">{}</span>'
WORDS = 26
"""Of a text that a card begins."""
BLOCK = '<div lang="{}" dir="auto">{}</div>'


@register.simple_tag(takes_context=True)
def text(context: template.Context, record: Translated, name: str, how: str = "") -> SafeString:
    """The text; ``how``: "linebreaks" for paragraphs of their own, "short" for its first words."""
    found = read(context, record, name)
    if how == "linebreaks" and found:
        return marked(found, linebreaks(found, autoescape=True), BLOCK)
    if how == "short":
        return marked(found, conditional_escape(Truncator(found).words(WORDS)))
    return marked(found)


@register.filter
def said(record: Translated, name: str) -> Said:
    return record.said(name)


@register.filter
def in_german(value: Any) -> SafeString | str:
    """``value``, marked as German on a page in another language. Simple German is German."""
    if not value or get_language() in (None, GERMAN, simple.LANGUAGE):
        return str(value)
    return format_html(INLINE, GERMAN, value)


register.filter("listed", choices.listed)
register.simple_tag(choices.comma, name="comma")


@register.filter
def as_said(value: str) -> SafeString | str:
    """A text that is read already (:class:`Said`), marked if it is German in place of a translation."""
    return marked(value)


def marked(value: str, html: str | None = None, element: str = INLINE) -> SafeString:
    """``value``, or ``html`` made of it, in an element that says that it is German where it is."""
    if html is None and (parts := getattr(value, "parts", ())):
        return SafeString("".join(map(marked, parts)))
    shown = conditional_escape(value) if html is None else SafeString(html)
    return format_html(element, GERMAN, shown) if getattr(value, "is_german", False) else shown


def read(context: template.Context, record: Translated, name: str) -> Said:
    """The text ``name`` of ``record``, remembered for the note of the page; a name that stays as it is is no gap."""
    said, column = record.said(name), record._meta.get_field(name)
    if name not in record.TRANSLATED:
        return said
    return remember(context, said, str(getattr(column, "verbose_name", name)))


def remember(context: template.Context, value: Said, label: str = "") -> Said:
    """Remember for the note of the page that ``value`` is not translated, not anew, or by whom it is checked."""
    page = context.dicts[0]
    if value.is_german:
        page[MISSING] = True
    elif value and get_language() == simple.LANGUAGE:
        page.setdefault(SHOWN, {}).setdefault(value.checked, {})[label] = True
    if value.is_old:
        page[OLD] = True
    return value


class GapsNode(Node):
    """Renders what it contains first, and then says above it what is missing."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        content = self.nodelist.render(context)
        sentences: list[str] = []
        if get_language() == simple.LANGUAGE:
            sentences += simple.sentences(context.dicts[0].get(SHOWN, {}))
        if context.dicts[0].get(MISSING):
            sentences.append(_("Was noch nicht in Ihrer Sprache da ist, steht hier auf Deutsch."))
        if context.dicts[0].get(OLD):
            sentences.append(_("Der deutsche Text ist neuer als die Übersetzung."))
        if not sentences:
            return SafeString(content)
        lines = "\n".join(sentences)
        note = format_html('<p class="help untranslated" role="note">{}</p>\n', lines)
        return SafeString(note + content)


@register.tag
def gaps(parser: Parser, token: Token) -> GapsNode:
    nodelist = parser.parse(("endgaps",))
    parser.delete_first_token()
    return GapsNode(nodelist)
