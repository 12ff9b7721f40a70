"""``manage.py load_reference``: loads the starting data of the portal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from portal.reference import Outcome, load


class Command(BaseCommand):
    help = (
        "Lädt die Anfangsdaten: Stadtbezirke, Engagementfelder, Organisationen, Programme, "
        "Willkommensräume, Kennzahlen und Seiten. Der Befehl darf beliebig oft laufen. Was im "
        "Portal seither geändert oder gelöscht wurde, lässt er in Ruhe; was niemand angefasst hat, "
        "bekommt die Werte der neuen Fassung. Personen und erfundene Angebote lädt er nicht."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="Nur zeigen, was geschehen würde, und nichts ändern.",
        )

    def handle(self, *, dry_run: bool, verbosity: int, **options: Any) -> None:
        report = load(dry_run=dry_run)
        self.stdout.write(f"{'Probelauf: ' if dry_run else ''}{report}")
        for outcome, keys in report.keys.items():
            if outcome in (Outcome.EDITED, Outcome.DELETED, Outcome.SKIPPED) or verbosity > 1:
                self._list(outcome, keys, report.reasons)

    def _list(self, outcome: Outcome, keys: list[str], reasons: dict[str, str]) -> None:
        for key in keys:
            reason = f" ({reasons[key]})" if key in reasons else ""
            self.stdout.write(f"  {outcome.value}: {key}{reason}")
