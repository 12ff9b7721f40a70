"""The rows of long lists, rendered without the template engine.

A page of the catalogue has about seven hundred small values in twenty cards and ninety options.
Rendering them with a template takes half of the page's time; formatting strings takes very little.
Every value that comes from the database is escaped here.
"""

from collections.abc import Iterable
from functools import cache
from html import escape

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.cards import Card
from portal.catalogue.boxes import Facet, Option
from programs.models.choices import listed
from programs.templatetags.texts import in_german, marked, remember

register = template.Library()

CARD = """<li><article class="card kind--{kind}">
<p class="kind">{kind_label}</p>
<{level} class="card__title"><a class="card__link" href="{url}">{title}</a></{level}>
{summary}{badges}<dl class="card-facts">{facts}</dl>
{missed}{stand}</article></li>
"""
SUMMARY = '<p class="card__text">{}</p>\n'
MISSED = '<p class="card__missed">{}</p>\n'
STAND = '<p class="card__stand">{}</p>\n'
BADGES = '<p class="badges">{}</p>\n'
BADGE = '<span class="badge badge--{}">{}</span>'
FACT = '<div><dt class="{}">{}</dt><dd>{}</dd></div>'
BOX = '<fieldset class="facet"><legend>{label}</legend>\n<ul>{options}</ul></fieldset>\n'
LONG_BOX = '<details class="facet"{open}><summary>{label}</summary>\n<ul>{options}</ul></details>\n'


@register.simple_tag(takes_context=True)
def card_rows(context: template.Context, cards: Iterable[Card], level: str = "h3") -> SafeString:
    """The items of a ``ul.card-grid``. Facts are in the usual order; empty facts are left out.

    ``level`` is the heading element of a card: h2 if the page has no h2 above the cards.
    """
    words = _words(get_language())
    found = list(cards)
    for card in found:
        remember(context, card["summary"])
    for card in found:
        if level not in card["html"]:
            card["html"][level] = _card(card, level, words)
    return mark_safe("".join(card["html"][level] for card in found))  # noqa: S308


@cache
def _words(language: str | None) -> dict[str, str]:
    """The fixed words on cards, escaped, in the active ``language``."""
    words = {
        "where": _("Wo"),
        "when": _("Wann"),
        "languages": _("Sprachen"),
        "who": _("Wer"),
        "without_german": _("ohne Deutschkenntnisse möglich"),
        "ended": _("beendet"),
        "paused": _("pausiert"),
        "full": _("Warteliste"),
        "newcomers": _("Mitgestalten"),
        "unconfirmed": _("noch nicht bestätigt"),
        "demo": _("Beispiel"),
        "missed": _("nicht dabei: {}"),
    }
    return {name: escape(word) for name, word in words.items()}


def _card(card: Card, level: str, words: dict[str, str]) -> str:
    languages = (
        escape(card["languages"]),
        words["without_german"] if card["without_german"] else "",
    )
    facts = {
        "where": marked(card["where"]),
        "when": marked(card["when"]),
        "languages": listed(filter(None, languages)),
        "who": conditional_escape(in_german(card["who"])),
    }
    badges = "".join(BADGE.format(name, words[name]) for name in card["badges"])
    return CARD.format(
        level=level,
        kind=card["kind"],
        kind_label=escape(card["kind_label"]),
        url=escape(card["url"]),
        title=marked(card["title"]),
        summary=SUMMARY.format(marked(card["summary"])) if card["summary"] else "",
        badges=BADGES.format(badges) if badges else "",
        facts="".join(FACT.format(name, words[name], fact) for name, fact in facts.items() if fact),
        missed=MISSED.format(words["missed"].format(escape(card["missed"])))
        if card["missed"]
        else "",
        stand=STAND.format(escape(card["stand_label"])) if card["stand_label"] else "",
    )


@register.simple_tag
def facet_rows(facets: Iterable[Facet]) -> SafeString:
    """The boxes of the filter, each with its options: a checkbox, its label, the number of matching entries."""
    boxes = [
        (LONG_BOX if facet.is_long else BOX).format(
            open=" open" if facet.is_long and facet.is_active else "",
            label=escape(facet.label),
            options="".join(map(_option, facet.options)),
        )
        for facet in facets
    ]
    return mark_safe("".join(boxes))  # noqa: S308


def _option(option: Option) -> str:
    """There are a hundred on a page; filling a text with named gaps would take twice as long."""
    checked = " checked" if option.chosen else ""
    number = "" if option.number is None else f'<span class="count">{option.number}</span>'
    return (
        f'<li><label class="facet__option"><input type="checkbox" name="{option.name}"'
        f' value="{escape(option.value)}" form="filter"{checked}>{marked(option.label)}{number}</label></li>\n'
    )
