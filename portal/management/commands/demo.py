"""``manage.py demo``, called by ``make demo``."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from portal import demo


class Command(BaseCommand):
    help = "Starts PostgreSQL, the portal and a job worker; Ctrl-C stops them."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if not settings.DEMO:
                raise demo.DemoError(_("Die Vorführung läuft nur mit PORTAL_MODE=demo."))
            demo.run(self._say)
        except demo.DemoError as error:
            self.stderr.write(str(error))
            sys.exit(1)

    def _say(self, line: str) -> None:
        """Print without buffering, also into a pipe or a file."""
        self.stdout.write(line)
        self.stdout.flush()
