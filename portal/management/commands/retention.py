"""``manage.py retention``: runs by hand, or as a dry run, what the worker does every night."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from volunteers.privacy import retention


class Command(BaseCommand):
    help = (
        "Löscht, was nach den Fristen nicht mehr da sein darf, und fragt Engagierte, von denen lange "
        "nichts zu hören war, ob ihre Daten bleiben sollen. Der Worker tut dasselbe jede Nacht; der "
        "Befehl darf jederzeit und beliebig oft laufen. Die Fristen stehen in den Einstellungen "
        "(portal/rules.py) und in der Verwaltung unter „Löschläufe“."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=(
                "Nur zeigen, was ginge, und nichts ändern: Alles wird ausgeführt, gezählt und "
                "zurückgenommen; es geht keine Mail hinaus."
            ),
        )

    def handle(self, *, dry_run: bool, **options: Any) -> None:
        outcomes = retention.rehearse() if dry_run else retention.run()
        if dry_run:
            self.stdout.write("Probelauf, nichts ist geändert. So viele gingen jetzt:")
        for one in outcomes:
            count = "Fehler" if one.count is None else one.count
            self.stdout.write(f"{count:>7}  {one.rule.label}")
        if failed := [one.rule.key for one in outcomes if one.count is None]:
            raise CommandError(f"Nicht gelungen, Grund im Protokoll: {', '.join(failed)}")
