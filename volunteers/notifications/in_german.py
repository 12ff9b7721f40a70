"""What stays German in a mail of another language: titles without a translation, names, what staff wrote by hand.

Two characters that nobody can type stand around it. The HTML part makes ``lang="de"`` of them; subject and text
part are without them.
"""

import re

from django.conf import settings
from django.utils.html import conditional_escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs import simple
from programs.models import Translated

BEGIN, END = "\ue000", "\ue001"
MARKS = re.compile(f"[{BEGIN}{END}]")
MARKED = re.compile(f"{BEGIN}([^{BEGIN}{END}]*){END}")
SPAN = '<span lang="{}" dir="auto">{}</span>'


def is_foreign() -> bool:
    """Whether the mail is in another language than German; simple German is German."""
    return get_language() not in (None, settings.LANGUAGE_CODE, simple.LANGUAGE)


def marked(text: str) -> str:
    """``text``, which is German, line by line between marks; as it is in a German mail."""
    text = str(text)
    if not is_foreign() or not text.strip():
        return text
    lines = unmarked(text).split("\n")
    return "\n".join(f"{BEGIN}{line}{END}" if line.strip() else line for line in lines)


def said(record: Translated, name: str) -> str:
    """The text of a record in the language of the mail; the German one, marked, where there is no translation."""
    return as_said(record.said(name))


def as_said(text: str) -> str:
    """The same of a text that is read already (``programs.models.translated.Said``)."""
    if parts := getattr(text, "parts", ()):
        return "".join(map(as_said, parts))
    return marked(text) if getattr(text, "is_german", False) else str(text)


def by_hand(text: str) -> str:
    """What staff wrote, such as a reason: said to be German and marked, in a mail of another language."""
    if not is_foreign() or not text.strip():
        return text
    # Translators: Stands before a text that staff wrote in German: „(in German) Der Kurs ist voll.“
    note = _("(auf Deutsch)")
    return f"{note} {marked(text)}"


def unmarked(text: str) -> str:
    return MARKS.sub("", text)


def html(text: str, *, with_links: bool = False) -> SafeString:
    """``text`` escaped, with an element that says „German“ in place of the marks."""
    made, end = "", 0
    for found in MARKED.finditer(text):
        made += _escaped(text[end : found.start()], with_links)
        made += format_html(SPAN, settings.LANGUAGE_CODE, _escaped(found[1], with_links))
        end = found.end()
    return mark_safe(made + _escaped(text[end:], with_links))  # noqa: S308 - each part is escaped


def _escaped(text: str, with_links: bool) -> SafeString:
    plain = unmarked(text)
    return SafeString(urlize(plain, autoescape=True) if with_links else conditional_escape(plain))
