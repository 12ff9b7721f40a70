"""``manage.py load_reference``: loads the starting data of the portal."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.reference import Outcome, claims, load
from portal.reference.files import DATA


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

        parser.add_argument(
            "--check",
            type=Path,
            nargs="?",
            const=DATA,
            metavar="ORDNER",
            help="Nur prüfen, ob die Dateien jede Angabe belegen, und nichts laden.",
        )

    def handle(self, *, dry_run: bool, check: Path | None, verbosity: int, **options: Any) -> None:
        if check:
            self._check(check)
            return
        report = load(dry_run=dry_run)
        self.stdout.write(f"{'Probelauf: ' if dry_run else ''}{report}")
        for language, number in report.texts.items():
            self.stdout.write(f"  Übersetzungen ({language}): {number} geschrieben")
        for outcome, keys in report.keys.items():
            if outcome in (Outcome.EDITED, Outcome.DELETED, Outcome.SKIPPED) or verbosity > 1:
                self._list(outcome, keys, report.reasons)

    def _check(self, folder: Path) -> None:
        """Raises ``CommandError`` if the files in ``folder`` claim what they cannot prove."""
        if found := claims.faults(folder):
            raise CommandError("\n".join(str(fault) for fault in found))
        self.stdout.write("Jede Angabe ist belegt.")

    def _list(self, outcome: Outcome, keys: list[str], reasons: dict[str, str]) -> None:
        for key in keys:
            reason = f" ({reasons[key]})" if key in reasons else ""
            self.stdout.write(f"  {outcome.value}: {key}{reason}")
