"""``manage.py system``: what is wrong with the running of the portal, for people and for cron."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.db import Error
from django.utils.translation import gettext as _

from portal.operations import checks
from portal.operations.facts import Facts

MARKS = {checks.Level.FINE: "✓", checks.Level.NOTE: "–", checks.Level.ALARM: "✗"}


class Command(BaseCommand):
    help = "Say what is wrong and what to do. The exit code is 0, 1 (see to it soon) or 2 (now)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="also say what is fine")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = list(checks.run(Facts()))
        except Error:
            self.stdout.write(_("✗ Datenbank: Sie antwortet nicht. Läuft PostgreSQL?"))
            sys.exit(int(checks.Level.ALARM))
        for check, finding in sorted(found, key=lambda one: -one[1].level):
            if finding.level or options["all"]:
                line = f"{MARKS[finding.level]} {check.title}: {finding.says} {finding.do}"
                self.stdout.write(line.rstrip())
        worst = max(finding.level for _check, finding in found)
        if worst:
            sys.exit(int(worst))
        self.stdout.write(_("Alles in Ordnung."))
