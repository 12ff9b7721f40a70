"""The language is in the address: German without a prefix, all others behind one (``/en/…``)."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_bidi, override, pgettext

from volunteers.models.reading import tag_of

GERMAN = settings.LANGUAGE_CODE

ONLY_GERMAN = {
    "portal:demo_mailbox",
    "portal:demo_mail",
    "portal:entry_change",
    "portal:entry_change_done",
    "portal:entry_invited",
    "portal:entry_link",
    "portal:entries_change",
    "portal:entries_confirm",
    "portal:entries_new_link",
    "portal:entry_picture",
    "portal:event_picture",
    "portal:healthz",
    "portal:livez",
    "portal:newsletter_feed",
    "portal:offline",
    "portal:open_data",
    "portal:our_entries",
    "portal:readyz",
    "portal:robots",
    "portal:security",
    "portal:sitemap",
    "portal:sitemap_of",
    "portal:survey_answer",
    "portal:vcard",
    "programs:half_year",
    "programs:picture",
    "volunteers:access_ask",
    "volunteers:access_confirm",
    "volunteers:access_done",
    "volunteers:access_request",
    "volunteers:access_vouch",
    "volunteers:agree_to_answer",
    "volunteers:answer_sign_up",
    "volunteers:invitation",
    "volunteers:jwks",
    "volunteers:proposal",
    "volunteers:proposal_confirm",
    "volunteers:proposal_done",
    "volunteers:propose",
    "volunteers:sign_ups",
    "volunteers:withdrawn",
}
"""Pages for organisations, who work in German, and files without words in a language."""


class Alternative(NamedTuple):
    """This page in one language. ``offer`` says so in that language; ``url`` is the whole address without a query."""

    tag: str
    name: str
    direction: str
    path: str
    url: str
    is_this: bool
    offer: str


def language_of(path: str) -> str:
    """The language of an address; German where it has no prefix of a language."""
    _site, inside = _split(path)
    first = inside.split("/", 2)[1] if inside.startswith("/") else ""
    known = any(first == language for language, _name in settings.LANGUAGES)
    return first if known else GERMAN


def in_language(path: str, language: str) -> str:
    """The address of the same page in another language."""
    return _address(*_parts(path), language)


def _parts(path: str) -> tuple[str, str]:
    """Where the portal is on its host, and the address without a language."""
    site, inside = _split(path)
    old = language_of(path)
    return site, inside if old == GERMAN else inside.removeprefix(f"/{old}")


def _address(site: str, rest: str, language: str) -> str:
    return f"{site}/{language}{rest}" if language != GERMAN else site + rest


def _split(path: str) -> tuple[str, str]:
    """Where the portal is on its host (``settings.SITE_PATH``), and the rest, which begins with a slash."""
    site = settings.SITE_PATH
    return (site, path.removeprefix(site)) if path.startswith(f"{site}/") else ("", path)


def is_translated(request: HttpRequest) -> bool:
    """Whether the page exists in all languages; the administration does in German only."""
    match = request.resolver_match
    return match is not None and match.app_name != "admin" and match.view_name not in ONLY_GERMAN


def alternatives(request: HttpRequest) -> Iterator[Alternative]:
    """This page in every language, in the order of the settings."""
    path, query = "/", ""
    if is_translated(request):
        path, query = request.path, request.META["QUERY_STRING"]
        query = f"?{query}" if query else ""
    now, parts = language_of(request.path), _parts(path)
    for one in _all(tuple(settings.LANGUAGES)):
        address = _address(*parts, one.path)
        yield one._replace(
            path=address + query, url=settings.SITE_URL + address, is_this=one.path == now
        )


@cache
def _all(languages: tuple[tuple[str, str], ...]) -> tuple[Alternative, ...]:
    """What is the same on every page; ``path`` is the language itself."""
    return tuple(_alternative(language, name) for language, name in languages)


def _alternative(language: str, name: str) -> Alternative:
    with override(language):
        return Alternative(
            tag=tag_of(language),
            name=name,
            direction="rtl" if get_language_bidi() else "ltr",
            path=language,
            url="",
            is_this=False,
            # Translators: Name your own language here: „This page is available in English.“
            offer=pgettext("in your own language", "Diese Seite gibt es auf Deutsch."),
        )
