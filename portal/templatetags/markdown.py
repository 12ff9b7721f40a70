"""``{{ text|markdown }}`` and ``{% markdown_text page "body" %}``: render the Markdown that staff write as HTML."""

from itertools import pairwise

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt

from portal.sections import anchor
from programs.models import Translated
from programs.templatetags.texts import BLOCK, marked, read

register = template.Library()

DESCRIPTION = 200
"""Characters."""
BREAKS = {"softbreak", "hardbreak"}

# The result is safe: HTML in the text is escaped, and a URL becomes a link only with a harmless
# scheme such as http(s) or mailto.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@register.filter
def markdown(text: str) -> SafeString:
    """Renders headings, lists, links, bold text and tables. The highest heading becomes ``<h2>``.

    Each heading has an address of its own (:func:`portal.sections.anchor`).
    """
    tokens = _markdown.parse(text or "")
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following:
            token.attrSet("id", anchor(following.content))
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, int(token.tag[1]))}"
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(html)  # noqa: S308


@register.simple_tag(takes_context=True)
def markdown_text(context: template.Context, record: Translated, name: str) -> SafeString:
    """The Markdown text ``name`` of ``record`` in the language of the page (:mod:`programs.templatetags.texts`)."""
    said = read(context, record, name)
    return marked(said, markdown(said), BLOCK)


@register.filter
def beginning(record: Translated, name: str) -> str:
    """The first paragraph of a Markdown text without its marks, shortened: what search engines show of a page.

    Nothing where the text is not translated, because a description cannot be marked as German.
    """
    said = record.said(name)
    tokens = [] if said.is_german else _markdown.parse(said)
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open":
            words = [" " if one.type in BREAKS else one.content for one in inline.children or []]
            return Truncator("".join(words)).chars(DESCRIPTION)
    return ""
