"""``manage.py compilemessages``: part of every installation and upgrade; ``make demo`` and ``make test`` call it."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.languages.compiling import compile_catalogues


class Command(BaseCommand):
    """Replaces Django's command, which needs GNU gettext."""

    help = "Compiles the catalogues in portal/locale that have changed."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_catalogues():
            self.stdout.write(str(path.with_suffix(".mo").name) + f" ({path.parts[-3]})")
