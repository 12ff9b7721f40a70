"""``{{ text|markdown }}``: what staff write, as HTML."""

from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()

# Typed HTML is shown as text, and addresses with other schemes than http(s), mailto and the like
# do not become links; that is why the result is safe.
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@register.filter
def markdown(text: str) -> SafeString:
    """Headings, lists, links, bold and tables; headings start at the second level."""
    tokens = _markdown.parse(text or "")
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, int(token.tag[1]))}"
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(html)  # noqa: S308
