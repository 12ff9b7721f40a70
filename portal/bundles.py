"""Stylesheets and scripts in one file each, so that a page asks for few files.

Nothing is built beforehand: :class:`BundleFinder` puts the parts together when ``collectstatic`` or a
development server asks for the file.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage, Storage
from django.forms import Media
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

SCRIPTS = {
    "admin/js/forms.js": (
        "admin/js/vendor/jquery/jquery.min.js",
        "admin/js/vendor/select2/select2.full.min.js",
        "admin/js/vendor/select2/i18n/de.js",
        "admin/js/jquery.init.js",
        "admin/js/core.js",
        "admin/js/admin/RelatedObjectLookups.js",
        "admin/js/urlify.js",
        "admin/js/prepopulate.js",
        "admin/js/vendor/xregexp/xregexp.min.js",
        "admin/js/inlines.js",
        "admin/js/autocomplete.js",
    ),
    "admin/js/dates.js": ("admin/js/calendar.js", "admin/js/admin/DateTimeShortcuts.js"),
}
"""What Django's forms load, in Django's order. The scripts for dates need the catalogue of translations."""
BUNDLES = SCRIPTS | {
    "admin/css/frame.css": ("admin/css/base.css", "admin/css/dark_mode.css"),
    "admin/js/pages.js": ("js/limits.js", "js/find.js", "js/unsent.js"),
    "js/pages.js": ("js/languages.js", "js/offline.js"),
    "admin/css/look.css": ("admin/css/responsive.css", "css/admin.css"),
}
"""Name of a bundle → its parts. ``url()`` in a stylesheet points from the folder of the bundle."""


class BundleFinder(BaseFinder):
    """Finds the bundles as if they were files of an app."""

    storage = FileSystemStorage(Path(settings.DATA_DIR) / "bundles")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The bundle's file, made anew when a part has changed."""
        if path not in BUNDLES:
            return []  # like Django's finders
        found = self._made(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for path in BUNDLES:
            if not matches_patterns(path, ignore_patterns or []):
                self._made(path)
                yield path, self.storage

    def _made(self, path: str) -> str:
        joint = "\n;\n" if path.endswith(".js") else "\n"
        text = joint.join(_text(part) for part in BUNDLES[path])
        made = Path(self.storage.path(path))
        if not made.exists() or made.read_text("utf-8") != text:
            made.parent.mkdir(parents=True, exist_ok=True)
            unfinished = made.with_suffix(f".{os.getpid()}")
            unfinished.write_text(text, "utf-8")
            unfinished.replace(made)
        return str(made)


def _text(part: str) -> str:
    found = finders.find(part)
    if found is None:
        raise FileNotFoundError(part)
    return Path(found).read_text("utf-8")


def bundled(media: Media) -> Media:
    """``media`` with the scripts of forms in one file, and those for dates."""
    tags = media.render_js()
    for bundle, parts in reversed(SCRIPTS.items()):
        rest = [tag for tag in tags if tag not in {_tag(part) for part in parts}]
        tags = tags if len(rest) == len(tags) else [_tag(bundle), *rest]
    return Media(css={"all": list(media.render_css())}, js=tags)


def without_forms(media: Media) -> Media:
    """``media`` for a list that has no form: Django would load jQuery and three more libraries there."""
    parts = {_tag(part) for part in chain.from_iterable(SCRIPTS.values())}
    kept = [tag for tag in media.render_js() if tag not in parts]
    return Media(css={"all": list(media.render_css())}, js=kept)


def _tag(path: str) -> SafeString:
    return format_html('<script src="{}"></script>', static(path))
