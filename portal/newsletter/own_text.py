"""Own text of an issue: the Markdown that staff write, as HTML for mails and pages, and as plain text."""

from collections.abc import Iterator

from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# The result is safe: HTML in the text is escaped, and a URL becomes a link only with a harmless
# scheme such as http(s) or mailto. „zero“ leaves out what a mail does not need: pictures, tables, code.
_RULES = ("list", "emphasis", "link", "autolink", "escape", "newline", "heading", "entity")
_markdown = MarkdownIt("zero", {"html": False}).enable(list(_RULES))

STYLES = {
    "paragraph_open": "margin:0 0 14px",
    "bullet_list_open": "margin:0 0 14px;padding-inline-start:22px",
    "ordered_list_open": "margin:0 0 14px;padding-inline-start:26px",
    "list_item_open": "margin:0 0 6px",
    "heading_open": "margin:18px 0 8px;font-size:18px;line-height:1.3",
    "link_open": "color:#0d5a3b",
}
"""Outlook reads styles of elements only; ``green`` is for dark mode, see ``mail/_html.html``."""
LOWEST = "h3"
"""Headings in a text stand below that of its part."""


def html_of(text: str, *, styled: bool = False) -> SafeString:
    """The text as HTML, ``styled`` for a mail. A bare address becomes a link to exactly that address."""
    tokens = _markdown.parse(text)
    for token in tokens:
        linked = 0
        _dress(token, styled)
        for child in token.children or ():
            linked += child.nesting if child.type.startswith("link_") else 0
            _dress(child, styled)
            if child.type == "text" and not linked:
                child.type, child.content = "html_inline", _linked(child.content, styled)
    html: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(html)  # noqa: S308


def _linked(text: str, styled: bool) -> str:
    link = f'<a class="green" style="{STYLES["link_open"]}" href="' if styled else '<a href="'
    return urlize(text, autoescape=True).replace('<a href="', link)


def _dress(token: Token, styled: bool) -> None:
    if styled and token.type in STYLES:
        token.attrSet("style", STYLES[token.type])
    if styled and token.type == "link_open":
        token.attrSet("class", "green")
    if token.type in {"paragraph_open", "list_item_open", "heading_open"}:
        token.attrSet("dir", "auto")
    if token.type in {"heading_open", "heading_close"}:
        token.tag = LOWEST


def plain_of(text: str) -> str:
    """The text without marks: „- “ before points, an address in brackets after what it is called."""
    return "\n".join(_plain_lines(_markdown.parse(text))).strip("\n")


def _plain_lines(tokens: list[Token]) -> Iterator[str]:
    depth, mark = 0, ""
    for token in tokens:
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
            if not depth:
                yield ""
        elif token.type == "list_item_open":
            mark = f"{token.info}. " if token.info else "- "
        elif token.type == "inline":
            space = "  " * (depth - 1)
            first, *rest = _inline(token).split("\n")
            yield f"{space}{mark}{first}"
            yield from (f"{space}{' ' * len(mark)}{line}" for line in rest)
            mark = ""
        elif token.type in {"paragraph_close", "heading_close"} and not depth:
            yield ""


def _inline(token: Token) -> str:
    parts: list[str] = []
    href, begun = "", 0
    for child in token.children or ():
        if child.type == "link_open":
            href, begun = str(child.attrGet("href") or ""), len(parts)
        elif child.type == "link_close":
            called = "".join(parts[begun:])
            if href not in {called, f"mailto:{called}"}:
                parts.append(f" ({href.removeprefix('mailto:')})")
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        else:
            parts.append(child.content)
    return "".join(parts)
