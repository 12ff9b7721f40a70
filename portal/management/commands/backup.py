"""``manage.py backup``: writes a backup while the portal runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.operations.backup import making, restoring
from portal.operations.backup.errors import BackupFailed


class Command(BaseCommand):
    help = (
        "Sichert die Datenbank und die Einstellungen ohne Geheimnisse in eine Datei. Das Portal läuft "
        "weiter. Mit BACKUP_RECIPIENTS in der Umgebung (öffentliche Schlüssel von age) ist sie verschlüsselt."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, help="eine neue Datei, oder ein Ordner")
        parser.add_argument(
            "--keep", type=int, default=0, help="so viele Sicherungen im Ordner behalten; 0: alle"
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="öffentlicher Schlüssel von age, statt BACKUP_RECIPIENTS; mehrfach möglich",
        )
        parser.add_argument(
            "--verify",
            action="store_true",
            help="danach in eine neue Datenbank zurückspielen, vergleichen und diese wieder löschen",
        )
        parser.add_argument(
            "--identity", type=Path, help="Datei mit dem geheimen Schlüssel, für --verify"
        )

    def handle(self, *, target: Path, keep: int, verify: bool, **options: Any) -> None:
        recipients = options["recipient"] or settings.BACKUP_RECIPIENTS
        if keep < 0:
            raise CommandError("--keep braucht eine Zahl von 0 an.")
        if verify and recipients and not options["identity"]:
            raise CommandError(
                "Eine verschlüsselte Sicherung lässt sich nur mit dem geheimen Schlüssel prüfen: Bitte "
                "--identity DATEI angeben, oder dort prüfen, wo er liegt (manage.py restore --check)."
            )
        try:
            path, made = making.back_up(target, recipients=recipients, keep=keep)
            self.stdout.write(f"Gesichert: {path} ({made.size / 1_000_000:.1f} MB).")
            if verify:
                manifest = restoring.check(path, identity=options["identity"])
                rows = sum(one.rows for one in making.expected(manifest).values())
                self.stdout.write(f"Auf Probe zurückgespielt: {rows} Zeilen stimmen überein.")
        except BackupFailed as error:
            raise CommandError(str(error)) from error
