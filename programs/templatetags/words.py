"""``{% word "stand" %}``: a word that explains itself when it is tapped, without JavaScript."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from programs.words import WORDS

register = template.Library()


@register.simple_tag(takes_context=True)
def word(context: template.Context, slug: str, text: str = "") -> SafeString:
    """The word, or ``text`` instead, as a button that opens its meaning (the ``popover`` of HTML).

    A browser that knows no popovers shows the meaning behind the word. The second time on a page only the
    word is written. Raises ``KeyError`` for a word that :data:`WORDS` does not have.
    """
    explained = WORDS[slug]
    said = context.dicts[0].setdefault("explained_words", set())  # of the page, across its parts
    if slug in said:
        return format_html("{}", text or explained.word)
    said.add(slug)
    return format_html(
        '<button type="button" class="word" popovertarget="wort-{slug}">{text}'
        '<span class="visually-hidden">: {what}</span></button>'
        '<span class="word__meaning" id="wort-{slug}" popover><strong>{word}</strong> {meaning}</span>',
        slug=slug,
        text=text or explained.word,
        what=_("Was heißt das?"),
        word=explained.word,
        meaning=explained.meaning,
    )
