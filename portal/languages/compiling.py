"""Catalogues as Python reads them (``.mo``), made from those that translators write (``.po``)."""

import os
from pathlib import Path

import polib
from django.conf import settings


def sources() -> list[Path]:
    """The catalogues of all languages."""
    return sorted(path for folder in settings.LOCALE_PATHS for path in Path(folder).rglob("*.po"))


def old() -> list[Path]:
    """The catalogues that have changed since they were compiled, or never were."""
    return [path for path in sources() if not _is_compiled(path)]


def compile_catalogues() -> list[Path]:
    """Compile what has changed, and return it. Several processes at once do no harm."""
    changed = old()
    for path in changed:
        target = path.with_suffix(f".{os.getpid()}")
        polib.pofile(str(path)).save_as_mofile(str(target))
        target.replace(path.with_suffix(".mo"))
    return changed


def _is_compiled(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns
