"""Loads everything that serving a page needs, before gunicorn forks its processes.

Django loads views, templates and translations when they are first used. If the files were replaced
by a new release in between, old and new code would mix. Loaded here, everything comes from one release
until the server is started anew, and the processes share its memory.
"""

import pkgutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import cast

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.forms.renderers import get_default_renderer
from django.template import TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils import formats, translation

from portal import map as city_map
from portal.search import places

from . import release

NOT_FOR_PAGES = ("portal.demo", "portal.gunicorn", "portal.postgresql")
"""Modules of commands and of the demo; no page uses them."""


def load_everything() -> None:
    for name in _modules():
        import_module(name)
    _load_addresses()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
            formats.get_format("DATE_FORMAT")
    for path, name in _templates():
        # Packages also bring templates for other packages, which the portal does without.
        ours = settings.BASE_DIR / "templates" in path.parents
        with suppress(*() if ours else (TemplateSyntaxError,)):
            engines["django"].get_template(name)
    get_default_renderer()
    staticfiles_storage.exists("")
    tempfile.gettempdir()  # chosen now, because Python finds none on a full disk
    release.migrations()
    release.version()
    city_map.load_cells()
    places.places()
    for name in ("pages", "answers"):
        caches[name].get("")  # memory that processes share has to be there before they are forked


def _modules() -> Iterator[str]:
    """All modules of the project that pages may use."""
    for config in apps.get_app_configs():
        ours = Path(config.path).parent == settings.BASE_DIR
        for module in pkgutil.walk_packages([config.path] if ours else [], f"{config.name}."):
            if not (module.name.startswith(NOT_FOR_PAGES) or ".management" in module.name):
                yield module.name


def _load_addresses() -> None:
    """The tables of addresses, for both directions."""
    resolver = get_resolver()
    len(resolver.reverse_dict)  # reading it fills it, as the first reverse() does
    for status in (400, 403, 404, 500):
        resolver.resolve_error_handler(status)


def _templates() -> Iterator[tuple[Path, str]]:
    """File and name of all templates: the project's, Django's, allauth's …"""
    (engine,) = engines.all()
    dirs = map(Path, cast(DjangoTemplates, engine).dirs)
    for folder in (*dirs, *get_app_template_dirs("templates")):
        for path in folder.rglob("*.*"):
            if path.suffix in {".html", ".txt", ".xml"}:
                yield path, str(path.relative_to(folder))
