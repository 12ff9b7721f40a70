"""The page that browsers show where there is no internet, and the service worker that has it.

The worker is one script with the page in every language: it keeps nothing else, so no page about a person
stays on a device. Browsers ask for it again whenever somebody goes to a page, so a release, a new
language or another telephone number is there with the next visit.
"""

import base64
import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_bidi, override

from portal.languages.addresses import GERMAN, in_language
from volunteers.models.reading import tag_of
from volunteers.reads.reach import Reach, reach_for_everything

LOOK = Path(__file__).with_name("offline.css").read_text("utf-8").strip()
"""The page has to do without files: what it looks like stands in it."""
DIGEST = base64.b64encode(hashlib.sha256(LOOK.encode()).digest()).decode()
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{DIGEST}'",
}
"""Of the page, as the worker answers with it."""


def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; its address is final, since browsers ask there for the next one."""
    reach = reach_for_everything()
    pages = {code: page_in(code, reach) for code, _name in settings.LANGUAGES}
    context = {
        "pages": json.dumps(pages, ensure_ascii=False),
        "german": GERMAN,
        "headers": json.dumps(HEADERS),
    }
    kind = "text/javascript; charset=utf-8"
    return render(request, "portal/offline.js", context, content_type=kind)


def page_in(language: str, reach: Reach | None) -> str:
    """The page in one language, with the telephone of the clearing office if it has one."""
    with override(language):
        context = {
            "tag": tag_of(language),
            "direction": "rtl" if get_language_bidi() else "ltr",
            "home": in_language("/", language),
            "look": LOOK,
            "reach": reach if reach and reach.phone else None,
        }
        return render_to_string("portal/offline.html", context)
