"""``manage.py restore``: restores a backup into an empty database, or checks that it could be."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.operations.backup import archive, making, restoring
from portal.operations.backup.errors import BackupFailed
from volunteers.models import OutgoingMail


class Command(BaseCommand):
    help = "Spielt eine Sicherung in die leere Datenbank des Portals zurück."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="die Datei, die manage.py backup schrieb")
        parser.add_argument("--identity", type=Path, help="Datei mit dem geheimen Schlüssel")
        parser.add_argument(
            "--check",
            action="store_true",
            help="nur prüfen: in eine neue Datenbank zurückspielen, vergleichen, diese wieder löschen",
        )

    def handle(self, *, file: Path, identity: Path | None, check: bool, **options: Any) -> None:
        try:
            chosen = restoring.check if check else restoring.restore
            manifest = chosen(file, identity=identity)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        contents = making.expected(manifest)
        rows = sum(one.rows for one in contents.values())
        self.stdout.write(
            f"Sicherung vom {manifest['made_at']}, Portal {manifest['portal']}, PostgreSQL "
            f"{manifest['postgresql']}: {len(contents)} Tabellen mit {rows} Zeilen stimmen überein."
        )
        if check:
            self.stdout.write("Nur geprüft, an der Datenbank des Portals ist nichts geändert.")
            return
        waiting = OutgoingMail.objects.waiting().count()
        self.stdout.write(
            f"{waiting} Mails warten und gehen hinaus, sobald ein Worker läuft. Jetzt noch: manage.py migrate, "
            f"die Einstellungen (in der Sicherung: {archive.SETTINGS}) und Geheimnisse vergleichen, manage.py "
            "retention, dann Web und Worker starten."
        )
